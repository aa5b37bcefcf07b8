//! The schema of an object's records.

use serde_json::{Map, Value, json};

use super::{Field, Object};

/// The fields of an address as REST has them, the codes only where the org keeps such.
const ADDRESS: [(&str, &str); 10] = [
    ("city", "string"),
    ("country", "string"),
    ("countryCode", "string"),
    ("geocodeAccuracy", "string"),
    ("latitude", "number"),
    ("longitude", "number"),
    ("postalCode", "string"),
    ("state", "string"),
    ("stateCode", "string"),
    ("street", "string"),
];
const LOCATION: [(&str, &str); 2] = [("latitude", "number"), ("longitude", "number")];

/// The schema of an object; `tell` is told of each field whose type nobody knows.
///
/// Types: <https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/field_types.htm>. A picklist's values
/// are no enumeration: they change without notice, and old records keep old ones.
pub(crate) fn of(object: &Object, tell: &mut dyn FnMut(&Field)) -> Value {
    let properties: Map<String, Value> = object
        .fields
        .iter()
        .map(|field| {
            let mut schema = type_of(field).unwrap_or_else(|| {
                tell(field);
                scalar("string")
            });
            if field.name == object.id {
                schema["type"] = json!("string");
            }
            if !field.label.is_empty() {
                schema["description"] = Value::from(field.label.as_str());
            }
            (field.name.clone(), schema)
        })
        .collect();
    json!({"type": "object", "properties": properties})
}

/// The type of a field, if it is a known one.
fn type_of(field: &Field) -> Option<Value> {
    Some(match &*field.kind {
        "id"
        | "string"
        | "picklist"
        | "multipicklist"
        | "combobox"
        | "textarea"
        | "phone"
        | "url"
        | "email"
        | "reference"
        | "encryptedstring"
        | "complexvalue"
        | "masterrecord"
        | "datacategorygroupreference"
        | "time"
        | "anyType"
        | "calculated"
        | "base64"
        | "byte"
        | "json" => scalar("string"),
        "double" | "currency" | "percent" => scalar("number"),
        "int" | "long" => scalar("integer"),
        "boolean" => scalar("boolean"),
        "date" => json!({"type": ["null", "string"], "format": "date"}),
        "datetime" => json!({"type": ["null", "string"], "format": "date-time"}),
        "address" => object(&ADDRESS, field),
        "location" => object(&LOCATION, field),
        _ => return None,
    })
}

fn scalar(name: &str) -> Value {
    json!({"type": ["null", name]})
}

fn object(known: &[(&str, &str)], field: &Field) -> Value {
    let is_there = |name: &str| {
        !name.ends_with("Code") || name == "postalCode" || field.parts.iter().any(|it| it.0 == name)
    };
    let fields: Map<String, Value> = known
        .iter()
        .filter(|(name, _)| is_there(name))
        .map(|(name, kind)| ((*name).to_owned(), scalar(kind)))
        .collect();
    json!({"type": ["null", "object"], "properties": fields})
}
