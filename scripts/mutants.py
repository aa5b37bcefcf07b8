"""Plants known bugs in the engine, one at a time, and asserts that its property test finds each.

Works in a git worktree of the last commit under `target/`; nothing else is touched. Prints which
property found each bug, and in which case.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
TREE = ROOT / "target" / "mutants"
SOURCES = TREE / "crates"


class Mutant(NamedTuple):
    """A bug: in a file, a text that stands there once, what takes its place, and who is to see it."""

    bug: str
    file: str
    right: str
    wrong: str
    tests: str


MUTANTS = [
    Mutant("resume is exclusive", "singer-tap/src/progress/bounds.rs",
           "is_some_and(|floor| cursor < floor)", "is_some_and(|floor| cursor <= floor)", "newest"),
    Mutant("progress goes before its rows", "singer-tap/src/output.rs",
           "        if !batch.output.lines.is_empty() {\n            self.writer",
           "        if let Some(progress) = &batch.progress {\n            self.apply(&batch, progress);\n"
           "            self.write_state()?;\n        }\n"
           "        if !batch.output.lines.is_empty() {\n            self.writer", "ascending"),
    Mutant("a partition that fails is finished", "singer-tap/src/worker.rs",
           "planned.stream.reader().read(scan, &mut pages).await?;",
           "if let Err(error) = planned.stream.reader().read(scan, &mut pages).await {\n"
           "            pages.finish().await?;\n            return Err(error);\n        }", "no_order"),
    Mutant("an interval begins one value too low", "singer-tap/src/progress/descending.rs",
           "(self.above_lowest.clone()?, self", "(self.lowest.clone()?, self", "newest"),
    Mutant("the bookmark passes a child that is neither read nor noted", "singer-tap/src/settle.rs",
           "let failed = Progress::Failed(key, context);",
           "let failed = Progress::Settled(key);\n        drop(context);", "follow"),
    Mutant("lag is ignored", "singer-tap/src/progress/bounds.rs",
           "[&self.cap, &self.ceiling]", "[&self.ceiling, &self.ceiling]", "ascending"),
    Mutant("lookback stops at intervals", "singer-tap/src/reading.rs",
           "shortened(|end| scanned.shifted(end, back))", "shortened(Clone::clone)", "windows"),
    Mutant("a window is covered beyond the server's time", "singer-tap/src/progress/span.rs",
           "let end = self.bounds.capped(end.clone());", "let end = end.clone();", "windows"),
    Mutant("rows of an earlier start are dropped", "singer-tap/src/progress/mod.rs",
           "Since::Window { .. } => None,", "Since::Window { .. } => start.floor,", "windows"),
    Mutant("a version is activated whatever failed", "singer-tap/src/schedule.rs",
           "&& report.is_enumerated(stream)\n", "&& (report.is_enumerated(stream) || true)\n", "whole"),
]


def cargo(*arguments):
    environment = {**os.environ, "CARGO_TARGET_DIR": str(ROOT / "target" / "mutants-build"), "RUST_BACKTRACE": "0",
                   "PROPTEST_CASES": "2000", "PROPTEST_MAX_SHRINK_ITERS": "0"}
    command = ["cargo", "test", "--quiet", "-p", "singer-tap", "--test", "model", *arguments]
    return subprocess.run(command, cwd=TREE, env=environment, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)


def found(mutant):
    """What found the bug: the first case of each test that does not hold."""
    path = SOURCES / mutant.file
    right = path.read_text()
    if right.count(mutant.right) != 1:
        return f"NOT PLANTED: `{mutant.file}` does not hold `{mutant.right}` once"
    path.write_text(right.replace(mutant.right, mutant.wrong))
    try:
        built = cargo("--no-run")
        if built.returncode != 0:
            return f"NOT PLANTED: it does not compile\n{built.stdout}"
        output = cargo(mutant.tests).stdout
    finally:
        path.write_text(right)
    cases = re.findall(r"^case (\d+) does not hold: (.*)$", output, re.MULTILINE)
    return "; ".join(f"case {number}: {why}" for number, why in cases) or "NOT FOUND"


def main():
    subprocess.run(["git", "worktree", "add", "--force", "--detach", TREE, "HEAD"], cwd=ROOT, check=True)
    try:
        wanted = [mutant for mutant in MUTANTS if not sys.argv[1:] or mutant.bug in sys.argv[1:]]
        missed = 0
        for mutant in wanted:
            what = found(mutant)
            missed += what.startswith("NOT ")
            print(f"{mutant.bug}: {what}", flush=True)
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", TREE], cwd=ROOT, check=True)
    sys.exit(f"{missed} bugs were not found" if missed else 0)


if __name__ == "__main__":
    main()
