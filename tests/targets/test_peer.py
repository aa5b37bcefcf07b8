"""MeltanoLabs' tap-github beside ours on the same source: whoever changes over finds everything again."""

import operator

import pytest
import yaml

from conftest import binary
from explained import NOT_OURS, OF_ITS_RECORDS, OF_THE_PEER, unexplained
from github import ORG
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
"""

ORGANIZATION = {
    "organizations",
    "repositories",
    "issues",
    "issue_comments",
    "pull_requests",
    "commits",
    "labels",
    "milestones",
    "releases",
    "stargazers_rest",
}


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
            if key not in their or key not in our:
                lines.append(f"{stream}: only {'ours' if key in our else 'the peer'} has {key}")
            else:
                found = dict(differences(their[key], our[key], same_value))
                lines += unexplained(OF_ITS_RECORDS, stream, found)
    return sorted(set(lines))


def check(theirs, ours, streams):
    found = compare(theirs, ours, streams)
    assert not found, "\n".join(found)


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


@pytest.mark.parametrize("selector", ["organizations", "user_ids"])
def test_streams_of_many_pages(github, venvs, tmp_path, selector):
    # By name, repositories and users would make the peer ask a GraphQL API, which the source has not.
    streams = ORGANIZATION if selector == "organizations" else {"users"}
    names = [ORG] if selector == "organizations" else [str(user["id"]) for user in github.users()[:3]]
    theirs, ours = both(venvs, tmp_path, github.url, selector, names, streams.__contains__)
    check(theirs, ours, streams)
    assert streams == {stream for stream, records in theirs.records.items() if records}
