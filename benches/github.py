#!/usr/bin/env python3
"""tap-github beside the Python tap it can replace, on the same mock server: CPU, memory, time."""

import argparse
import json
import os
import shutil
import tempfile
from pathlib import Path

from cost import head, measured, tell
from sides import ORGANIZATION, ROOT, Server, Tap

# Repetitions unless told otherwise: the Python tap needs most of a minute for 200,000 records.
REPETITIONS = {2_000: 5, 20_000: 5, 200_000: 3}
STREAM = "issues"


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


def compare(taps, mock, size, repetitions, same_fields):
    """Measures each tap with so many issues; prints the medians."""
    with Server(mock, "--org", ORGANIZATION, "--repos", 1, "--issues", size) as server:
        prepare(taps, server, same_fields)
        tell(size, measured(taps, repetitions), repetitions)


def show(taps, mock):
    """Prints what each tap declares of every field, and then one record of each."""
    with Server(mock, "--org", ORGANIZATION, "--repos", 1, "--issues", 100) as server:
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
        head("issues")
        for size in options.sizes:
            repetitions = options.repetitions or REPETITIONS.get(size, 3)
            compare(taps, options.mock, size, repetitions, options.same_fields)
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
