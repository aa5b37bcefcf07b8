//! Declared fields that no record has: what the run did not test.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::transcript::Transcript;

/// Declared fields, at any depth, that no record of the run had, null or not; of a stream without
/// records its name alone.
pub(super) fn unseen(run: &Transcript) -> Vec<String> {
    let mut seen = BTreeSet::new();
    for one in run.records() {
        collect(one.record, one.stream, &mut seen);
        seen.insert(one.stream.to_owned());
    }
    let mut unseen = Vec::new();
    for (stream, message) in run.schemas() {
        if seen.contains(stream) {
            declared(&message["schema"], stream, &seen, &mut unseen);
        } else {
            unseen.push(stream.to_owned());
        }
    }
    unseen
}

fn collect(value: &Value, path: &str, seen: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = format!("{path}.{name}");
                collect(value, &path, seen);
                seen.insert(path);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, path, seen)),
        _ => {}
    }
}

/// Fields of an object that is itself unseen are not told one by one.
fn declared(schema: &Value, path: &str, seen: &BTreeSet<String>, unseen: &mut Vec<String>) {
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let path = format!("{path}.{name}");
        if seen.contains(&path) {
            declared(field, &path, seen, unseen);
            declared(&field["items"], &path, seen, unseen);
        } else {
            unseen.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_no_record_has_is_told_at_its_depth() {
        let run = Transcript::of(concat!(
            r#"{"type":"SCHEMA","stream":"s","schema":{"properties":{"id":{},"shop":{"properties":{"name":{},"city":{}}},"lines":{"items":{"properties":{"sku":{},"size":{}}}},"none":{"properties":{"a":{}}}}}}"#,
            "\n",
            r#"{"type":"SCHEMA","stream":"empty","schema":{"properties":{"id":{}}}}"#,
            "\n",
            r#"{"type":"RECORD","stream":"s","record":{"id":1,"shop":{"name":null},"lines":[{},{"sku":1}]}}"#,
        ));
        assert_eq!(unseen(&run), ["s.shop.city", "s.lines.size", "s.none", "empty"]);
    }
}
