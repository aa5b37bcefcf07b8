"""Singer taps in Airflow 3.3: a task for each, state kept between runs, retries by exit code."""

import logging
import os
import re
import signal
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path

from airflow.sdk import Connection, RetryDecision, RetryPolicy, dag, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException

# Where configs, catalogs and states are: on a disk that stays, and that every worker sees.
HOME = Path(os.environ.get("SINGER_HOME", "/opt/singer"))

# Each tap, its target, and the variable from which its config takes the secret. The secret is the
# password of the Airflow connection `tap_github` or `tap_stripe`.
PIPES = [
    ("tap-github", "target-jsonl", "GITHUB_TOKEN"),
    ("tap-stripe", "target-jsonl", "STRIPE_SECRET_KEY"),
]

# Unavailable, limited, interrupted, terminated. After any other code somebody has to look.
WORTH_A_RETRY = {4, 5, 130, 143}
RETRIES = {
    "retries": 5,
    "retry_delay": timedelta(minutes=2),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(hours=1),
}

LEVELS = {"WARNING": logging.WARNING, "ERROR": logging.ERROR, "CRITICAL": logging.CRITICAL}
FREES_AT = re.compile(r"it frees at (\S+ \S+) UTC")

log = logging.getLogger(__name__)


class TryAgain(AirflowException):
    """The tap ended in a way that a retry can mend, at once or when a rate limit has freed."""

    def __init__(self, message, frees_at=None):
        super().__init__(message)
        self.frees_at = frees_at


class WhenItFrees(RetryPolicy):
    """Retries at the time that the tap told; where it told none, the task's own delay holds."""

    def evaluate(self, exception, try_number, max_tries, context=None):
        frees_at = getattr(exception, "frees_at", None)
        if frees_at is None:
            return RetryDecision.default()
        wait = max(frees_at - datetime.now(timezone.utc), timedelta())
        return RetryDecision.retry(delay=wait, reason=f"the limit frees at {frees_at}")


def keep(printed, state):
    """Replaces the state by the last one that the target printed, if it printed any."""
    if not printed.exists():
        return
    # What stands after the last newline is the beginning of a line that was cut off.
    lines = [line for line in printed.read_text().split("\n")[:-1] if line.strip()]
    if lines:
        beside = state.with_suffix(".new")
        beside.write_text(lines[-1])
        beside.replace(state)
    printed.unlink()


def run(tap, target, env, printed):
    """Runs `tap | target > printed`: the codes of both, and when a rate limit frees if one was met."""
    told, tell = os.pipe()
    # In sessions of their own, so that a signal for the task reaches none by itself: only the tap
    # is stopped, and the target stores all that it was given and prints the state of it.
    common = {"cwd": HOME, "env": os.environ | env, "stderr": tell, "start_new_session": True}
    with printed.open("w") as states:
        source = subprocess.Popen(tap, stdout=subprocess.PIPE, **common)
        signal.signal(signal.SIGTERM, lambda *_: source.terminate())
        sink = subprocess.Popen(target, stdin=source.stdout, stdout=states, **common)
    source.stdout.close()
    os.close(tell)

    frees_at = None
    with open(told, errors="replace") as lines:
        for line in lines:
            log.log(LEVELS.get(line.split(" ")[0], logging.INFO), line.rstrip())
            if found := FREES_AT.search(line):
                frees_at = datetime.fromisoformat(f"{found[1]}+00:00")
    return shell_code(source.wait()), shell_code(sink.wait()), frees_at


def shell_code(code):
    """A process that died of a signal, as shells say it: 143 for SIGTERM."""
    return code if code >= 0 else 128 - code


@dag(
    schedule="@hourly",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    # Two runs with the same state would read the same records twice.
    max_active_runs=1,
    default_args=RETRIES,
)
def singer_taps():
    @task(retry_policy=WhenItFrees())
    def sync(tap, target, secret):
        home = HOME / tap
        state, printed = home / "state.json", home / "printed.jsonl"
        # A worker that was killed left it there.
        keep(printed, state)

        command = [tap, "--config", str(home / "config.json")]
        for option in ("catalog", "state"):
            if (file := home / f"{option}.json").exists():
                command += [f"--{option}", str(file)]
        into = [target, "--config", str(HOME / f"{target}.json")]
        env = {secret: Connection.get(tap.replace("-", "_")).password}
        code, target_code, frees_at = run(command, into, env, printed)
        # However they ended: what the target printed is stored.
        keep(printed, state)

        if target_code != 0:
            raise AirflowFailException(f"{target} ended with {target_code}, {tap} with {code}")
        if code in WORTH_A_RETRY:
            raise TryAgain(f"{tap} ended with {code}", frees_at)
        if code != 0:
            raise AirflowFailException(f"{tap} ended with {code}")

    for tap, target, secret in PIPES:
        sync.override(task_id=tap)(tap, target, secret)


singer_taps()
