"""The API that the tap reads: a `mock-api` process, its data, and what it holds to be true."""

import json
import subprocess
import urllib.parse
import urllib.request

ORG = "acme"


def inside(record, path):
    for name in path.split("."):
        record = record[name]
    return record


class GitHub:
    """A running `mock-api`; the same seed serves the same data."""

    def __init__(self, binary, repos=3, issues=150, **sizes):
        self.process = subprocess.Popen(
            [
                str(binary),
                *("--port", "0", "--seed", "1", "--org", ORG),
                *("--repos", str(repos), "--issues", str(issues)),
                *(f"--{name.replace('_', '-')}={size}" for name, size in sizes.items()),
            ],
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        first_line = self.process.stdout.readline()
        if "listening on " not in first_line:
            self.stop()
            raise RuntimeError(f"`mock-api` did not start: {first_line!r}")
        self.url = first_line.split("listening on ")[1].strip()
        self.repositories = [repository["full_name"] for repository in self._get(f"/orgs/{ORG}/repos")]

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)
        self.process.stdout.close()

    def _call(self, path, method="GET", **query):
        url = f"{self.url}{path}?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=30) as reply:
            return reply.read()

    def _get(self, path):
        return json.loads(self._call(path))

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
        body = self._call("/_mock/truth", repo=repository, resource=resource, fields=",".join(whole))
        records = [json.loads(line) for line in body.splitlines()]
        return [{field: inside(record, field) for field in fields} for record in records]

    def touch(self, repository, resource, count):
        """Changes `count` records at the source."""
        self._call("/_mock/touch", method="POST", repo=repository, resource=resource, count=count)
