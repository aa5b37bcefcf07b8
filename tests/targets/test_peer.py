"""MeltanoLabs' tap-github beside ours on the same source: whoever changes over finds everything again."""

import operator

import pytest
import yaml

from conftest import binary
from explained import MORE_RECORDS, NOT_OURS, OF_ITS_RECORDS, OF_THE_PEER, unexplained
from github import ORG, GitHub
from test_published import streams
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

# Lines of differences that a failure shows.
SHOWN = 40


def both(venvs, home, url, selector, names, selected, **ours_only):
    """What the peer and ours write by the same block of settings."""
    outputs = []
    for folder, tap in (("theirs", venvs / "peer/bin/tap-github"), ("ours", binary("tap-github"))):
        block = MELTANO_YML.format(executable=tap, url=url, selector=selector, names=names)
        plugin = yaml.safe_load(block)["plugins"]["extractors"][0]
        config = plugin["config"] | (ours_only if folder == "ours" else {})
        outputs.append(Output(home / folder, plugin["executable"], config, selected))
    return outputs


def summary(entry):
    return {
        "key": entry["key_properties"],
        "replication_key": entry.get("replication_key"),
        "type": types(entry["schema"]),
    }


def compare(theirs, ours, streams):
    """Everything in which ours differs without a reason, as lines of text."""
    lines = []
    for stream in sorted(streams):
        if stream not in ours.streams:
            lines.append(f"{stream}: missing")
            continue
        for their, our in (
            (summary(theirs.streams[stream]), summary(ours.streams[stream])),
            # What is declared in the end is what a target gets.
            tuple({"type": types(taps.schemas[stream]["schema"])} for taps in (theirs, ours)),
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
                lines += unexplained(OF_ITS_RECORDS, stream, found)
    return sorted(set(lines))


def check(theirs, ours, streams):
    found = compare(theirs, ours, streams)
    assert not found, "\n".join(found[:SHOWN])


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
    theirs, ours = both(
        venvs,
        tmp_path,
        published.url,
        selector,
        names,
        lambda stream: stream not in NOT_OURS,
        # The REST examples and the answers of GraphQL are made up apart from each other.
        graphql="never",
    )
    check(theirs, ours, theirs.streams.keys() & ours.streams.keys())


SHARED = set(streams()) - NOT_OURS.keys()


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
    theirs, ours = both(
        venvs, tmp_path, source.url, selector, names[selector], SHARED.__contains__
    )
    check(theirs, ours, theirs.streams.keys() & SHARED)
    assert theirs.records.keys() | MORE_RECORDS.keys() >= theirs.streams.keys() & SHARED, "streams without records"
