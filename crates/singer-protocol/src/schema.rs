//! A stream's schema, typed.

use serde_json::{Map, Value, json};

use crate::error::{Error, type_name};
use crate::pointer::join;

/// A stream's JSON Schema and the types read from it.
///
/// The JSON is kept as written, order included; the types are what the record encoder works with.
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {
    /// The JSON as the tap declares it, where what is written is something else.
    declared: Option<Value>,
    json: Value,
    properties: Vec<Property>,
}

/// A named field of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    /// The field's name.
    pub name: String,
    /// Its type.
    pub field: Field,
}

/// A type, and whether null is allowed in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The type of a value that is not null.
    pub kind: Kind,
    /// Whether the value may be null.
    pub nullable: bool,
}

/// The types that every target takes.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A string of some format.
    String(Format),
    /// A whole number.
    Integer,
    /// Any number, its digits kept.
    Number,
    /// True or false.
    Boolean,
    /// An object whose fields are declared.
    Object(Vec<Property>),
    /// An object without declared fields: free, copied as it is.
    Map,
    /// A list of values of one type.
    Array(Box<Field>),
}

impl Kind {
    /// The schema of a scalar of this type that may be null; none for containers.
    pub fn nullable_json(&self) -> Option<Value> {
        let name = match self {
            Kind::String(_) => "string",
            Kind::Integer => "integer",
            Kind::Number => "number",
            Kind::Boolean => "boolean",
            Kind::Object(_) | Kind::Map | Kind::Array(_) => return None,
        };
        let mut json = json!({"type": ["null", name]});
        if let Kind::String(format) = self
            && let Some(format) = format.name()
        {
            json["format"] = Value::from(format);
        }
        Some(json)
    }
}

impl Format {
    /// The format's name in a schema.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Format::Plain => None,
            Format::DateTime | Format::UnixTime => Some("date-time"),
            Format::Date => Some("date"),
            Format::Time => Some("time"),
            Format::Uuid => Some("uuid"),
        }
    }
}

/// The formats of a string that every target takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// No format.
    Plain,
    /// RFC 3339 date-time.
    DateTime,
    /// Seconds since 1970 in the API's records, and a date-time in those that are written: `unix-time`
    /// in a declared schema.
    UnixTime,
    /// RFC 3339 full date.
    Date,
    /// RFC 3339 time.
    Time,
    /// A UUID.
    Uuid,
}

impl Schema {
    /// Reads the types from a schema.
    ///
    /// This asks only for what the types need; [`crate::lint::lint`] says whether targets take the
    /// schema as a whole.
    ///
    /// # Errors
    /// [`Error::Schema`] with the pointer of a part that has no single type.
    pub fn parse(json: Value) -> Result<Schema, Error> {
        match field(&json, "")?.kind {
            Kind::Object(properties) => {
                let mut written = json.clone();
                let declared = write_date_times(&mut written).then_some(json);
                Ok(Schema { declared, json: written, properties })
            }
            _ => Err(refuse("", "a record is an object with declared `properties`")),
        }
    }

    /// The schema as it stands in a SCHEMA message.
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// The fields of a record, in declared order.
    pub fn properties(&self) -> &[Property] {
        &self.properties
    }

    /// The schema with one more field, which may be null. `place` leads to the object that gets it,
    /// `*` for the items of a list; none if there is no object that declares its fields, or it has
    /// one of this name.
    pub fn with_field(&self, place: &[String], name: &str, kind: &Kind) -> Option<Schema> {
        let mut json = self.declared.as_ref().unwrap_or(&self.json).clone();
        let mut at = &mut json;
        for step in place {
            let is_list = step == "*" && at.get("items").is_some();
            at = if is_list {
                at.get_mut("items")?
            } else {
                at.get_mut("properties")?.get_mut(step)?
            };
        }
        let properties = at.get_mut("properties")?.as_object_mut()?;
        if properties.contains_key(name) {
            return None;
        }
        properties.insert(name.to_owned(), kind.nullable_json()?);
        Schema::parse(json).ok()
    }

    /// The field of a record with this name.
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.name == name)
    }
}

