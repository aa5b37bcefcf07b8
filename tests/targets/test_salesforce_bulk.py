"""A job of Bulk API 2.0 of several pages on its way into target-postgres, with a fault: the table equals the truth.

Sessions end at every page, locators are lost, pages are cut, jobs fail.
"""

from dataclasses import dataclass, field

import pytest

from conftest import binary
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
    Case("a server that is down for a moment", "503 (status)", faults=at_pages({"kind": "status", "status": 503}, 2)),
    Case("a job that fails", "200", {"fail_job": 1}, code=PARTIAL),
    Case("a job that is aborted", "200", {"abort_job": 1}, code=PARTIAL),
    Case("rows from the newest on", "200", {"bulk_order": "descending"}),
    Case("columns in another order on each page", "200", {"bulk_columns": "shuffled"}),
    Case("lines of Windows, and a mark before them", "200", {"bulk_crlf": True, "bulk_bom": True}),
]


@dataclass
class Result:
    """What came of a case: exit code of the first run, what it told, what the server counted, differences."""

    code: int
    told: str
    statuses: dict
    compared: int
    lines: list


def play(case, target, home):
    """Brings the job into a table, with the fault on the way, and after a run that failed once more."""
    options = {"accounts": ROWS, "bulk_page": PAGE, "job_polls": 1, **case.options}
    source = Salesforce(binary("mock-api"), date="2026-06-01T12:00:00Z", still=True, **options)
    try:
        source.change("delete", STREAM, count=20)
        source.advance(3600)
        project = Project(home, binary("tap-salesforce"), target, [STREAM])
        config = CLIENT | {"instance_url": source.url, "api_type": "BULK2"}
        catalog = project.discover(config)
        source.requests(reset=True)
        source.set_faults(case.faults)
        fed = project.run(config)
        statuses = source.requests()["statuses"]
        if case.code:
            assert project.run(config).code == 0
        found = Comparison(source, target, catalog)
        return Result(fed.code, told(fed.told), statuses, found.compared, found.lines)
    finally:
        source.stop()


@pytest.fixture(scope="module")
def results(request, postgres, venvs, tmp_path_factory):
    """What is to come of each case that is asked for, played side by side."""
    home = tmp_path_factory.mktemp("bulk")
    targets = {case: Program(home / f"bulk-{CASES.index(case)}", postgres, venvs) for case in asked_for(request)}
    with played(targets, lambda case: play(case, targets[case], home / f"tap-{CASES.index(case)}"), SIDE_BY_SIDE) as it:
        yield it


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_table_holds_what_the_org_has(results, case):
    result = results[case].result()
    assert result.code == case.code, result.told
    assert result.statuses.get(case.happened), f"it did not happen: {result.statuses}"
    assert result.compared == ROWS
    assert not result.lines, "\n".join(line[:300] for line in result.lines[:SHOWN])


def test_texts_of_the_org_are_such_as_break_csv():
    source = Salesforce(binary("mock-api"), accounts=ROWS)
    try:
        texts = [text for one in source.truth(STREAM) for text in one.values() if isinstance(text, str)]
    finally:
        source.stop()
    for part in ("\n", '"', ",", " begins", "ends ", "NULL", "NA"):
        assert any(part in text for text in texts), part
