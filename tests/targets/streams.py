"""The streams whose rows are compared: where their truth is, and what types their columns should have."""

from dataclasses import dataclass

from targets import BOOLEAN, INTEGER, JSON, TEXT, TIMESTAMP


@dataclass(frozen=True)
class Stream:
    name: str
    # Column in the target → field at the source.
    fields: dict
    # Column in the target → kind.
    kinds: dict
    key: tuple = ("id",)


def stream(name, fields, /, key=("id",), **kinds):
    return Stream(name, fields, kinds, key)


STREAMS = [
    stream(
        "repositories",
        {"id": "id", "full_name": "full_name", "updated_at": "updated_at"},
        id=INTEGER,
        full_name=TEXT,
        updated_at=TIMESTAMP,
        private=BOOLEAN,
        owner=JSON,
    ),
    stream(
        "issues",
        {"id": "id", "number": "number", "title": "title", "updated_at": "updated_at"},
        id=INTEGER,
        number=INTEGER,
        title=TEXT,
        created_at=TIMESTAMP,
        updated_at=TIMESTAMP,
        closed_at=TIMESTAMP,
        locked=BOOLEAN,
        user=JSON,
        labels=JSON,
        org=TEXT,
        repo=TEXT,
    ),
    stream(
        "issue_comments",
        {"id": "id", "body": "body", "updated_at": "updated_at"},
        id=INTEGER,
        body=TEXT,
        issue_number=INTEGER,
        updated_at=TIMESTAMP,
    ),
    stream(
        "pull_requests",
        {"id": "id", "title": "title", "updated_at": "updated_at"},
        id=INTEGER,
        title=TEXT,
        updated_at=TIMESTAMP,
        merged_at=TIMESTAMP,
        draft=BOOLEAN,
        head=JSON,
    ),
    stream(
        "commits",
        {"node_id": "node_id", "sha": "sha", "commit_timestamp": "commit.committer.date"},
        key=("node_id",),
        node_id=TEXT,
        sha=TEXT,
        commit_timestamp=TIMESTAMP,
        commit=JSON,
    ),
    stream(
        "labels",
        {"id": "id", "name": "name", "color": "color"},
        id=INTEGER,
        name=TEXT,
        color=TEXT,
        default=BOOLEAN,
    ),
    stream(
        "milestones",
        {"id": "id", "title": "title", "updated_at": "updated_at"},
        id=INTEGER,
        title=TEXT,
        updated_at=TIMESTAMP,
        closed_at=TIMESTAMP,
        open_issues=INTEGER,
    ),
    stream(
        "releases",
        {"id": "id", "tag_name": "tag_name", "created_at": "created_at"},
        id=INTEGER,
        tag_name=TEXT,
        published_at=TIMESTAMP,
        prerelease=BOOLEAN,
        assets=JSON,
    ),
    stream(
        "stargazers_rest",
        {"user_id": "user.id", "starred_at": "starred_at"},
        key=("user_id", "repo", "org"),
        user_id=INTEGER,
        starred_at=TIMESTAMP,
        user=JSON,
    ),
]