/// The format of a time that the API counts in seconds.
const UNIX_TIME: &str = "unix-time";

fn refuse(pointer: &str, rule: impl Into<String>) -> Error {
    Error::Schema { pointer: pointer.to_owned(), rule: rule.into() }
}

fn field(schema: &Value, at: &str) -> Result<Field, Error> {
    let object = schema
        .as_object()
        .ok_or_else(|| refuse(at, format!("a schema is an object, not {}", type_name(schema))))?;
    let (name, nullable) = single_type(object, at)?;
    let kind = match name {
        "string" => Kind::String(format(object, at)?),
        "integer" => Kind::Integer,
        "number" => Kind::Number,
        "boolean" => Kind::Boolean,
        "object" => properties(object, at)?,
        "array" => match object.get("items") {
            Some(items) => Kind::Array(Box::new(field(items, &join(at, "items"))?)),
            None => return Err(refuse(at, "a list declares its `items`")),
        },
        _ => return Err(refuse(&join(at, "type"), "a type is one of JSON's")),
    };
    Ok(Field { kind, nullable })
}

fn single_type<'a>(schema: &'a Map<String, Value>, at: &str) -> Result<(&'a str, bool), Error> {
    let pointer = join(at, "type");
    let names: Vec<&str> = match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => return Err(refuse(&pointer, "every schema has a `type`")),
    };
    let nullable = names.contains(&"null");
    let mut others = names.into_iter().filter(|name| *name != "null");
    match (others.next(), others.next()) {
        (Some(name), None) => Ok((name, nullable)),
        _ => Err(refuse(&pointer, "a field has one type beside null")),
    }
}

fn format(schema: &Map<String, Value>, at: &str) -> Result<Format, Error> {
    match schema.get("format") {
        None => Ok(Format::Plain),
        Some(format) => match format.as_str() {
            Some("date-time") => Ok(Format::DateTime),
            Some(UNIX_TIME) => Ok(Format::UnixTime),
            Some("date") => Ok(Format::Date),
            Some("time") => Ok(Format::Time),
            Some("uuid") => Ok(Format::Uuid),
            _ => Err(refuse(&join(at, "format"), "a format is date-time, date, time or uuid")),
        },
    }
}

/// Writes what is a time in seconds as the date-time that it becomes; tells whether there was any.
fn write_date_times(schema: &mut Value) -> bool {
    match schema {
        Value::Object(members) => {
            let is_unix = members.get("format").is_some_and(|format| format == UNIX_TIME);
            if is_unix {
                members.insert("format".to_owned(), Value::from("date-time"));
            }
            members.values_mut().fold(is_unix, |any, member| write_date_times(member) || any)
        }
        _ => false,
    }
}

