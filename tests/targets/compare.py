"""What the tables of a target hold, beside what the account really has.

Compared is every row and every column, in the form of `normal`. The exceptions are in this file:

- `updated` and `updated_by_event_type` are the tap's own.
- What Stripe sends only when it is asked for, and the tap does not ask for (`NOT_ASKED`), is null.
- Of prices, plans and coupons within other objects the id is compared: no event of the other object
  tells that they changed. In streams of their own they are compared whole.
- A deleted row has the time of its event and the content that the event carried: not what has to be asked
  for (`EXPANDED`), the first ten of a list (`CUT`), and in the version of the account, not the tap's. After
  a pause in which its event went away it may be marked at any time, or never have been there.
- Lines of a deleted invoice are marked if they are among the ten that the event carried.
- What is read as a part of customers (`UNTOLD`) is compared while it is there: no deletion is told of it,
  and its rows stay until a list is read anew.
"""

from collections import defaultdict

from normal import differences, fields, instant
from play import KEPT, LATE

DELETED_AT = "_sdc_deleted_at"
DATE_TIME = {"type": ["string", "null"], "format": "date-time"}
OF_THE_TAP = ("updated", "updated_by_event_type")
NOT_ASKED = {
    "coupons": ["applies_to", "currency_options"],
    "customers": ["invoice_credit_balance", "tax"],
    "payment_links": ["line_items"],
    "prices": ["currency_options"],
    "quotes": ["line_items"],
}
WITH_STREAMS = ("coupon", "plan", "price")
EXPANDED = {
    "customers": ["sources", "subscriptions", "tax_ids"],
    "plans": ["tiers"],
    "prices": ["tiers"],
}
CUT = {"invoices": ["lines"]}
# Streams in which a deletion has the time of its event; in others it is seen when a list is read whole.
WITH_TIMES = (
    *("coupons", "customers", "invoice_items", "invoice_line_items", "invoices"),
    *("plans", "prices", "products"),
)
UNTOLD = ("bank_accounts", "tax_ids")
# Rows that are items of their parent's, which the event of its deletion carries: the parent's id.
ITEMS = {"invoice_line_items": "invoice"}
FIRST = 10
# The version in which the truth is told, and records are asked for.
VERSION = "2022-11-15"


class Comparison:
    """Of one played scenario; `lines` are all differences, none if table and truth are equal."""

    def __init__(self, play):
        self.play, self.played, self.lines, self.compared = play, play.played, [], 0
        self.is_same_version = play.scenario.world["api_version"] == VERSION
        for stream in play.played.catalog:
            if stream == "events":
                self._events()
            else:
                self._stream(stream)

    def _stream(self, stream):
        rows, known = self._rows(stream), set()
        for account in self.play.accounts:
            records = self._truth(stream, account)
            carried = self._carried(stream, records)
            for record in records:
                gone = record.pop("_deleted_at", None)
                their = self._normal(stream, {"stripe_account": account, **record})
                key = self._key(stream, their)
                known.add(key)
                if gone is None:
                    self._alive(stream, key, their, rows.get(key))
                elif key[0] in carried and stream not in UNTOLD:
                    self._deleted(stream, key, their, rows.get(key), gone)
        for key in rows.keys() - known:
            self._tell(stream, key, "is in the table only")

    def _alive(self, stream, key, their, our):
        self.compared += 1
        if our is None:
            self._tell(stream, key, "is missing")
        elif DELETED_AT in our:
            self._tell(stream, key, f"is marked as deleted at {our[DELETED_AT]}")
        else:
            self._equal(stream, key, their, our)

    def _deleted(self, stream, key, their, our, gone):
        self.compared += 1
        is_told, gone = stream in WITH_TIMES and self._is_told(gone), instant(gone)
        if our is None:
            if is_told:
                self._tell(stream, key, f"was deleted at {gone}, and is missing")
        elif DELETED_AT not in our:
            self._tell(stream, key, f"was deleted at {gone}, and is not marked")
        elif our[DELETED_AT] != gone:
            if is_told:
                self._tell(stream, key, f"was deleted at {gone}, not at {our[DELETED_AT]}")
        elif self.is_same_version:
            for name in EXPANDED.get(stream, []):
                their.pop(name, None)
            for name in CUT.get(stream, []):
                their[name] = their[name][:FIRST]
            self._equal(stream, key, their, our)

    def _is_told(self, gone):
        """Whether the first run that read everything and could see the event of a deletion went on from
        the run before, which is not too long ago."""
        runs = self.played.read_at
        after = next((at for at, began in enumerate(runs) if began >= gone + LATE), 0)
        return after > 0 and runs[after] - runs[after - 1] < KEPT

    def _events(self):
        rows = self._rows("events")
        for (account, _), event in self.played.events.items():
            their = self._normal("events", {"stripe_account": account, **event})
            key = self._key("events", their)
            self._alive("events", key, their, rows.get(key))

    def _truth(self, stream, account):
        """What there is and was of a stream, as far as Stripe tells it."""
        records = self.play.stripe.truth(stream, account, deleted=True)
        if stream == "payout_transactions":
            # Of other payouts it does not tell what they are made of.
            payouts = self.play.stripe.truth("payouts", account)
            automatic = {payout["id"] for payout in payouts if payout["automatic"]}
            records = [record for record in records if record["payout_id"] in automatic]
        return records

    def _carried(self, stream, records):
        """Ids of what is carried by an event once it is deleted: all, or the newest of each parent."""
        by_parent = defaultdict(list)
        for record in records:
            by_parent[record[ITEMS[stream]] if stream in ITEMS else record["id"]].append(record["id"])
        return {name for names in by_parent.values() for name in names[-FIRST:]}

    def _rows(self, stream):
        schema = self.played.catalog[stream]["schema"]
        schema = {"properties": {**schema["properties"], DELETED_AT: DATE_TIME}}
        rows = (fields(row, schema) for row in self.play.target.rows(stream))
        return {self._key(stream, row): row for row in rows}

    def _normal(self, stream, record):
        record = {name: value for name, value in record.items() if name not in NOT_ASKED.get(stream, [])}
        return fields(record, self.played.catalog[stream]["schema"])

    def _key(self, stream, row):
        return tuple(row.get(name) for name in self.played.catalog[stream]["key_properties"])

    def _equal(self, stream, key, their, our):
        their, our = (
            {name: by_id(value) for name, value in row.items() if name not in (*OF_THE_TAP, DELETED_AT)}
            for row in (their, our)
        )
        for pointer, truth, told in differences(their, our):
            self._tell(stream, key, f"{pointer}: {truth!r}, and in the table {told!r}")

    def _tell(self, stream, key, what):
        self.lines.append(f"{stream} {'/'.join(map(str, key))} {what}")


def by_id(value):
    """A value in which the id stands for what has a stream of its own."""
    if isinstance(value, dict):
        if value.get("object") in WITH_STREAMS:
            return value["id"]
        return {name: by_id(part) for name, part in value.items()}
    return [by_id(item) for item in value] if isinstance(value, list) else value
