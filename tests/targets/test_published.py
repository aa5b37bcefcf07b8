"""Each stream over what GitHub publishes of its API: REST examples, and answers made from GraphQL types."""

import json
import re
import subprocess

import pytest

from conftest import ROOT, binary
from explained import OF_EXAMPLES, WITHOUT_RECORDS, stale, unexplained
from pipe import environment

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


@pytest.mark.parametrize("stream", streams())
def test_what_the_documents_show_fits_the_stream(published, tmp_path, stream):
    turn, count, found = 0, 0, {}
    while turn == 0 or turn < published.turns:
        records, misfits, told = read(published, stream, turn, tmp_path)
        assert published.faults == [], told
        rejected = [message for message in records if message["stream"] != stream]
        assert rejected == [], told
        count += len(records)
        found |= {where: what for (name, where), what in misfits.items() if name == stream}
        turn += 1
    misfits = unexplained(OF_EXAMPLES, stream, found)
    assert not misfits, "\n".join(misfits)
    assert stale(OF_EXAMPLES, stream, found) == [], "no longer a misfit"
    if stream in WITHOUT_RECORDS:
        assert count == 0, f"is there an example now? ({WITHOUT_RECORDS[stream]})"
    else:
        assert count > 0, f"no example at {sorted(published.without)}\n{told}"


def test_every_query_is_one_that_github_understands(published):
    files = sorted(ROOT.glob("taps/tap-github/src/**/*.graphql"))
    queries = [file for file in files if file.read_text().startswith("query")]
    faults = {query.name: published.published.graphql.faults(whole(query)) for query in queries}
    assert {name: found for name, found in faults.items() if found} == {}


def whole(query):
    """A query with the fragments beside it that it uses."""
    beside = {
        name: file.read_text()
        for file in sorted(query.parent.glob("*.graphql"))
        for name in re.findall(r"^fragment (\w+)", file.read_text(), re.MULTILINE)
    }
    texts = [query.read_text()]
    for text in texts:
        used = [beside[name] for name in re.findall(r"\.\.\.(\w+)", text)]
        texts += [part for part in dict.fromkeys(used) if part not in texts]
    return "".join(texts)
