"""The fake GitHub answers as GitHub documents: every endpoint, field by field."""

import pytest

from conftest import binary
from fits import Fits
from github import GitHub

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
    # The document names the prefix that is asked for; without one all references are listed.
    "/repos/acme/widgets/git/matching-refs": {"is no documented path"},
}


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
