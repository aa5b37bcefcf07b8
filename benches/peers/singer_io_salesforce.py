"""Runs singer-io's tap-salesforce against the server of the setting `instance_url`, which it does not know.

It logs in there instead of at login.salesforce.com, and is told where the API is as ever. Its clock is that
of the server, since a stream without records gets the time of the computer for a bookmark. It takes a
catalog under the old name of the option only.
"""

import json
import sys

import clock
import tap_salesforce
from tap_salesforce.salesforce import Salesforce

LOGIN = "https://login.salesforce.com"


def main():
    config = sys.argv[sys.argv.index("--config") + 1]
    with open(config, encoding="utf-8") as file:
        server = json.load(file)["instance_url"]
    clock.go_by(server)
    ask = Salesforce._make_request

    def ask_server(self, method, url, **options):
        return ask(self, method, url.replace(LOGIN, server, 1), **options)

    Salesforce._make_request = ask_server
    sys.argv = ["--properties" if word == "--catalog" else word for word in sys.argv]
    tap_salesforce.main()


if __name__ == "__main__":
    main()
