"""Plays a scenario: the org changes, and runs of the tap bring it into a target."""

from dataclasses import dataclass, field

from pipe import told
from project import Project
from salesforce import CLIENT, Salesforce
from salesforce_compare import Comparison
from scenario import Days, Hours, Run

# What the tap says when it could not read everything, but all that could be read is safe.
PARTIAL = {4, 6}
# What it tells of a job that came to nothing, as it was to.
TOLD_OF_JOBS = ("ended as Failed", "ended as Aborted")


@dataclass
class Played:
    """What came of it, as far as the comparison needs it."""

    # Catalog entries by stream.
    catalog: dict = field(default_factory=dict)
    runs: int = 0
    kills: int = 0


class Play:
    """One scenario with one target. Use as a context: the server ends with it."""

    def __init__(self, scenario, target, home, tap, mock_api):
        self.scenario, self.target = scenario, target
        self.project = Project(home, tap, target, scenario.streams)
        self.source = Salesforce(mock_api, **scenario.world)
        self.played = Played()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.source.stop()

    def through(self):
        """Plays all steps."""
        self.played.catalog = self.project.discover(self._config({}))
        for step in self.scenario.steps:
            match step:
                case Days():
                    self.source.admin("live", days=step.days)
                case Hours():
                    self._pass(step)
                case Run():
                    self._run(step)
        return self.played

    def _pass(self, hours):
        for change in hours.changes:
            self.source.advance(change.after)
            self.source.change(change.action, change.resource, **change.query)
        self.source.advance(hours.rest)

    def _config(self, settings):
        of_all = CLIENT | {"instance_url": self.source.url, "emit_activate_version_messages": True}
        return of_all | self.scenario.settings | settings

    def _run(self, run):
        played = self.played
        played.runs += 1
        self.source.set_faults(run.faults)
        fed = self.project.run(self._config(run.settings), run.kill)
        self.source.set_faults([])
        if fed.is_killed:
            played.kills += 1
        elif not (fed.code in PARTIAL and any(job in fed.told for job in TOLD_OF_JOBS)):
            assert fed.code == 0, f"run {played.runs} exited {fed.code}:\n{told(fed.told)}"
            assert fed.echoed, f"run {played.runs} gave no state back"


def compare(play):
    """What the target of a played scenario holds, beside the org."""
    are_purges_told = play.scenario.settings.get("emit_key_only_deletes", False)
    return Comparison(play.source, play.target, play.played.catalog, are_purges_told)
