"""The two sides of a comparison, and the server between them."""

import json
import os
import subprocess
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ORGANIZATION = "acme"


class Server:
    """A `mock-api` process that holds what its options say."""

    def __init__(self, binary, *options):
        command = [binary, *options, "--port", "0", "--seed", "1"]
        self.process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().split("listening on ")[1].strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def call(self, path, method="GET", token=None):
        headers = {"authorization": f"Bearer {token}"} if token else {}
        request = urllib.request.Request(self.url + path, method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=60) as reply:
            return json.loads(reply.read() or "null")


class Tap:
    """A tap program and the files that make it read some streams."""

    # The setting that leads it to the server.
    address = "api_url_base"

    def __init__(self, label, program, home, arguments=(), **settings):
        self.label, self.home = label, home / label
        self.command = [Path(program).absolute(), *arguments]
        self.settings, self.options = settings, []
        self.home.mkdir()
        # A token in the environment would change what the taps ask of the server.
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("GITHUB_")}

    def discover(self, url):
        process = self.start_discovery(url)
        found = process.stdout.read()
        process.stdout.close()
        if process.wait() != 0:
            raise SystemExit(f"`{self.label}` exited {process.returncode}")
        return json.loads(found)

    def start_discovery(self, url):
        self._write("config.json", {self.address: url, **self.settings})
        return self._start("--discover")

    def select(self, catalog, streams, is_chosen=lambda field: True):
        """Makes the tap read these fields of these streams and nothing of the others."""
        for entry in catalog["streams"]:
            chosen = entry["tap_stream_id"] in streams
            entry["selected"] = chosen
            for item in entry["metadata"]:
                field = item["breadcrumb"][1:2]
                item["metadata"]["selected"] = chosen and (not field or is_chosen(field[0]))
        self._write("catalog.json", catalog)

    def resume(self, state):
        """From now on the tap goes on from this state."""
        self._write("state.json", state)
        self.options = ["--state", "state.json"]

    def _write(self, name, value):
        (self.home / name).write_text(json.dumps(value))

    def start(self):
        return self._start("--catalog", "catalog.json", *self.options)

    def _start(self, *options):
        return subprocess.Popen(
            [*self.command, "--config", "config.json", *options],
            cwd=self.home,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
