"""Singer taps in Airflow 3.3: a task for each, state kept between runs, retries by exit code."""

import fcntl
import json
import logging
import os
import re
import shutil
import signal
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from subprocess import PIPE, Popen

from airflow.sdk import Connection, RetryDecision, RetryPolicy, dag, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowNotFoundException

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


@contextmanager
def alone(home):
    """Holds a lock that the tap and the target inherit: no other run begins as long as one of them lives."""
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise TryAgain(f"another run with the state in {home} has not ended") from None
        yield lock.fileno()


def last_state(printed):
    """The last state among lines; one that was cut off, or says something else, is none."""
    for line in reversed(printed.read_text(errors="replace").splitlines()):
        try:
            state = json.loads(line)
        except ValueError:
            continue
        if isinstance(state, dict) and "bookmarks" in state:
            return line
    return None


def keep(printed, state):
    """Replaces the state by the last one that the target printed, if it printed any."""
    if not printed.exists():
        return
    if line := last_state(printed):
        beside = state.with_suffix(".new")
        with beside.open("w") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(state)
    printed.unlink()


def run(tap, target, secret, printed, lock):
    """Runs `tap | target > printed`: the codes of both, and when a rate limit frees if one was met."""
    told, tell = os.pipe()
    # In sessions of their own, so that a signal for the task reaches none by itself: only the tap
    # is stopped, and the target stores all that it was given and prints the state of it.
    common = {"cwd": HOME, "stderr": tell, "start_new_session": True, "pass_fds": [lock]}
    with (
        open(told, errors="replace") as lines,
        printed.open("w") as states,
        Popen(tap, stdout=PIPE, env=os.environ | secret, **common) as source,
        Popen(target, stdin=source.stdout, stdout=states, **common) as sink,
    ):
        signal.signal(signal.SIGTERM, lambda *_: source.terminate())
        source.stdout.close()
        os.close(tell)
        try:
            frees_at = log_all(lines)
        except BaseException:
            # A timeout of the task, or Ctrl-C.
            source.terminate()
            log_all(lines)
            raise
    return shell_code(source.returncode), shell_code(sink.returncode), frees_at


def log_all(lines):
    """Passes lines on to the task's log; gives when a rate limit frees if one of them says so."""
    frees_at = None
    for line in lines:
        log.log(LEVELS.get(line.split(" ")[0], logging.INFO), line.rstrip())
        if found := FREES_AT.search(line):
            frees_at = datetime.fromisoformat(f"{found[1]}+00:00")
    return frees_at


def shell_code(code):
    """A process that died of a signal, as shells say it: 143 for SIGTERM."""
    return code if code >= 0 else 128 - code


def password(connection):
    """The password of a connection."""
    try:
        found = Connection.get(connection).password
    except AirflowNotFoundException as error:
        raise AirflowFailException(str(error)) from None
    if not found:
        raise AirflowFailException(f"the connection `{connection}` has no password")
    return found


@dag(
    schedule="@hourly",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    # Two runs with the same state would read the same records twice. A backfill has limits of its own.
    max_active_runs=1,
    default_args=RETRIES,
)
def singer_taps():
    @task(retry_policy=WhenItFrees(), max_active_tis_per_dag=1)
    def sync(tap, target, variable):
        home = HOME / tap
        secret = {variable: password(tap.replace("-", "_"))}
        for program in (tap, target):
            if shutil.which(program) is None:
                raise AirflowFailException(f"this worker has no `{program}` on its PATH")

        with alone(home) as lock:
            state, printed = home / "state.json", home / "printed.jsonl"
            # A worker that was killed left it there.
            keep(printed, state)
            command = [tap, "--config", str(home / "config.json")]
            for option in ("catalog", "state"):
                if (file := home / f"{option}.json").exists():
                    command += [f"--{option}", str(file)]
            into = [target, "--config", str(HOME / f"{target}.json")]
            try:
                code, target_code, frees_at = run(command, into, secret, printed, lock)
            finally:
                # However they ended: what the target printed is stored.
                keep(printed, state)

        if target_code != 0:
            raise AirflowFailException(f"{target} ended with {target_code}, {tap} with {code}")
        if code in WORTH_A_RETRY:
            raise TryAgain(f"{tap} ended with {code}", frees_at)
        if code != 0:
            raise AirflowFailException(f"{tap} ended with {code}")

    for tap, target, variable in PIPES:
        sync.override(task_id=tap)(tap, target, variable)


singer_taps()
