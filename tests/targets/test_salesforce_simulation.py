"""`tap-salesforce | target` while an org changes, and runs are killed: in the end the tables equal the truth.

Every scenario is made from its seed (`salesforce_scenario.py`): rows that show late, but by less than lag and
lookback, more of them in one second than a page has, jobs whose rows come in any order, changes between and
during runs; who is killed, and what goes wrong at the server. `SCENARIOS=100` plays so many of them in memory,
`SEED=17` begins with that one. A scenario that does not hold prints its seed and steps, and what differs
(`salesforce_compare.py` says what is compared). REST, Bulk 2.0 and the choice between them take turns.
"""

import pytest

from conftest import binary
from salesforce_play import Play, compare
from salesforce_scenario import Org
from simulation import FIRST, count, result
from simulation import results as futures

COUNT = count(5)
SIDE_BY_SIDE = 3

CASES = [
    *((FIRST + at, "memory") for at in range(COUNT)),
    (FIRST + COUNT, "twins"),
]


def play(seed, target, home):
    return result(Play(Org(seed), target, home, binary("tap-salesforce"), binary("mock-api")), compare)


@pytest.fixture(scope="module")
def results(request, tmp_path_factory, venvs):
    """What is to come of each scenario that is asked for, played side by side."""
    with futures(request, tmp_path_factory.mktemp("salesforce"), venvs, play, SIDE_BY_SIDE) as results:
        yield results


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[1]}-{case[0]}")
def test_in_the_end_the_tables_hold_what_the_org_has(results, case):
    results[case].result().check()
