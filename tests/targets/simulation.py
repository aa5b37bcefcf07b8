"""What the simulations of all taps have in common: which scenarios are played, with what, and what is told."""

import os
import random
from dataclasses import dataclass

import side_by_side
from memory import BATCH, Memory
from warehouse import Program, Twins

FIRST = int(os.environ.get("SEED", 1))
SHOWN = 40
# Rows a batch of the target that is compared with the one in memory: some are written before a run ends.
SMALL = 50


def count(usual):
    """How many scenarios are played with the target in memory."""
    return int(os.environ.get("SCENARIOS", usual))


@dataclass
class Result:
    """What came of a scenario."""

    story: str
    runs: int
    kills: int
    compared: int
    lines: list

    def check(self):
        print(f"{self.runs} runs, {self.kills} kills, {self.compared} rows compared")
        shown = "\n".join(line[:300] for line in self.lines[:SHOWN])
        assert not self.lines, f"{self.story}\n{len(self.lines)} differences:\n{shown}"


def result(playing, compare):
    """Plays a scenario and compares what its target holds in the end; `playing` ends with it."""
    try:
        with playing:
            playing.through()
            found = compare(playing)
            played = playing.played
    except Exception as error:
        error.add_note(str(playing.scenario))
        raise
    return Result(str(playing.scenario), played.runs, played.kills, found.compared, found.lines)


def target(seed, kind, home, venvs, request):
    """A target for a scenario: in memory, target-postgres, or both beside each other."""
    dice = random.Random(seed)
    if kind == "memory":
        return Memory(dice.choice([10, 100, BATCH]), dice.choice([None, 200, 2_000]), seed)
    postgres = request.getfixturevalue("postgres")
    if kind == "postgres":
        return Program(home, postgres, venvs)
    return Twins(Program(home, postgres, venvs, SMALL), SMALL)


def results(request, home, venvs, play, most):
    """What is to come of each case, a seed and a kind of target; a context."""
    cases = side_by_side.asked_for(request)
    homes = {(seed, kind): home / f"{kind}-{seed}" for seed, kind in cases}
    targets = {case: target(*case, homes[case], venvs, request) for case in cases}
    return side_by_side.played(cases, lambda case: play(case[0], targets[case], homes[case]), most)
