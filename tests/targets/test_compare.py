"""The comparison of the simulation finds whatever is wrong with a table."""

import copy

import pytest

from compare import DELETED_AT, Comparison
from conftest import binary
from memory import Memory
from play import Play
from scenario import Change, Hours, Run, Scenario

HOUR = 3_600
# One of three kinds of streams: with deletions, without, and of items; `events` is compared otherwise.
STREAMS = ["customers", "charges", "invoices", "invoice_line_items", "events"]


def steps():
    changes = [
        Change(1, "create", "invoices", {"count": 1, "children": 11}),
        Change(60, "delete", "customers", {"count": 2}),
    ]
    return [Run({}), Hours(changes, HOUR), Run({}), Hours([], HOUR), Run({})]


@pytest.fixture(scope="module")
def play(tmp_path_factory):
    scenario = Scenario(4)
    scenario.streams, scenario.steps = STREAMS, steps()
    home = tmp_path_factory.mktemp("compare")
    with Play(scenario, Memory(), home, binary("tap-stripe"), binary("mock-api")) as play:
        play.through()
        assert Comparison(play).lines == []
        yield play


def some(play, stream, is_deleted=False):
    rows = play.target.tables[stream].values()
    return next(row for row in rows if (row[DELETED_AT] is not None) == is_deleted)


def missing(play, stream):
    play.target.tables[stream].popitem()


def foreign(play, stream):
    row = dict(some(play, stream), id="of_nobody")
    play.target.tables[stream]["of_nobody"] = row


def changed(play, stream):
    some(play, stream)["livemode"] = None


def marked(play, stream):
    some(play, stream)[DELETED_AT] = "2026-01-01T00:00:00Z"


def unmarked(play, stream):
    some(play, stream, is_deleted=True)[DELETED_AT] = None


def marked_late(play, stream):
    some(play, stream, is_deleted=True)[DELETED_AT] = "2026-01-05T00:00:00Z"


def cut(play, stream):
    rows = play.target.tables[stream].values()
    next(row for row in rows if len(row["lines"]) > 10)["lines"].pop()


@pytest.mark.parametrize(
    ("damage", "stream"),
    [
        *((damage, stream) for damage in (missing, changed, marked) for stream in STREAMS),
        *((foreign, stream) for stream in STREAMS if stream != "events"),
        (unmarked, "customers"),
        (marked_late, "customers"),
        (cut, "invoices"),
    ],
    ids=lambda it: getattr(it, "__name__", it),
)
def test_it_finds_what_is_wrong_with_a_row(play, damage, stream):
    whole = play.target.tables
    play.target.tables = copy.deepcopy(whole)
    try:
        damage(play, stream)
        assert [line for line in Comparison(play).lines if line.startswith(f"{stream} ")]
    finally:
        play.target.tables = whole
