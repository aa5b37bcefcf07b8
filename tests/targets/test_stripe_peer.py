"""singer-io's tap-stripe beside ours on the same account: whoever changes over finds everything again."""

import json
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

import pytest

from conftest import binary
from explained import superfluous, without_a_reason
from peer import differences, moment, of_records, of_the_catalog, same_value, tables
from stripe import Stripe
from stripe_explained import OF_RECORDS, OF_THE_CATALOG
from stripe_story import SETTINGS, play, program

# Streams that follow their parent.
FOLLOWING = ["invoice_line_items", "payout_transactions", "subscription_items", "transfer_reversals"]
# The end of the types of events after which something is gone, and what the truth calls the time of it.
DELETED, GONE = ".deleted", "_deleted_at"
LOOKBACK = timedelta(seconds=int(SETTINGS["lookback_window"]))
# Characters of each difference that a failure shows.
SHOWN = 300


@pytest.fixture(scope="module")
def of_an_account(venvs, tmp_path_factory):
    """Plays the story of an account of a server: `platform`, or the first of those that are `connected`."""

    def played(which, **options):
        home = tmp_path_factory.mktemp("stripe")
        source = Stripe(binary("mock-api"), date="2026-06-01T12:00:00Z", still=True, history=120, **options)
        try:
            accounts = json.loads(source.call("/_mock/accounts"))
            account = accounts["platform"] if which == "platform" else accounts["connected"][0]
            return play(source, account, home, program(home, venvs), binary("tap-stripe"))
        finally:
            source.stop()

    return played


@pytest.fixture(scope="module")
def story(of_an_account):
    # The seed has lists of more than ten items wherever one can be, and no change of their objects of late.
    return of_an_account("platform", seed=28)


def check(table, found):
    lines = without_a_reason(table, found)
    assert not lines, shown(lines)


def shown(lines):
    return "\n".join(line[:SHOWN] for line in lines)


def check_keys(theirs, ours):
    """Each side has the rows of the other, but for those that were deleted before the first run."""
    for stream, rows in theirs.items():
        missing = {key: row for key, row in rows.items() if key not in ours[stream]}
        gone = [key for key, row in missing.items() if str(row.get("updated_by_event_type")).endswith(DELETED)]
        assert missing.keys() <= set(gone), stream
        assert ours[stream].keys() <= rows.keys(), stream


def test_every_stream_key_and_column_is_here(story):
    assert story.theirs[0].streams.keys() <= story.ours[0].streams.keys()
    check(OF_THE_CATALOG, of_the_catalog(story.theirs[0], story.ours[0]))


def test_a_first_run_brings_the_same_rows(story):
    theirs, ours = tables(story.theirs[0]), tables(story.ours[0])
    assert theirs.keys() == story.theirs[0].streams.keys(), "streams without records"
    check_keys(theirs, ours)
    check(OF_RECORDS, of_records(theirs, ours))


def test_after_changes_the_next_run_of_each_leaves_the_same_rows(story):
    theirs, ours = tables(*story.theirs), tables(*story.ours)
    check_keys(theirs, ours)
    check(OF_RECORDS, of_records(theirs, ours))


def test_an_account_of_another_version_loses_no_column_to_an_event(of_an_account):
    story = of_an_account("connected", seed=28, api_version="2025-03-31.basil")
    theirs, ours = tables(*story.theirs), tables(*story.ours)
    check_keys(theirs, ours)
    # The peer writes what an event has in the account's own version: null where that has no such field,
    # and fields that the version of the list has not.
    lines = without_a_reason(OF_RECORDS, of_records(theirs, ours))
    assert any("invoices /paid:" in line and " None is " in line for line in lines)
    assert all(" None is " in line or line.endswith(" is None") for line in lines), shown(lines)


def test_every_explanation_is_needed(story):
    assert not superfluous(OF_THE_CATALOG, of_the_catalog(story.theirs[0], story.ours[0]))
    found = of_records(tables(*story.theirs), tables(*story.ours))
    found |= of_records(tables(story.theirs[0]), tables(story.ours[0]))
    assert not superfluous(OF_RECORDS, found)


def test_deleted_rows_are_marked_in_ours_and_only_told_of_in_a_column_there(story):
    theirs, ours = tables(*story.theirs), tables(*story.ours)
    for stream, ids in story.deleted.items():
        gone = {(one["id"],) for one in story.truth[stream] if GONE in one}
        marked = {key for key, row in ours[stream].items() if row["_sdc_deleted_at"]}
        assert marked == gone & ours[stream].keys(), stream
        assert {(one,) for one in ids} <= marked, stream
        for one in ids:
            assert theirs[stream][one,]["updated_by_event_type"].endswith(DELETED)
    marked = {key for key, row in ours["invoice_line_items"].items() if row["_sdc_deleted_at"]}
    assert marked and {invoice for _, invoice in marked} <= set(story.deleted["invoices"])


def test_with_its_state_and_catalog_ours_goes_on_where_it_was(story):
    bookmarks = story.theirs[0].state["bookmarks"]
    for stream, records in story.handed_over.records.items():
        names = [name for name in (stream, f"{stream}_events") if name in bookmarks]
        since = min(value for name in names for value in bookmarks[name].values())
        since = datetime.fromtimestamp(since, timezone.utc) - LOOKBACK
        for key, row in records.items():
            at = row.get("updated") or row.get("created")
            # What follows its parent may be older than it.
            assert stream in FOLLOWING or moment(at) >= since, (stream, key)
    since = min(value for entry in bookmarks.values() for value in entry.values()) - LOOKBACK.seconds
    for request in story.requests:
        url = urlsplit(request.split(" ")[1])
        query = parse_qs(url.query)
        is_of_one = url.path.count("/") > 2 or query.keys() & {"payout", "subscription"}
        if not is_of_one and url.path != "/v1/account":
            assert int(query["created[gte]"][0]) >= since, request


def test_with_its_state_ours_misses_nothing(story):
    rows, found = tables(story.theirs[0], story.handed_over), {}
    for stream, objects in story.truth.items():
        schema = story.handed_over.schemas[stream]
        for one in objects:
            key = tuple(str(one[name]) for name in schema["key_properties"])
            row = rows[stream].get(key)
            if GONE not in one:
                assert row and not row.get("_sdc_deleted_at"), (stream, key)
                told = {pointer: what for pointer, what in differences(scalars(one, row, schema), row, same_value)}
                found |= {(stream, pointer): f"{key} {what}" for pointer, what in told.items()}
            elif one["id"] in story.deleted.get(stream, []):
                assert row["_sdc_deleted_at"], (stream, key)
    check(OF_RECORDS, found)


def scalars(record, row, schema):
    """The plain values of an object of the API that a row has, as they stand there: Unix times are date-times."""
    columns = schema["schema"]["properties"]
    return {
        name: as_instant(value) if columns[name].get("format") == "date-time" else value
        for name, value in record.items()
        if name in row and not isinstance(value, (dict, list))
    }


def as_instant(value):
    return value if value is None else datetime.fromtimestamp(value, timezone.utc).isoformat()
