"""singer-io's tap-salesforce beside ours on the same org: whoever changes over finds everything again."""

import re
from datetime import timedelta
from urllib.parse import unquote_plus

import pytest

from conftest import binary
from explained import superfluous, without_a_reason
from normal import instant
from peer import Output, differences, of_records, of_stream, of_the_catalog, same_value, tables
from salesforce import Salesforce
from salesforce_explained import MORE_COLUMNS, OF_RECORDS, OF_THE_CATALOG
from salesforce_story import SETTINGS, play, program

LOOKBACK = timedelta(seconds=int(SETTINGS["lookback_window"]))
BOOKMARK, SEEN = "2026-05-20T08:00:00.000000Z", "2026-05-25T08:00:00.000000Z"
VERSION = 1_780_000_000_000
# The states that other taps write of a stream, by what they stopped at, and from when on it is to be read.
STATES = {
    "singer-io, at the end": (
        {
            "bookmarks": {"Account": {"SystemModstamp": BOOKMARK}},
            "versions": {"Account": VERSION},
            "current_stream": None,
        },
        BOOKMARK,
    ),
    "singer-io, within the stream": (
        {"bookmarks": {"Account": {"SystemModstamp": BOOKMARK}}, "current_stream": "Account"},
        BOOKMARK,
    ),
    "singer-io, within another stream": (
        {"bookmarks": {"Account": {"SystemModstamp": BOOKMARK}}, "current_stream": "Contact"},
        BOOKMARK,
    ),
    "the version among the bookmarks, as MeltanoLabs' has it": (
        {"bookmarks": {"Account": {"version": VERSION, "SystemModstamp": BOOKMARK}}, "current_stream": None},
        BOOKMARK,
    ),
    # What has been seen of a job says nothing of its other batches.
    "within a job of the older Bulk API": (
        {
            "bookmarks": {
                "Account": {
                    "SystemModstamp": BOOKMARK,
                    "JobID": "7505e000000AAAAAA1",
                    "BatchIDs": ["7515e000000AAAAAA1"],
                    "JobHighestBookmarkSeen": SEEN,
                }
            },
            "current_stream": "Account",
        },
        BOOKMARK,
    ),
    "within the first job": (
        {
            "bookmarks": {
                "Account": {
                    "JobID": "7505e000000AAAAAA1",
                    "BatchIDs": ["7515e000000AAAAAA1"],
                    "JobHighestBookmarkSeen": SEEN,
                }
            },
            "current_stream": "Account",
        },
        None,
    ),
    "within the first run": (
        {"bookmarks": {"Account": {"version": VERSION}}, "current_stream": "Account"},
        None,
    ),
}


@pytest.fixture(scope="module")
def source():
    source = Salesforce(binary("mock-api"), date="2026-06-01T12:00:00Z", still=True)
    yield source
    source.stop()


@pytest.fixture(scope="module")
def story(source, venvs, tmp_path_factory):
    home = tmp_path_factory.mktemp("salesforce")
    return play(source, home, program(home, venvs), binary("tap-salesforce"))


def check(table, found):
    lines = without_a_reason(table, found)
    assert not lines, "\n".join(lines)


def test_every_stream_key_and_column_is_here(story):
    assert story.theirs[0].streams.keys() == story.ours[0].streams.keys()
    check(OF_THE_CATALOG, of_the_catalog(story.theirs[0], story.ours[0]))


def test_no_column_is_here_only(story):
    theirs, ours = story.theirs[0].schemas, story.ours[0].schemas
    for stream in ours:
        their, our = (schemas[stream]["schema"]["properties"].keys() for schemas in (theirs, ours))
        assert our - their <= MORE_COLUMNS.keys(), stream


def test_a_first_run_brings_the_same_rows(story):
    theirs, ours = tables(story.theirs[0]), tables(story.ours[0])
    assert theirs.keys() == story.theirs[0].streams.keys(), "streams without records"
    check_keys(theirs, ours)
    check(OF_RECORDS, of_records(theirs, ours))


