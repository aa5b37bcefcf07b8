"""MeltanoLabs' tap-github beside ours on the same source: whoever changes over finds everything again."""

import operator

import pytest
import yaml

from conftest import binary
from explained import MORE_RECORDS, NOT_OURS, OF_ITS_RECORDS, OF_MADE_UP, OF_THE_PEER, unexplained
from github import ORG, GitHub
from peer import Output, differences, same_value, types

# The block of a project that ran the peer. Only `executable` is another one; a token is not among the
# settings because the peer has it checked by api.github.com, wherever `api_url_base` leads.
MELTANO_YML = """
plugins:
  extractors:
  - name: tap-github
    variant: meltanolabs
    executable: {executable}
    config:
      api_url_base: {url}
      {selector}: {names}
      start_date: '2000-01-01T00:00:00Z'
      user_agent: a-project
      metrics_log_level: debug
      rate_limit_buffer: 100
      expiry_time_buffer: 10
      backoff_max_tries: 5
      skip_parent_streams: false
      stream_options:
        milestones: {{state: all}}
        project_items: {{page_size: 50}}
"""

# Characters of each difference that a failure shows.
SHOWN = 300


def is_wanted(stream):
    return stream not in NOT_OURS


def output(folder, tap, url, selector, names, **more):
    """What a tap writes by the block of settings."""
    block = MELTANO_YML.format(executable=tap, url=url, selector=selector, names=names)
    plugin = yaml.safe_load(block)["plugins"]["extractors"][0]
    return Output(folder, plugin["executable"], plugin["config"] | more, is_wanted)


def summary(entry):
    return {
        "key": entry["key_properties"],
        "replication_key": entry.get("replication_key"),
        "type": types(entry["schema"]),
    }


def declared(output, stream):
    """The types of a stream's SCHEMA; a child of nothing may have none."""
    return {"type": types(output.schemas[stream]["schema"])} if stream in output.schemas else {}


def compare(theirs, ours, streams, table):
    """Everything in which ours differs without a reason, as lines of text."""
    lines = []
    for stream in sorted(streams):
        if stream not in ours.streams:
            lines.append(f"{stream}: missing")
            continue
        for their, our in (
            (summary(theirs.streams[stream]), summary(ours.streams[stream])),
            # What is declared in the end is what a target gets.
            (declared(theirs, stream), declared(ours, stream)),
        ):
            lines += unexplained(OF_THE_PEER, stream, dict(differences(their, our, operator.eq)))
        their, our = theirs.records.get(stream, {}), ours.records.get(stream, {})
        for key in their.keys() | our.keys():
            if key not in our:
                lines.append(f"{stream}: only the peer has {key}")
            elif key not in their:
                lines += [f"{stream}: only ours has {key}"] if stream not in MORE_RECORDS else []
            else:
                found = dict(differences(their[key], our[key], same_value))
                lines += unexplained(table, stream, found)
    # Of each pointer one example.
    return sorted({line.split(":")[0]: line for line in lines}.values())


def check(theirs, ours, streams, table):
    found = compare(theirs, ours, streams, table)
    assert not found, "\n".join(line[:SHOWN] for line in found)


@pytest.mark.parametrize(
    "selector, names",
    [
        ("repositories", ["octocat/Hello-World"]),
        ("organizations", ["octocat"]),
        ("searches", [{"name": "tetris", "query": "tetris"}]),
        ("user_usernames", ["octocat"]),
        ("user_ids", ["1"]),
    ],
)
def test_every_stream_of_the_peer_over_what_github_publishes(published, venvs, tmp_path, selector, names):
    place = (published.url, selector, names)
    theirs = output(tmp_path / "theirs", venvs / "peer/bin/tap-github", *place)
    # What GraphQL and REST show of the same thing is made up apart from each other: REST where it can be.
    rest = output(tmp_path / "rest", binary("tap-github"), *place, graphql="never")
    ours = output(tmp_path / "ours", binary("tap-github"), *place)
    streams = set(filter(is_wanted, theirs.streams))
    check(theirs, rest, streams & rest.streams.keys(), OF_MADE_UP)
    check(theirs, ours, streams - rest.streams.keys(), OF_MADE_UP)


@pytest.fixture
def source():
    """Two repositories with more than a page of what is listed by date."""
    server = GitHub(binary("mock-api"), repos=2, issues=110, pulls=8, commits=105, stars=103)
    yield server
    server.stop()


@pytest.mark.parametrize("selector", ["repositories", "organizations", "user_usernames"])
def test_every_stream_of_the_peer_over_many_pages(source, venvs, tmp_path, selector):
    names = {
        "repositories": source.repositories,
        "organizations": [ORG],
        "user_usernames": [user["login"] for user in source.users()[:3]],
    }
    place = (source.url, selector, names[selector])
    theirs = output(tmp_path / "theirs", venvs / "peer/bin/tap-github", *place)
    ours = output(tmp_path / "ours", binary("tap-github"), *place)
    streams = set(filter(is_wanted, theirs.streams))
    check(theirs, ours, streams, OF_ITS_RECORDS)
    assert streams <= theirs.records.keys() | MORE_RECORDS.keys(), "streams without records"
