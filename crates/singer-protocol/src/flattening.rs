//! How nested objects become columns, with the names that singer-sdk gives them.

use serde_json::{Map, Value, json};

/// How far nested objects are flattened, and what the columns are called.
///
/// The rule is that of `singer_sdk/helpers/_flattening.py`: an object with declared fields above
/// `max_depth` gives way to a column for each of them, named by its path; what is deeper, lists
/// and free objects become their JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flattening {
    /// How many levels of objects give way; 0 leaves the record as it is.
    pub max_depth: usize,
    /// What stands between the names of a path.
    pub separator: String,
    /// A name of so many characters or more is shortened, outermost part first.
    pub max_key_length: usize,
}

impl Flattening {
    /// The column of a path.
    pub(crate) fn name<S: AsRef<str>>(&self, path: &[S]) -> String {
        let mut parts: Vec<String> = path.iter().map(|part| part.as_ref().to_owned()).collect();
        for at in 0..parts.len() {
            let name = parts.join(&self.separator);
            if name.chars().count() < self.max_key_length {
                return name;
            }
            parts[at] = reduced(&parts[at]);
        }
        parts.join(&self.separator)
    }

    /// The flattened fields of a schema; of two with one name the later one.
    pub(crate) fn properties(&self, properties: &Map<String, Value>) -> Vec<(String, Value)> {
        let mut flat = Vec::new();
        if self.max_depth > 0 {
            self.add(properties, &mut Vec::new(), &mut flat);
        } else {
            flat.extend(properties.iter().map(|(name, field)| (name.clone(), field.clone())));
        }
        flat
    }

    fn add<'p>(
        &self,
        properties: &'p Map<String, Value>,
        above: &mut Vec<&'p str>,
        flat: &mut Vec<(String, Value)>,
    ) {
        for (name, field) in properties {
            let inner = field["properties"].as_object().filter(|inner| !inner.is_empty());
            above.push(name);
            match inner {
                Some(inner) if above.len() <= self.max_depth => self.add(inner, above, flat),
                _ if is_container(field) => {
                    let nullable = names(field).contains(&"null");
                    let types = if nullable { json!(["null", "string"]) } else { json!("string") };
                    flat.push((self.name(above), json!({"type": types})));
                }
                _ => flat.push((self.name(above), field.clone())),
            }
            above.pop();
        }
    }
}

fn is_container(field: &Value) -> bool {
    names(field).iter().any(|name| matches!(*name, "object" | "array"))
}

fn names(field: &Value) -> Vec<&str> {
    match &field["type"] {
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        name => name.as_str().into_iter().collect(),
    }
}

/// A part of a name, shortened: `updated_at` is `ua`, `owner` is `own`.
fn reduced(part: &str) -> String {
    let initials: String = camelized(part).chars().filter(|c| !c.is_ascii_lowercase()).collect();
    let short =
        if initials.chars().count() > 1 { initials } else { part.chars().take(3).collect() };
    short.to_lowercase()
}

/// `updated_at` is `UpdatedAt`: the first letter, and each after an underscore that goes.
fn camelized(part: &str) -> String {
    let mut camel = String::new();
    let mut letters = part.chars();
    camel.extend(letters.next().into_iter().flat_map(char::to_uppercase));
    while let Some(letter) = letters.next() {
        match (letter, letters.clone().next()) {
            ('_', Some(next)) => {
                letters.next();
                camel.extend(next.to_uppercase());
            }
            _ => camel.push(letter),
        }
    }
    camel
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names are what singer-sdk 0.54.9 gives for the same paths and lengths.
    #[test]
    fn names_are_those_of_singer_sdk() {
        let check = |path: &[&str], max_key_length: usize, expected: &str| {
            let flattening = Flattening { max_depth: 9, separator: "__".into(), max_key_length };
            assert_eq!(flattening.name(path), expected, "{path:?} {max_key_length}");
        };
        check(&["owner"], 255, "owner");
        check(&["owner", "login"], 255, "owner__login");
        check(&["owner", "login"], 13, "owner__login");
        check(&["owner", "login"], 12, "own__login");
        check(&["owner", "login"], 10, "own__log");
        check(&["commit_author", "updated_at"], 20, "ca__updated_at");
        check(&["commit_author", "updated_at"], 5, "ca__ua");
        check(&["_id", "x"], 3, "_id__x");
        check(&["camelCase", "x"], 5, "cc__x");
    }

    #[test]
    fn objects_give_way_and_what_is_deeper_becomes_text() {
        let string = json!({"type": ["string", "null"]});
        let properties = json!({
            "id": {"type": "integer"},
            "a": {"type": ["object", "null"], "properties": {
                "s": string, "list": {"type": ["array", "null"], "items": string},
                "b": {"type": "object", "properties": {"s": string}},
            }},
            "free": {"type": ["object", "null"]},
        });
        let check = |max_depth: usize, expected: &[(&str, Value)]| {
            let flattening = Flattening { max_depth, separator: "__".into(), max_key_length: 255 };
            let flat = flattening.properties(properties.as_object().unwrap());
            let expected: Vec<(String, Value)> =
                expected.iter().map(|(name, field)| ((*name).to_owned(), field.clone())).collect();
            assert_eq!(flat, expected, "depth {max_depth}");
        };
        let id = ("id", json!({"type": "integer"}));
        let text = json!({"type": ["null", "string"]});
        let free = ("free", text.clone());
        let (leaf, list) = (("a__s", string.clone()), ("a__list", text));
        let b = ("a__b", json!({"type": "string"}));
        check(1, &[id.clone(), leaf.clone(), list.clone(), b, free.clone()]);
        check(2, &[id, leaf, list, ("a__b__s", string.clone()), free]);
        check(
            0,
            &properties
                .as_object()
                .unwrap()
                .iter()
                .map(|(n, f)| (n.as_str(), f.clone()))
                .collect::<Vec<_>>(),
        );
    }
}
