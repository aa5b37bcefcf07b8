"""A target in memory that does what MeltanoLabs' target-postgres does, for runs by the hundred."""

import json
import random
from datetime import datetime, timezone

DELETED_AT, VERSION = "_sdc_deleted_at", "_sdc_table_version"
# Rows that wait in a batch of target-postgres, unless `batch_size_rows` says otherwise.
BATCH = 10_000


class Memory:
    """Tables that outlive the processes which write to them: stream → key → row.

    How it corresponds to target-postgres 0.8.1 (singer-sdk 0.54.9), which `test_simulation` holds to:

    - Records of a stream wait in a batch. It is written when it is full, before the stream's version is
      activated, and with all others at the end of the input. So a killed target leaves tables that are
      ahead of its states, each by another measure.
    - All batches are written at once after `age` records too, where target-postgres does it after five
      minutes. Only when all are written is a state echoed: the newest of the input.
    - Writing a row replaces all columns that the SCHEMA declares, `_sdc_deleted_at` among them, and its
      `_sdc_table_version`, which is null where the record has none.
    - ACTIVATE_VERSION marks rows of an older version, or of none, that are not marked yet
      (`hard_delete: false`), with the target's own time.
    - A line that is no JSON, as a killed tap leaves it, ends the target: nothing more is written.
    """

    def __init__(self, batch=BATCH, age=None, seed=0):
        self.batch, self.age = batch, age
        # How far a target comes that is killed.
        self.dice = random.Random(seed)
        self.tables, self.schemas, self.keys = {}, {}, {}

    def open(self):
        return Session(self)

    def rows(self, stream):
        """All rows of a table."""
        return list(self.tables.get(stream, {}).values())


class Session:
    """One process of the target: lines in, states out."""

    def __init__(self, memory):
        self.memory = memory
        self.echoed, self.state = [], None
        self.batches = {}
        self.rest, self.age, self.is_dead = b"", 0, False

    def write(self, data):
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            self._take(line)

    def close(self):
        """The input is over."""
        if self.rest:
            self._take(self.rest)
        if not self.is_dead:
            self._drain()
        return self.echoed

    def kill(self):
        """Ends it wherever it is: of the batches that it was writing at once, some are written."""
        for stream in list(self.batches):
            if not self.is_dead and self.memory.dice.random() < 0.5:
                self._write_batch(stream)
        self.is_dead = True
        return self.echoed

    def _take(self, line):
        if self.is_dead:
            return
        try:
            message = json.loads(line)
        except json.JSONDecodeError:
            self.is_dead = True
            return
        getattr(self, f"_take_{message['type'].lower()}")(message)

    def _take_schema(self, message):
        stream = message["stream"]
        self.memory.schemas[stream], self.memory.keys[stream] = message["schema"], message["key_properties"]
        self.memory.tables.setdefault(stream, {})

    def _take_record(self, message):
        batch = self.batches.setdefault(message["stream"], [])
        batch.append(message)
        if len(batch) >= self.memory.batch:
            self._write_batch(message["stream"])
        self.age += 1
        if self.memory.age and self.age > self.memory.age:
            self._drain()

    def _take_state(self, message):
        self.state = message["value"]

    def _take_activate_version(self, message):
        self._write_batch(message["stream"])
        now = datetime.now(timezone.utc).isoformat()
        for row in self.memory.tables[message["stream"]].values():
            is_older = row[VERSION] is None or row[VERSION] < message["version"]
            if is_older and row[DELETED_AT] is None:
                row[DELETED_AT] = now

    def _drain(self):
        for stream in list(self.batches):
            self._write_batch(stream)
        if self.state:
            self.echoed.append(self.state)
        self.age = 0

    def _write_batch(self, stream):
        memory, table = self.memory, self.memory.tables[stream]
        key, columns = memory.keys[stream], memory.schemas[stream]["properties"]
        for message in self.batches.pop(stream, []):
            record = message["record"]
            row = table.setdefault(tuple(record[name] for name in key), {})
            row.update({column: record.get(column) for column in columns})
            row[DELETED_AT], row[VERSION] = record.get(DELETED_AT), message.get("version")
