"""Two taps on one source: what each writes, and in what the second one differs from the first."""

import json
from datetime import datetime

from pipe import Pipe, shell


# Streams in which one key may come several times, and the columns that tell which is which.
PLACES = {"assignees": ["org", "repo"], "organization_members": ["org"], "team_members": ["org"]}


class Output:
    """What a tap finds, and what it writes of some streams: SCHEMA messages, records by key, its last STATE."""

    def __init__(self, home, tap, config, selected, catalog=None, state=None):
        pipe = Pipe(home, tap, config, "")
        self.catalog = catalog or discovered(pipe, selected)
        self.streams = {entry["tap_stream_id"]: entry for entry in self.catalog["streams"]}
        (home / "catalog.json").write_text(json.dumps(self.catalog))
        shell(f"{pipe.tap_command(state)} --catalog catalog.json > out.jsonl", home)
        self.schemas, self.records, self.state = {}, {}, None
        for line in (home / "out.jsonl").read_text().splitlines():
            message = json.loads(line)
            if message["type"] == "SCHEMA":
                self.schemas[message["stream"]] = message
            elif message["type"] == "RECORD":
                self._take(message["stream"], message["record"])
            elif message["type"] == "STATE":
                self.state = message["value"]

    def _take(self, stream, record):
        names = [*self.schemas[stream]["key_properties"], *PLACES.get(stream, [])]
        key = tuple(str(record.get(name)) for name in names)
        self.records.setdefault(stream, {})[key] = record


def discovered(pipe, selected):
    """The catalog of a tap, with some of its streams selected."""
    shell(f"{pipe.tap_command()} --discover > found.json", pipe.home)
    catalog = json.loads((pipe.home / "found.json").read_text())
    for entry in catalog["streams"]:
        entry["selected"] = selected(entry["tap_stream_id"])
        for item in entry["metadata"]:
            item["metadata"]["selected"] = selected(entry["tap_stream_id"])
    return catalog


def differences(theirs, ours, same, path=""):
    """JSON pointers at which the second value lacks, or has otherwise, what the first one has."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for name, value in theirs.items():
            if name in ours:
                yield from differences(value, ours[name], same, f"{path}/{name}")
            # A column that is not there is null.
            elif value is not None:
                yield f"{path}/{name}", "missing"
    elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for value, other in zip(theirs, ours):
            yield from differences(value, other, same, f"{path}/*")
    elif not same(theirs, ours):
        yield path, f"{theirs!r} is {ours!r}"


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
