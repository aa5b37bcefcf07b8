"""A scenario by its seed: an org, and what happens to it and to the runs that read it."""

import json
import random

from feed import Kill
from scenario import DAY, HOUR, Change, Days, Hours, Run, Scenario

# How late a record may show so that nothing is lost: the tap's lag, and the lookback that is set by default.
LAG, LOOKBACK = 300, 600
LATEST = LAG + LOOKBACK - 1
RUNS = 7
API_TYPES = ["REST", "BULK2", "AUTO"]
# Rows from which on AUTO reads by Bulk.
MANY = 10_000
# Objects with and without deletions, without a replication key, of its own one, and such as Bulk cannot read.
STREAMS = [
    *("Account", "Attachment", "Contact", "Gizmo__c", "LoginHistory"),
    *("Opportunity", "Plain__c", "Task", "TaskStatus", "User"),
]
CHANGEABLE = ["Account", "Contact", "Gizmo__c", "Opportunity", "Plain__c", "Task", "User"]
DELETABLE = ["Account", "Contact", "Gizmo__c", "Opportunity", "Plain__c", "Task"]
ACTIONS = ["create", "touch", "touch", "touch", "delete", "undelete", "purge"]
# A page of a query, one of a job, and how many rows change in the same second, unless that is 1.
PAGE, BULK_PAGE, TIES = 100, 90, 120
# Rows of a query that takes too long: more than change in the same second.
TIMEOUT = 400
# Seconds between two runs: less than the lag, than lag and lookback, and more; but deletions are told for 15 days.
PAUSES = [0, 1, 60, 290, 310, 600, 899, 901, HOUR, DAY, 3 * DAY]
# All but the login.
API = {"path": "/services/data/**"}
# What goes on behind the back of a run.
BEHIND = ["expire", "expire_cursors", "lose_locators"]


class Org(Scenario):
    """What its seed makes of it; the same seed makes the same of it again."""

    def __init__(self, seed):
        self.seed, dice = seed, random.Random(seed)
        self.api_type = API_TYPES[seed % len(API_TYPES)]
        self.settings = {"api_type": self.api_type, "emit_key_only_deletes": dice.random() < 0.5}
        # Every second time that AUTO has its choice it takes Bulk for one object.
        has_many = self.api_type == "AUTO" and seed % 2 == 1
        sessions = [{}, {"session_requests": dice.randint(15, 40)}, {"session_seconds": 900}]
        self.world = {
            "seed": seed,
            "now": "2026-01-01T00:00:00Z",
            "still": dice.random() < 0.5,
            "accounts": 500,
            "contacts": 450,
            "opportunities": MANY + 300 if has_many else 120,
            "page": 2_000 if has_many else PAGE,
            "ties": dice.choice([1, TIES]),
            "late": dice.choice([0, LATEST]),
            "bulk_page": BULK_PAGE if not has_many else 3_000,
            "bulk_order": dice.choice(["mixed", "descending"]),
            "bulk_columns": dice.choice(["asked", "shuffled"]),
            "job_polls": dice.choice([0, 0, 1]),
            "session_400": dice.random() < 0.5,
            **dice.choice(sessions),
            **dice.choice([{}, {"cursor_requests": dice.randint(2, 6)}]),
            **dice.choice([{}, {"query_timeout": TIMEOUT}] if self.api_type == "REST" else [{}]),
            **dice.choice([{}, {"fail_job": dice.randint(1, 12)}, {"abort_job": dice.randint(1, 12)}]),
        }
        left_out = dice.sample([name for name in STREAMS if name != "Opportunity"], 4)
        self.streams = [name for name in STREAMS if name not in left_out]
        self.steps = [*self._steps(dice), *QUIET]

    def _steps(self, dice):
        for _ in range(RUNS):
            run = self._run(dice)
            yield run
            if run.kill and dice.random() < 0.3:
                # Again at once.
                continue
            if dice.random() < 0.2:
                yield Days(1)
            yield self._hours(dice)

    def _hours(self, dice):
        changes = [self._change(dice, dice.choice(ACTIONS)) for _ in range(dice.randint(3, 12))]
        return Hours(changes, dice.choice(PAUSES))

    def _change(self, dice, action):
        object = dice.choice(CHANGEABLE if action in ("create", "touch") else DELETABLE)
        query = {"count": dice.choice([1, 2, 3, 3, TIES])}
        if dice.random() < 0.5:
            # It is saved at one time and seen at another.
            query |= {"late": dice.randint(0, LATEST)}
        elif action not in ("delete", "purge") and dice.random() < 0.3:
            # Lists of deletions tell up to when they are whole: nothing comes into them afterwards.
            query |= {"ago": dice.randint(0, LATEST), "late": 0}
        # Often in the second of the one before.
        return Change(dice.choice([0, 0, 1, dice.randint(1, 600)]), action, object, query)

    def _run(self, dice):
        settings = {"concurrency": dice.choice([1, 8])}
        fate = dice.random()
        if fate < 0.6:
            return Run(settings, kill=self._kill(dice), faults=self._behind(dice))
        return Run(settings, faults=[*self._behind(dice), *(self._faults(dice) if fate < 0.9 else [])])

    def _kill(self, dice):
        unit = dice.choice(["bytes", "lines", "lines", "seconds"])
        after = {
            "bytes": int(10 ** dice.uniform(2, 5.5)),
            "lines": int(10 ** dice.uniform(0, 3)),
            "seconds": round(10 ** dice.uniform(-2, 0), 2),
        }
        return Kill(dice.random() < 0.5, after[unit], unit)

    def _faults(self, dice):
        """Each at one request."""
        text = "ConcurrentRequests (Concurrent API Requests) Limit exceeded."
        limit = {"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": text}
        faults = [
            {"kind": "status", "status": 503},
            {"kind": "status", "status": 500},
            {"kind": "status", "status": 429, "headers": {"retry-after": "1"}},
            {"kind": "status", "status": 403, "body": json.dumps([limit])},
            {"kind": "cut", "at": dice.randint(1, 20_000), "framing": dice.choice(["length", "chunked"])},
            {"kind": "cut", "at": dice.randint(1, 50_000), "framing": "close", "plain": True},
            {"kind": "reset"},
            {"kind": "html"},
        ]
        at = dice.sample(range(2, 30), dice.randint(1, 3))
        return [{"match": API, "nth": nth, "fault": dice.choice(faults)} for nth in at]

    def _behind(self, dice):
        """What happens after some answers: changes of the data, and what the tap held is lost."""
        rules = []
        for _ in range(dice.randint(0, 5)):
            change = self._change(dice, dice.choice(ACTIONS))
            query = "&".join(f"{name}={value}" for name, value in change.query.items())
            rules.append((change.action, f"object={change.resource}&{query}"))
        # Two sessions that end one right after the other are a client that is refused.
        behind = [action for action in BEHIND if not ("session_requests" in self.world and action == "expire")]
        rules += [(action, "") for action in dice.sample(behind, dice.randint(0, 2))]
        return [
            {"nth": dice.randint(2, 30), "fault": {"kind": "change", "action": action, "query": query}}
            for action, query in rules
        ]


# In the end, runs without trouble: all that shows late has shown, and nothing else happens.
QUIET = [Hours([], HOUR), Run({"concurrency": 8}), Hours([], HOUR), Run({"concurrency": 1})]
