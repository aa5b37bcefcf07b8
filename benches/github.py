#!/usr/bin/env python3
"""tap-github beside the Python tap it can replace, on the same mock server: CPU, memory, time.

CPU is user + system time and memory the peak resident set of that one process, both from the
operating system's accounting (`wait4`). Output goes through a pipe, as into a target.
"""

import argparse
import json
import os
import shutil
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sides import ORGANIZATION, ROOT, Server, Tap

RECORD = b'{"type":"RECORD"'
CHUNK = 1 << 20
# Repetitions unless told otherwise: the Python tap needs most of a minute for 200,000 records.
REPETITIONS = {2_000: 5, 20_000: 5, 200_000: 3}
STREAM = "issues"


@dataclass(frozen=True)
class Run:
    """What one run of a tap cost."""

    records: int
    cpu: float  # seconds
    rss: float  # MB, peak
    wall: float  # seconds

    @property
    def cpu_per_record(self):
        return self.cpu / max(self.records, 1) * 1e6


def measure(tap):
    began = time.monotonic()
    process = tap.start()
    records = count_records(process.stdout)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if process.returncode != 0:
        raise SystemExit(f"`{tap.label}` exited {process.returncode}")
    return Run(records, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, wall)


def first_messages(tap):
    """The first SCHEMA and the first RECORD of the stream."""
    found = {}
    process = tap.start()
    for line in process.stdout:
        message = json.loads(line)
        if message.get("stream") == STREAM:
            found.setdefault(message["type"], message)
        if {"SCHEMA", "RECORD"} <= found.keys():
            break
    process.stdout.close()
    process.terminate()
    process.wait()
    return found


def prepare(taps, server, same_fields=False):
    """Selects the stream in each tap: all its fields, or those that all taps have."""
    catalogs = [tap.discover(server.url) for tap in taps]
    fields = [
        {*entry["schema"]["properties"]}
        for catalog in catalogs
        for entry in catalog["streams"]
        if entry["tap_stream_id"] == STREAM
    ]
    if same_fields:
        fields = [set.intersection(*fields)] * len(taps)
    for tap, catalog, chosen in zip(taps, catalogs, fields):
        tap.select(catalog, [STREAM], chosen.__contains__)


def count_records(pipe):
    """RECORD lines that come out of a pipe, counted without parsing them."""
    total, rest = 0, b"\n"
    buffer = bytearray(CHUNK)
    while size := pipe.readinto(buffer):
        data = rest + buffer[:size]
        total += data.count(b"\n" + RECORD)
        rest = bytes(data[-len(RECORD) :])
    return total


def medians(runs):
    return Run(
        *(
            statistics.median(getattr(run, field) for run in runs)
            for field in ("records", "cpu", "rss", "wall")
        )
    )


def compare(taps, mock, size, repetitions, same_fields):
    """Measures each tap in turn, so that a noisy moment hits all of them; prints their medians."""
    with Server(mock, "--repos", 1, "--issues", size) as server:
        prepare(taps, server, same_fields)
        runs = {tap: [] for tap in taps}
        for _ in range(repetitions):
            for tap in taps:
                runs[tap].append(measure(tap))
    results = {tap: medians(runs[tap]) for tap in taps}
    if len({run.records for run in results.values()}) > 1:
        print("  the taps did not emit the same number of records")
    for tap, run in results.items():
        print(
            f"  {size:>9,}  {tap.label:<12} {run.records:>9,.0f} {run.cpu:>9.2f} s"
            f" {run.cpu_per_record:>9.2f} µs {run.rss:>8.1f} MB {run.wall:>8.2f} s",
            flush=True,
        )
    if len(taps) == 2:
        ours, peer = results.values()
        print(
            f"  {'':>9}  ratio: {peer.cpu / ours.cpu:.1f} times less CPU,"
            f" {peer.rss / ours.rss:.1f} times less memory,"
            f" {peer.wall / ours.wall:.1f} times less time"
            f"  (median of {repetitions})\n",
            flush=True,
        )


def show(taps, mock):
    """Prints what each tap declares of every field, and then one record of each."""
    with Server(mock, "--repos", 1, "--issues", 100) as server:
        prepare(taps, server)
        found = {tap.label: first_messages(tap) for tap in taps}
    for label, messages in found.items():
        print(f"{label}: key_properties {messages['SCHEMA']['key_properties']}")
    declared = {
        label: messages["SCHEMA"]["schema"]["properties"] for label, messages in found.items()
    }
    for field in dict.fromkeys(name for properties in declared.values() for name in properties):
        print(f"\n  {field}")
        for label, properties in declared.items():
            print(f"    {label:<12} {shortened(properties.get(field, 'not there'))}")
    for label, messages in found.items():
        print(f"\none record of {label}")
        for field, value in messages["RECORD"]["record"].items():
            print(f"    {field:<28} {shortened(value)}")


def shortened(value, limit=110):
    text = json.dumps(value)
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"


def numbers(text):
    return [int(part.replace("_", "")) for part in text.split(",")]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    release = ROOT / os.environ.get("TARGET_DIR", "target") / "release"
    parser.add_argument("--tap", default=release / "tap-github", help="our tap")
    parser.add_argument("--mock", default=release / "mock-api", help="the mock server")
    parser.add_argument("--peer", help="the other tap-github; without it only ours is measured")
    parser.add_argument(
        "--sizes", type=numbers, default=list(REPETITIONS), help="issues, as in 2000,20000"
    )
    parser.add_argument("--repetitions", type=int, help="runs of each tap at each size")
    parser.add_argument(
        "--same-fields", action="store_true", help="select only the fields that both taps have"
    )
    parser.add_argument("--show", action="store_true", help="SCHEMA and one record of each instead")
    return parser.parse_args()


def main():
    options = arguments()
    home = Path(tempfile.mkdtemp(prefix="tap-bench-"))
    try:
        programs = {"tap-github": options.tap, "peer": options.peer}
        # Not `repositories`: for those the peer asks a GraphQL query more.
        taps = [
            Tap(label, program, home, organizations=[ORGANIZATION])
            for label, program in programs.items()
            if program
        ]
        if options.show:
            return show(taps, options.mock)
        print(
            f"  {'issues':>9}  {'tap':<12} {'records':>9} {'CPU':>11} {'CPU/record':>12}"
            f" {'peak RSS':>11} {'wall':>10}"
        )
        for size in options.sizes:
            repetitions = options.repetitions or REPETITIONS.get(size, 3)
            compare(taps, options.mock, size, repetitions, options.same_fields)
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
