"""The fake GitHub answers as GitHub documents: every endpoint and every query, field by field."""

import json
import subprocess

import pytest
from graphql import build_schema

from between import Between
from conftest import ROOT, binary
from fits import Fits
from github import GitHub
from pipe import environment
from published import vendor
from retold import untrue

# Endpoints with data of their own, beside those that the server tells of itself; every fifth issue is a
# pull request.
OWN = [
    "/orgs/acme",
    "/orgs/acme/repos",
    "/repos/acme/widgets",
    "/repos/acme/widgets/commits",
    "/repos/acme/widgets/issues",
    "/repos/acme/widgets/issues/comments",
    "/repos/acme/widgets/labels",
    "/repos/acme/widgets/milestones",
    "/repos/acme/widgets/pulls?state=all&per_page=100",
    "/repos/acme/widgets/pulls/5/commits",
    "/repos/acme/widgets/pulls/5/reviews",
    "/repos/acme/widgets/releases",
    "/repos/acme/widgets/stargazers",
    "/search/repositories?q=org:acme",
]
# What the API answers, although its document says otherwise, or has no such path.
EXPLAINED = {
    "/repos/{owner}/{repo}/pulls": {
        # The repository that a pull request came from may be gone.
        "/*/head/repo: NoneType is no object",
        "/*/auto_merge/commit_message: NoneType is no string",
        "/*/auto_merge/commit_title: NoneType is no string",
    },
    # Sent, though not documented.
    "/repos/{owner}/{repo}/environments": {"/environments/*/can_admins_bypass: is unknown"},
    # The published example has a text, against the types.
    "/repos/{owner}/{repo}/dependabot/alerts": {
        "/*/security_advisory/epss/percentile: str is no number",
    },
    # The document names the prefix that is asked for; without one all references are listed.
    "/repos/acme/widgets/git/matching-refs": {"is no documented path"},
}

# Ids of the fake are larger than GitHub's, so that no two kinds of rows share one.
LARGE = "Int cannot represent non 32-bit signed integer value"


def misfits(github, documents, path):
    """What is wrong with the answer at a path, and the endpoint that has it."""
    name = documents.template(path.split("?")[0])
    if name is None:
        return path, {"is no documented path"}
    fits = Fits(documents.endpoints[name])
    answer = fits.resolve(fits.document["paths"][name]["get"]["responses"]["200"])
    schema = answer["content"]["application/json"]["schema"]
    return name, set(fits.misfits(schema, github.answer(path)))


@pytest.fixture
def large():
    """Enough rows for what few of them have."""
    server = GitHub(binary("mock-api"), repos=1, issues=1_000)
    try:
        yield server
    finally:
        server.stop()


def test_every_answer_fits_the_published_types(large, published):
    asked = [misfits(large, published.published, path) for path in [*OWN, *large.endpoints()]]
    assert len(asked) > len(OWN)
    assert {name: found for name, found in asked if found} == EXPLAINED


@pytest.fixture(scope="session")
def types():
    table = json.loads((ROOT / "scripts/schemas/tables/tap-github.json").read_text())
    return build_schema(vendor.read(table["graphql"], ROOT / ".cache/schemas").decode(), assume_valid=True)


def test_every_answer_to_a_query_of_the_tap_is_true_to_the_published_types(github, types, tmp_path):
    between = Between(github.url)
    login = github.users()[0]["login"]
    config = {"organizations": ["acme"], "user_usernames": [login], "auth_token": "token-of-the-test"}
    (tmp_path / "config.json").write_text(json.dumps({**config, "api_url_base": between.url}))
    command = [binary("tap-github"), "--config", "config.json", "--select", "*"]
    try:
        run = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, timeout=120)
    finally:
        between.stop()
    assert run.returncode == 0, run.stderr.decode()[-2000:]
    assert between.asked
    found = {line for body, answer in between.asked for line in untrue(types, body, answer["data"])}
    assert [line for line in sorted(found) if LARGE not in line] == []
