"""Runs singer-io's tap-stripe against the server of the setting `api_url_base`, which it does not know itself.

Its clock is that of the server, since it ends its windows at the time of the computer.
"""

import json
import sys

import clock
import stripe
import tap_stripe


def main():
    config = sys.argv[sys.argv.index("--config") + 1]
    with open(config, encoding="utf-8") as file:
        stripe.api_base = json.load(file)["api_url_base"]
    clock.go_by(stripe.api_base)
    # It takes a stream's name from URLs of api.stripe.com only.
    tap_stripe.apply_request_timer_to_client = lambda client: None
    tap_stripe.main()


if __name__ == "__main__":
    main()
