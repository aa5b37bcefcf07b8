#!/usr/bin/env python3
"""tap-stripe beside singer-io's tap of that name, on the same mock server: requests, CPU, memory, time.

Only the stream `charges` is selected, with all its fields.
"""

import argparse
import json
import os
import shutil
import tempfile
from collections import Counter
from io import BufferedReader
from pathlib import Path

from cost import CHUNK, head, measured, tell
from sides import ROOT, Server, Tap

# Repetitions unless told otherwise: the Python tap needs minutes for 100,000 records.
REPETITIONS = {1_000: 9, 100_000: 3}
STREAM, LIST = "charges", "/v1/charges"
# Fields that no event carries, so that a charge that changed has to be asked for.
ONLY_ASKED_FOR = {"refunds"}
LAUNCHER = ROOT / "benches/peers/singer_io_stripe.py"
SETTINGS = {
    # Of a live account, without the pace that a tap keeps for the sake of its checkout.
    "client_secret": "sk_live_of_the_benchmark",
    "max_requests_per_second": 1000,
    "start_date": "2020-01-01T00:00:00Z",
}
# A day has so many batches of changes.
BATCHES, DAY = 10, 86_400


def account(size):
    """Options of a server with so many charges and little else, whose clock the changes put forward."""
    return ("stripe", "--still", "--charges", size, "--accounts", 0)


def prepare(taps, server):
    """Each tap reads the charges of the server's account: all their fields, or those that it is made for."""
    settings = {"account_id": server.call("/_mock/accounts")["platform"]}
    for tap in taps:
        tap.settings |= settings
        tap.options = []
        tap.select(tap.discover(server.url), [STREAM], lambda field, left=tap.left_out: field not in left)


class Side(Tap):
    """A tap, and fields that it does not read."""

    def __init__(self, label, program, home, left_out=(), **options):
        super().__init__(label, program, home, **options, **SETTINGS)
        self.left_out = left_out


def requests(tap, server):
    """Runs a tap; the next run goes on from its last state. Requests by path, and records."""
    server.call("/_mock/requests?reset=1")
    records, state = 0, None
    process = tap.start()
    for line in BufferedReader(process.stdout, CHUNK):
        message = json.loads(line)
        records += message["type"] == "RECORD"
        state = message["value"] if message["type"] == "STATE" else state
    process.stdout.close()
    if process.wait() != 0:
        raise SystemExit(f"`{tap.label}` exited {process.returncode}")
    tap.resume(state)
    return Counter(server.call("/_mock/requests")["patterns"]), records


def tell_requests(what, taps, server):
    for tap in taps:
        paths, records = requests(tap, server)
        shown = ", ".join(f"{path} {count:,}" for path, count in paths.most_common())
        print(f"  {what:<38} {tap.label:<20} {sum(paths.values()):>9,} {records:>9,}   {shown}", flush=True)


def first_and_next_runs(taps, mock, size, touched, created):
    """A first run, one after a day of changes, and one after none."""
    with Server(mock, *account(size)) as server:
        # What shows late is there.
        later(server, 3_600)
        prepare(taps, server)
        tell_requests(f"first: {size:,} charges", taps, server)
        for _ in range(BATCHES):
            later(server, DAY // BATCHES)
            change(server, "touch", touched // BATCHES)
            change(server, "create", created // BATCHES)
        later(server, 3_600)
        tell_requests(f"next: {touched:,} changed, {created:,} new", taps, server)
        later(server, 3_600)
        tell_requests("next: nothing changed", taps, server)


def change(server, action, count):
    server.call(f"/_mock/{action}?resource={STREAM}&count={count}", method="POST")


def later(server, seconds):
    server.call(f"/_mock/clock?advance={seconds}", method="POST")


def numbers(text):
    return [int(part.replace("_", "")) for part in text.split(",")]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    release = ROOT / os.environ.get("TARGET_DIR", "target") / "release"
    parser.add_argument("--built", type=Path, default=release, help="folder of our programs")
    parser.add_argument("--peer", help="Python with the other tap; without it only ours is measured")
    parser.add_argument("--sizes", type=numbers, default=list(REPETITIONS), help="charges, as in 1000,100000")
    parser.add_argument("--repetitions", type=int, help="runs of each tap at each size")
    parser.add_argument("--charges", type=int, default=100_000, help="charges of the account whose requests count")
    parser.add_argument("--touched", type=int, default=500, help="of them that change in a day")
    parser.add_argument("--created", type=int, default=200, help="that are new in a day")
    parser.add_argument("--only", choices=["requests", "cost"], help="one half of it")
    return parser.parse_args()


def main():
    options = arguments()
    home = Path(tempfile.mkdtemp(prefix="tap-bench-"))
    mock = options.built / "mock-api"
    try:
        ours = Side("tap-stripe", options.built / "tap-stripe", home)
        plain = Side("  without `refunds`", options.built / "tap-stripe", home, ONLY_ASKED_FOR)
        peers = [Side("peer", options.peer, home, arguments=[LAUNCHER])] if options.peer else []
        if options.only != "cost":
            print(f"  {'run':<38} {'tap':<20} {'requests':>9} {'records':>9}")
            first_and_next_runs(
                [ours, plain, *peers], mock, options.charges, options.touched, options.created
            )
        if options.only != "requests":
            head(STREAM)
            for size in options.sizes:
                repetitions = options.repetitions or REPETITIONS.get(size, 3)
                with Server(mock, *account(size)) as server:
                    prepare([ours, *peers], server)
                    tell(size, measured([ours, *peers], repetitions), repetitions)
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
