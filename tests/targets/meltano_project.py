"""A Meltano project in a folder of its own, on which commands are run as a user types them."""

import json
import os
import subprocess

import yaml

from pipe import environment

LIMIT_SECONDS = 300


class MeltanoProject:
    """Meltano finds neither a compiler nor a network: only what is in the folder, and its own environment."""

    def __init__(self, home, venvs, **variables):
        self.home, self.venvs = home, venvs
        self.env = {
            **{name: value for name, value in environment().items() if name != "VIRTUAL_ENV"},
            "HOME": str(home.parent),
            "PATH": f"{venvs / 'meltano' / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin",
            "MELTANO_SEND_ANONYMOUS_USAGE_STATS": "false",
            "NO_COLOR": "1",
            "UV_OFFLINE": "1",
            "UV_CACHE_DIR": str(home.parent / "uv"),
            "http_proxy": "http://127.0.0.1:9",
            "https_proxy": "http://127.0.0.1:9",
            "no_proxy": "127.0.0.1",
            **variables,
        }

    def init(self):
        """Makes the project."""
        self.home.mkdir()
        self.meltano("init", ".")

    def meltano(self, *arguments, code=0):
        """Runs a command; what it printed, both streams in one."""
        return self.run(["meltano", *arguments], code)

    def run(self, command, code=0, **variables):
        done = subprocess.run(
            command,
            cwd=self.home,
            env=self.env | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT_SECONDS,
        )
        assert done.returncode == code, f"{command} exited {done.returncode}:\n{done.stdout}"
        return done.stdout

    def logged(self, *arguments, code=0):
        """The lines of its log, as objects."""
        lines = self.meltano("--log-format=json", *arguments, code=code).splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def config(self):
        return yaml.safe_load((self.home / "meltano.yml").read_text())

    def write(self, config):
        (self.home / "meltano.yml").write_text(yaml.safe_dump(config, sort_keys=False))

    def plugin(self, kind, definition):
        """Puts the definition of a plugin into `meltano.yml`."""
        config = self.config()
        config.setdefault("plugins", {}).setdefault(kind, []).append(definition)
        self.write(config)

    def add_loader(self, target):
        """A loader that is there already, by the path of its command."""
        definition = {
            "name": target.program,
            "namespace": target.program.replace("-", "_"),
            "executable": str(self.venvs / target.name / "bin" / target.program),
            "settings": [{"name": setting} for setting in target.config()],
            "config": target.config(),
        }
        self.plugin("loaders", definition)
