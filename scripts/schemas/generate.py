"""Writes `taps/<tap>/schemas/*.json` from the vendor's published types and the tap's tables.

    python3 scripts/schemas/generate.py [--check] [TABLE ...]

Without a table, every `scripts/schemas/tables/*.json` is done, with all streams in the folder of
its name. `--check` writes nothing and fails if a file would change. README.md beside this file
describes the tables.
"""

import argparse
import functools
import json
import sys
from pathlib import Path

import dialect
import vendor

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="fail if a file would change")
    parser.add_argument("tables", nargs="*", type=Path, help="tables (default: all)")
    options = parser.parse_args()
    stale = []
    for table_path in options.tables or sorted(HERE.glob("tables/*.json")):
        table = json.loads(table_path.read_text())
        published = functools.cache(functools.partial(_releases, table))
        folder = ROOT / "taps" / table_path.stem / "schemas"
        for path in sorted(table_path.with_suffix("").glob("*.json")):
            stream, entry = path.stem, json.loads(path.read_text())
            try:
                text = _text(stream_schema(entry, table, published(entry.get("file"))))
            except (KeyError, ValueError) as error:
                raise SystemExit(f"{path.relative_to(ROOT)}: {error}") from error
            stale += _put(folder / f"{stream}.json", text, write=not options.check)
    for path in stale:
        print(("differs: " if options.check else "written: ") + str(path.relative_to(ROOT)))
    return 1 if options.check and stale else 0


def _releases(table: dict, file: str | None) -> list[dict]:
    """The components of the pinned package, then those of the older one, if there is one."""
    sources = [table[name] for name in ("source", "older") if name in table]
    chosen = {} if file is None else {"file": file}
    return [vendor.components(source | chosen, ROOT / ".cache" / "schemas") for source in sources]


def stream_schema(entry: dict, table: dict, releases: list[dict]) -> dict:
    """The record schema of one stream: vendor's shape, less `drop`, renamed, with `types` put in."""
    root = _published(entry["from"], table, releases) if entry["from"] else {"type": "object"}
    for name in table.get("drop", []):
        _drop_anywhere(root, name)
    for path in entry.get("drop", []):
        parent, name = _parent(root, path)
        del parent[name]
    for path, target in entry.get("rename", {}).items():
        _rename(root, path, target)
    types = table.get("types", {}) | entry.get("types", {})
    published = set(root.get("properties", {}))
    for path, kind in types.items():
        parent, name = _parent(root, path)
        parent[name] = _typed(kind, table, releases)
    properties = root["properties"]
    added = [path for path in types if path in properties and path not in published]
    root["properties"] = {name: properties[name] for name in (*added, *properties)}
    return dialect.record_schema(root, entry["key"])


def _published(names: list[str], table: dict, releases: list[dict]) -> dict:
    """The components of these names as one shape: what an older release alone has comes last."""
    root = None
    for name in names:
        found = [components for components in releases if name in components]
        if not found:
            raise ValueError(f"`{name}` is no component of the package")
        for components in found:
            inside = (name, *table.get("free", []))
            shape = dialect.shape(components[name], components, inside)
            dialect.mark_times(shape, table.get("times", []))
            root = dialect.merge(root, shape)
    return root


def _typed(kind: str, table: dict, releases: list[dict]) -> dict:
    """The shape that a table calls `kind`: a component, or a type of the dialect."""
    if kind.endswith("[]"):
        return {"type": "array", "items": _typed(kind[:-2], table, releases)}
    if kind.startswith("#"):
        return _published([kind[1:]], table, releases)
    return dialect.named(kind)


def _parent(root: dict, path: str) -> tuple[dict, str]:
    """The properties that hold the last segment of `path`; objects on the way are made."""
    node = root
    *way, last = path.split(".")
    for segment in way:
        name = segment.removesuffix("[]")
        made = {"type": "array", "items": {"type": "object"}} if name != segment else {"type": "object"}
        node = node.setdefault("properties", {}).setdefault(name, made)
        if name != segment:
            node = node["items"]
    return node.setdefault("properties", {}), last


def _rename(root: dict, path: str, target: str) -> None:
    parent, name = _parent(root, path)
    other, new_name = _parent(root, target)
    if parent is not other:
        raise ValueError(f"`{path}` is renamed out of its object (`types` adds fields)")
    renamed = {new_name if key == name else key: child for key, child in parent.items()}
    if len(renamed) != len(parent) or new_name not in renamed:
        raise ValueError(f"`{path}` cannot become `{target}` (missing, or the name is taken)")
    parent.clear()
    parent.update(renamed)


def _drop_anywhere(node: dict, name: str) -> None:
    node.get("properties", {}).pop(name, None)
    for child in node.get("properties", {}).values():
        _drop_anywhere(child, name)
    if "items" in node:
        _drop_anywhere(node["items"], name)


def _text(node: dict, indent: str = "") -> str:
    """JSON with a line for each field, short enough to be read and compared."""
    end = "" if indent else "\n"
    inner = "properties" if "properties" in node else "items"
    if not any(nested in node.get("items", node) for nested in ("properties", "items")):
        return json.dumps(node) + end
    head = json.dumps({key: node[key] for key in node if key != inner}).removesuffix("}")
    if inner == "items":
        return f'{head}, "items": {_text(node["items"], indent)}}}' + end
    step = indent + "  "
    lines = [f"{step}{json.dumps(name)}: {_text(child, step)}" for name, child in node[inner].items()]
    return f'{head}, "properties": {{\n' + ",\n".join(lines) + f"\n{indent}}}}}" + end


def _put(path: Path, text: str, *, write: bool) -> list[Path]:
    if path.exists() and path.read_text() == text:
        return []
    if write:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return [path]


if __name__ == "__main__":
    sys.exit(main())
