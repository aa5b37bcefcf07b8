"""Published types turned into record schemas that every Singer target accepts.

A vendor's schema is first reduced to a shape: `{"type": T}` with, where it applies, `format`,
`properties` or `items`. Shapes merge, take renames and corrections, and are written last with
the nullability that the dialect demands.
"""

UNIX_TIME = "unix-time"
FORMATS = ("date-time", "date", "time", "uuid", UNIX_TIME)
SCALARS = ("string", "integer", "number", "boolean")
FREE_OBJECT = {"type": "object"}


def shape(node: dict, components: dict, inside: tuple = ()) -> dict | None:
    """The shape of one node of an OpenAPI document, None where it says nothing of the type."""
    if "$ref" in node:
        name = node["$ref"].rsplit("/", 1)[-1]
        if name in inside:
            return dict(FREE_OBJECT)
        return shape(components[name], components, (*inside, name))
    own = _own_shape(node, components, inside)
    for branch in ("allOf", "oneOf", "anyOf"):
        for part in node.get(branch, ()):
            own = merge(own, shape(part, components, inside))
    return own


def _own_shape(node: dict, components: dict, inside: tuple) -> dict | None:
    kinds = node.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if isinstance(node.get("additionalProperties"), dict):
        return dict(FREE_OBJECT)
    own = None
    for kind in kinds:
        if kind == "array":
            items = shape(node.get("items", {}), components, inside)
            own = merge(own, {"type": "array", "items": items or {"type": "string"}})
        elif kind == "object":
            own = merge(own, {"type": "object"})
        elif kind in SCALARS:
            own = merge(own, _scalar(kind, node.get("format")))
    for name, child in node.get("properties", {}).items():
        declared = shape(child, components, inside) or {"type": "string"}
        own = merge(own, {"type": "object", "properties": {name: declared}})
    return own


def _scalar(kind: str, form: str | None) -> dict:
    if form == UNIX_TIME:
        return named(UNIX_TIME)
    return {"type": kind, "format": form} if form in FORMATS else {"type": kind}


def mark_times(node: dict, names: list[str]) -> None:
    """Makes a Unix time of each whole number with one of these names, at any depth."""
    for name, child in node.get("properties", {}).items():
        if name in names and child == {"type": "integer"}:
            node["properties"][name] = named(UNIX_TIME)
        mark_times(child, names)
    if "items" in node:
        mark_times(node["items"], names)


def merge(one: dict | None, other: dict | None) -> dict | None:
    """What both shapes fit: containers win over scalars, scalars that differ become text."""
    if one is None or other is None:
        return other if one is None else one
    kinds = {one["type"], other["type"]}
    if kinds == {"object"}:
        properties = dict(one.get("properties", {}))
        for name, child in other.get("properties", {}).items():
            properties[name] = merge(properties.get(name), child)
        return {"type": "object", "properties": properties} if properties else {"type": "object"}
    if kinds == {"array"}:
        return {"type": "array", "items": merge(one["items"], other["items"])}
    if kinds == {"array", "object"}:
        raise ValueError("a list and an object in one field: say which in the table")
    if "object" in kinds or "array" in kinds:
        return one if one["type"] in ("object", "array") else other
    if len(kinds) == 1:
        return one if one.get("format") == other.get("format") else {"type": one["type"]}
    return {"type": "number"} if kinds == {"integer", "number"} else {"type": "string"}


def named(kind: str) -> dict:
    """The shape that the table calls `kind`: a scalar, a format, `object` (free), or `X[]`."""
    if kind.endswith("[]"):
        return {"type": "array", "items": named(kind[:-2])}
    if kind in FORMATS:
        return {"type": "string", "format": kind}
    if kind in (*SCALARS, "object"):
        return {"type": kind}
    raise ValueError(f"`{kind}` is no type of the dialect")


def record_schema(root: dict, keys: list[str]) -> dict:
    """The root shape as a schema: keys first and never null, everything else nullable."""
    properties = root["properties"]
    ordered = {name: _bare(properties[name]) for name in keys}
    for name, child in properties.items():
        ordered.setdefault(name, _nullable(child))
    return {"type": "object", "properties": ordered}


def _bare(node: dict) -> dict:
    if node["type"] in ("object", "array"):
        raise ValueError("a key field must be a scalar")
    return dict(node)


def _nullable(node: dict) -> dict:
    out = {"type": [node["type"], "null"]}
    if "format" in node:
        out["format"] = node["format"]
    if "items" in node:
        out["items"] = _nullable(node["items"])
    if "properties" in node:
        out["properties"] = {name: _nullable(child) for name, child in node["properties"].items()}
    return out
