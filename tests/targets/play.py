"""Plays a scenario: the account lives, and runs of the tap bring it into a target."""

from dataclasses import dataclass, field

from pipe import told
from project import Project
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
        self.scenario, self.target = scenario, target
        self.project = Project(home, tap, target, scenario.streams)
        self.stripe = Stripe(mock_api, **scenario.world)
        # The accounts that are read; `None` is the platform, not named.
        self.accounts = self.stripe.accounts() if scenario.reads_connected else [None]
        self.played = Played()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stripe.stop()

    def through(self):
        """Plays all steps."""
        self.played.catalog = self.project.discover(self._config({}))
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
        fed = self.project.run(self._config(run.settings), run.kill)
        self.stripe.set_faults([])
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
