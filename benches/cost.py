"""What one run of a tap costs: CPU is user + system time and memory the peak resident set of that one
process, both from the operating system's accounting (`wait4`). Output goes through a pipe, as into a
target."""

import os
import statistics
import time
from dataclasses import dataclass

# How a RECORD line begins, as either side writes it.
RECORD = (b'\n{"type":"RECORD"', b'\n{"type": "RECORD"')
CHUNK = 1 << 20


@dataclass(frozen=True)
class Run:
    """What one run of a tap cost."""

    records: int
    cpu: float  # seconds
    rss: float  # MB, peak
    wall: float  # seconds

    @property
    def cpu_per_record(self):
        return self.cpu / max(self.records, 1) * 1e6


def measure(tap):
    began = time.monotonic()
    process = tap.start()
    records = count_records(process.stdout)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if process.returncode != 0:
        raise SystemExit(f"`{tap.label}` exited {process.returncode}")
    return Run(records, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, wall)


def count_records(pipe):
    """RECORD lines that come out of a pipe, counted without parsing them."""
    total, rest = 0, b""
    buffer = bytearray(CHUNK)
    while size := pipe.readinto(buffer):
        lines, _, rest = (rest + buffer[:size]).rpartition(b"\n")
        total += sum((b"\n" + lines).count(start) for start in RECORD)
    return total


def medians(runs):
    return Run(
        *(
            statistics.median(getattr(run, field) for run in runs)
            for field in ("records", "cpu", "rss", "wall")
        )
    )


def measured(taps, repetitions):
    """The medians of each tap, measured in turn, so that a noisy moment hits all of them."""
    runs = {tap: [] for tap in taps}
    for _ in range(repetitions):
        for tap in taps:
            runs[tap].append(measure(tap))
    return {tap: medians(runs[tap]) for tap in taps}


def head(rows):
    """The line above those of `tell`."""
    print(
        f"  {rows:>9}  {'tap':<12} {'records':>9} {'CPU':>11} {'CPU/record':>12}"
        f" {'peak RSS':>11} {'wall':>10}"
    )


def tell(size, results, repetitions):
    """Prints a line for each tap, and by how much the first is better than the second."""
    if len({run.records for run in results.values()}) > 1:
        print("  the taps did not emit the same number of records")
    for tap, run in results.items():
        print(
            f"  {size:>9,}  {tap.label:<12} {run.records:>9,.0f} {run.cpu:>9.2f} s"
            f" {run.cpu_per_record:>9.2f} µs {run.rss:>8.1f} MB {run.wall:>8.2f} s",
            flush=True,
        )
    if len(results) == 2:
        ours, peer = results.values()
        print(
            f"  {'':>9}  ratio: {peer.cpu / ours.cpu:.1f} times less CPU,"
            f" {peer.rss / ours.rss:.1f} times less memory,"
            f" {peer.wall / ours.wall:.1f} times less time"
            f"  (median of {repetitions})\n",
            flush=True,
        )
