"""A tap's output on its way into a target, until it ends or somebody is killed."""

import os
import signal
import subprocess
import threading
from dataclasses import dataclass

from pipe import environment

CHUNK = 1 << 16


@dataclass(frozen=True)
class Kill:
    """SIGKILL for the tap, or for the whole pipe, after so many bytes, lines, or seconds."""

    whole_pipe: bool
    after: float
    unit: str

    def __str__(self):
        whom = "the pipe" if self.whole_pipe else "the tap"
        return f"SIGKILL of {whom} after {self.after:g} {self.unit}"

    def cut(self, before, chunk):
        """How much of a chunk still passes, after so many bytes or lines; `None`: all of it."""
        left = self.after - before
        if self.unit == "bytes":
            return left if left <= len(chunk) else None
        if self.unit == "lines" and left <= chunk.count(b"\n"):
            end = 0
            for _ in range(left):
                end = chunk.index(b"\n", end) + 1
            return end
        return None

    def size(self, chunk):
        return chunk.count(b"\n") if self.unit == "lines" else len(chunk)


@dataclass
class Fed:
    """How a run ended: what the tap exited with, and told; the states that the target echoed."""

    code: int
    told: str
    echoed: list
    size: int


def feed(command, cwd, session, kill=None):
    """Runs a tap, and lets its output into a session of a target.

    What a killed tap has written arrives up to the very byte, in the middle of a line if it be, and
    the target sees the end of its input. A killed target sees nothing.
    """
    with open(cwd / "tap.log", "wb") as log:
        tap = subprocess.Popen(
            command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, env=environment()
        )
    is_over = threading.Event()

    def end():
        is_over.set()
        tap.send_signal(signal.SIGKILL)

    timer = None
    if kill and kill.unit == "seconds":
        timer = threading.Timer(kill.after, end)
        timer.start()
    passed = size = 0
    with tap.stdout:
        while chunk := os.read(tap.stdout.fileno(), CHUNK):
            cut = kill.cut(passed, chunk) if kill else None
            session.write(chunk[:cut])
            size += len(chunk[:cut])
            if cut is not None:
                end()
                break
            passed += kill.size(chunk) if kill else 0
    code = tap.wait()
    if timer:
        timer.cancel()
        timer.join()
    is_killed = is_over.is_set() and code == -signal.SIGKILL
    echoed = session.kill() if is_killed and kill.whole_pipe else session.close()
    told = (cwd / "tap.log").read_text(errors="replace")
    return Fed(code, told, echoed, size)
