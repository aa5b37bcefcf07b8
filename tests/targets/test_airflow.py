"""The DAG of `docs/examples/airflow`, run by Airflow: what arrives, what is kept, and what is retried."""

import json
import os
import signal
import time
from collections import Counter
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from conftest import binary
from scheduler import SECRETS, Airflow
from stripe import Stripe

GITHUB, STRIPE = "tap-github", "tap-stripe"
CHANGED = 7
STREAMS = {GITHUB: ["issues", "commits"], STRIPE: ["customers", "products"]}
# Before all that the fake of GitHub has.
START = "2000-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def program(venvs):
    return venvs / "airflow" / "bin" / "airflow"


@pytest.fixture(scope="module")
def database(program, tmp_path_factory):
    """The database of an Airflow that has run nothing."""
    return Airflow(tmp_path_factory.mktemp("airflow") / "home", program, []).migrate()


@pytest.fixture
def stripe():
    server = Stripe(binary("mock-api"), token=SECRETS[STRIPE], history=60)
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def airflow(tmp_path, venvs, program, database, github, stripe):
    """An Airflow whose taps read some streams of the fakes, and wait for no limit themselves."""
    programs = [binary(GITHUB), binary(STRIPE), venvs / "target-jsonl" / "bin" / "target-jsonl"]
    airflow = Airflow(tmp_path / "airflow", program, programs, database)
    own = {"max_wait": 0, "concurrency": 1}
    settings = {"repositories": github.repositories, "start_date": START}
    airflow.configure(f"{GITHUB}/config.json", api_url_base=github.url, **settings, **own)
    airflow.configure(f"{STRIPE}/config.json", api_url_base=stripe.url, **own)
    for tap, streams in STREAMS.items():
        airflow.select(tap, streams)
    return airflow


def states(tries):
    """Task → how its tries ended."""
    return {task: [one.state for one in ones] for task, ones in tries.items()}


def asked(server):
    """What was requested since the last time that this was asked."""
    return json.loads(server.call("/_mock/requests", reset=1))["last"]


def since(request, parameter="since"):
    """A parameter of a request that was asked for."""
    return dict(parse_qsl(urlsplit(request.split()[1]).query))[parameter]


def since_of_issues(requests):
    return [since(request) for request in requests if "/issues?" in request]


def truth(server, stream, *of):
    """The ids of what the source holds now."""
    return Counter(record["id"] for repository in of for record in server.truth(repository, stream, ["id"]))


def wait_until(airflow, process, is_so):
    """While Airflow runs."""
    deadline = time.monotonic() + 120
    while not is_so():
        assert process.poll() is None and time.monotonic() < deadline, airflow.log.read_text()[-4000:]
        time.sleep(0.2)


def ids(records):
    return Counter(record["id"] for record in records)


def test_the_second_run_reads_what_changed_since_the_first(airflow, github, stripe):
    tries, told = airflow.run()
    assert states(tries) == {GITHUB: ["success"], STRIPE: ["success"]}, told[-4000:]
    issues, customers = airflow.records("issues"), airflow.records("customers")
    assert ids(issues) == truth(github, "issues", *github.repositories)
    # One whose last event is within the lookback of ten minutes comes twice.
    assert ids(customers).keys() == {customer["id"] for customer in stripe.truth("customers")}
    # The tap's log is that of the task, without the secret of the connection.
    assert "[END01] done" in told and not any(secret in told for secret in SECRETS.values())

    # As a worker leaves it that is killed before it has put the new state in place.
    state = airflow.singer / STRIPE / "state.json"
    state.replace(state.with_name("printed.jsonl")).open("a").write('\n{"cut')

    asked(github)
    github.touch(github.repositories[0], "issues", CHANGED)
    created = stripe.change("create", resource="customers", count=CHANGED)
    tries, told = airflow.run()

    assert states(tries) == {GITHUB: ["success"], STRIPE: ["success"]}, told[-4000:]
    moments = since_of_issues(asked(github))
    assert len(moments) == len(github.repositories) and min(moments) > START, moments
    # Resuming is inclusive: what stands at the bookmark of a repository comes once more.
    again = airflow.records("issues")[len(issues):]
    assert CHANGED <= len(again) <= CHANGED + len(github.repositories)
    new = [customer["id"] for customer in airflow.records("customers")[len(customers):]]
    assert set(created) <= set(new) and len(new) < len(customers)


def test_a_source_that_is_down_and_a_limit_are_retried_from_the_state_of_the_first_try(airflow, github, stripe):
    # A page for people, as often as the tap asks again: three times a repository.
    times = 3 * len(github.repositories)
    github.set_faults([{"match": {"path": "/repos/**"}, "from": 1, "times": times, "fault": {"kind": "html"}}])
    limit = {"kind": "status", "status": 429, "headers": {"retry-after": "8"}}
    stripe.set_faults([{"match": {"path": "/v1/products"}, "nth": 3, "fault": limit}])

    tries, told = airflow.run()

    assert states(tries) == {GITHUB: ["failed", "success"], STRIPE: ["failed", "success"]}, told[-4000:]
    assert "tap-github ended with 4" in told and "tap-stripe ended with 5" in told
    first, second = tries[GITHUB]
    assert second.begin - first.end > timedelta(seconds=1) and first.reason is None
    assert ids(airflow.records("issues")) == truth(github, "issues", *github.repositories)
    first, second = tries[STRIPE]
    assert first.reason, told[-4000:]
    frees_at = datetime.fromisoformat(first.reason.removeprefix("the limit frees at "))
    assert first.end < frees_at <= second.begin < frees_at + timedelta(seconds=30)
    # The second try begins where the first one was refused, less the lookback of ten minutes.
    windows = [int(since(one, "created[gte]")) for one in asked(stripe) if " /v1/products?" in one]
    assert windows[0] < windows[2] == windows[3] + 600, windows
    assert len(airflow.records("products")) == len(stripe.truth("products"))


