"""`tap | target`, run by a shell as a user would."""

import json
import os
import shlex
import signal
import subprocess
from collections import Counter
from pathlib import Path

LIMIT_SECONDS = 180
OF_TAPS = ("GITHUB_", "TAP_GITHUB_", "TAP_SALESFORCE_", "TAP_STRIPE_")


def environment():
    """The variables of this process, without those that a tap takes for its settings."""
    return {k: v for k, v in os.environ.items() if not k.startswith(OF_TAPS)}


def shell(command, cwd):
    """Runs a pipe with `pipefail`; its processes share a session that ends with it."""
    process = subprocess.Popen(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=environment(),
    )
    try:
        _, errors = process.communicate(timeout=LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise
    assert process.returncode == 0, f"`{command}` exited {process.returncode}:\n{told(errors)}"


def told(errors):
    """The end of what a pipe's programs wrote to stderr, without the measurements."""
    return "\n".join(line for line in errors.splitlines() if " METRIC: " not in line)[-4000:]


class Run:
    """What the tap wrote into a pipe, and which states the target gave back."""

    def __init__(self, stream_file, states_file):
        self.messages = [json.loads(line) for line in stream_file.read_text().splitlines()]
        self.echoed = [json.loads(line) for line in states_file.read_text().splitlines()]

    def of_type(self, kind):
        return [message for message in self.messages if message["type"] == kind]

    def records(self, stream):
        return [m["record"] for m in self.of_type("RECORD") if m["stream"] == stream]

    def counts(self):
        """Stream → number of its records."""
        return Counter(message["stream"] for message in self.of_type("RECORD"))

    @property
    def last_state(self):
        return self.of_type("STATE")[-1]["value"]


class Pipe:
    """A tap, its config and a folder for what the runs leave behind."""

    def __init__(self, home, tap, config, venvs):
        self.home, self.tap, self.venvs = Path(home), tap, Path(venvs)
        self.home.mkdir(parents=True, exist_ok=True)
        self._write("tap.json", config)
        self.runs = 0

    def _write(self, name, value):
        (self.home / name).write_text(json.dumps(value), encoding="utf-8")
        return name

    def tap_command(self, state=None):
        command = [str(self.tap), "--config", "tap.json"]
        if state is not None:
            command += ["--state", self._write(f"state-{self.runs}.json", state)]
        return shlex.join(command)

    def into(self, target, state=None):
        """Runs `tap | target` and reads back what passed."""
        self.runs += 1
        lines, states = (self.home / f"{what}-{self.runs}.jsonl" for what in ("lines", "states"))
        program = self.venvs / target.name / "bin" / target.program
        config = self._write("target.json", target.config())
        shell(
            f"{self.tap_command(state)} | tee {lines.name}"
            f" | {shlex.quote(str(program))} --config {config} > {states.name}",
            self.home,
        )
        return Run(lines, states)
