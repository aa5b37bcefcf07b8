//! Records that are not as declared.

use serde_json::{Value, json};
use singer_tap::Outcome;

use super::{Made, Next, Row, not};
use crate::fault::Ground;

use Outcome::{Ok, Partial, Refused};

pub(super) const ROWS: &[Row] = &[
    not(45, "records out of their order", "tests of singer-tap, progress: sorted streams (DATA01)"),
    bent(46, "a record without its replication key", no_cursor, Partial, ""),
    bent(47, "a record without its key", |to| mangled(to.key(), Value::Null), Partial, ""),
    bent(47, "a key of another type", |to| mangled(to.key(), json!({"a": 1})), Partial, ""),
    bent(47, "a page of records without keys", nameless, Refused, "DATA03"),
    bent(48, "a field that nobody declared", new_field, Ok, "DRIFT01"),
    bent(49, "a value of another type", other_type, Ok, "DRIFT02"),
    bent(50, "a number of 30 digits", number, Ok, ""),
    bent(52, "bytes that are no UTF-8", |to| begun(to, &[255, 254]), Ok, ""),
    bent(52, "half a surrogate pair", |to| begun(to, br"\ud800"), Ok, ""),
    bent(52, "NUL", |to| begun(to, br"\u0000"), Ok, ""),
    bent(52, "a byte order mark", |_| marked(), Ok, ""),
    bent(53, "the year 0001, 24:00, a leap second", moment, Ok, ""),
    bent(54, "a name twice in one object", twice, Ok, ""),
];

/// What the tap makes of the record is another row than the source's.
const fn bent(
    number: u8,
    fault: &'static str,
    made: fn(&Ground) -> Option<Value>,
    ends: Outcome,
    id: &'static str,
) -> Row {
    Row { number, fault, made: Made::Once(made), ends, id, next: Next::Other }
}

fn mangled(pointer: Option<String>, value: Value) -> Option<Value> {
    Some(json!({"kind": "mangle", "pointer": pointer?, "value": value}))
}

fn no_cursor(ground: &Ground) -> Option<Value> {
    mangled(ground.cursor(), Value::Null)
}

fn nameless(ground: &Ground) -> Option<Value> {
    ground.key()?;
    let records = vec![json!({"of": "nobody"}); 101];
    mangled(Some(ground.records.clone()), json!(records))
}

fn new_field(ground: &Ground) -> Option<Value> {
    mangled(Some(ground.field("brand_new")), json!([1]))
}

fn other_type(ground: &Ground) -> Option<Value> {
    mangled(Some(ground.text()?.0), json!({"many": true}))
}

fn moment(ground: &Ground) -> Option<Value> {
    mangled(Some(ground.text()?.0), json!("0001-01-01T24:00:60Z"))
}

/// Bytes at the beginning of a text.
fn begun(ground: &Ground, with: &[u8]) -> Option<Value> {
    let head = format!("\"{}\":\"", ground.text()?.1);
    let with = [head.as_bytes(), with].concat();
    Some(json!({"kind": "bytes", "find": head, "with": with}))
}

fn marked() -> Option<Value> {
    Some(json!({"kind": "bytes", "find": "", "with": [239, 187, 191]}))
}

fn number(ground: &Ground) -> Option<Value> {
    replaced(ground, "123456789012345678901234567890,\"_\":")
}

fn twice(ground: &Ground) -> Option<Value> {
    let again = format!("\"first\",\"{}\":", ground.text()?.1);
    replaced(ground, &again)
}

/// Something between the name and the value of a text.
fn replaced(ground: &Ground, with: &str) -> Option<Value> {
    let head = format!("\"{}\":", ground.text()?.1);
    Some(json!({"kind": "replace", "find": head, "with": format!("{head}{with}")}))
}
