"""Plays a scenario: the account lives, and runs of the tap bring it into a target."""

import json
import subprocess
from dataclasses import dataclass, field

from feed import feed
from pipe import environment, told
from scenario import DAY, HOUR, Days, Hours, Run
from stripe import KEY, Stripe

# What the tap says when it could not read everything, but all that could be read is safe.
PARTIAL = {3, 4, 6}
# How late an event may show, and how long it is to be had for sure, in seconds.
LATE, KEPT = 300, 30 * DAY - 12 * HOUR


@dataclass
class Played:
    """What came of it, as far as the comparison needs it."""

    # Catalog entries by stream.
    catalog: dict = field(default_factory=dict)
    # When runs began that read everything, in seconds of the epoch.
    read_at: list = field(default_factory=list)
    # Events by account and id that there were before and after such a run.
    events: dict = field(default_factory=dict)
    runs: int = 0
    kills: int = 0


class Play:
    """One scenario with one target. Use as a context: the server ends with it."""

    def __init__(self, scenario, target, home, tap, mock_api):
        self.scenario, self.target, self.home, self.tap = scenario, target, home, tap
        home.mkdir(parents=True, exist_ok=True)
        self.stripe = Stripe(mock_api, **scenario.world)
        # The accounts that are read; `None` is the platform, not named.
        self.accounts = self.stripe.accounts() if scenario.reads_connected else [None]
        self.state, self.played = None, Played()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stripe.stop()

    def through(self):
        """Plays all steps."""
        self._write("tap.json", self._config({}))
        found = subprocess.run(
            [str(self.tap), "--config", "tap.json", "--discover"],
            cwd=self.home,
            env=environment(),
            capture_output=True,
            check=True,
        )
        entries = json.loads(found.stdout)["streams"]
        self.played.catalog = {
            entry["stream"]: entry for entry in entries if entry["stream"] in self.scenario.streams
        }
        for step in self.scenario.steps:
            match step:
                case Days():
                    self.stripe.live(step.days)
                case Hours():
                    self._pass(step)
                case Run():
                    self._run(step)
        return self.played

    def _pass(self, hours):
        for change in hours.changes:
            self.stripe.advance(change.after)
            query = dict(change.query)
            account = self.accounts[query.pop("account", 0)]
            self.stripe.change(change.action, account, resource=change.resource, **query)
        self.stripe.advance(hours.rest)

    def _config(self, settings):
        config = {
            "client_secret": KEY,
            "api_url_base": self.stripe.url,
            "emit_activate_version_messages": True,
            **self.scenario.settings,
            **settings,
        }
        return config | ({"accounts": self.accounts} if self.scenario.reads_connected else {})

    def _run(self, run):
        played = self.played
        played.runs += 1
        began = self.stripe.now()
        before = self._events(began)
        self.stripe.set_faults(run.faults)
        self._write("tap.json", self._config(run.settings))
        command = [str(self.tap), "--config", "tap.json"]
        command += [word for stream in self.scenario.streams for word in ("--select", stream)]
        if self.state is not None:
            command += ["--state", self._write(f"state-{played.runs}.json", self.state)]
        log = self.home / f"tap-{played.runs}.log"
        fed = feed(command, log, self.target.open(), run.kill)
        self.stripe.set_faults([])
        if fed.echoed:
            self.state = fed.echoed[-1]
        if fed.is_killed:
            played.kills += 1
        elif not (run.may_fail and fed.code in PARTIAL):
            assert fed.code == 0, f"run {played.runs} exited {fed.code}:\n{told(fed.told)}"
            assert fed.echoed, f"run {played.runs} gave no state back"
            played.read_at.append(began)
            played.events |= before

    def _events(self, now):
        """What is listed of events that this run is the first to read, and not about to go."""
        if "events" not in self.scenario.streams:
            return {}
        read = self.played.read_at[-1] if self.played.read_at else 0
        since = max(read - LATE, now - KEPT)
        return {
            (account, event["id"]): event
            for account in self.accounts
            for event in self.stripe.events(since, account)
        }

    def _write(self, name, value):
        (self.home / name).write_text(json.dumps(value), encoding="utf-8")
        return name
