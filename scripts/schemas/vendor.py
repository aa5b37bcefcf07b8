"""What a vendor publishes of its API: one file of a pinned npm package, kept in a cache folder."""

import base64
import hashlib
import json
import subprocess
import tarfile
from pathlib import Path


def components(source: dict, cache: Path) -> dict:
    """The named schemas of the OpenAPI document that `source` pins."""
    return json.loads(read(source, cache))["components"]["schemas"]


def read(source: dict, cache: Path) -> bytes:
    """The file that `source` pins; its package is fetched if it is not yet cached."""
    archive = cache / f"{source['package'].strip('@').replace('/', '-')}-{source['version']}.tgz"
    if not archive.exists():
        cache.mkdir(parents=True, exist_ok=True)
        wanted = f"{source['package']}@{source['version']}"
        subprocess.run(
            ["npm", "pack", "--silent", "--pack-destination", str(cache), wanted],
            check=True,
            stdout=subprocess.DEVNULL,
        )
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != source["integrity"]:
        raise SystemExit(f"{archive} is not the pinned package: remove it and run again")
    with tarfile.open(archive) as package:
        return package.extractfile(f"package/{source['file']}").read()
