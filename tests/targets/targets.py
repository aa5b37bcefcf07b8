"""The Singer targets that the tap is piped into: how each is configured, and how to ask it what arrived."""

import json
from datetime import datetime, timezone

import duckdb

SCHEMA = "landing"
INTEGER, TEXT, TIMESTAMP, BOOLEAN, JSON = "integer", "text", "timestamp", "boolean", "json"


def plain(value):
    """One form for what a source and a target say of the same value: instants in UTC."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return value
    if isinstance(value, datetime):
        return value.replace(tzinfo=value.tzinfo or timezone.utc).astimezone(timezone.utc)
    return value


def unescaped(value):
    for written, meant in (("\\r", "\r"), ("\\n", "\n"), ("\\t", "\t")):
        if isinstance(value, str):
            value = value.replace(written, meant)
    return value


class Target:
    """A target program with a place of its own to write to."""

    program = name = None
    # What the target calls the column types that a stream's schema should become.
    kinds = {}

    def __init__(self, home, postgres):
        self.home = home

    def config(self):
        raise NotImplementedError

    def query(self, sql, *parameters):
        raise NotImplementedError

    def rows(self, stream):
        """The compared columns of every row of a table, in no order."""
        names = ", ".join(f'"{column}"' for column in stream.fields)
        found = self.query(f"SELECT {names} FROM {SCHEMA}.{stream.name}")
        return [tuple(plain(value) for value in row) for row in found]

    def column_kinds(self, stream):
        """Column name → kind, or the target's own word where that is none of the expected."""
        found = self.query(
            "SELECT column_name, data_type FROM information_schema.columns "
            f"WHERE table_schema = '{SCHEMA}' AND table_name = '{stream}'"
        )
        return {column: self.kinds.get(kind, kind) for column, kind in found}


class Jsonl(Target):
    """Lines appended to a file a stream; the last line of a key is its newest version."""

    name = program = "target-jsonl"

    def config(self):
        return {"destination_path": str(self.home / "lines"), "do_timestamp_file": False}

    def records(self, stream):
        lines = (self.home / "lines" / f"{stream}.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in lines.splitlines()]

    def rows(self, stream):
        newest = {
            tuple(record[column] for column in stream.key): record
            for record in self.records(stream.name)
        }
        return [
            tuple(plain(record.get(column)) for column in stream.fields)
            for record in newest.values()
        ]

    def column_kinds(self, stream):
        kinds = {}
        for record in self.records(stream):
            for column, value in record.items():
                if value is not None:
                    kinds[column] = self._kind(value)
        return kinds

    @staticmethod
    def _kind(value):
        value = plain(value)
        kinds = {bool: BOOLEAN, int: INTEGER, str: TEXT, datetime: TIMESTAMP, dict: JSON, list: JSON}
        return kinds[type(value)]


class Postgres(Target):
    kinds = {
        "ARRAY": JSON,
        "bigint": INTEGER,
        "boolean": BOOLEAN,
        "character varying": TEXT,
        "jsonb": JSON,
        "text": TEXT,
        "timestamp with time zone": TIMESTAMP,
        "timestamp without time zone": TIMESTAMP,
    }

    def __init__(self, home, postgres, database=None):
        super().__init__(home, postgres)
        self.postgres = postgres
        self.database = postgres.create_database(database or self.name)

    def query(self, sql, *parameters):
        with self.postgres.connect(self.database) as connection:
            return connection.execute(sql, parameters).fetchall()


class MeltanoLabsPostgres(Postgres):
    name = "meltanolabs-target-postgres"
    program = "target-postgres"

    def config(self):
        return {
            "host": self.postgres.host,
            "port": self.postgres.port,
            "user": self.postgres.user,
            "password": "trusted",
            "database": self.database,
            "default_target_schema": SCHEMA,
        }


class PipelinewisePostgres(Postgres):
    name = "pipelinewise-target-postgres"
    program = "target-postgres"
    # It makes every unbounded integer a NUMERIC.
    kinds = {**Postgres.kinds, "numeric": INTEGER}

    def rows(self, stream):
        """Its CSV leaves a control character in a text as JSON writes it, such as `\\n`."""
        return [tuple(unescaped(value) for value in row) for row in super().rows(stream)]

    def config(self):
        return {
            "host": self.postgres.host,
            "port": self.postgres.port,
            "user": self.postgres.user,
            "password": "trusted",
            "dbname": self.database,
            "default_target_schema": SCHEMA,
        }


class DuckDb(Target):
    name = program = "target-duckdb"
    # It makes every unbounded integer a HUGEINT.
    kinds = {
        "BOOLEAN": BOOLEAN,
        "HUGEINT": INTEGER,
        "JSON": JSON,
        "TIMESTAMP": TIMESTAMP,
        "VARCHAR": TEXT,
    }

    def config(self):
        return {"path": str(self.home / "warehouse.duckdb"), "default_target_schema": SCHEMA}

    def query(self, sql, *parameters):
        with duckdb.connect(self.config()["path"], read_only=True) as connection:
            return connection.execute(sql, parameters).fetchall()


ALL = [Jsonl, MeltanoLabsPostgres, PipelinewisePostgres, DuckDb]
