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

    def test_a_time_in_seconds_is_a_text_of_its_own_format(self) -> None:
        time = {"type": "string", "format": "unix-time"}
        self.check({"type": "integer", "format": "unix-time"}, time)
        self.assertEqual(dialect.named("unix-time[]"), {"type": "array", "items": time})

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
        table = {"drop": ["body_html"]}
        properties = generate.stream_schema(entry, table, [{"event": event}])["properties"]
        self.assertEqual(list(properties), ["id", "org", "reactions", "labels"])
        self.assertEqual(properties["id"], {"type": "integer"})
        self.assertEqual(list(properties["reactions"]["properties"]), ["plus_one"])
        self.assertEqual(properties["labels"]["items"]["properties"], label)

    def test_a_rename_of_a_missing_field_is_refused(self) -> None:
        entry = {"from": ["user"], "key": ["id"], "rename": {"name": "title"}}
        with self.assertRaisesRegex(ValueError, "missing"):
            generate.stream_schema(entry, {}, [COMPONENTS])


NEW = {"plan": {"type": "object", "properties": {"at": {"type": "integer"}}}}
OLD = COMPONENTS | {
    "plan": {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "at": {"type": "integer", "format": "unix-time"},
            "team": {"$ref": "#/components/schemas/team"},
        },
    },
}


class Releases(unittest.TestCase):
    def check(self, table: dict, entry: dict, expected: dict) -> None:
        """Compares names and types of a stream's fields, formats and fields of objects included."""
        schema = generate.stream_schema({"key": []} | entry, table, [NEW, OLD])
        self.assertEqual(list(self.told(schema).items()), list(expected.items()))

    def told(self, schema: dict) -> dict | list | str:
        if "properties" in schema:
            return {name: self.told(field) for name, field in schema["properties"].items()}
        if "items" in schema:
            return [self.told(schema["items"])]
        return schema.get("format", schema["type"][0])

    def test_what_the_older_one_alone_has_comes_last(self) -> None:
        team = {"id": "integer", "parent": "object"}
        plan = {"at": "unix-time", "name": "string", "team": team}
        self.check({"times": ["at"]}, {"from": ["plan"]}, plan)
        self.check({}, {"from": ["team"]}, team)

    def test_a_name_in_times_is_a_time_wherever_it_is_a_whole_number(self) -> None:
        team = {"id": "unix-time", "parent": "object"}
        plan = {"at": "unix-time", "name": "string", "team": team}
        self.check({"times": ["at", "id", "name"]}, {"from": ["plan"]}, plan)

    def test_a_free_component_has_fields_only_as_a_stream(self) -> None:
        table = {"times": ["at"], "free": ["team"]}
        plan = {"at": "unix-time", "name": "string", "team": "object"}
        self.check(table, {"from": ["plan"]}, plan)
        self.check(table, {"from": ["team"]}, {"id": "integer", "parent": "object"})

    def test_types_name_components_and_what_is_added_to_them(self) -> None:
        types = {"first": "#team", "teams": "#team[]", "teams[].org": "string", "name": "date"}
        team = {"id": "integer", "parent": "object"}
        plan = {"first": team, "teams": [team | {"org": "string"}], "at": "unix-time", "name": "date"}
        entry = {"from": ["plan"], "drop": ["team"], "types": types}
        self.check({"times": ["at"]}, entry, plan)

    def test_types_of_the_tap_are_in_every_stream(self) -> None:
        table = {"types": {"account": "string", "at": "string"}}
        self.check(table, {"from": [], "types": {"at": "date"}}, {"account": "string", "at": "date"})

    def test_an_unknown_component_is_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "`shop` is no component"):
            self.check({}, {"from": ["shop"]}, {})


if __name__ == "__main__":
    unittest.main()