fn properties(schema: &Map<String, Value>, at: &str) -> Result<Kind, Error> {
    let pointer = join(at, "properties");
    match schema.get("properties") {
        None => Ok(Kind::Map),
        Some(Value::Object(members)) if members.is_empty() => Ok(Kind::Map),
        Some(Value::Object(members)) => members
            .iter()
            .map(|(name, member)| {
                Ok(Property { name: name.clone(), field: field(member, &join(&pointer, name))? })
            })
            .collect::<Result<_, Error>>()
            .map(Kind::Object),
        Some(other) => {
            Err(refuse(&pointer, format!("`properties` is an object, not {}", type_name(other))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read_and_the_json_is_kept() {
        let json = json!({"type": "object", "properties": {
            "id": {"type": ["integer"], "description": "kept"},
            "at": {"type": ["null", "string"], "format": "date-time"},
            "owner": {"type": ["object", "null"], "properties": {"login": {"type": "string"}}},
            "labels": {"type": ["array", "null"], "items": {"type": "number"}},
            "metadata": {"type": ["object", "null"], "properties": {}},
        }});
        let schema = Schema::parse(json.clone()).unwrap();
        assert_eq!(schema.json(), &json);
        let names: Vec<_> = schema.properties().iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names, ["id", "at", "owner", "labels", "metadata"]);
        let field = |name: &str| schema.property(name).unwrap().field.clone();
        assert_eq!(field("id"), Field { kind: Kind::Integer, nullable: false });
        assert_eq!(field("at"), Field { kind: Kind::String(Format::DateTime), nullable: true });
        assert_eq!(field("metadata").kind, Kind::Map);
        let login = Field { kind: Kind::String(Format::Plain), nullable: false };
        assert_eq!(
            field("owner").kind,
            Kind::Object(vec![Property { name: "login".into(), field: login }])
        );
        let number = Field { kind: Kind::Number, nullable: false };
        assert_eq!(field("labels").kind, Kind::Array(Box::new(number)));
        assert!(schema.property("absent").is_none());
    }

    fn check(field: Value, pointer: &str) {
        let json = json!({"type": "object", "properties": {"a/b": field}});
        match Schema::parse(json.clone()) {
            Err(Error::Schema { pointer: found, .. }) => assert_eq!(found, pointer, "{json}"),
            other => panic!("{json} gave {other:?}"),
        }
    }

    #[test]
    fn a_part_without_a_single_type_is_refused_with_its_pointer() {
        let at = "/properties/a~1b";
        check(json!(true), at);
        check(json!({}), &format!("{at}/type"));
        check(json!({"type": ["string", "integer"]}), &format!("{at}/type"));
        check(json!({"type": ["null"]}), &format!("{at}/type"));
        check(json!({"type": "int"}), &format!("{at}/type"));
        check(json!({"type": "string", "format": "email"}), &format!("{at}/format"));
        check(json!({"type": "array"}), at);
        check(json!({"type": "array", "items": {}}), &format!("{at}/items/type"));
        check(json!({"type": "object", "properties": []}), &format!("{at}/properties"));
    }

    #[test]
    fn a_field_is_added_where_an_object_declares_its_fields() {
        let schema = Schema::parse(json!({"type": "object", "properties": {
            "owner": {"type": ["object", "null"], "properties": {"id": {"type": "integer"}}},
            "rows": {"type": "array", "items": {"type": "array", "items": {"type": "object",
                "properties": {"id": {"type": "integer"}}}}},
            "free": {"type": "object"},
        }}))
        .unwrap();
        let check = |place: &[&str], name: &str, pointer: Option<&str>| {
            let place: Vec<String> = place.iter().map(|step| (*step).to_owned()).collect();
            let kind = Kind::String(Format::Date);
            let added = schema.with_field(&place, name, &kind);
            let json = added.as_ref().map(|schema| schema.json());
            let found = pointer.and_then(|pointer| json?.pointer(pointer));
            let expected = json!({"type": ["null", "string"], "format": "date"});
            assert_eq!(found, pointer.map(|_| &expected), "{place:?} {name}");
            assert_eq!(added.is_some(), pointer.is_some(), "{place:?} {name}");
        };
        check(&[], "new", Some("/properties/new"));
        check(&["owner"], "new", Some("/properties/owner/properties/new"));
        check(&["rows", "*", "*"], "x", Some("/properties/rows/items/items/properties/x"));
        check(&["owner"], "id", None);
        check(&["free"], "new", None);
        check(&["nowhere"], "new", None);
        check(&["owner", "id"], "new", None);
    }

    #[test]
    fn a_record_must_be_an_object_with_fields() {
        for json in [json!({"type": "object"}), json!({"type": "string"}), json!([])] {
            assert!(Schema::parse(json).is_err());
        }
    }

    #[test]
    fn a_time_in_seconds_is_written_as_a_date_time() {
        let at = |format: &str| json!({"type": ["null", "string"], "format": format});
        let declared = json!({"type": "object", "properties": {
            "at": at("unix-time"), "times": {"type": "array", "items": at("unix-time")}}});
        let schema = Schema::parse(declared).unwrap();
        let written = &schema.json()["properties"];
        assert_eq!(
            (&written["at"], &written["times"]["items"]),
            (&at("date-time"), &at("date-time"))
        );
        let wider = schema.with_field(&[], "more", &Kind::Integer).unwrap();
        let kind = &wider.property("at").unwrap().field.kind;
        assert_eq!(kind, &Kind::String(Format::UnixTime), "one more field changes no other");
    }
}
