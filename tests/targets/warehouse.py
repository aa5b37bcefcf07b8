"""Targets for a tap that may be killed: target-postgres as a process, and beside the one in memory."""

import json
import os
import signal
import subprocess

from psycopg.rows import dict_row

from memory import BATCH, DELETED_AT, VERSION, Memory
from normal import differences, fields
from targets import SCHEMA, MeltanoLabsPostgres

LIMIT_SECONDS = 180


class Program(MeltanoLabsPostgres):
    """MeltanoLabs' target-postgres with a database of its own, a process for each run."""

    def __init__(self, home, postgres, venvs, batch=BATCH):
        super().__init__(home, postgres, database=home.name)
        home.mkdir(parents=True, exist_ok=True)
        self.path = venvs / self.name / "bin" / self.program
        config = self.config() | {"batch_size_rows": batch}
        (home / "target.json").write_text(json.dumps(config))

    def open(self):
        return ProgramSession(self)

    def rows(self, stream):
        """All rows of a table, as its columns by name."""
        with self.postgres.connect(self.database) as connection:
            connection.row_factory = dict_row
            name = f'{SCHEMA}."{stream}"'
            if connection.execute("SELECT to_regclass(%s) AS it", [name]).fetchone()["it"]:
                return connection.execute(f"SELECT * FROM {name}").fetchall()
        return []


class ProgramSession:
    """One process: lines in, states out."""

    def __init__(self, program):
        self.home = program.home
        with open(self.home / "states", "wb") as states, open(self.home / "target.log", "wb") as log:
            self.process = subprocess.Popen(
                [program.path, "--config", "target.json"],
                cwd=self.home,
                stdin=subprocess.PIPE,
                stdout=states,
                stderr=log,
                start_new_session=True,
            )

    def write(self, data):
        try:
            self.process.stdin.write(data)
            self.process.stdin.flush()
        except BrokenPipeError:
            # It has ended already, and `close` tells what came of it.
            pass

    def close(self):
        """The input is over."""
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        try:
            self.process.wait(LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        return self._echoed()

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        return self._echoed()

    def _echoed(self):
        return [json.loads(line) for line in (self.home / "states").read_text().splitlines()]


class Twins:
    """Target-postgres and the target in memory on the very same input: after each run both hold the same,
    and have given the same states back. Where the whole pipe is to be killed only the tap is, since how
    far a killed target came is not to be known."""

    def __init__(self, program, batch):
        self.program, self.memory = program, Memory(batch)
        self.compared = 0

    def open(self):
        return TwinsSession(self)

    def rows(self, stream):
        return self.program.rows(stream)

    def check(self):
        """Compares all tables, rows in the form that the SCHEMA declares."""
        self.compared += 1
        for stream, table in self.memory.tables.items():
            schema = self.memory.schemas[stream]
            key = self.memory.keys[stream]
            theirs = shown(self.program.rows(stream), schema, key)
            ours = shown(table.values(), schema, key)
            found = list(differences(theirs, ours))
            assert not found, f"{stream}: {found[:5]}"


class TwinsSession:
    def __init__(self, twins):
        self.twins = twins
        self.sessions = [twins.program.open(), twins.memory.open()]

    def write(self, data):
        for session in self.sessions:
            session.write(data)

    def close(self):
        theirs, ours = (session.close() for session in self.sessions)
        assert theirs == ours, "other states were given back"
        self.twins.check()
        return theirs

    kill = close


def shown(rows, schema, key):
    """Rows by key, with what targets add to them: whether they are gone, not since when, and a version."""
    columns = {name: kind for name, kind in schema["properties"].items() if name != DELETED_AT}
    by_key = {}
    for row in rows:
        added = {"is_gone": row[DELETED_AT] is not None, "version": row[VERSION]}
        by_key["/".join(str(row[column]) for column in key)] = fields(row, {"properties": columns}) | added
    return by_key
