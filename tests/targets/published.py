"""GitHub as its own documents show it: a server of the published REST examples and GraphQL types."""

import json
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from made_up import MadeUp

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "scripts/schemas"))
import vendor  # noqa: E402

ENTERPRISE = "generated/ghec.json"
# Asks for the time of each star. The documents have this type's examples beside those of the other
# one, and of one endpoint none: a second endpoint answers alike.
STARS = "star+json"
ALIKE = {"/users/{username}/starred": "/user/starred"}
# Fields that the API sends and that an example, being older or poor, lacks: those that are required, and
# those without which nobody asks for children.
REACTIONS = {"reactions": dict.fromkeys("total_count +1 -1 laugh confused heart hooray eyes rocket".split(), 1)}
ADDED = {
    "/orgs/{org}/repos": {"has_discussions": True},
    "/repos/{owner}/{repo}": {"has_discussions": True},
    "/repos/{owner}/{repo}/code-scanning/alerts": {"updated_at": "2026-01-02T03:04:05Z"},
    "/repos/{owner}/{repo}/comments": REACTIONS,
    "/repos/{owner}/{repo}/issues": REACTIONS
    | {"type": None, "sub_issues_summary": {"total": 1, "completed": 0, "percent_completed": 0}},
    "/repos/{owner}/{repo}/issues/comments": REACTIONS,
    "/repos/{owner}/{repo}/pulls/comments": REACTIONS,
}


def pattern(template):
    """What matches the paths of an endpoint. A reference has slashes, or is left out to get all."""
    return re.sub(r"\{\w+\}", "[^/]+", re.sub(r"\{ref\}$", ".*", template))


class Published:
    """The documents, read once: which answers an endpoint has, and what a query is answered with."""

    def __init__(self):
        table = json.loads((ROOT / "scripts/schemas/tables/tap-github.json").read_text())
        cache = ROOT / ".cache/schemas"
        self.graphql = MadeUp(vendor.read(table["graphql"], cache).decode())
        # An endpoint → the document that has it; the one of Enterprise Cloud has some of its own.
        self.endpoints = {}
        for source in ({**table["source"], "file": ENTERPRISE}, table["source"]):
            document = json.loads(vendor.read(source, cache))
            found = [path for path, methods in document["paths"].items() if "get" in methods]
            self.endpoints.update(dict.fromkeys(found, document))
        # The more words of its own the earlier: `/user/starred` before `/user/{account_id}`.
        ranked = sorted(self.endpoints, key=lambda path: (path.count("{"), -len(path)))
        self.patterns = [(re.compile(pattern(path)), path) for path in ranked]

    def template(self, path):
        """The endpoint that answers at a path, as the document names it."""
        return next((name for pattern, name in self.patterns if pattern.fullmatch(path)), None)

    def answers(self, template, accept):
        """Media type and body of each example of an endpoint's first answer that has some."""
        with_stars = STARS in accept
        if with_stars:
            template = ALIKE.get(template, template)
        document = self.endpoints[template]
        for _, response in sorted(document["paths"][template]["get"]["responses"].items()):
            content = _resolve(document, response).get("content", {})
            kinds = [kind for kind in content if _plain(kind) == _plain(accept)]
            media = kinds[0] if kinds else "application/json"
            examples = content.get(media, {}).get("examples", {})
            names = [name for name in examples if ("star-creation" in name) == with_stars]
            if names:
                found = [_resolve(document, examples[name])["value"] for name in sorted(names)]
                return media, [_with(ADDED.get(template, {}), example) for example in found]
        return None, []


def _plain(media):
    """A media type without the version that it once needed."""
    return media.replace(".v3", "")


def _resolve(document, node):
    """What a reference stands for; anything else stands for itself."""
    if "$ref" not in node:
        return node
    found = document
    for name in node["$ref"].split("/")[1:]:
        found = found[name]
    return found


def _with(added, example):
    if isinstance(example, list):
        return [{**record, **added} for record in example]
    return {**example, **added} if added else example


class Server:
    """Answers every request with what the documents show; `turn` chooses among several examples."""

    def __init__(self, published):
        self.published = published
        self.forget()
        handler = type("Handler", (Handler,), {"server_of_examples": self})
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def forget(self, turn=0):
        """Begins a run, in which the example of this number is served where there are so many."""
        self.turn, self.turns = turn, 1
        self.served, self.without, self.faults = set(), set(), []

    def rest(self, path, accept):
        """Status, media type and body."""
        template = self.published.template(path)
        if template is None:
            self.without.add(path)
            return 404, "application/json", {"message": "Not Found"}
        media, examples = self.published.answers(template, accept)
        if not examples:
            self.without.add(template)
            return 404, "application/json", {"message": "Not Found"}
        self.served.add(template)
        self.turns = max(self.turns, len(examples))
        return 200, media, examples[min(self.turn, len(examples) - 1)]

    def graphql(self, body):
        answer, faults = self.published.graphql.answer(body["query"], body.get("variables"))
        self.served.add("/graphql")
        self.faults += faults
        return 200, "application/json", answer

    def stop(self):
        self.http.shutdown()
        self.http.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = self.path.split("?")[0]
        self._answer(*self.server_of_examples.rest(path, self.headers.get("accept", "")))

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self._answer(*self.server_of_examples.graphql(body))

    def _answer(self, status, media, body):
        text = body if isinstance(body, str) and "json" not in media else json.dumps(body)
        data = text.encode()
        self.send_response(status)
        self.send_header("content-type", media)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass
