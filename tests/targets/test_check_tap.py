"""`singer-check-tap`, the validator of the Singer project, on every stream."""

import re
import shlex
from pathlib import Path

import pytest

from conftest import binary
from github import ORG
from pipe import Pipe, shell

CHECKER = Path(__file__).with_name("check_tap.py")
OF_A_REPOSITORY = [
    "repositories",
    "issues",
    "issue_comments",
    "pull_requests",
    "commits",
    "labels",
    "milestones",
    "releases",
    "stargazers_rest",
]


@pytest.mark.parametrize(
    ("scope", "streams"),
    [
        ("repositories", OF_A_REPOSITORY),
        ("organizations", ["organizations", *OF_A_REPOSITORY]),
        ("user_usernames", ["users"]),
    ],
)
def test_it_accepts_every_stream(github, venvs, tmp_path, scope, streams):
    names = {
        "repositories": github.repositories,
        "organizations": [ORG],
        "user_usernames": [user["login"] for user in github.users()[:5]],
    }
    config = {"api_url_base": github.url, scope: names[scope]}
    pipe = Pipe(tmp_path, binary("tap-github"), config, venvs)
    checker = shlex.join([str(venvs / "singer-tools/bin/python"), str(CHECKER)])

    shell(f"{pipe.tap_command()} | {checker} > report.txt", tmp_path)

    report = (tmp_path / "report.txt").read_text()
    assert "The output is valid." in report
    records = dict(re.findall(r"^\| (\w+) +\| ([0-9]+) ", report, re.MULTILINE))
    assert {stream: int(records.get(stream, 0)) > 0 for stream in streams} == dict.fromkeys(streams, True)
