"""What the demo shows and does besides the pipe itself, so that it needs no other programs.

usage: demo_tools.py streams DATABASE | newest DATABASE | records LINES STATE | requests URL | post URL
"""

import json
import sys
import urllib.request
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


def streams(path):
    """Every table of a DuckDB file, with its number of rows and its newest moment."""
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


def newest(path):
    """The issues that changed last, as the database has them."""
    with duckdb.connect(path, read_only=True) as connection:
        rows = connection.execute(
            "SELECT org || '/' || repo, '#' || number, title, updated_at::VARCHAR "
            f"FROM {SCHEMA}.issues ORDER BY updated_at DESC, number LIMIT 3"
        ).fetchall()
    table(["repository", "issue", "title", "updated_at"], [(a, b, c[:40], d) for a, b, c, d in rows])


def requests(url):
    """How many requests the server has answered; its count begins anew."""
    with urllib.request.urlopen(f"{url}/_mock/requests?reset=1", timeout=30) as reply:
        print(f"{json.load(reply)['total']:,}")


def post(url):
    request = urllib.request.Request(url, method="POST")
    urllib.request.urlopen(request, timeout=30).close()


def records(lines, state):
    """RECORD lines of each stream in what a tap wrote, and how many are newer than the state it began with."""
    with open(state, encoding="utf-8") as file:
        bookmarks = json.load(file)["bookmarks"]
    counts, newer = Counter(), Counter()
    with open(lines, encoding="utf-8") as file:
        for message in map(json.loads, file):
            if message["type"] == "RECORD":
                stream, record = message["stream"], message["record"]
                counts[stream] += 1
                newer[stream] += is_newer(record, bookmarks.get(stream, {}))
    table(
        ["stream", "RECORD lines", "newer than the state"],
        [(stream, count, newer[stream]) for stream, count in sorted(counts.items())],
    )


def is_newer(record, bookmark):
    place = f"{record.get('org')}/{record.get('repo')}"
    bookmark = bookmark.get("partitions", {}).get(place, bookmark)
    value = bookmark.get("replication_key_value")
    # A stream that follows its parent has a bookmark over the parent's key.
    own = record.get(bookmark.get("replication_key"))
    return value is not None and own is not None and own > value


if __name__ == "__main__":
    commands = {command.__name__: command for command in (streams, newest, records, requests, post)}
    commands[sys.argv[1]](*sys.argv[2:])
