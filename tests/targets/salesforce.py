"""The Salesforce that the tap reads, its data, and what it holds to be true."""

import json

from mock import Mock

# What any project has: the server takes every client, and every refresh token.
CLIENT = {"client_id": "3MVG9_of_the_test", "client_secret": "of_the_test", "refresh_token": "5Aep_of_the_test"}


class Salesforce(Mock):
    """A running fake of Salesforce; the same options serve the same data."""

    def __init__(self, binary, **options):
        words = (word for option in options.items() for word in words_of(*option))
        super().__init__(binary, "salesforce", *words)

    def change(self, action, object, **query):
        """`create`, `touch`, `delete`, `undelete` or `purge`; gives the ids of what changed."""
        return self.admin(action, object=object, **query)["ids"]

    def truth(self, object, **query):
        """The records that queries show now, with those in the recycle bin; `purged`, `hidden`: others too."""
        query = {name: int(value) if value is True else value for name, value in query.items()}
        body = self.call("/_mock/truth", object=object, **query)
        return [json.loads(line) for line in body.splitlines()]

    def requests(self, reset=False):
        """What was asked since it was last forgotten: how often what, and the last requests one by one."""
        return json.loads(self.call("/_mock/requests", reset=int(reset)))


def words_of(name, value):
    """An option as it is given to a program: what is only on or off has no value."""
    name = f"--{name.replace('_', '-')}"
    return ([name] if value else []) if isinstance(value, bool) else [f"{name}={value}"]
