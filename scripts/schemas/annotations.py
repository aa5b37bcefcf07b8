"""The annotated classes of a Python package, read as the named schemas of an OpenAPI document.

A resource is a class with an `OBJECT_NAME`, which is the name of its schema; a class inside it is
`name.Class`. The modules are parsed and never imported.
"""

import ast
import re
from collections.abc import Iterable

REF = "#/components/schemas/"
SCALARS = {
    "str": "string",
    "Decimal": "string",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
}
FREE_OBJECTS = ("Any", "Dict", "StripeObject", "UntypedStripeObject")
LISTS = ("List", "ListObject")
WRAPPERS = ("Optional", "NotRequired")
A_TIME = re.compile(r"\b(unix|epoch|timestamp)\b", re.IGNORECASE)
MILLIS = re.compile(r"\bmilliseconds\b", re.IGNORECASE)


def components(modules: dict[str, str]) -> dict:
    """The schemas of all resources in `modules`, which are texts by their dotted names."""
    trees = {name: ast.parse(text) for name, text in modules.items() if "OBJECT_NAME" in text}
    resources = {
        (module, node.name): object_name
        for module, tree in trees.items()
        for node in _classes(tree)
        if (object_name := _constant(node, "OBJECT_NAME"))
    }
    schemas = {}
    for module, tree in trees.items():
        names = _imported(tree, resources)
        names |= {node.name: resources.get((module, node.name)) for node in _classes(tree)}
        for node in _classes(tree):
            if name := names[node.name]:
                _Reader(schemas, names).read(node, name)
    return schemas


class _Reader:
    """Reads the classes of one module into `schemas`; `names` are the resources that it knows."""

    def __init__(self, schemas: dict, names: dict) -> None:
        self.schemas, self.names = schemas, names

    def read(self, node: ast.ClassDef, name: str) -> None:
        """Adds the class, and those within it, under its name."""
        inner = {child.name: f"{name}.{child.name}" for child in _classes(node)}
        for child in _classes(node):
            self.read(child, inner[child.name])
        sent = _constant(node, "_field_remappings") or {}
        properties = {}
        for field, annotation, text in _fields(node):
            try:
                found = self.schema(annotation, inner)
            except ValueError as error:
                raise ValueError(f"`{name}.{field}`: {error}") from error
            if found == {"type": "integer"} and A_TIME.search(text) and not MILLIS.search(text):
                found["format"] = "unix-time"
            properties[sent.get(field, field)] = found
        self.schemas[name] = {"type": "object", "properties": properties}

    def schema(self, annotation: ast.expr, inner: dict) -> dict:
        """What an annotation says: a reference that can be expanded is the id of what it is to."""
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            return self.schema(ast.parse(annotation.value, mode="eval").body, inner)
        if isinstance(annotation, ast.Subscript):
            arguments = annotation.slice
            parts = arguments.elts if isinstance(arguments, ast.Tuple) else [arguments]
            return self.generic(ast.unparse(annotation.value), parts, inner)
        name = ast.unparse(annotation)
        if name in SCALARS:
            return {"type": SCALARS[name]}
        if name in FREE_OBJECTS:
            return {"type": "object"}
        # What is no resource has no schema, and fails where the reference is followed.
        return {"$ref": REF + (inner.get(name) or self.names.get(name) or name)}

    def generic(self, name: str, parts: list[ast.expr], inner: dict) -> dict:
        if name in WRAPPERS:
            return self.schema(parts[0], inner)
        if name in LISTS:
            return {"type": "array", "items": self.schema(parts[0], inner)}
        if name in FREE_OBJECTS:
            return {"type": "object"}
        if name == "ExpandableField":
            return {"type": "string"}
        if name == "Literal":
            kinds = {SCALARS[type(part.value).__name__] for part in parts}
            return {"type": kinds.pop() if len(kinds) == 1 else "string"}
        if name == "Union":
            found = [self.schema(part, inner) for part in parts]
            return {"type": "string"} if {"type": "string"} in found else {"oneOf": found}
        raise ValueError(f"`{name}[...]` is no annotation of a field")


def _classes(node: ast.Module | ast.ClassDef) -> list[ast.ClassDef]:
    return [child for child in node.body if isinstance(child, ast.ClassDef)]


def _fields(node: ast.ClassDef) -> Iterable[tuple[str, ast.expr, str]]:
    """Name, annotation and description of each field that the API sends."""
    for at, child in enumerate(node.body):
        is_field = isinstance(child, ast.AnnAssign) and child.value is None
        if not is_field or child.target.id.startswith("_"):
            continue
        after = node.body[at + 1] if at + 1 < len(node.body) else None
        described = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
        yield child.target.id, child.annotation, str(after.value.value) if described else ""


def _constant(node: ast.ClassDef, name: str) -> object:
    """The value of a constant of the class, None if it has none of this name."""
    for child in node.body:
        is_annotated = isinstance(child, ast.AnnAssign)
        targets = [child.target] if is_annotated else getattr(child, "targets", [])
        if name in map(ast.unparse, targets) and child.value is not None:
            return ast.literal_eval(child.value)
    return None


def _imported(tree: ast.Module, resources: dict) -> dict:
    """The resources that a module imports, by the names that it gives them."""
    return {
        alias.asname or alias.name: resources[node.module, alias.name]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if (node.module, alias.name) in resources
    }
