"""MeltanoLabs' tap-github beside ours on the same source: whoever changes over finds every field again."""

import json
from datetime import datetime

import pytest

from conftest import binary
from github import ORG
from pipe import Pipe, shell

OF_AN_ORGANIZATION = {
    "organizations": ["id"],
    "repositories": ["id"],
    "issues": ["id"],
    "issue_comments": ["id"],
    "pull_requests": ["id"],
    "commits": ["node_id"],
    "labels": ["id"],
    "milestones": ["id"],
    "releases": ["id"],
    "stargazers_rest": ["user_id", "repo", "org"],
}


class Output:
    """What a tap writes of some streams: SCHEMA messages, and records by key."""

    def __init__(self, home, tap, config, keys):
        pipe = Pipe(home, tap, config, "")
        shell(f"{pipe.tap_command()} --discover > found.json", home)
        catalog = json.loads((home / "found.json").read_text())
        for entry in catalog["streams"]:
            chosen = entry["tap_stream_id"] in keys
            entry["selected"] = chosen
            for item in entry["metadata"]:
                item["metadata"]["selected"] = chosen
        (home / "catalog.json").write_text(json.dumps(catalog))
        shell(f"{pipe.tap_command()} --catalog catalog.json > out.jsonl", home)
        self.schemas, self.records = {}, {stream: {} for stream in keys}
        for line in (home / "out.jsonl").read_text().splitlines():
            message = json.loads(line)
            stream = message.get("stream")
            if message["type"] == "SCHEMA":
                self.schemas[stream] = message
            elif message["type"] == "RECORD":
                record = message["record"]
                self.records[stream][tuple(record[name] for name in keys[stream])] = record


def differences(theirs, ours, same, path=""):
    """JSON paths at which the second value lacks, or has otherwise, what the first one has."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for name, value in theirs.items():
            if name in ours:
                yield from differences(value, ours[name], same, f"{path}/{name}")
            else:
                yield f"{path}/{name} is missing"
    elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for at, (value, other) in enumerate(zip(theirs, ours)):
            yield from differences(value, other, same, f"{path}/{at}")
    elif not same(theirs, ours):
        yield f"{path}: {theirs!r} is {ours!r}"


def same_value(theirs, ours):
    """Equal, or the same instant in another spelling."""
    return theirs == ours or None not in (moment(theirs), moment(ours)) and moment(theirs) == moment(ours)


def moment(value):
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def types(schema):
    """A schema with nothing but names, types and formats, as nested dicts."""
    kinds = schema.get("type", [])
    kinds = {kinds} if isinstance(kinds, str) else set(kinds)
    return {
        "type": sorted(kinds - {"null"}),
        "format": schema.get("format"),
        "properties": {name: types(child) for name, child in schema.get("properties", {}).items()},
        "items": types(schema["items"]) if schema.get("items") else {},
    }


@pytest.mark.parametrize("scope", ["organizations", "user_ids"])
def test_every_field_of_the_peer_is_there_with_its_type_and_value(github, venvs, tmp_path, scope):
    # By name, repositories and users would make the peer ask a GraphQL API, which the source has not.
    keys = OF_AN_ORGANIZATION if scope == "organizations" else {"users": ["id"]}
    names = [ORG] if scope == "organizations" else [str(user["id"]) for user in github.users()[:3]]
    config = {"api_url_base": github.url, scope: names}
    theirs = Output(tmp_path / "theirs", venvs / "peer/bin/tap-github", config, keys)
    ours = Output(tmp_path / "ours", binary("tap-github"), config, keys)

    for stream in keys:
        their, our = theirs.schemas[stream], ours.schemas[stream]
        assert our["key_properties"] == their["key_properties"], stream
        assert their.get("bookmark_properties") in (None, our.get("bookmark_properties")), stream
        found = differences(types(their["schema"]), types(our["schema"]), lambda a, b: a == b)
        assert list(found) == [], stream
        assert theirs.records[stream], stream
        assert ours.records[stream].keys() == theirs.records[stream].keys(), stream
        found = differences(theirs.records[stream], ours.records[stream], same_value)
        assert list(found) == [], stream
