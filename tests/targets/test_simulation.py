"""`tap-stripe | target` while an account lives for 90 days: in the end the tables equal the truth.

Every scenario is made from its seed (`scenario.py`): what the account does, when the tap runs, who is
killed, and what goes wrong at the server. `SCENARIOS=100` plays so many of them in memory, `SEED=17`
begins with that one. A scenario that does not hold prints its seed and steps, and what differs
(`compare.py` says what is compared).

Most are played with a target in memory, one with target-postgres, and one with both on the very same
input, after each run of which both hold the same (`memory.py` says how they correspond).
"""

import os
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from compare import Comparison
from conftest import binary
from memory import BATCH, Memory
from play import Play
from scenario import Scenario
from warehouse import Program, Twins

FIRST = int(os.environ.get("SEED", 1))
COUNT = int(os.environ.get("SCENARIOS", 6))
# Runs mostly wait: they ask for 25 things a second.
SIDE_BY_SIDE = 8
SHOWN = 40
# Rows a batch of the target that is compared with the one in memory: some are written before a run ends.
SMALL = 50

CASES = [
    *((FIRST + at, "memory") for at in range(COUNT)),
    (FIRST + COUNT, "postgres"),
    (FIRST + COUNT + 1, "twins"),
]


@dataclass
class Result:
    """What came of a scenario."""

    story: str
    runs: int
    kills: int
    compared: int
    lines: list


def play(seed, target, home):
    """Plays a scenario and compares what its target holds in the end."""
    scenario = Scenario(seed)
    try:
        with Play(scenario, target, home, binary("tap-stripe"), binary("mock-api")) as playing:
            playing.through()
            found = Comparison(playing)
            runs, kills = playing.played.runs, playing.played.kills
    except Exception as error:
        error.add_note(str(scenario))
        raise
    return Result(str(scenario), runs, kills, found.compared, found.lines)


def target(seed, kind, home, venvs, request):
    dice = random.Random(seed)
    if kind == "memory":
        return Memory(dice.choice([10, 100, BATCH]), dice.choice([None, 200, 2_000]), seed)
    postgres = request.getfixturevalue("postgres")
    if kind == "postgres":
        return Program(home, postgres, venvs)
    return Twins(Program(home, postgres, venvs, SMALL), SMALL)


@pytest.fixture(scope="session")
def results(request, tmp_path_factory, venvs):
    """What is to come of each scenario that is asked for, played side by side."""
    home = tmp_path_factory.mktemp("simulation")
    calls = (getattr(item, "callspec", None) for item in request.session.items)
    cases = [call.params["case"] for call in calls if call and "case" in call.params]
    targets = {case: target(*case, home / f"{case[1]}-{case[0]}", venvs, request) for case in cases}
    pool = ThreadPoolExecutor(SIDE_BY_SIDE)
    yield {
        (seed, kind): pool.submit(play, seed, targets[seed, kind], home / f"{kind}-{seed}")
        for seed, kind in cases
    }
    pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[1]}-{case[0]}")
def test_in_the_end_the_tables_hold_what_the_account_has(results, case):
    result = results[case].result()
    print(f"{result.runs} runs, {result.kills} kills, {result.compared} rows compared")
    shown = "\n".join(line[:300] for line in result.lines[:SHOWN])
    assert not result.lines, f"{result.story}\n{len(result.lines)} differences:\n{shown}"
