"""Fixtures of the suite: binaries, servers and targets. Every process is stopped by its own pid."""

import os
from pathlib import Path

import pytest

import targets
from github import GitHub
from pipe import Pipe
from postgres import Postgres
from published import Published, Server

ROOT = Path(__file__).resolve().parents[2]


def binary(name):
    """A built program: from `NAME` in the environment (`TAP_GITHUB`), else from the debug build."""
    given = os.environ.get(f"{name.upper().replace('-', '_')}_BIN")
    path = Path(given) if given else ROOT / os.environ.get("TARGET_DIR", "target") / "debug" / name
    assert path.exists(), f"`{path}` is missing (`make test-targets` builds it)"
    return path


@pytest.fixture(scope="session")
def venvs():
    """The folder with a virtual environment for each target."""
    return ROOT / ".venv"


@pytest.fixture(scope="session")
def postgres():
    server = Postgres()
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture
def github():
    server = GitHub(binary("mock-api"))
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def published():
    """A server of what GitHub publishes of its API."""
    server = Server(Published())
    yield server
    server.stop()


@pytest.fixture(params=targets.ALL, ids=lambda kind: kind.name)
def target(request, tmp_path):
    """Each target in turn, empty."""
    uses_postgres = issubclass(request.param, targets.Postgres)
    server = request.getfixturevalue("postgres") if uses_postgres else None
    return request.param(tmp_path, server)


@pytest.fixture
def pipe(tmp_path, github, venvs):
    """The tap, set to read every repository of the source."""
    config = {
        "api_url_base": github.url,
        "repositories": github.repositories,
        "stream_options": {"milestones": {"state": "all"}},
    }
    return Pipe(tmp_path / "pipe", binary("tap-github"), config, venvs)
