//! Generated records against a slow and simple encoder that works on documents.

use serde_json::Map;

use crate::schema::{Field, Format, Kind, Property};

use super::*;

/// A small generator of numbers, the same on every run.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self, sides: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn pick<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[usize::try_from(self.roll(texts.len() as u64)).unwrap()]
    }
}

const SCALARS: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "-0",
    "17",
    "-3",
    "1.5",
    "1.10",
    "2.0",
    "1e2",
    "1.5e1",
    "18446744073709551616",
    "0.1000000000000000055",
    "\"\"",
    "\"17\"",
    "\"1.50\"",
    "\"true\"",
    "\"x\"",
    "\"a\\\"b\\\\c\\/\\n\\t\"",
    "\"\\u00e9\\ud83e\\udd80 é🦀\"",
    "\"\\\\u0041\"",
    "\"2026-11-24T15:00:00Z\"",
    "\"2026-11-24T15:00:00.120+02:00\"",
    "\"2026-11-24T15:00:00\"",
    "\"2026-11-24\"",
];

/// A value of any kind, with white space as servers put it.
pub(super) fn any(dice: &mut Dice, depth: u64) -> String {
    let space = dice.pick(&["", "", " ", "\n  ", "\t\r\n"]);
    match dice.roll(6 + depth) {
        0 if depth > 0 => {
            let items: Vec<String> = (0..dice.roll(4)).map(|_| any(dice, depth - 1)).collect();
            format!("[{space}{}{space}]", items.join(&format!("{space},")))
        }
        1 if depth > 0 => members(dice, &["a", "b", "x y"], depth),
        _ => dice.pick(SCALARS).to_owned(),
    }
}

fn members(dice: &mut Dice, names: &[&str], depth: u64) -> String {
    let space = dice.pick(&["", "", " ", "\n"]);
    let mut members = Vec::new();
    for name in names {
        if dice.roll(4) > 0 {
            members.push(format!("{space}\"{name}\"{space}:{space}{}", any(dice, depth - 1)));
        }
    }
    let shift = usize::try_from(dice.roll(3)).unwrap().min(members.len());
    members.rotate_left(shift);
    format!("{{{}{space}}}", members.join(","))
}

/// A value that mostly fits its type.
fn fitting(dice: &mut Dice, field: &Field) -> String {
    if dice.roll(8) == 0 {
        return any(dice, 3);
    }
    match &field.kind {
        Kind::Object(properties) => {
            let mut members: Vec<String> = Vec::new();
            for property in properties {
                if dice.roll(5) > 0 {
                    members.push(format!(
                        "\"{}\": {}",
                        property.name,
                        fitting(dice, &property.field)
                    ));
                }
            }
            if dice.roll(3) == 0 {
                members.push(format!("\"new\":{}", any(dice, 3)));
            }
            let shift = usize::try_from(dice.roll(4)).unwrap().min(members.len());
            members.rotate_left(shift);
            format!("{{{}}}", members.join(dice.pick(&[",", " , ", ",\n"])))
        }
        Kind::Array(items) => {
            let items: Vec<String> = (0..dice.roll(4)).map(|_| fitting(dice, items)).collect();
            format!("[{}]", items.join(dice.pick(&[",", ", "])))
        }
        Kind::Map => members(dice, &["k", "l", "m"], 3),
        _ => dice.pick(SCALARS).to_owned(),
    }
}

/// What the encoder should make of a value, on documents whose numbers are kept as their text
/// behind a mark. None is "does not fit".
fn project(field: &Field, value: &Value) -> Option<Value> {
    let number = value.as_str().and_then(|text| text.strip_prefix(MARK));
    let text = value.as_str().filter(|_| number.is_none());
    match &field.kind {
        Kind::Object(properties) => {
            value.as_object().map(|object| project_object(properties, object))
        }
        Kind::Map => value.is_object().then(|| value.clone()),
        Kind::Array(items) => {
            let project = |item: &Value| (!item.is_null()).then(|| project(items, item)).flatten();
            let items = value.as_array()?.iter().map(project);
            Some(items.map(|item| item.unwrap_or(Value::Null)).collect())
        }
        Kind::Boolean => match text {
            Some("true") => Some(json!(true)),
            Some("false") => Some(json!(false)),
            _ => value.is_boolean().then(|| value.clone()),
        },
        Kind::Number => number
            .or(text.filter(|text| {
                text.starts_with(|first: char| first.is_ascii_digit())
                    && text.parse::<f64>().is_ok()
            }))
            .map(|text| json!(format!("{MARK}{text}"))),
        Kind::Integer => {
            let text = number.or(text)?;
            let whole = match text.parse::<i128>() {
                Ok(_) => text.to_owned(),
                Err(_) => {
                    let number: f64 =
                        text.parse().ok().filter(|number: &f64| number.fract() == 0.0)?;
                    format!("{number}")
                }
            };
            Some(json!(format!("{MARK}{whole}")))
        }
        Kind::String(Format::DateTime) => {
            let time = chrono::DateTime::parse_from_rfc3339(text?).ok()?;
            let utc = time.with_timezone(&chrono::Utc).format("%Y-%m-%dT%H:%M:%S");
            Some(json!(format!("{utc}{}Z", if text?.contains(".120") { ".120" } else { "" })))
        }
        Kind::String(_) => Some(match (number, value) {
            (Some(number), _) => json!(number),
            (None, Value::String(_)) => value.clone(),
            (None, other) => json!(plain(other)),
        }),
    }
}

