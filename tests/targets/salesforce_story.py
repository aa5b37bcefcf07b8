"""An org of which two taps tell: singer-io's tap-salesforce, and ours beside it and then in its place."""

from dataclasses import dataclass, field

from conftest import ROOT
from peer import Output, discovered, of_stream
from pipe import Pipe
from salesforce import CLIENT

# The settings of a project that ran the peer, unchanged. It does not know `instance_url`.
SETTINGS = CLIENT | {
    "start_date": "2020-01-01T00:00:00Z",
    "api_type": "REST",
    "is_sandbox": "false",
    "select_fields_by_default": "true",
    "quota_percent_per_run": "25",
    "quota_percent_total": "80",
    "lookback_window": "600",
}
LAUNCHER = ROOT / "benches/peers/singer_io_salesforce.py"
# The peer finds nothing at all where a field has a type that it does not know. Here it is a known one.
NO_NEW_TYPE = {
    "match": {"path": "/services/data/**"},
    "fault": {"kind": "replace", "find": '"type":"hologram"', "with": '"type":"string"'},
}
# Objects whose records are changed between two runs, and those whose records can be deleted.
CHANGING = ["Account", "Contact", "Opportunity", "Gizmo__c", "Plain__c", "Task", "User", "LoginHistory"]
DELETABLE = ["Account", "Contact", "Opportunity", "Gizmo__c", "Plain__c", "Task"]


@dataclass
class Story:
    """Both taps before and after changes, and ours in the place of the other."""

    theirs: list
    ours: list
    handed_over: Output = None
    deleted: dict = None
    # What queries showed when it was over: object → records.
    truth: dict = field(default_factory=dict)


def program(folder, venvs):
    """The peer as a program that knows the server of the test."""
    path = folder / "tap-salesforce"
    path.write_text(f'#!/bin/sh\nexec {venvs}/peer-salesforce/bin/python {LAUNCHER} "$@"\n')
    path.chmod(0o755)
    return path


def chosen(catalog):
    """The peer's catalog as a project keeps it: every stream, by its replication key where it has one."""
    for entry in catalog["streams"]:
        told = of_stream(entry)
        keys = told.get("valid-replication-keys")
        told["replication-method"] = "INCREMENTAL" if keys else "FULL_TABLE"
        if keys:
            told["replication-key"] = keys[0]
    return catalog


def play(source, home, peer, tap):
    """What comes of both taps on an org, before and after it changes."""
    config = SETTINGS | {"instance_url": source.url}

    def run(name, program, **options):
        return Output(home / name, program, config, lambda stream: True, **options)

    source.set_faults([NO_NEW_TYPE])
    catalog = chosen(discovered(Pipe(home / "found", peer, config, ""), lambda stream: True))
    first = run("theirs-1", peer, catalog=catalog)
    story = Story([first], [run("ours-1", tap)])
    source.advance(3600)
    story.deleted = change(source)
    source.advance(3600)
    story.theirs.append(run("theirs-2", peer, catalog=catalog, state=first.state))
    story.ours.append(run("ours-2", tap, state=story.ours[0].state))
    story.handed_over = run("handed-over", tap, catalog=catalog, state=first.state)
    story.truth = {name: source.truth(name) for name in first.streams}
    return story


def change(source):
    """Changes, makes and deletes some of everything; gives the ids of what is deleted, by object."""
    deleted = {}
    for name in CHANGING:
        source.change("touch", name, count=3)
        source.change("create", name, count=2)
    for name in DELETABLE:
        deleted[name] = source.change("delete", name, count=2)
    source.change("undelete", "Account", id=deleted["Account"].pop())
    return deleted
