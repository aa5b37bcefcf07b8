#!/usr/bin/env python3
"""tap-salesforce by Bulk API 2.0, by REST beside singer-io's tap of that name, and discovery of many objects.

Only the stream `Account` is selected, with all fields that both taps have.
"""

import argparse
import json
import os
import shutil
import tempfile
import time
from pathlib import Path

from cost import head, measured, tell
from sides import ROOT, Server, Tap

# Repetitions unless told otherwise.
REPETITIONS = {10_000: 5, 1_000_000: 3}
STREAM = "Account"
LAUNCHER = ROOT / "benches/peers/singer_io_salesforce.py"
SETTINGS = {
    "client_id": "3MVG9_of_the_benchmark",
    "client_secret": "of_the_benchmark",
    "refresh_token": "5Aep_of_the_benchmark",
    "start_date": "2000-01-01T00:00:00Z",
    "select_fields_by_default": True,
    # Of a day; the server allows more than a run takes.
    "quota_percent_per_run": 100,
    "quota_percent_total": 100,
}
# A type of which the other tap finds nothing at all.
NO_NEW_TYPE = {
    "match": {"path": "/services/data/*/sobjects/*/describe"},
    "fault": {"kind": "replace", "find": '"type":"hologram"', "with": '"type":"string"'},
}


class Side(Tap):
    """A tap that reads by REST or by Bulk 2.0."""

    address = "instance_url"

    def __init__(self, label, program, home, api_type, **options):
        super().__init__(label, program, home, **options, **SETTINGS, api_type=api_type)

    def discovery(self, server):
        """What it takes to find all objects: requests, CPU and wall time in seconds, bytes of the catalog."""
        server.call("/_mock/requests?reset=1")
        began = time.monotonic()
        process = self.start_discovery(server.url)
        size = 0
        while chunk := process.stdout.read(1 << 20):
            size += len(chunk)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stdout.close()
        if process.returncode != 0:
            raise SystemExit(f"`{self.label}` exited {process.returncode}")
        requests = server.call("/_mock/requests")["total"]
        return requests, usage.ru_utime + usage.ru_stime, wall, size


def org(home, *options):
    """Options of a server with little but what is given, whose types both taps know."""
    faults = home / "faults.json"
    faults.write_text(json.dumps([NO_NEW_TYPE]))
    few = ("--contacts", 0, "--opportunities", 0, "--tasks", 0, "--logins", 0, "--attachments", 0)
    return ("salesforce", "--still", *few, "--faults", faults, *options)


def prepare(taps, server):
    """Each tap reads the same fields of the stream; what shows late is there."""
    server.call("/_mock/clock?advance=3600", method="POST")
    catalogs = [tap.discover(server.url) for tap in taps]
    fields = set.intersection(*(
        {*entry["schema"]["properties"]}
        for catalog in catalogs
        for entry in catalog["streams"]
        if entry["tap_stream_id"] == STREAM
    ))
    for tap, catalog in zip(taps, catalogs):
        tap.select(incremental(catalog), [STREAM], fields.__contains__)


def incremental(catalog):
    """The catalog with the replication that it allows, which the other tap wants to be told."""
    for entry in catalog["streams"]:
        told = next(item["metadata"] for item in entry["metadata"] if not item["breadcrumb"])
        if keys := told.get("valid-replication-keys"):
            told |= {"replication-method": "INCREMENTAL", "replication-key": keys[0]}
    return catalog


def compare(taps, mock, home, size, repetitions):
    """A first run of each tap over so many accounts."""
    with Server(mock, *org(home, "--accounts", size)) as server:
        prepare(taps, server)
        tell(size, measured(taps, repetitions), repetitions)


def discoveries(taps, mock, home, count):
    print(f"  {'objects':>9}  {'tap':<12} {'requests':>9} {'CPU':>11} {'wall':>10} {'catalog':>11}")
    with Server(mock, *org(home, "--accounts", 0, "--objects", count)) as server:
        for tap in taps:
            requests, cpu, wall, size = tap.discovery(server)
            print(
                f"  {count:>9,}  {tap.label:<12} {requests:>9,} {cpu:>9.2f} s {wall:>8.2f} s"
                f" {size / 1e6:>8.1f} MB",
                flush=True,
            )


def numbers(text):
    return [int(part.replace("_", "")) for part in text.split(",")]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    release = ROOT / os.environ.get("TARGET_DIR", "target") / "release"
    parser.add_argument("--built", type=Path, default=release, help="folder of our programs")
    parser.add_argument("--peer", help="Python with the other tap; without it only ours is measured")
    parser.add_argument("--sizes", type=numbers, default=list(REPETITIONS), help="accounts by Bulk 2.0")
    parser.add_argument("--accounts", type=int, default=10_000, help="accounts by REST")
    parser.add_argument("--objects", type=int, default=1_000, help="further objects to discover")
    parser.add_argument("--repetitions", type=int, help="runs of each tap at each size")
    parser.add_argument("--only", choices=["bulk", "rest", "discovery"], help="one part of it")
    return parser.parse_args()


def main():
    options = arguments()
    home = Path(tempfile.mkdtemp(prefix="tap-bench-"))
    mock, program = options.built / "mock-api", options.built / "tap-salesforce"
    try:
        bulk = Side("by Bulk 2.0", program, home, "BULK2")
        rest = [Side("by REST", program, home, "REST")]
        if options.peer:
            rest.append(Side("peer by REST", options.peer, home, "REST", arguments=[LAUNCHER]))
        if options.only in (None, "bulk"):
            head(STREAM)
            for size in options.sizes:
                compare([bulk], mock, home, size, options.repetitions or REPETITIONS.get(size, 3))
        if options.only in (None, "rest"):
            head(STREAM)
            compare(rest, mock, home, options.accounts, options.repetitions or 5)
        if options.only in (None, "discovery"):
            discoveries(rest, mock, home, options.objects)
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
