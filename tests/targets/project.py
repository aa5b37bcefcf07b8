"""A tap in a folder of its own that is run into a target again and again, as a scheduler does."""

import json
import subprocess

from feed import feed
from pipe import environment


class Project:
    """Each run goes on from the newest state that the target gave back."""

    def __init__(self, home, tap, target, streams):
        self.home, self.tap, self.target, self.streams = home, tap, target, streams
        home.mkdir(parents=True, exist_ok=True)
        self.state, self.runs = None, 0

    def discover(self, config):
        """The entries of the catalog for the streams that are read."""
        self._write("tap.json", config)
        found = subprocess.run(
            [str(self.tap), "--config", "tap.json", "--discover"],
            cwd=self.home,
            env=environment(),
            capture_output=True,
            check=True,
        )
        entries = json.loads(found.stdout)["streams"]
        return {entry["stream"]: entry for entry in entries if entry["stream"] in self.streams}

    def run(self, config, kill=None):
        """Runs `tap | target`, unless it is killed to its end."""
        self.runs += 1
        self._write("tap.json", config)
        command = [str(self.tap), "--config", "tap.json"]
        command += [word for stream in self.streams for word in ("--select", stream)]
        if self.state is not None:
            command += ["--state", self._write(f"state-{self.runs}.json", self.state)]
        fed = feed(command, self.home / f"tap-{self.runs}.log", self.target.open(), kill)
        if fed.echoed:
            self.state = fed.echoed[-1]
        return fed

    def _write(self, name, value):
        (self.home / name).write_text(json.dumps(value), encoding="utf-8")
        return name
