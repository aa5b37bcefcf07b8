"""An account of which two taps tell: singer-io's tap-stripe, and ours beside it and then in its place."""

import json
from dataclasses import dataclass, field

from conftest import ROOT
from peer import Output

# The settings of a project that ran the peer, unchanged. It does not know `api_url_base`.
SETTINGS = {
    "client_secret": "sk_live_of_the_project",
    "start_date": "2026-01-01T00:00:00Z",
    "date_window_size": "30",
    "event_date_window_size": "30",
    "lookback_window": "600",
    "request_timeout": "300",
    "user_agent": "a-project",
    "whitelist_map": "{}",
}
LAUNCHER = ROOT / "benches/peers/singer_io_stripe.py"

# What is changed between two runs: streams with events, those whose objects can be deleted, and the
# nested lists of those that are made.
CHANGING = [
    *("charges", "customers", "plans", "payment_intents", "invoices", "invoice_items"),
    *("transfers", "coupons", "subscriptions", "payouts", "disputes", "products"),
]
DELETABLE = ["customers", "plans", "invoice_items", "coupons", "products"]
CHILDREN = {"invoices": 250, "subscriptions": 11, "transfers": 10}


@dataclass
class Story:
    """Both taps before and after changes, and ours in the place of the other."""

    theirs: list
    ours: list
    handed_over: Output = None
    requests: list = None
    deleted: dict = None
    truth: dict = field(default_factory=dict)


def program(folder, venvs):
    """The peer as a program that knows the server of the test."""
    path = folder / "tap-stripe"
    path.write_text(f'#!/bin/sh\nexec {venvs}/peer-stripe/bin/python {LAUNCHER} "$@"\n')
    path.chmod(0o755)
    return path


def play(source, account, home, peer, tap):
    """What comes of both taps on an account, before and after it changes."""
    config = SETTINGS | {"account_id": account, "api_url_base": source.url}

    def run(name, program, selected, **options):
        return Output(home / name, program, config, selected, **options)

    first = run("theirs-1", peer, lambda stream: True)
    is_theirs = first.streams.__contains__
    story = Story([first], [run("ours-1", tap, is_theirs)])
    source.advance(60)
    story.deleted = change(source, account)
    source.advance(3600)
    story.theirs.append(run("theirs-2", peer, is_theirs, state=first.state))
    story.ours.append(run("ours-2", tap, is_theirs, state=story.ours[0].state))
    source.call("/_mock/requests", reset=1)
    story.handed_over = run("handed-over", tap, is_theirs, catalog=first.catalog, state=first.state)
    story.requests = json.loads(source.call("/_mock/requests"))["last"]
    listed = first.streams.keys() - {"events"}
    story.truth = {stream: source.truth(stream, account, deleted=True) for stream in listed}
    story.truth["events"] = source.events(0, account)
    # Stripe tells only of those that are automatic what they are made of.
    automatic = {payout["id"] for payout in story.truth["payouts"] if payout["automatic"]}
    of_payouts = story.truth["payout_transactions"]
    story.truth["payout_transactions"] = [one for one in of_payouts if one["payout_id"] in automatic]
    return story


def change(source, account):
    """Touches, makes and deletes some of everything; gives the ids of what is deleted, by stream."""
    deleted = {}
    for stream in CHANGING:
        source.change("touch", account, resource=stream, count=3)
        lists = {"children": CHILDREN[stream]} if stream in CHILDREN else {}
        source.change("create", account, resource=stream, count=2, **lists)
    for stream in DELETABLE:
        deleted[stream] = source.change("delete", account, resource=stream, count=2)
    # Of invoices only drafts can be.
    invoices = source.truth("invoices", account)
    drafts = [one["id"] for one in invoices if one["status"] == "draft" and one["lines"]["data"]]
    deleted["invoices"] = drafts[:2]
    for draft in deleted["invoices"]:
        source.change("delete", account, resource="invoices", id=draft)
    return deleted