def test_after_changes_the_next_run_of_each_leaves_the_same_rows(story):
    theirs, ours = tables(*story.theirs), tables(*story.ours)
    check_keys(theirs, ours)
    check(OF_RECORDS, of_records(theirs, ours))


def check_keys(theirs, ours):
    for stream in theirs.keys() | ours.keys():
        assert theirs[stream].keys() == ours[stream].keys(), stream


def test_every_explanation_is_needed(story):
    assert not superfluous(OF_THE_CATALOG, of_the_catalog(story.theirs[0], story.ours[0]))
    assert not superfluous(OF_RECORDS, of_records(tables(*story.theirs), tables(*story.ours)))


def test_deleted_rows_are_marked_in_ours_and_told_of_in_a_column_by_both(story):
    theirs, ours = tables(*story.theirs), tables(*story.ours)
    assert all(story.deleted.values())
    for stream, ids in story.deleted.items():
        gone = {(one["Id"],) for one in story.truth[stream] if one["IsDeleted"]}
        assert {(one,) for one in ids} <= gone
        assert {key for key, row in ours[stream].items() if row["_sdc_deleted_at"]} == gone
        assert {key for key, row in theirs[stream].items() if row["IsDeleted"]} == gone


def test_with_its_state_and_catalog_ours_goes_on_where_it_was(story):
    bookmarks = story.theirs[0].state["bookmarks"]
    compared = 0
    for stream, records in story.handed_over.records.items():
        for name, value in bookmarks[stream].items():
            for key, row in records.items():
                assert instant(row[name]) >= instant(value) - LOOKBACK, (stream, key)
                compared += 1
    assert compared


def test_with_its_state_ours_misses_nothing(story):
    rows, found = tables(story.theirs[0], story.handed_over), {}
    for stream, records in story.truth.items():
        assert rows[stream].keys() == {(record["Id"],) for record in records}
        for record in records:
            row = rows[stream][record["Id"],]
            if (record["Id"],) in story.handed_over.records[stream]:
                # What was deleted before is only told of in the column, which was there before, too.
                assert bool(row.get("_sdc_deleted_at")) == record.get("IsDeleted", False), (stream, row["Id"])
            for pointer, what in differences(record, row, same_value):
                found[stream, pointer] = f"{row['Id']} {what}"
    # Rows that the other tap has written have its types.
    check(OF_RECORDS, found)


def test_a_replication_method_of_its_catalog_holds(story):
    for entry in story.handed_over.catalog["streams"]:
        stream, told = entry["tap_stream_id"], of_stream(entry)
        bookmark = story.handed_over.state["bookmarks"][stream]
        assert bookmark["replication_key"] == told.get("replication-key"), stream


@pytest.mark.parametrize("state", STATES)
def test_states_of_other_taps_are_read(story, source, tmp_path, state):
    state, since = STATES[state]
    config = SETTINGS | {"instance_url": source.url}
    source.requests(reset=True)
    output = Output(tmp_path, binary("tap-salesforce"), config, "Account".__eq__, state=state)
    since = instant(since) - LOOKBACK if since else instant(SETTINGS["start_date"])
    assert asked_from(source) == since
    expected = {(one["Id"],) for one in source.truth("Account") if instant(one["SystemModstamp"]) >= since}
    assert output.records["Account"].keys() == expected


def asked_from(source):
    """The lower bound of the first query."""
    asked = (unquote_plus(line) for line in source.requests()["last"])
    [text, *_] = (bound[1] for line in asked if (bound := re.search(r"SystemModstamp >= (\S+)", line)))
    return instant(text)


def test_a_type_that_is_new_ends_discovery_of_the_other_only(venvs, tmp_path):
    source = Salesforce(binary("mock-api"), still=True)
    try:
        config = SETTINGS | {"instance_url": source.url}
        with pytest.raises(AssertionError, match="Found unsupported type: hologram"):
            Output(tmp_path / "theirs", program(tmp_path, venvs), config, lambda stream: True)
        ours = Output(tmp_path / "ours", binary("tap-salesforce"), config, "Gizmo__c".__eq__)
        assert ours.schemas["Gizmo__c"]["schema"]["properties"]["Shape__c"]["type"] == ["null", "string"]
    finally:
        source.stop()
