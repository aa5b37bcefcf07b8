//! The dialect of JSON Schema that every target takes, as a lint.
//!
//! The dialect is what was seen to work in the targets in use: one type beside null, null allowed
//! in every field but the keys, the formats date-time, date, time and uuid, and no keyword that
//! makes a target reject a record or that it does not know.

use std::collections::HashMap;
use std::fmt;

use serde_json::{Map, Value};

use crate::pointer::join;

/// The keywords of the dialect; `x-…` is allowed too.
const KEYWORDS: [&str; 7] =
    ["type", "format", "properties", "items", "title", "description", "deprecated"];

const FORMATS: [&str; 4] = ["date-time", "date", "time", "uuid"];

const SCALARS: [&str; 4] = ["string", "integer", "number", "boolean"];

/// The length of a column's name in PostgreSQL, in bytes; what is longer is cut.
const LONGEST_NAME: usize = 63;

/// Something in a schema that some target does not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// JSON pointer into the schema; empty for its root.
    pub pointer: String,
    /// The rule that is broken.
    pub rule: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ({})", self.pointer, self.rule)
    }
}

/// Whether null is allowed in a place.
#[derive(Clone, Copy, PartialEq)]
enum Nulls {
    /// A field: it may be absent at the source.
    Needed,
    /// A key, or the record itself.
    Refused,
    /// An item of a list.
    Free,
}

/// All violations of the dialect in the schema of a stream with these keys.
pub fn lint<S: AsRef<str>>(schema: &Value, keys: &[S]) -> Vec<Violation> {
    let keys: Vec<&str> = keys.iter().map(AsRef::as_ref).collect();
    let mut linter = Linter { violations: Vec::new() };
    linter.root(schema, &keys);
    linter.violations
}

struct Linter {
    violations: Vec<Violation>,
}

impl Linter {
    fn report(&mut self, pointer: impl Into<String>, rule: impl Into<String>) {
        self.violations.push(Violation { pointer: pointer.into(), rule: rule.into() });
    }

    fn root(&mut self, schema: &Value, keys: &[&str]) {
        let Some(object) = self.schema(schema, "") else { return };
        if self.single_type(object, "", Nulls::Refused) != Some("object") {
            self.report("/type", "a record is an object");
        }
        let empty = Map::new();
        let properties = object.get("properties").and_then(Value::as_object).unwrap_or(&empty);
        if properties.is_empty() {
            self.report("/properties", "a record has at least one field");
        }
        self.fields(properties, "/properties", keys);
        for key in keys.iter().filter(|key| !properties.contains_key(**key)) {
            self.report(join("/properties", key), "a key is a declared field");
        }
    }

    fn fields(&mut self, properties: &Map<String, Value>, at: &str, keys: &[&str]) {
        self.names(properties, at);
        for (name, field) in properties {
            let at = join(at, name);
            if keys.contains(&name.as_str()) {
                self.key(field, &at);
            } else {
                self.field(field, &at, Nulls::Needed);
            }
        }
    }

    fn key(&mut self, schema: &Value, at: &str) {
        let name = self.field(schema, at, Nulls::Refused);
        if name.is_some_and(|name| !SCALARS.contains(&name)) {
            self.report(join(at, "type"), "a key is a string, integer, number or boolean");
        }
    }

