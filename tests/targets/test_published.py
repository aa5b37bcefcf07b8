"""Each stream over what GitHub publishes of its API: REST examples, and answers made from GraphQL types."""

import fnmatch
import json
import re
import subprocess

import pytest

from conftest import binary
from pipe import environment
from published import Published, Server

# Everything that can be selected; names and numbers are of no matter to the server.
SELECTORS = {
    "organizations": ["github"],
    "repositories": ["octocat/Hello-World"],
    "searches": [{"name": "tetris", "query": "tetris"}],
    "user_usernames": ["octocat"],
    "user_ids": ["1"],
    "auth_token": "token-of-the-test",
}
MISFIT = re.compile(r"\[DRIFT0[12]\] `(\w+)` has (.+) at (\S+) \(")

# Misfits that are no fault of the tap: stream, JSON pointer (`*` is anything), reason.
EXPLAINED = [
    ("*", "*/temp_clone_token", "a credential, never read"),
    ("*", "*/body_html", "sent to another media type only"),
    ("*", "*/body_text", "sent to another media type only"),
    ("repositories", "*/network_count", "of the repository itself; the examples of others are older"),
    ("repositories", "*/subscribers_count", "of the repository itself; the examples of others are older"),
    ("repositories", "/source/security_and_analysis", "of the repository itself"),
    ("pull_requests", "/*/repo/network_count", "not in the type: the example is older"),
    ("pull_requests", "/*/repo/subscribers_count", "not in the type: the example is older"),
    ("pull_requests", "/*/repo/template_repository", "not in the type: the example is older"),
]
# Streams of which the documents show no record, and why.
WITHOUT_RECORDS = {}


def streams():
    """Every stream of the tap, by its own discovery."""
    found = subprocess.run(
        [binary("tap-github"), "--config", "/dev/stdin", "--discover"],
        input=json.dumps({"auth_token": "token-of-the-test"}),
        capture_output=True,
        text=True,
        check=True,
    )
    return [entry["tap_stream_id"] for entry in json.loads(found.stdout)["streams"]]


@pytest.fixture(scope="module")
def server():
    server = Server(Published())
    yield server
    server.stop()


def read(server, stream, turn, home):
    """Records of a stream, rejects, and misfits, of one run; the run is whole."""
    server.forget(turn)
    config = {**SELECTORS, "api_url_base": server.url, "max_wait": 0}
    (home / "config.json").write_text(json.dumps(config))
    run = subprocess.run(
        [binary("tap-github"), "--config", "config.json", "--select", stream],
        cwd=home,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    messages = [json.loads(line) for line in run.stdout.splitlines()]
    records = [message for message in messages if message["type"] == "RECORD"]
    misfits = {(name, where): what for name, what, where in MISFIT.findall(run.stderr)}
    told = "\n".join(line for line in run.stderr.splitlines() if " METRIC: " not in line)
    return records, misfits, told


def explained(stream, where):
    return any(name in ("*", stream) and fnmatch.fnmatchcase(where, pattern) for name, pattern, _ in EXPLAINED)


@pytest.mark.parametrize("stream", streams())
def test_what_the_documents_show_fits_the_stream(server, tmp_path, stream):
    turn, count, found = 0, 0, {}
    while turn == 0 or turn < server.turns:
        records, misfits, told = read(server, stream, turn, tmp_path)
        assert server.faults == [], told
        rejected = [message for message in records if message["stream"] != stream]
        assert rejected == [], told
        count += len(records)
        found |= {where: what for (name, where), what in misfits.items() if name == stream}
        turn += 1
    misfits = [f"{where}: {what}" for where, what in sorted(found.items()) if not explained(stream, where)]
    assert not misfits, "\n".join([stream, *misfits])
    stale = [pattern for name, pattern, _ in EXPLAINED if name == stream and not fnmatch.filter(found, pattern)]
    assert stale == [], "no longer a misfit"
    if stream in WITHOUT_RECORDS:
        assert count == 0, f"is there an example now? ({WITHOUT_RECORDS[stream]})"
    else:
        assert count > 0, f"no example at {sorted(server.without)}\n{told}"
