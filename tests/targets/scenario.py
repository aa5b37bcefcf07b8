"""A scenario by its seed: an account, and what happens to it and to the runs that read it."""

import random
from dataclasses import dataclass, field

from feed import Kill

DAY, HOUR = 86_400, 3_600
DAYS = 90
# Days between two runs: events are kept for 30.
PAUSES = [1, 29, 29, 31, 31, 45]
MOST_HOURS = 2

# The streams of singer-io's tap-stripe, and others that are read when nobody says anything about them.
FAMILIES = [
    ["balance_transactions", "payout_transactions", "payouts"],
    ["charges", "disputes", "refunds"],
    ["checkout_session_line_items", "checkout_sessions"],
    ["coupons", "promotion_codes"],
    ["credit_note_line_items", "credit_notes"],
    ["customers", "tax_ids"],
    ["early_fraud_warnings", "reviews", "tax_rates"],
    ["invoice_items", "invoice_line_items", "invoices"],
    ["payment_intents", "setup_intents"],
    ["payment_links", "quotes"],
    ["plans", "prices", "products"],
    ["subscription_items", "subscription_schedules", "subscriptions"],
    ["top_ups", "transfer_reversals", "transfers"],
]
# So many of them are not read in a scenario, others in each.
LEFT_OUT = 5
# One more of these is; the first is as large as all others.
MORE = [
    "events",
    "bank_accounts",
    "billing_meters",
    "customer_balance_transactions",
    "discounts",
    "file_links",
    "invoice_payments",
    "issuing_authorizations",
    "issuing_cardholders",
    "issuing_cards",
    "issuing_disputes",
    "issuing_transactions",
    "payment_link_line_items",
    "payment_methods",
    "quote_line_items",
    "shipping_rates",
]
DELETABLE = ["coupons", "customers", "invoice_items", "invoices", "plans", "prices", "products", "tax_ids"]
CHANGEABLE = [
    *DELETABLE,
    "charges",
    "credit_notes",
    "disputes",
    "payouts",
    "promotion_codes",
    "refunds",
    "subscriptions",
    "transfers",
]
WITH_ITEMS = ["checkout_sessions", "credit_notes", "invoices", "subscriptions", "transfers"]
# Rows at first; a few lists need more than a page.
ROWS = {
    "charges": 110,
    "customers": 15,
    "invoices": 12,
    "subscriptions": 8,
}
OTHER_ROWS = {
    "balance_transactions": 110,
    "checkout_sessions": 10,
    "coupons": 8,
    "credit_notes": 8,
    "disputes": 8,
    "invoice_items": 15,
    "payment_intents": 20,
    "payment_links": 5,
    "payouts": 5,
    "plans": 8,
    "prices": 8,
    "products": 8,
    "promotion_codes": 8,
    "quotes": 5,
    "setup_intents": 8,
    "subscription_schedules": 8,
    "top_ups": 8,
    "transfers": 8,
}


@dataclass(frozen=True)
class Change:
    """So many objects of a resource are made, changed or deleted, seconds after the change before."""

    after: int
    action: str
    resource: str
    query: dict

    def __str__(self):
        query = "".join(f" {name}={value}" for name, value in self.query.items())
        return f"{self.after} s, {self.action} {self.resource}{query}"


@dataclass(frozen=True)
class Hours:
    """Less than a day, in which little happens, and then nothing for so many seconds."""

    changes: list
    rest: int

    def __str__(self):
        return "; ".join([*map(str, self.changes), f"{self.rest} s"])


@dataclass(frozen=True)
class Days:
    """Days of ordinary life."""

    days: int

    def __str__(self):
        return f"{self.days} days"


@dataclass(frozen=True)
class Run:
    """A run of the tap from the newest state that the target gave back."""

    settings: dict = field(default_factory=dict)
    kill: Kill | None = None
    faults: list = field(default_factory=list)
    # Whether it may end before it has read everything.
    may_fail: bool = False

    def __str__(self):
        faults = f", faults {self.faults}" if self.faults else ""
        kill = f", {self.kill}" if self.kill else ""
        return f"run {self.settings}{faults}{kill}"


