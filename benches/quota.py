#!/usr/bin/env python3
"""What tap-github and the Python tap of that name cost of GitHub's quotas, on the same mock server.

Requests are those that the server counted; points of REST and of GraphQL are what it took off the
quotas, by GitHub's rules.
"""

import argparse
import json
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sides import ORGANIZATION, ROOT, Server, Tap

STREAMS = ["issues", "pull_requests", "reviews", "pull_request_commits"]
REPOSITORY = f"{ORGANIZATION}/widgets"
TOKEN = "token-of-the-benchmark"


@dataclass(frozen=True)
class Cost:
    """What one run took of the quotas, and what it wrote."""

    rest: int
    graphql: int
    requests: int
    records: Counter


def measure(tap, server):
    """Runs a tap; the next run goes on from its last state."""
    before = points(server)
    server.call("/_mock/requests?reset=1")
    records, state = Counter(), None
    process = tap.start()
    for line in process.stdout:
        message = json.loads(line)
        if message["type"] == "RECORD":
            records[message["stream"]] += 1
        elif message["type"] == "STATE":
            state = message["value"]
    process.stdout.close()
    if process.wait() != 0:
        raise SystemExit(f"`{tap.label}` exited {process.returncode}")
    tap.resume(state)
    requests = server.call("/_mock/requests")["total"]
    after = points(server)
    return Cost(
        after["core"] - before["core"],
        after["graphql"] - before["graphql"],
        requests,
        records,
    )


def points(server):
    """What every credential together has used of each quota."""
    used = Counter()
    for token in (None, TOKEN):
        resources = server.call("/rate_limit", token=token)["resources"]
        used.update({name: quota["used"] for name, quota in resources.items()})
    return used


def tell(what, tap, cost):
    print(
        f"  {what:<44} {tap.label:<12} {cost.requests:>9,} {cost.rest:>9,} {cost.graphql:>9,}"
        f" {sum(cost.records.values()):>9,}   {shown(cost.records)}",
        flush=True,
    )


def shown(records):
    return ", ".join(f"{stream} {records[stream]:,}" for stream in STREAMS if records[stream])


def start(taps, server):
    for tap in taps:
        tap.options = []
        tap.select(tap.discover(server.url), STREAMS)


def one_large_repository(taps, mock, sizes):
    """A first run, one after changes, and one after none."""
    issues, pulls, changes = sizes.issues, sizes.pulls, sizes.changes
    held = f"{REPOSITORY}:issues={issues + pulls},pulls={pulls}"
    with Server(mock, "--org", ORGANIZATION, "--repo", held) as server:
        start(taps, server)
        for tap in taps:
            tell(f"first run: {issues:,} issues, {pulls:,} pull requests", tap, measure(tap, server))
        # What moved within the lag of a first run is read again by the second one.
        later(server, 3600)
        for resource, count in (("issues", changes - changes // 2), ("pull_requests", changes // 2)):
            query = f"repo={REPOSITORY}&resource={resource}&count={count}"
            server.call(f"/_mock/touch?{query}", method="POST")
        later(server, 3600)
        for tap in taps:
            tell(f"next run: {changes} of them changed", tap, measure(tap, server))
        later(server, 3600)
        for tap in taps:
            tell("next run: nothing changed", tap, measure(tap, server))


def many_repositories(taps, mock, count):
    """A run over repositories in which nothing is new."""
    small = ("--issues", 12, "--pulls", 2, "--commits", 2)
    with Server(mock, "--org", ORGANIZATION, "--repos", count, *small) as server:
        start(taps, server)
        for tap in taps:
            tell(f"first run: {count:,} repositories", tap, measure(tap, server))
        later(server, 3600)
        for tap in taps:
            tell("next run: nothing new in any", tap, measure(tap, server))


def later(server, seconds):
    server.call(f"/_mock/clock?advance={seconds}", method="POST")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--built", type=Path, default=ROOT / "target/debug", help="folder of our programs")
    parser.add_argument("--peer", help="the other tap-github; without it only ours is measured")
    parser.add_argument("--issues", type=int, default=10_000, help="issues of the large repository")
    parser.add_argument("--pulls", type=int, default=5_000, help="its pull requests")
    parser.add_argument("--changes", type=int, default=50, help="of them that change")
    parser.add_argument("--repositories", type=int, default=1_000, help="small repositories")
    return parser.parse_args()


def main():
    options = arguments()
    home = Path(tempfile.mkdtemp(prefix="tap-quota-"))
    try:
        taps = [Tap("tap-github", options.built / "tap-github", home, organizations=[ORGANIZATION], auth_token=TOKEN)]
        if options.peer:
            # Without a token, which it would have checked by api.github.com.
            taps.append(Tap("peer", options.peer, home, organizations=[ORGANIZATION]))
        print(
            f"  {'run':<44} {'tap':<12} {'requests':>9} {'REST':>9} {'GraphQL':>9} {'records':>9}"
        )
        mock = options.built / "mock-api"
        one_large_repository(taps, mock, options)
        many_repositories(taps, mock, options.repositories)
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
