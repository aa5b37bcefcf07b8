"""`tap-github | target`: what arrives, again after changes, and what the echoed state resumes."""

from streams import STREAMS
from targets import plain

CHANGED = 7


def truth(github, stream):
    """Rows that a table of this stream should hold, from the source itself."""
    return sorted(
        tuple(plain(record[field]) for field in stream.fields.values())
        for repository in github.repositories
        for record in github.truth(repository, stream.name, list(stream.fields.values()))
    )


def check_rows(github, target, streams=STREAMS):
    for stream in streams:
        expected = truth(github, stream)
        assert expected, f"the source has no `{stream.name}`"
        assert sorted(target.rows(stream)) == expected, stream.name


def versions(github):
    """Every issue at the source with the moment of its last change."""
    return {
        (record["id"], record["updated_at"])
        for repository in github.repositories
        for record in github.truth(repository, "issues", ["id", "updated_at"])
    }


def changed_since(github, moments):
    """Ids of the issues that the source changed at or after a moment of their repository."""
    return {
        record["id"]
        for repository in github.repositories
        for record in github.truth(repository, "issues", ["id", "updated_at"])
        if plain(record["updated_at"]) >= plain(moments[repository])
    }


def bookmarks(state, stream="issues"):
    """Repository → bookmark of a stream."""
    partitions = state["bookmarks"][stream]["partitions"]
    return {name: entry["replication_key_value"] for name, entry in partitions.items()}


def test_a_first_sync_brings_every_row_with_sensible_types(github, pipe, target):
    pipe.into(target)

    check_rows(github, target)
    for stream in STREAMS:
        kinds = target.column_kinds(stream.name)
        assert {column: kinds.get(column) for column in stream.kinds} == stream.kinds, stream.name


def test_the_echoed_state_is_the_last_and_resumes_with_only_what_changed(github, pipe, target):
    first = pipe.into(target)
    echoed = first.echoed[-1]
    for stream in first.counts():
        last = first.last_state["bookmarks"].get(stream)
        assert echoed["bookmarks"].get(stream) == last, stream
    before = versions(github)
    github.touch(github.repositories[0], "issues", CHANGED)
    changed = {issue for issue, _ in versions(github) - before}

    second = pipe.into(target, state=echoed)

    emitted = [record["id"] for record in second.records("issues")]
    assert len(changed) == CHANGED
    assert changed <= set(emitted)
    # Resuming is inclusive: what carries the very moment of the bookmark comes once more.
    assert set(emitted) == changed_since(github, bookmarks(echoed))
    assert len(emitted) <= CHANGED + len(github.repositories)
    check_rows(github, target)


def test_a_replay_from_an_old_state_makes_no_duplicate(github, pipe, target):
    old = pipe.into(target).echoed[-1]
    github.touch(github.repositories[0], "issues", CHANGED)
    pipe.into(target, state=old)
    github.touch(github.repositories[0], "issues", CHANGED)

    replay = pipe.into(target, state=old)
    check_rows(github, target)

    whole = pipe.into(target)
    check_rows(github, target)
    assert CHANGED <= len(replay.records("issues")) < len(whole.records("issues"))