def test_wrong_settings_and_a_refused_credential_are_not_retried_and_leave_the_state(airflow, github, stripe):
    before = {"bookmarks": {}, "of": "the run before"}
    for tap in SECRETS:
        (airflow.singer / tap / "state.json").write_text(json.dumps(before))
    airflow.replace_target("""cat > rest; echo null; echo '{"rows": 3}'; printf '{"bookmarks": {"iss'""")
    airflow.configure(f"{GITHUB}/config.json", concurrency=0)
    airflow.configure(f"{STRIPE}/config.json", client_secret="sk_live_of_nobody")
    asked(github)

    tries, told = airflow.run()

    assert states(tries) == {GITHUB: ["failed"], STRIPE: ["failed"]}, told[-4000:]
    assert "tap-github ended with 2" in told and "tap-stripe ended with 3" in told
    assert (len(asked(github)), len(asked(stripe))) == (0, 1)
    # What the target printed was no state.
    assert [airflow.state(tap) for tap in SECRETS] == [before, before]


def test_a_partial_run_and_a_target_that_fails_are_not_retried_and_keep_what_was_stored(airflow, github, stripe):
    gone = github.repositories[0]
    github.set_faults([{"match": {"path": f"/repos/{gone}/**"}, "fault": {"kind": "status", "status": 404}}])
    (airflow.singer / "lines" / "customers.jsonl").mkdir(parents=True)

    tries, told = airflow.run()

    assert states(tries) == {GITHUB: ["failed"], STRIPE: ["failed"]}, told[-4000:]
    assert "tap-github ended with 6" in told and "target-jsonl ended with 1" in told
    partitions = airflow.state(GITHUB)["bookmarks"]["issues"]["partitions"]
    assert partitions.keys() == set(github.repositories[1:])
    # The target acknowledged nothing.
    assert airflow.state(STRIPE) is None


def test_what_a_killed_worker_left_running_is_waited_for_and_a_tap_without_its_secret_is_not_run(
    airflow, github, stripe
):
    airflow.secrets[STRIPE] = ""
    stall = {"kind": "stall", "ms": 12_000}
    github.set_faults([{"match": {"path": "/repos/*/*/commits"}, "nth": 1, "fault": stall}])

    def kill(process):
        wait_until(airflow, process, lambda: b"/commits" in github.call("/_mock/requests"))
        os.killpg(process.pid, signal.SIGKILL)

    airflow.run(kill)
    before = since_of_issues(asked(github))
    tries, told = airflow.run()

    *waited, last = states(tries)[GITHUB]
    assert set(waited) == {"failed"} and last == "success", told[-4000:]
    assert told.count("has not ended") >= len(waited)
    assert states(tries)[STRIPE] == ["failed"]
    assert "`tap_stripe` has no password" in told and asked(stripe) == []
    # What the tap and the target did on their own is not done again.
    moments = since_of_issues(asked(github))
    assert before[0] == START < max(moments), (before, moments)
    assert ids(airflow.records("issues")).keys() == truth(github, "issues", *github.repositories).keys()


def test_a_task_that_takes_too_long_is_ended_with_its_tap_and_goes_on_from_its_state(airflow, github):
    stall = {"kind": "stall", "ms": 120_000}
    github.set_faults([{"match": {"path": "/repos/*/*/commits"}, "nth": 1, "fault": stall}])
    airflow.settings["AIRFLOW__CORE__DEFAULT_TASK_EXECUTION_TIMEOUT"] = "8"
    asked(github)

    tries, told = airflow.run()

    assert states(tries)[GITHUB] == ["failed", "success"], told[-4000:]
    assert "[SIG01]" in told
    moments = since_of_issues(asked(github))
    assert moments[0] == START < max(moments), moments
    assert ids(airflow.records("issues")).keys() == truth(github, "issues", *github.repositories).keys()


def test_a_task_that_is_stopped_keeps_its_state_and_goes_on_from_there(airflow, github):
    github.set_faults([{"match": {"path": "/repos/*/*/commits"}, "nth": 1, "fault": {"kind": "stall", "ms": 120_000}}])
    before = []

    def stop(process):
        wait_until(airflow, process, lambda: b"/commits" in github.call("/_mock/requests"))
        before.extend(asked(github))
        # As Airflow stops a task: everything in its group.
        os.killpg(process.pid, signal.SIGTERM)

    tries, told = airflow.run(stop)

    assert states(tries)[GITHUB] == ["failed", "success"], told[-4000:]
    assert "[SIG01]" in told and "tap-github ended with 143" in told
    before, after = since_of_issues(before), since_of_issues(asked(github))
    # The first repository had its issues stored before the tap was stopped.
    assert before[0] == START < after[0], (before, after)
    assert ids(airflow.records("issues")).keys() == truth(github, "issues", *github.repositories).keys()
