"""`tap-stripe | target` while an account lives for 90 days: in the end the tables equal the truth.

Every scenario is made from its seed (`scenario.py`): what the account does, when the tap runs, who is
killed, and what goes wrong at the server. `SCENARIOS=100` plays so many of them in memory, `SEED=17`
begins with that one. A scenario that does not hold prints its seed and steps, and what differs
(`compare.py` says what is compared).

Most are played with a target in memory, one with target-postgres, and one with both on the very same
input, after each run of which both hold the same (`memory.py` says how they correspond).
"""

import pytest

from compare import Comparison
from conftest import binary
from play import Play
from scenario import Scenario
from simulation import FIRST, count, result
from simulation import results as futures

COUNT = count(6)
# Runs mostly wait: they ask for 25 things a second.
SIDE_BY_SIDE = 8

CASES = [
    *((FIRST + at, "memory") for at in range(COUNT)),
    (FIRST + COUNT, "postgres"),
    (FIRST + COUNT + 1, "twins"),
]


def play(seed, target, home):
    return result(Play(Scenario(seed), target, home, binary("tap-stripe"), binary("mock-api")), Comparison)


@pytest.fixture(scope="module")
def results(request, tmp_path_factory, venvs):
    """What is to come of each scenario that is asked for, played side by side."""
    with futures(request, tmp_path_factory.mktemp("simulation"), venvs, play, SIDE_BY_SIDE) as results:
        yield results


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[1]}-{case[0]}")
def test_in_the_end_the_tables_hold_what_the_account_has(results, case):
    results[case].result().check()
