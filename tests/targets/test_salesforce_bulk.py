"""A job of Bulk API 2.0 of several pages on its way into target-postgres: the table equals the truth.

Sessions end at every page, locators are lost, pages are cut, jobs fail.
"""

from dataclasses import dataclass, field

import pytest

from conftest import binary
from memory import Memory
from pipe import told
from project import Project
from salesforce import CLIENT, Salesforce
from salesforce_compare import Comparison
from side_by_side import asked_for, played
from warehouse import Program

STREAM, ROWS, PAGE = "Account", 600, 150
PAGES = ROWS // PAGE
DESCRIBED = {"path": "/services/data/*/composite/batch"}
MADE = {"path": "/services/data/*/jobs/query"}
DONE = {"path": "/services/data/*/jobs/query/*"}
RESULTS = {"path": "/services/data/*/jobs/query/*/results"}
# What the tap says when it could not read everything, but all that could be read is safe.
PARTIAL = 6
# Runs mostly wait for their jobs.
SIDE_BY_SIDE = 4
SHOWN = 40
# An object of few fields with so many rows that pages are read side by side.
LARGE, MANY = "LoginHistory", 200_001


@dataclass(frozen=True)
class Case:
    """A fault, what the server tells of it, and how the first run ends."""

    name: str
    # What the server counts if it happened, as in its answer to `/_mock/requests`.
    happened: str = ""
    options: dict = field(default_factory=dict, hash=False)
    faults: tuple = field(default=(), hash=False)
    code: int = 0

    def __str__(self):
        return self.name


def at_pages(fault, *pages, match=RESULTS):
    """The fault, at these requests for pages."""
    return tuple({"match": match, "nth": page, "fault": fault} for page in pages)


def expired(page, match=RESULTS):
    """All sessions end after an answer."""
    return at_pages({"kind": "change", "action": "expire"}, page, match=match)


def expired_at(page):
    """The session has ended when a page is asked for."""
    return expired(page - 1) if page > 1 else expired(1, DONE)


def lost(*pages):
    """The locators of all jobs are lost after these answers."""
    return at_pages({"kind": "change", "action": "lose_locators"}, *pages)


def other_count(page):
    return at_pages({"kind": "headers", "set": {"sforce-numberofrecords": "7"}}, page)


def down(page):
    return at_pages({"kind": "status", "status": 503}, page)


def cut(page, at, **how):
    return at_pages({"kind": "cut", "at": at, **how}, page)


CASES = [
    Case("no fault", "200"),
    *(
        Case(f"a session that ends at page {page}", "401", faults=expired_at(page))
        for page in range(1, PAGES + 1)
    ),
    *(
        Case(f"a session that Bulk ends at page {page}", "400", {"session_400": True}, expired_at(page))
        for page in range(1, PAGES + 1)
    ),
    Case("sessions of three requests", "401", {"session_requests": 3}),
    Case("a session that ends at the job", "401", faults=expired(1, DESCRIBED)),
    Case("a session that ends while the job is at work", "400", {"session_400": True}, expired(1, MADE)),
    *(Case(f"locators lost after page {page}", "200 (change)", faults=lost(page)) for page in range(1, PAGES)),
    Case("locators lost twice", "200 (change)", faults=lost(1, 3)),
    Case("locators that can be used once", "200 (cut)", {"locator_uses": 1}, faults=cut(3, 20_000)),
    Case("a page cut at its first byte", "200 (cut)", faults=cut(1, 1)),
    Case("a page cut in the middle", "200 (cut)", faults=cut(3, 10_000)),
    Case("a page cut in the middle of a chunk", "200 (cut)", faults=cut(2, 9_000, framing="chunked")),
    Case("a page that seems to be whole", "200 (cut)", faults=cut(4, 30_000, framing="close", plain=True)),
    Case("the last page is cut", "200 (cut)", faults=cut(PAGES, 500, plain=True)),
    Case("a page of other rows than it says", "200 (headers)", faults=other_count(2)),
    Case("a server that is down for a moment", "503 (status)", faults=down(2)),
    Case("a job that fails", "200", {"fail_job": 1}, code=PARTIAL),
    Case("a job that is aborted", "200", {"abort_job": 1}, code=PARTIAL),
    Case("rows from the newest on", "200", {"bulk_order": "descending"}),
    Case("columns in another order on each page", "200", {"bulk_columns": "shuffled"}),
    Case("lines of Windows, and a mark before them", "200", {"bulk_crlf": True, "bulk_bom": True}),
]


OF_MANY = [
    Case(
        "sessions that end, and a page that is cut",
        "401",
        faults=(*expired(2), *cut(4, 100_000, framing="close", plain=True)),
    ),
    Case("locators lost", "200 (change)", faults=lost(4)),
]


@dataclass
class Result:
    """What came of a case: exit code of the first run, what it told and asked for, differences in the end."""

    code: int
    told: str
    requests: dict
    compared: int
    lines: list


def play(case, target, home, stream=STREAM):
    """Brings the job into a table, with the fault on the way, and after a run that failed once more."""
    sizes = {"accounts": ROWS, "bulk_page": PAGE} if stream == STREAM else {"logins": MANY}
    options = {"date": "2026-06-01T12:00:00Z", "still": True, "job_polls": 1, **sizes, **case.options}
    source = Salesforce(binary("mock-api"), **options)
    try:
        source.change("delete", "Account", count=20)
        source.advance(3600)
        project = Project(home, binary("tap-salesforce"), target, [stream])
        config = CLIENT | {"instance_url": source.url, "api_type": "BULK2"}
        catalog = project.discover(config)
        source.requests(reset=True)
        source.set_faults(case.faults)
        fed = project.run(config)
        requests = source.requests()
        if case.code:
            assert project.run(config).code == 0
        found = Comparison(source, target, catalog)
        return Result(fed.code, told(fed.told), requests, found.compared, found.lines)
    finally:
        source.stop()


@pytest.fixture(scope="module")
def results(request, postgres, venvs, tmp_path_factory):
    """What is to come of each case that is asked for, played side by side."""
    home = tmp_path_factory.mktemp("bulk")
    names = {case: f"bulk-{CASES.index(case)}" for case in asked_for(request)}
    targets = {case: Program(home / name, postgres, venvs) for case, name in names.items()}

    def play_one(case):
        return play(case, targets[case], home / names[case] / "tap")

    with played(names, play_one, SIDE_BY_SIDE) as results:
        yield results


def check(case, result, rows):
    assert result.code == case.code, result.told
    assert result.requests["statuses"].get(case.happened), f"it did not happen: {result.requests}"
    assert result.compared == rows
    assert not result.lines, "\n".join(line[:300] for line in result.lines[:SHOWN])


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_table_holds_what_the_org_has(results, case):
    check(case, results[case].result(), ROWS)


@pytest.mark.parametrize("one", OF_MANY, ids=str)
def test_pages_side_by_side_are_whole(one, tmp_path):
    result = play(one, Memory(), tmp_path, LARGE)
    check(one, result, MANY)
    assert any(path.endswith("/resultPages") for path in result.requests["patterns"])


def test_texts_of_the_org_are_such_as_break_csv():
    source = Salesforce(binary("mock-api"), accounts=ROWS)
    try:
        texts = [text for one in source.truth(STREAM) for text in one.values() if isinstance(text, str)]
    finally:
        source.stop()
    for part in ("\n", '"', ",", " begins", "ends ", "NULL", "NA"):
        assert any(part in text for text in texts), part