    fn field<'a>(&mut self, schema: &'a Value, at: &str, nulls: Nulls) -> Option<&'a str> {
        let object = self.schema(schema, at)?;
        let name = self.single_type(object, at, nulls)?;
        match object.get("items") {
            Some(items) if name == "array" => {
                self.field(items, &join(at, "items"), Nulls::Free);
            }
            Some(_) => self.report(join(at, "items"), "only a list has `items`"),
            None if name == "array" => self.report(at, "a list declares the type of its `items`"),
            None => {}
        }
        match object.get("properties") {
            Some(Value::Object(properties)) if name == "object" => {
                self.fields(properties, &join(at, "properties"), &[]);
            }
            Some(_) => self.report(
                join(at, "properties"),
                "only an object has `properties`, and they are an object themselves",
            ),
            None => {}
        }
        Some(name)
    }

    /// Checks what holds for every schema, whatever its type.
    fn schema<'a>(&mut self, schema: &'a Value, at: &str) -> Option<&'a Map<String, Value>> {
        let Some(object) = schema.as_object() else {
            self.report(at, "a schema is an object, not `true` or `false`");
            return None;
        };
        for keyword in object.keys() {
            if !KEYWORDS.contains(&keyword.as_str()) && !keyword.starts_with("x-") {
                self.report(
                    join(at, keyword),
                    format!("`{keyword}` is not a keyword of the target-safe dialect"),
                );
            }
        }
        let known = |format: &Value| format.as_str().is_some_and(|name| FORMATS.contains(&name));
        if object.get("format").is_some_and(|format| !known(format)) {
            self.report(join(at, "format"), "a format is date-time, date, time or uuid");
        }
        Some(object)
    }

    fn single_type<'a>(
        &mut self,
        object: &'a Map<String, Value>,
        at: &str,
        nulls: Nulls,
    ) -> Option<&'a str> {
        let pointer = join(at, "type");
        let names: Vec<&str> = match object.get("type") {
            Some(Value::String(name)) => vec![name],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let others: Vec<&str> = names.iter().copied().filter(|name| *name != "null").collect();
        let [name] = others[..] else {
            self.report(pointer, "a field has exactly one type beside null");
            return None;
        };
        if !SCALARS.contains(&name) && name != "object" && name != "array" {
            self.report(pointer.clone(), "a type is one of JSON's");
        }
        if name != "string" && object.contains_key("format") {
            self.report(join(at, "format"), "only a string has a format");
        }
        match (nulls, names.contains(&"null")) {
            (Nulls::Needed, false) => self.report(pointer, "a field that is no key allows null"),
            (Nulls::Refused, true) => self.report(pointer, "a key, or a record, is never null"),
            _ => {}
        }
        Some(name)
    }

    fn names(&mut self, properties: &Map<String, Value>, at: &str) {
        let mut columns: HashMap<Vec<u8>, &str> = HashMap::new();
        for name in properties.keys() {
            if name.is_empty() {
                self.report(join(at, name), "a field has a name");
            }
            if let Some(other) = columns.get(&column(name)) {
                self.report(
                    join(at, name),
                    format!("names differ in their first 63 bytes without case; see `{other}`"),
                );
            } else {
                columns.insert(column(name), name);
            }
        }
    }
}

/// What a target may make of a column's name.
fn column(name: &str) -> Vec<u8> {
    let mut column = name.to_lowercase().into_bytes();
    column.truncate(LONGEST_NAME);
    column
}

