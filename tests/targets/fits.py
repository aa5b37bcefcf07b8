"""Whether a value fits a schema of an OpenAPI 3.0 document: types, null, enumerations, required fields."""

import json

KINDS = {
    "array": list,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "object": dict,
    "string": str,
}


class Fits:
    """The schemas of a document. `misfits` tells what is wrong with a value, each with its path."""

    def __init__(self, document):
        self.document = document

    def misfits(self, schema, value, path=""):
        schema = self.resolve(schema)
        if value is None and schema.get("nullable"):
            return []
        for choice in ("anyOf", "oneOf"):
            found = [self.misfits(each, value, path) for each in schema.get(choice, [])]
            if found and all(found):
                return min(found, key=len)
        found = [misfit for part in schema.get("allOf", []) for misfit in self.misfits(part, value, path)]
        kind = schema.get("type")
        is_number = kind in ("integer", "number")
        if not isinstance(value, KINDS.get(kind, object)) or (is_number and isinstance(value, bool)):
            return [*found, f"{path}: {type(value).__name__} is no {kind}"]
        if value not in schema.get("enum", [value]):
            found.append(f"{path}: {json.dumps(value)} is none of {schema['enum']}")
        if isinstance(value, dict):
            found += self._fields(schema, value, path)
        if isinstance(value, list) and "items" in schema:
            for row in value:
                found += self.misfits(schema["items"], row, f"{path}/*")
        return found

    def _fields(self, schema, value, path):
        known = schema.get("properties", {})
        found = [f"{path}/{name}: is missing" for name in schema.get("required", []) if name not in value]
        for name in value.keys() & known.keys():
            found += self.misfits(known[name], value[name], f"{path}/{name}")
        # What is composed of schemas, or says nothing of its fields, may have any.
        if known and not {"allOf", "anyOf", "oneOf", "additionalProperties"} & schema.keys():
            found += [f"{path}/{name}: is unknown" for name in sorted(value.keys() - known.keys())]
        return found

    def resolve(self, node):
        while "$ref" in node:
            found = self.document
            for name in node["$ref"].split("/")[1:]:
                found = found[name]
            node = found
        return node
