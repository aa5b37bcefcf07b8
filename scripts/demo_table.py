"""Prints what a DuckDB file holds, or what passed through a pipe: one line a stream.

usage: demo_table.py database FILE | lines FILE
"""

import json
import sys
from collections import Counter

import duckdb

SCHEMA = "github"
# How a stream tells its newest row, in the order of preference.
TIMES = ["updated_at", "commit_timestamp", "starred_at", "created_at"]


def table(header, rows):
    cells = [[f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(header, *cells)]
    numeric = [all(isinstance(row[i], int) for row in rows) for i in range(len(header))]

    def line(row):
        return "   ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric)
        ).rstrip()

    print("  " + line(header))
    print("  " + "   ".join("─" * width for width in widths))
    for row in cells:
        print("  " + line(row))


def database(path):
    with duckdb.connect(path, read_only=True) as connection:
        columns = {}
        for stream, column in connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = ?",
            [SCHEMA],
        ).fetchall():
            columns.setdefault(stream, set()).add(column)
        rows = []
        for stream in sorted(columns):
            newest = next((time for time in TIMES if time in columns[stream]), "NULL")
            count, last = connection.execute(
                f"SELECT count(*), max({newest}) FROM {SCHEMA}.{stream}"
            ).fetchone()
            rows.append((stream, count, newest if last else "", last or ""))
    table(["stream", "rows", "newest", ""], rows)


def lines(path):
    with open(path, encoding="utf-8") as stream:
        messages = (json.loads(line) for line in stream)
        counts = Counter(m["stream"] for m in messages if m["type"] == "RECORD")
    table(["stream", "RECORD lines"], sorted(counts.items()))


if __name__ == "__main__":
    {"database": database, "lines": lines}[sys.argv[1]](sys.argv[2])
