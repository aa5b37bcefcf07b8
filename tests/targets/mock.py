"""A `mock-api` process: an API to read, its data, and what it holds to be true."""

import json
import subprocess
import urllib.parse
import urllib.request


class Mock:
    """A running `mock-api`; the same arguments serve the same data."""

    def __init__(self, binary, *arguments):
        self.process = subprocess.Popen(
            [str(binary), *arguments, "--port", "0"],
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        first_line = self.process.stdout.readline()
        if "listening on " not in first_line:
            self.stop()
            raise RuntimeError(f"`mock-api` did not start: {first_line!r}")
        self.url = first_line.split("listening on ")[1].strip()

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)
        self.process.stdout.close()

    def call(self, path, method="GET", body=None, headers={}, **query):
        """The body of an answer."""
        url = f"{self.url}{path}?{urllib.parse.urlencode(query)}"
        request = urllib.request.Request(url, method=method, data=body, headers=headers)
        with urllib.request.urlopen(request, timeout=60) as reply:
            return reply.read()

    def admin(self, action, **query):
        """What an action of the admin answers."""
        return json.loads(self.call(f"/_mock/{action}", method="POST", **query))

    def now(self):
        """The server's time in seconds of the epoch."""
        return int(self.admin("clock", advance=0)["now"])

    def advance(self, seconds):
        """Puts the clock forward, while nothing happens."""
        self.admin("clock", advance=seconds)

    def set_faults(self, rules):
        """Puts a fault script in place of the one before."""
        self.call("/_mock/faults", method="POST", body=json.dumps(rules).encode())
