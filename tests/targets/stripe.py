"""The Stripe that the tap reads, its data, and what it holds to be true."""

import json

from mock import Mock

KEY = "sk_live_of_the_test"
PAGE = 100


class Stripe(Mock):
    """A running fake of Stripe; the same options serve the same data.

    An account is named by its id, or `None`: the platform, asked without naming it.
    """

    def __init__(self, binary, rows={}, still=False, **options):
        super().__init__(
            binary,
            "stripe",
            *(["--still"] if still else []),
            *(f"--{name.replace('_', '-')}={value}" for name, value in options.items()),
            *(f"--rows={name}={count}" for name, count in rows.items()),
        )

    def _admin(self, action, account=None, **query):
        named = {"account": account} if account else {}
        return self.admin(action, **query, **named)

    def accounts(self):
        """The ids of the connected accounts."""
        return json.loads(self.call("/_mock/accounts"))["connected"]

    def live(self, days):
        """Days of ordinary life in every account."""
        self._admin("live", days=days)

    def change(self, action, account=None, **query):
        """`create`, `touch` or `delete`; gives the ids of what changed."""
        return self._admin(action, account, **query)["ids"]

    def truth(self, resource, account=None, deleted=False):
        """The objects that there are, and if they are wanted those that were deleted."""
        query = {"account": account} if account else {}
        body = self.call("/_mock/truth", resource=resource, deleted=int(deleted), **query)
        return [json.loads(line) for line in body.splitlines()]

    def events(self, since, account=None):
        """The events that are listed now and were made since."""
        query, events = {"created[gte]": since, "limit": PAGE}, []
        headers = {"authorization": f"Bearer {KEY}"} | ({"stripe-account": account} if account else {})
        while True:
            page = json.loads(self.call("/v1/events", headers=headers, **query))
            events += page["data"]
            if not page["has_more"]:
                return events
            query["starting_after"] = events[-1]["id"]
