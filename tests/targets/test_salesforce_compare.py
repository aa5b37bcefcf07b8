"""The comparison of the simulation finds whatever is wrong with a table, and what a run that is set wrong loses."""

import copy

import pytest

from conftest import binary
from memory import Memory
from salesforce_compare import DELETED_AT
from salesforce_play import Play, compare
from salesforce_scenario import LAG, LOOKBACK, Org
from scenario import HOUR, Change, Hours, Run

# One with a replication key, and one without.
STREAMS = ["Account", "Plain__c"]


class Small(Org):
    """Few rows, of which some change, show late and are deleted, and runs without trouble."""

    def __init__(self, **settings):
        self.seed, self.streams, self.settings = 1, STREAMS, {"api_type": "REST", **settings}
        self.world = {"seed": 1, "now": "2026-01-01T00:00:00Z", "still": True, "accounts": 40}
        changes = [
            Change(60, "touch", "Account", {"count": 5, "late": LAG + LOOKBACK - 1}),
            Change(0, "create", "Account", {"count": 1, "late": LAG + LOOKBACK - 1}),
            *(Change(60, "delete", stream, {"count": 2}) for stream in STREAMS),
            *(Change(60, "purge", stream, {"count": 2}) for stream in STREAMS),
        ]
        self.steps = [Run(), Hours(changes, LAG), Run(), Hours([], HOUR), Run()]


def played(scenario, home):
    play = Play(scenario, Memory(), home, binary("tap-salesforce"), binary("mock-api"))
    try:
        play.through()
    except Exception:
        play.source.stop()
        raise
    return play


@pytest.fixture(scope="module")
def play(tmp_path_factory):
    with played(Small(emit_key_only_deletes=True), tmp_path_factory.mktemp("compare")) as play:
        assert compare(play).lines == []
        yield play


def some(play, stream, is_deleted=False):
    """A row that is as queries show it."""
    shown = {one["Id"] for one in play.source.truth(stream)}
    rows = (row for row in play.target.rows(stream) if row["Id"] in shown)
    return next(row for row in rows if (row[DELETED_AT] is not None) == is_deleted)


def missing(play, stream):
    del play.target.tables[stream][some(play, stream)["Id"],]


def foreign(play, stream):
    play.target.tables[stream]["of_nobody",] = dict(some(play, stream), Id="of_nobody")


def renamed(play, stream):
    some(play, stream)["Name"] += " "


def emptied(play, stream):
    some(play, stream)["Name"] = None


def older(play, stream):
    some(play, stream)["SystemModstamp"] = "2025-01-01T00:00:00Z"


def marked(play, stream):
    some(play, stream)[DELETED_AT] = "2026-01-01T00:00:00Z"


def unmarked(play, stream):
    some(play, stream, is_deleted=True)[DELETED_AT] = None


def marked_late(play, stream):
    some(play, stream, is_deleted=True)[DELETED_AT] = "2026-01-05T00:00:00Z"


def unmarked_for_good(play, stream):
    shown = {one["Id"] for one in play.source.truth(stream)}
    next(row for row in play.target.rows(stream) if row["Id"] not in shown)[DELETED_AT] = None


@pytest.mark.parametrize(
    ("damage", "stream"),
    [
        *(
            (damage, stream)
            for damage in (missing, foreign, renamed, emptied, marked, unmarked, unmarked_for_good)
            for stream in STREAMS
        ),
        (older, "Account"),
        (marked_late, "Account"),
    ],
    ids=lambda it: getattr(it, "__name__", it),
)
def test_it_finds_what_is_wrong_with_a_row(play, damage, stream):
    whole = play.target.tables
    play.target.tables = copy.deepcopy(whole)
    try:
        damage(play, stream)
        assert [line for line in compare(play).lines if line.startswith(f"{stream} ")]
    finally:
        play.target.tables = whole


def test_without_the_lookback_it_finds_that_late_rows_are_lost(tmp_path):
    with played(Small(lookback_window=0), tmp_path) as play:
        lost = compare(play).lines
        assert [line for line in lost if line.startswith("Account ") and line.endswith(" is missing")]
        assert [line for line in lost if "/SystemModstamp: " in line]
