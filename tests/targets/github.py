"""The GitHub that the tap reads, its data, and what it holds to be true."""

import json
import urllib.request

from mock import Mock

ORG = "acme"


def inside(record, path):
    for name in path.split("."):
        record = record[name]
    return record


class GitHub(Mock):
    """A running fake of GitHub; the same seed serves the same data."""

    def __init__(self, binary, repos=3, issues=150, **sizes):
        super().__init__(
            binary,
            *("--seed", "1", "--org", ORG),
            *("--repos", str(repos), "--issues", str(issues)),
            *(f"--{name.replace('_', '-')}={size}" for name, size in sizes.items()),
        )
        self.repositories = [repository["full_name"] for repository in self._get(f"/orgs/{ORG}/repos")]

    def _get(self, path):
        return json.loads(self.call(path))

    def users(self):
        """Some users that the data mentions."""
        issues = self._get(f"/repos/{self.repositories[0]}/issues")
        users = {issue["user"]["id"]: issue["user"] for issue in issues}
        return [users[number] for number in sorted(users)]

    def answer(self, path):
        """What is answered at a path; statistics are counted when they are asked for first."""
        with urllib.request.urlopen(f"{self.url}{path}", timeout=30) as reply:
            body = reply.read()
        return self.answer(path) if reply.status == 202 else json.loads(body)

    def endpoints(self):
        """A path of each of the smaller lists."""
        return list(self._get("/_mock/endpoints").values())

    def truth(self, repository, resource, fields):
        """What the source holds now: a list of objects with these fields, `a.b` being `b` inside of `a`."""
        whole = sorted({field.split(".")[0] for field in fields})
        body = self.call("/_mock/truth", repo=repository, resource=resource, fields=",".join(whole))
        records = [json.loads(line) for line in body.splitlines()]
        return [{field: inside(record, field) for field in fields} for record in records]

    def touch(self, repository, resource, count):
        """Changes `count` records at the source."""
        self.call("/_mock/touch", method="POST", repo=repository, resource=resource, count=count)