class Scenario:
    """What its seed makes of it; the same seed makes the same of it again."""

    def __init__(self, seed):
        self.seed, dice = seed, random.Random(seed)
        connected = dice.choice([0, 0, 0, 2])
        self.world = {
            **ROWS,
            "rows": OTHER_ROWS,
            "seed": seed,
            "date": "2026-01-01T00:00:00Z",
            "history": dice.choice([20, 100, 400]),
            "still": dice.random() < 0.5,
            "accounts": connected,
            # Events of an older version have to be asked for.
            "api_version": dice.choice(["2022-11-15", "2022-11-15", "2026-10-28.endive"]),
        }
        self.reads_connected = connected > 0
        self.streams = streams(seed)
        self.settings = {
            "date_window_size": dice.choice([1, 30, 400]),
            "event_date_window_size": dice.choice([0.5, 7, 30]),
        }
        self.steps = [*self._steps(dice), *QUIET]

    def __str__(self):
        lines = [f"seed {self.seed}: {self.world}", f"settings {self.settings}", f"streams {self.streams}"]
        return "\n".join([*lines, *(f"{at}. {step}" for at, step in enumerate(self.steps))])

    def _steps(self, dice):
        yield self._run(dice)
        days = hours = 0
        while days < DAYS:
            if hours < MOST_HOURS and dice.random() < 0.4:
                hours += 1
                yield self._hours(dice)
            else:
                days += (pause := dice.choice(PAUSES))
                yield Days(pause)
            run = self._run(dice)
            yield run
            if run.kill and dice.random() < 0.3:
                # Again at once.
                yield self._run(dice)

    def _hours(self, dice):
        changes = []
        for _ in range(dice.randint(3, 12)):
            action = dice.choice(["create", "touch", "touch", "delete"])
            resource = dice.choice(DELETABLE if action == "delete" else CHANGEABLE)
            query = {"count": dice.randint(1, 3), "late": dice.choice([0, 0, dice.randint(1, 240)])}
            if action == "create" and resource in WITH_ITEMS:
                query["children"] = dice.choice([0, 10, 11, 250])
            if self.reads_connected:
                query["account"] = dice.randint(0, 1)
            # Often in the second of the one before.
            after = dice.choice([0, dice.randint(1, 600), dice.randint(600, HOUR)])
            changes.append(Change(after, action, resource, query))
        return Hours(changes, dice.choice([0, 1, 60, 300, HOUR]))

    def _run(self, dice):
        settings = {"concurrency": dice.choice([1, 8])}
        fate = dice.random()
        if fate < 0.45:
            return Run(settings, kill=self._kill(dice))
        if fate < 0.55:
            refused = {"path": f"/v1/{dice.choice(['charges', 'customers', 'events', 'invoices'])}"}
            rule = {"match": refused, "from": dice.randint(1, 4), "fault": {"kind": "status", "status": 403}}
            return Run(settings, faults=[rule], may_fail=True)
        if fate < 0.8:
            return Run(settings, faults=self._faults(dice))
        return Run(settings)

    def _kill(self, dice):
        unit = dice.choice(["bytes", "bytes", "lines", "seconds"])
        after = {
            "bytes": int(10 ** dice.uniform(2, 6.5)),
            "lines": int(10 ** dice.uniform(0, 4)),
            "seconds": round(10 ** dice.uniform(-1, 1), 2),
        }
        return Kill(dice.random() < 0.5, after[unit], unit)

    def _faults(self, dice):
        """Each at one request; a change of the data after an answer is one of them."""
        faults = [
            {"kind": "status", "status": 502},
            {"kind": "status", "status": 429, "headers": {"retry-after": "1"}},
            {"kind": "cut", "at": dice.randint(1, 2_000)},
            {"kind": "reset"},
            {"kind": "html"},
        ]
        at = dice.sample(range(2, 80), dice.randint(1, 3))
        rules = [{"nth": nth, "fault": dice.choice(faults)} for nth in at]
        for _ in range(dice.randint(0, 4)):
            action = dice.choice(["create", "touch", "delete"])
            resource = dice.choice(DELETABLE if action == "delete" else CHANGEABLE)
            change = {"kind": "change", "action": action, "query": f"resource={resource}&count=1"}
            rules.append({"nth": dice.randint(2, 120), "fault": change})
        return rules


# In the end, runs without trouble: all that shows late has shown, and nothing else happens.
QUIET = [Hours([], HOUR), Run({"concurrency": 8}), Hours([], HOUR), Run({"concurrency": 1})]


def streams(seed):
    """What is read: all families in turn, so that a few seeds read everything."""
    out = [(seed * LEFT_OUT + at) % len(FAMILIES) for at in range(LEFT_OUT)]
    read = [name for at, family in enumerate(FAMILIES) if at not in out for name in family]
    return [*read, MORE[0] if seed % 4 == 1 else MORE[1 + seed % (len(MORE) - 1)]]