/// Two names that a target may take for one.
pub(crate) fn collision<'n>(
    names: impl IntoIterator<Item = &'n str>,
) -> Option<(&'n str, &'n str)> {
    let mut columns: HashMap<Vec<u8>, &str> = HashMap::new();
    names.into_iter().find_map(|name| Some((columns.insert(column(name), name)?, name)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::schema::Schema;

    /// Lints a schema with the key `id` and one more field.
    fn check(name: &str, field: Value, pointers: &[&str]) {
        let schema = json!({"type": "object", "properties": {
            "id": {"type": "integer"}, name: field}});
        let found = lint(&schema, &["id"]);
        let found: Vec<&str> = found.iter().map(|violation| violation.pointer.as_str()).collect();
        assert_eq!(found, pointers, "{schema}");
        if pointers.is_empty() {
            Schema::parse(schema).unwrap();
        }
    }

    #[test]
    fn the_dialect_passes() {
        check("a", json!({"type": ["string", "null"], "format": "date-time"}), &[]);
        check("a", json!({"type": ["null", "number"], "description": "d", "x-own": {}}), &[]);
        check("a", json!({"type": ["object", "null"]}), &[]);
        check("a", json!({"type": ["object", "null"], "properties": {}}), &[]);
        check("a", json!({"type": ["array", "null"], "items": {"type": "string"}}), &[]);
        check(
            "a",
            json!({"type": ["array", "null"], "items": {"type": ["object", "null"], "properties": {
                "b": {"type": ["boolean", "null"]}}}}),
            &[],
        );
    }

    #[test]
    fn every_schema_has_one_type_and_every_field_allows_null() {
        check("a", json!(true), &["/properties/a"]);
        check("a", json!({}), &["/properties/a/type"]);
        check("a", json!({"type": []}), &["/properties/a/type"]);
        check("a", json!({"type": "string"}), &["/properties/a/type"]);
        check("a", json!({"type": ["string", "integer", "null"]}), &["/properties/a/type"]);
        check("a", json!({"type": ["text", "null"]}), &["/properties/a/type"]);
        check(
            "a",
            json!({"type": ["object", "null"], "properties": {"b/c": {"type": "string"}}}),
            &["/properties/a/properties/b~1c/type"],
        );
    }

    #[test]
    fn lists_declare_one_type_of_item() {
        check("a", json!({"type": ["array", "null"]}), &["/properties/a"]);
        check("a", json!({"type": ["array", "null"], "items": {}}), &["/properties/a/items/type"]);
        check(
            "a",
            json!({"type": ["array", "null"], "items": {"type": ["string", "integer"]}}),
            &["/properties/a/items/type"],
        );
        check(
            "a",
            json!({"type": ["string", "null"], "items": {}, "properties": {}}),
            &["/properties/a/items", "/properties/a/properties"],
        );
    }

    #[test]
    fn keywords_that_targets_stumble_over_are_refused() {
        let keywords = "$ref $defs $schema const allOf anyOf oneOf not enum \
            pattern maxLength minLength multipleOf minimum maximum nullable required additionalProperties";
        for keyword in keywords.split(' ') {
            let mut field = json!({"type": ["string", "null"]});
            field[keyword] = json!(1);
            check("a", field, &[&format!("/properties/a/{keyword}")]);
            let mut root = json!({"type": "object", "properties": {"id": {"type": "integer"}}});
            root[keyword] = json!(1);
            assert_eq!(lint(&root, &["id"])[0].pointer, format!("/{keyword}"));
        }
    }

    #[test]
    fn formats_are_those_that_every_target_knows() {
        let at = "/properties/a/format";
        for format in ["date-time", "date", "time", "uuid"] {
            check("a", json!({"type": ["string", "null"], "format": format}), &[]);
        }
        check("a", json!({"type": ["string", "null"], "format": "singer.decimal"}), &[at]);
        check("a", json!({"type": ["string", "null"], "format": 1}), &[at]);
        check("a", json!({"type": ["integer", "null"], "format": "date"}), &[at]);
    }

    #[test]
    fn names_must_differ_for_a_database() {
        let text = json!({"type": ["string", "null"]});
        check("ID", text.clone(), &["/properties/ID"]);
        check("", text.clone(), &["/properties/"]);
        let long = "x".repeat(LONGEST_NAME);
        let fields = json!({format!("{long}a"): text, format!("{long}b"): text});
        check(
            "a",
            json!({"type": ["object", "null"], "properties": fields}),
            &[&format!("/properties/a/properties/{long}b")],
        );
    }

    fn check_record(schema: Value, keys: &[&str], expected: &str) {
        let found: Vec<String> = lint(&schema, keys).iter().map(ToString::to_string).collect();
        assert_eq!(found, [expected], "{schema}");
    }

    #[test]
    fn a_record_is_an_object_whose_keys_are_scalars() {
        let with = |id: Value| json!({"type": "object", "properties": {"id": id}});
        let id = with(json!({"type": "integer"}));
        check_record(json!(true), &[], "`` (a schema is an object, not `true` or `false`)");
        check_record(
            json!({"type": "object"}),
            &[],
            "`/properties` (a record has at least one field)",
        );
        check_record(
            json!({"type": ["object", "null"], "properties": {"id": {"type": "integer"}}}),
            &["id"],
            "`/type` (a key, or a record, is never null)",
        );
        check_record(
            json!({"type": "array", "properties": {"id": {"type": "integer"}}}),
            &["id"],
            "`/type` (a record is an object)",
        );
        check_record(id.clone(), &["id", "x"], "`/properties/x` (a key is a declared field)");
        check_record(id, &[], "`/properties/id/type` (a field that is no key allows null)");
        check_record(
            with(json!({"type": ["integer", "null"]})),
            &["id"],
            "`/properties/id/type` (a key, or a record, is never null)",
        );
        check_record(
            with(json!({"type": "object"})),
            &["id"],
            "`/properties/id/type` (a key is a string, integer, number or boolean)",
        );
    }
}
