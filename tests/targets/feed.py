"""A tap's output on its way into a target, until it ends or somebody is killed."""

import os
import signal
import subprocess
import threading
from dataclasses import dataclass

from pipe import environment

CHUNK = 1 << 16
# A run that takes longer has no end.
LIMIT_SECONDS = 300


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
    is_killed: bool
    told: str
    echoed: list


def feed(command, log, session, kill=None):
    """Runs a tap, and lets its output into a session of a target.

    What a killed tap has written arrives up to the very byte, in the middle of a line if it be, and
    the target sees the end of its input. A killed target sees nothing. The tap runs beside its log.
    """
    with open(log, "wb") as told:
        tap = subprocess.Popen(
            command,
            cwd=log.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=told,
            env=environment(),
        )
    is_killed = threading.Event()

    def end():
        # Even if it has written everything and is gone: what it wrote ends here.
        is_killed.set()
        tap.send_signal(signal.SIGKILL)

    timers = [threading.Timer(LIMIT_SECONDS, tap.kill)]
    if kill and kill.unit == "seconds":
        timers.append(threading.Timer(kill.after, end))
    for timer in timers:
        timer.start()
    passed = 0
    with tap.stdout:
        while chunk := os.read(tap.stdout.fileno(), CHUNK):
            cut = kill.cut(passed, chunk) if kill else None
            session.write(chunk[:cut])
            if cut is not None:
                end()
                break
            passed += kill.size(chunk) if kill else 0
    code = tap.wait()
    for timer in timers:
        timer.cancel()
        timer.join()
    echoed = session.kill() if is_killed.is_set() and kill.whole_pipe else session.close()
    return Fed(code, is_killed.is_set(), log.read_text(errors="replace"), echoed)