fn project_object(properties: &[Property], object: &Map<String, Value>) -> Value {
    let mut projected = Map::new();
    for Property { name, field } in properties {
        if let Some(value) = object.get(name) {
            let value = if value.is_null() { None } else { project(field, value) };
            projected.insert(name.clone(), value.unwrap_or(Value::Null));
        }
    }
    Value::Object(projected)
}

const MARK: &str = "\u{1}number ";

/// Puts the text of every number into a marked string, so that a document keeps its digits.
fn marked(json: &str) -> Value {
    let mut out = String::new();
    let mut rest = json;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => super::super::scan::string_end(rest.as_bytes(), 0),
            '-' | '0'..='9' => {
                rest.find([',', '}', ']', ' ', '\n', '\r', '\t']).unwrap_or(rest.len())
            }
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        match first {
            '-' | '0'..='9' => out.push_str(&json!(format!("{MARK}{token}")).to_string()),
            _ => out.push_str(token),
        }
        rest = after;
    }
    serde_json::from_str(&out).unwrap()
}

/// The text of a marked document, its numbers as they were.
fn plain(value: &Value) -> String {
    let mark = json!(MARK).to_string();
    let mark = mark.trim_end_matches('"');
    let mut out = String::new();
    for (index, part) in value.to_string().split(mark).enumerate() {
        match part.split_once('"') {
            Some((number, rest)) if index > 0 => {
                out.push_str(number);
                out.push_str(rest);
            }
            _ => out.push_str(part),
        }
    }
    out
}

/// The document with its JSON texts written in one way.
fn settled(value: Value) -> Value {
    match value {
        Value::String(text) if text.starts_with(['[', '{']) => json!(plain(&marked(&text))),
        Value::Array(items) => items.into_iter().map(settled).collect(),
        Value::Object(members) => {
            members.into_iter().map(|(name, member)| (name, settled(member))).collect()
        }
        scalar => scalar,
    }
}

#[test]
fn a_record_is_its_source_projected_by_the_schema_and_nothing_else() {
    let leaf = json!({
        "i": integer(), "n": {"type": ["number", "null"]}, "b": {"type": ["boolean", "null"]}, "s": string(),
        "at": date_time(), "free": {"type": ["object", "null"]}, "tags": list(string()), "rows": list(list(integer())),
    });
    let nested = object(leaf.clone());
    let mut properties = leaf.clone();
    properties["o"] = object(json!({"inner": nested, "i": integer()}));
    properties["list"] = list(nested.clone());
    properties["deep"] =
        list(object(json!({"items": list(nested.clone()), "one": nested.clone()})));
    properties["lists"] = list(list(nested));
    let setup = Setup::new(properties.clone());
    let schema = Schema::parse(object(properties)).unwrap();
    let validator =
        jsonschema::options().should_validate_formats(true).build(schema.json()).unwrap();
    let root = Field { kind: Kind::Object(schema.properties().to_vec()), nullable: false };

    let mut dice = Dice(20_261_124);
    for round in 0..60 {
        let records: Vec<String> = (0..10)
            .map(|_| {
                loop {
                    let record = fitting(&mut dice, &root);
                    if record.starts_with('{') {
                        break record;
                    }
                }
            })
            .collect();
        let page = setup.encode(format!("[{}]", records.join(", ")));
        for (record, written) in records.iter().zip(page.records()) {
            let expected = project(&root, &marked(record)).unwrap();
            let line: Value = serde_json::from_str(&written).unwrap();
            assert!(validator.is_valid(&line), "round {round}: {written}");
            let written = settled(marked(&written));
            assert_eq!(plain(&written), plain(&settled(expected)), "round {round}: {record}");
        }
    }
}
