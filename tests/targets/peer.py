"""Two taps on one source: what each writes, and in what the second one differs from the first."""

import json
import operator
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


def tables(*outputs):
    """What a target holds that takes these outputs: stream → key → row."""
    rows = {}
    for output in outputs:
        for stream, records in output.records.items():
            # What a record lacks is null.
            empty = dict.fromkeys(output.schemas[stream]["schema"]["properties"])
            whole = {key: empty | record for key, record in records.items()}
            rows.setdefault(stream, {}).update(whole)
    return rows


def of_stream(entry):
    """What the metadata of a catalog entry says of the stream itself."""
    return next(item["metadata"] for item in entry["metadata"] if not item["breadcrumb"])


def summary(output, stream):
    told = of_stream(output.streams[stream])
    return {
        "key": output.streams[stream].get("key_properties") or told["table-key-properties"],
        "replication_key": told.get("valid-replication-keys"),
        "type": types(output.schemas[stream]["schema"]),
    }


def of_the_catalog(theirs, ours):
    """In what the second output declares streams of the first otherwise: stream, pointer → what."""
    return {
        (stream, pointer): what
        for stream in theirs.streams.keys() & ours.streams.keys()
        for pointer, what in differences(summary(theirs, stream), summary(ours, stream), operator.eq)
    }


def of_records(theirs, ours):
    """In what rows of the second tables are otherwise: stream, pointer → what, one example of each."""
    return {
        (stream, pointer): f"{key} {what}"
        for stream, rows in theirs.items()
        for key in rows.keys() & ours.get(stream, {}).keys()
        for pointer, what in differences(rows[key], ours[stream][key], same_value)
    }


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
    """A schema with nothing but names, types and formats, as nested dicts; a choice of schemas is one."""
    choices = [schema, *schema.get("anyOf", [])]
    kinds = set()
    for choice in choices:
        named = choice.get("type", [])
        kinds |= {named} if isinstance(named, str) else set(named)
    return {
        "type": sorted(kinds - {"null"}),
        "format": next((choice["format"] for choice in choices if "format" in choice), None),
        "properties": {name: types(child) for name, child in schema.get("properties", {}).items()},
        "items": types(schema["items"]) if schema.get("items") else {},
    }
