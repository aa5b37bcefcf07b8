"""The example DAG in an Airflow of its own, which runs it for real."""

import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipe import environment

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "airflow"
DAG = "singer_taps"
LIMIT_SECONDS = 180
# What the example waits before a retry, and what a test has the time for.
DELAY, SHORT = '"retry_delay": timedelta(minutes=2)', '"retry_delay": timedelta(seconds=1)'
SETTINGS = {
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
}
SECRETS = {"tap-github": "ghp_of_the_test", "tap-stripe": "sk_live_of_the_test"}
VARIABLES = {"GITHUB_TOKEN": SECRETS["tap-github"], "STRIPE_SECRET_KEY": SECRETS["tap-stripe"]}


@dataclass(frozen=True)
class Try:
    """A try of a task: how it ended, when it began and ended, and why it is retried if that was told."""

    state: str
    begin: datetime | None
    end: datetime | None
    reason: str | None


class Airflow:
    """An Airflow home with the example DAG, the example's configs, and what its tasks run."""

    def __init__(self, home, program, programs, database=None):
        self.home, self.program, self.singer = home, program, home / "singer"
        self.database = home / "airflow.db"
        self.secrets, self.settings = dict(SECRETS), dict(SETTINGS)
        (home / "dags").mkdir(parents=True)
        text = (EXAMPLE / "singer_taps.py").read_text()
        assert text.count(DELAY) == 1, f"the example does not say `{DELAY}`"
        (home / "dags" / "singer_taps.py").write_text(text.replace(DELAY, SHORT))
        shutil.copytree(EXAMPLE / "singer", self.singer)
        (home / "bin").mkdir()
        for one in programs:
            (home / "bin" / one.name).symlink_to(one)
        if database:
            shutil.copy(database, self.database)

    def configure(self, file, **settings):
        """Changes settings of an example's config."""
        path = self.singer / file
        path.write_text(json.dumps(json.loads(path.read_text()) | settings))

    def select(self, tap, streams):
        """Gives a tap a catalog in which these streams are selected."""
        folder = self.singer / tap
        chosen = [part for stream in streams for part in ("--select", stream)]
        command = [str(self.home / "bin" / tap), "--config", "config.json", *chosen, "--discover"]
        env = environment() | VARIABLES
        catalog = subprocess.run(command, cwd=folder, env=env, capture_output=True, check=True)
        (folder / "catalog.json").write_bytes(catalog.stdout)

    def replace_target(self, script):
        """Another program in the place of the target."""
        target = self.home / "bin" / "target-jsonl"
        target.unlink()
        target.write_text(f"#!/bin/sh\n{script}\n")
        target.chmod(0o755)

    def state(self, tap):
        """The state that is kept, if any is."""
        path = self.singer / tap / "state.json"
        return json.loads(path.read_text()) if path.exists() else None

    def records(self, stream):
        """What the target has of a stream, in the order in which it came."""
        path = self.singer / "lines" / f"{stream}.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def start(self, *command):
        """A process of Airflow, in a group of its own with all that it starts and does not set apart."""
        home = {
            "AIRFLOW_HOME": str(self.home),
            "SINGER_HOME": str(self.singer),
            "PATH": f"{self.home / 'bin'}{os.pathsep}{os.environ['PATH']}",
        }
        connections = {
            f"AIRFLOW_CONN_{tap.upper().replace('-', '_')}": json.dumps({"conn_type": "generic", "password": secret})
            for tap, secret in self.secrets.items()
        }
        self.log = self.home / "airflow.log"
        with self.log.open("w") as log:
            return subprocess.Popen(
                [str(self.program), *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=environment() | self.settings | home | connections,
            )

    def wait(self, process):
        """The exit code, and what was told."""
        try:
            code = process.wait(timeout=LIMIT_SECONDS)
        finally:
            process.kill()
        return code, self.log.read_text(errors="replace")

    def migrate(self):
        code, told = self.wait(self.start("db", "migrate"))
        assert code == 0, told[-4000:]
        return self.database

    def run(self, while_it_runs=lambda process: None):
        """Runs the DAG once, with its retries; gives the tries of each task, and what was told."""
        process = self.start("dags", "test", DAG)
        try:
            while_it_runs(process)
        finally:
            _, told = self.wait(process)
        return self.tries(), told

    def tries(self):
        """Task → its tries in the last run."""
        columns = "task_id, try_number, state, start_date, end_date, retry_reason"
        tables = ("task_instance_history", "task_instance")
        tries = " UNION ".join(
            f"SELECT {columns} FROM {table} WHERE run_id = (SELECT run_id FROM dag_run ORDER BY id DESC LIMIT 1)"
            for table in tables
        )
        with closing(sqlite3.connect(self.database)) as database:
            rows = database.execute(f"{tries} ORDER BY task_id, try_number").fetchall()
        found = {}
        for task, _, state, begin, end, reason in rows:
            begin, end = (at and datetime.fromisoformat(f"{at}+00:00") for at in (begin, end))
            found.setdefault(task, []).append(Try(state, begin, end, reason))
        return found
