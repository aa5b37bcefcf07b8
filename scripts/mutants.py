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
SOURCES = TREE / "crates" / "singer-tap" / "src"


class Mutant(NamedTuple):
    """A bug: in a file, a text that stands there once, and what takes its place."""

    bug: str
    file: str
    right: str
    wrong: str
    tests: str = ""


MUTANTS = [
    Mutant("resume is exclusive", "progress/bounds.rs",
           "is_some_and(|floor| cursor < floor)", "is_some_and(|floor| cursor <= floor)"),
    Mutant("state before rows", "output.rs",
           "        if !batch.output.lines.is_empty() {\n            self.writer.batch(&batch.output.lines)?;",
           "        if let Some(progress) = &batch.progress {\n            self.apply(&batch, progress);\n"
           "            self.write_state()?;\n        }\n"
           "        if !batch.output.lines.is_empty() {\n            self.writer.batch(&batch.output.lines)?;"),
    Mutant("a partition that fails is finished", "worker.rs",
           "planned.stream.reader().read(scan, &mut pages).await?;",
           "if let Err(error) = planned.stream.reader().read(scan, &mut pages).await {\n"
           "            pages.finish().await?;\n            return Err(error);\n        }"),
    Mutant("an interval begins one value too low", "progress/descending.rs",
           "(self.above_lowest.clone()?, self.upper.clone()?)", "(self.lowest.clone()?, self.upper.clone()?)"),
    Mutant("the bookmark passes a child that is neither read nor noted", "settle.rs",
           "let failed = Progress::Failed(key, context);", "let failed = Progress::Settled(key);\n        drop(context);"),
    Mutant("lag is ignored", "progress/bounds.rs",
           "[&self.cap, &self.ceiling]", "[&self.ceiling, &self.ceiling]"),
    Mutant("lookback stops at intervals", "reading.rs",
           "shortened(|end| scanned.shifted(end, back))", "shortened(Clone::clone)"),
    Mutant("an open window is covered beyond the server's time", "progress/span.rs",
           "let end = self.bounds.capped(end.clone());", "let end = end.clone();"),
    Mutant("a version is activated whatever failed", "schedule.rs",
           "&& report.is_enumerated(stream)", "&& report.is_enumerated(stream) | true"),
    Mutant("a page is taken twice as far as its disorder allows", "progress/ascending.rs",
           "if self.sorted { self.finish() } else { None }", "self.finish()"),
]


def cargo(*arguments):
    environment = {**os.environ, "CARGO_TARGET_DIR": str(ROOT / "target" / "mutants-build"), "RUST_BACKTRACE": "0",
                   "PROPTEST_MAX_SHRINK_ITERS": "0"}
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
