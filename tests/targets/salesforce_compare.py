"""What the tables of a target hold, beside the records that queries show.

Compared is every row and every column, in the form of `normal`. The exceptions are in this file:

- A deleted row has the time of its deletion, which is its SystemModstamp. In an object without a
  replication key it is only marked, with the time at which that was seen.
- Of what is gone from the recycle bin no query tells (`purged`). Its row stays as it is, unless the tap
  writes such deletions too, or reads the object whole: then it is marked. Its other columns are not compared.
- A field of any type is a text: what JSON has for it.
"""

import json

from normal import differences, fields
from peer import of_stream

DELETED_AT = "_sdc_deleted_at"
DATE_TIME = {"type": ["null", "string"], "format": "date-time"}
# The version of the API that the tap asks for, which is within some values.
VERSION = "v62.0"


class Comparison:
    """Of tables with an org; `lines` are all differences, none if both are equal."""

    def __init__(self, source, target, catalog, are_purges_told=False):
        self.source, self.target, self.catalog = source, target, catalog
        self.are_purges_told = are_purges_told
        self.lines, self.compared = [], 0
        for stream in catalog:
            self._stream(stream)

    def _stream(self, stream):
        entry = self.catalog[stream]
        schema = {"properties": {**entry["schema"]["properties"], DELETED_AT: DATE_TIME}}
        is_whole = "valid-replication-keys" not in of_stream(entry)
        rows = {row["Id"]: fields(row, schema) for row in self.target.rows(stream)}
        records = {one["Id"]: one for one in self.source.truth(stream, purged=True, version=VERSION)}
        shown = {one["Id"] for one in self.source.truth(stream, fields="Id")}
        for key in shown:
            self._alike(stream, key, fields(texts(records[key], schema), schema), rows.get(key), is_whole)
        for key in rows.keys() - shown:
            if key not in records:
                self._tell(stream, key, "is in the table only")
            elif (is_whole or self.are_purges_told) and DELETED_AT not in rows[key]:
                self._tell(stream, key, "is gone from the recycle bin, and is not marked")

    def _alike(self, stream, key, their, our, is_whole):
        self.compared += 1
        if our is None:
            self._tell(stream, key, "is missing")
            return
        if their.get("IsDeleted"):
            their[DELETED_AT] = our.get(DELETED_AT, "any time") if is_whole else their["SystemModstamp"]
        for pointer, truth, told in differences(their, our):
            self._tell(stream, key, f"{pointer}: {truth!r}, and in the table {told!r}")

    def _tell(self, stream, key, what):
        self.lines.append(f"{stream} {key} {what}")


def texts(record, schema):
    """A record with texts where the schema declares them and the API tells a number or a truth value."""
    return {
        name: json.dumps(value) if is_plain(value) and "string" in schema["properties"][name]["type"] else value
        for name, value in record.items()
    }


def is_plain(value):
    return isinstance(value, (bool, int, float))
