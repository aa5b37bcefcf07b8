"""What a vendor publishes of its API: a pinned package of npm or PyPI, kept in a cache folder."""

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import annotations


def components(source: dict, cache: Path) -> dict:
    """The named schemas that `source` pins: an OpenAPI document's, or a package's classes."""
    if source.get("registry", "npm") == "pypi":
        return annotations.components(modules(source, cache))
    return json.loads(read(source, cache))["components"]["schemas"]


def read(source: dict, cache: Path) -> bytes:
    """The file of the npm package that `source` pins."""
    name = f"{source['package'].strip('@').replace('/', '-')}-{source['version']}.tgz"
    fetch = ["npm", "pack", "--silent", f"{source['package']}@{source['version']}"]
    archive = _pinned(cache, name, fetch, _integrity, source["integrity"])
    with tarfile.open(archive) as package:
        return package.extractfile(f"package/{source['file']}").read()


def modules(source: dict, cache: Path) -> dict[str, str]:
    """The Python modules of the PyPI package that `source` pins: texts by their dotted names."""
    name = f"{source['package']}-{source['version']}-*.whl"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    options = ["download", "--no-deps", "--only-binary", ":all:"]
    fetch = [*pip, *options, f"{source['package']}=={source['version']}"]
    archive = _pinned(cache, name, fetch, _sha256, source["sha256"])
    with zipfile.ZipFile(archive) as wheel:
        paths = [path for path in wheel.namelist() if path.endswith(".py")]
        return {_dotted(path): wheel.read(path).decode() for path in paths}


def _dotted(path: str) -> str:
    return ".".join(PurePosixPath(path).with_suffix("").parts)


def _pinned(
    cache: Path, name: str, fetch: list[str], digest: Callable[[bytes], str], pinned: str
) -> Path:
    """The archive of this name, fetched if it is not yet cached, and only with this digest."""
    if not any(cache.glob(name)):
        cache.mkdir(parents=True, exist_ok=True)
        subprocess.run(fetch, check=True, stdout=subprocess.DEVNULL, cwd=cache)
    [archive] = cache.glob(name)
    if digest(archive.read_bytes()) != pinned:
        raise SystemExit(f"{archive} is not the pinned package: remove it and run again")
    return archive


def _integrity(archive: bytes) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()


def _sha256(archive: bytes) -> str:
    return hashlib.sha256(archive).hexdigest()
