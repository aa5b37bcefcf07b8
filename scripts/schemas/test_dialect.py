"""The generator's rules, each on the smallest document that shows it."""

import unittest

import dialect
import generate

COMPONENTS = {
    "user": {"type": "object", "properties": {"id": {"type": "integer", "format": "int64"}}},
    "team": {
        "type": "object",
        "properties": {"id": {"type": "integer"}, "parent": {"$ref": "#/components/schemas/team"}},
    },
}


class Shapes(unittest.TestCase):
    def check(self, node: dict, expected: dict) -> None:
        self.assertEqual(dialect.shape(node, COMPONENTS), expected)

    def test_formats_outside_the_dialect_are_dropped(self) -> None:
        self.check({"type": "string", "format": "uri"}, {"type": "string"})
        self.check({"type": "string", "format": "date"}, {"type": "string", "format": "date"})

    def test_a_union_keeps_the_object(self) -> None:
        union = {"oneOf": [{"type": "string"}, {"$ref": "#/components/schemas/user"}]}
        self.check(union, {"type": "object", "properties": {"id": {"type": "integer"}}})

    def test_scalars_that_differ_become_text(self) -> None:
        self.check({"anyOf": [{"type": "string"}, {"type": "integer"}]}, {"type": "string"})
        self.check({"anyOf": [{"type": "number"}, {"type": "integer"}]}, {"type": "number"})

    def test_formats_that_differ_become_plain_text(self) -> None:
        dates = [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]
        self.check({"anyOf": dates}, {"type": "string"})

    def test_a_map_is_a_free_object(self) -> None:
        declared = {"a": {"type": "string"}}
        values = {"type": "string"}
        node = {"type": "object", "properties": declared, "additionalProperties": values}
        self.check(node, {"type": "object"})

    def test_recursion_ends_in_a_free_object(self) -> None:
        properties = {"id": {"type": "integer"}, "parent": {"type": "object"}}
        team = {"$ref": "#/components/schemas/team"}
        self.check(team, {"type": "object", "properties": properties})


class Schemas(unittest.TestCase):
    def test_an_entry_drops_renames_and_adds(self) -> None:
        event = {
            "type": "object",
            "properties": {
                "body_html": {"type": "string"},
                "reactions": {"type": "object", "properties": {"+1": {"type": "integer"}}},
                "id": {"type": "integer"},
            },
        }
        entry = {
            "from": ["event"],
            "key": ["id"],
            "rename": {"reactions.+1": "reactions.plus_one"},
            "types": {"org": "string", "labels[].at": "date-time"},
        }
        label = {"at": {"type": ["string", "null"], "format": "date-time"}}
        properties = generate.stream_schema(entry, {"drop": ["body_html"]}, [{"event": event}])["properties"]
        self.assertEqual(list(properties), ["id", "org", "reactions", "labels"])
        self.assertEqual(properties["id"], {"type": "integer"})
        self.assertEqual(list(properties["reactions"]["properties"]), ["plus_one"])
        self.assertEqual(properties["labels"]["items"]["properties"], label)

    def test_a_rename_of_a_missing_field_is_refused(self) -> None:
        entry = {"from": ["user"], "key": ["id"], "rename": {"name": "title"}}
        with self.assertRaisesRegex(ValueError, "missing"):
            generate.stream_schema(entry, {}, [COMPONENTS])


if __name__ == "__main__":
    unittest.main()
