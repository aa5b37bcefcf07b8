//! Generated records under random selections, maps and flattening: a SCHEMA and its RECORDs agree.

use super::fidelity::{Dice, any};
use super::transform::extra;
use super::*;
use crate::lint::lint;

const FIELDS: [&str; 9] = ["id", "i", "n", "b", "s", "at", "o", "list", "free"];

/// A record with a good key, fields of any type, and one that nobody declares.
fn record(dice: &mut Dice, id: u64) -> String {
    let mut members = vec![format!("\"id\":{id}")];
    for name in FIELDS[1..]
        .iter()
        .chain(&["undeclared"])
        .filter(|_| id.is_multiple_of(7) || !id.is_multiple_of(2))
    {
        members.push(format!("\"{name}\":{}", any(dice, 3)));
    }
    format!("{{{}}}", members.join(","))
}

fn object_of_scalars() -> Value {
    json!({
        "i": integer(), "n": {"type": ["number", "null"]}, "b": {"type": ["boolean", "null"]},
        "s": string(), "at": date_time(), "a": string(), "b c": integer(),
    })
}

fn generated(dice: &mut Dice) -> Setup {
    let mut properties = object_of_scalars();
    properties["id"] = json!({"type": "integer"});
    properties["o"] = object(json!({"a": integer(), "b": object(object_of_scalars())}));
    properties["list"] = list(object(object_of_scalars()));
    properties["free"] = json!({"type": ["object", "null"]});
    let mut setup = Setup::new(properties);
    setup.key = names(&["id"]);
    let taken: [&'static [&'static str]; 5] = [
        &["properties", "s"],
        &["properties", "o", "properties", "a"],
        &["properties", "o", "properties", "b"],
        &["properties", "list", "items", "properties", "s"],
        &["properties", "free"],
    ];
    setup.deselected = taken.into_iter().filter(|_| dice.roll(3) == 0).collect();
    if dice.roll(2) == 0 {
        setup.properties["extra"] = string();
        setup.transforms = vec![extra("extra")];
    }
    if dice.roll(2) == 0 {
        let max_depth = usize::try_from(dice.roll(4)).unwrap();
        setup.flattening =
            Some(Flattening { max_depth, separator: "__".into(), max_key_length: 255 });
    }
    if dice.roll(3) > 0 {
        let mut map = serde_json::Map::new();
        let parts = [
            ("__filter__", json!("i is None or i != 17")),
            ("__else__", Value::Null),
            ("__alias__", json!("things")),
            ("__key_properties__", json!(["id", "hash"])),
            ("hash", json!("md5(str(id) + 'salt')")),
            ("s", json!("sha256(s)")),
            ("moved", json!("o")),
            ("rows", json!("record['list']")),
            ("when", json!("at")),
            ("n", json!("i or n")),
            ("is_set", json!("b and s != ''")),
            ("constant", json!("1.50")),
            ("free", Value::Null),
        ];
        for (name, part) in parts {
            if dice.roll(2) == 0 && (name != "__key_properties__" || dice.roll(2) == 0) {
                map.insert(name.to_owned(), part);
            }
        }
        if map.contains_key("__key_properties__") {
            map.insert("hash".to_owned(), json!("md5(str(id) + 'salt')"));
        }
        setup.map = Some(map.into());
    }
    setup
}

#[test]
fn every_record_keeps_to_the_schema_that_is_written_before_it() {
    let mut dice = Dice(2_611_242_026);
    let (mut emitted, mut evolved) = (0, 0);
    for round in 0..150 {
        let mut setup = generated(&mut dice);
        let records: Vec<String> = (0..14).map(|id| record(&mut dice, id)).collect();
        let body = format!("[{}]", records.join(", "));
        // Twice: as it is, and with what `evolve` adds to the schema.
        for _ in 0..2 {
            let page = setup.encode(&body);
            let encoder = setup.encoder().unwrap();
            let Emitted { schema, key, .. } = encoder.emitted();
            assert_eq!(lint(schema, key), [], "round {round}: {schema}");
            let validator =
                jsonschema::options().should_validate_formats(true).build(schema).unwrap();
            for written in page.records() {
                emitted += 1;
                let line: Value = serde_json::from_str(&written).unwrap();
                assert!(validator.is_valid(&line), "round {round}: {written} under {schema}");
                for name in line.as_object().unwrap().keys() {
                    let declared = &schema["properties"][name];
                    assert!(declared.is_object(), "round {round}: `{name}` is not declared");
                }
                assert!(key.iter().all(|key| !line[key].is_null()), "round {round}: {written}");
            }
            for news in &page.out.news {
                let json = json!({"type": "object", "properties": setup.properties});
                let schema = Schema::parse(json).unwrap();
                if let Some(wider) = schema.with_field(&news.place, &news.name, &news.kind) {
                    setup.properties = wider.json()["properties"].clone();
                    evolved += 1;
                }
            }
        }
    }
    assert!(
        emitted > 1_000 && evolved > 150,
        "{emitted} records, {evolved} fields: too few to tell"
    );
}
