//! Transforms that make a value, run on the slots of one record.

use super::datetime;
use super::misfit::{Found, Misfit};
use super::number;
use super::plan::{Op, Plan, Step};
use super::rule::inner;
use super::scan::{elements, member};
use super::sheet::Sheet;
use super::slot::{Look, Slot};
use super::text::quoted;

/// Runs all steps in their order. `parent` gives the JSON text of a name of the context, and
/// `time_extracted` is one too.
pub(super) fn run<'a>(
    plan: &'a Plan,
    sheet: &mut Sheet<'a>,
    time_extracted: &'a str,
    parent: impl Fn(&str) -> Option<&'a str>,
) {
    for step in &plan.steps {
        let input = step.inputs.first().map_or(Slot::Absent, |slot| sheet.slots[*slot].forget());
        let made = match &step.op {
            Op::FromParent { name } => Ok(parent(name).map_or(Slot::Absent, Slot::Text)),
            Op::Exists { then, otherwise } => Ok(Slot::Text(match input {
                Slot::Absent | Slot::NULL => otherwise,
                _ => then,
            })),
            Op::Deleted { cursor } => {
                let cursor = cursor.map_or(Slot::Absent, |slot| sheet.slots[slot].forget());
                deleted(input.look(&sheet.made), input, cursor, time_extracted)
            }
            Op::Extra => Ok(sheet.take_extra()),
            Op::Joined => joined(step, sheet),
            Op::FirstOf => Ok(first(step, sheet)),
            Op::Gather => Ok(match first(step, sheet) {
                Slot::NULL => Slot::NULL,
                // Its fields are written from where they are.
                _ => Slot::Text("{}"),
            }),
            _ => change(step, input, &mut sheet.made),
        };
        sheet.slots[step.slot] = made.unwrap_or_else(|found| {
            sheet.notes.add(step.place, Misfit::Nulled(found));
            Slot::NULL
        });
    }
}

/// What a step makes of a value that may be absent or null, and then stays so.
fn change<'a>(step: &Step, input: Slot<'a>, made: &mut String) -> Result<Slot<'a>, Found> {
    match (&step.op, input) {
        (_, Slot::Absent | Slot::NULL) => Ok(input),
        (Op::Epoch, Slot::Text(text)) => epoch(text, datetime::epoch, made),
        (Op::EpochMillis, Slot::Text(text)) => epoch(text, datetime::epoch_millis, made),
        (Op::JsonText, Slot::Text(text)) => Ok(json_text(text, made)),
        (Op::UrlId, Slot::Text(text)) => url_id(text),
        (Op::Pluck { field }, Slot::Text(text)) if text.starts_with('[') => {
            Ok(pluck(text, field, made))
        }
        (_, Slot::Made(..)) => again(step, input, made),
        (_, Slot::Text(text) | Slot::Plain(text) | Slot::Items(text, _)) => Err(Found::of(text)),
    }
}

/// The scalars of a step's inputs in one text.
fn joined<'a>(step: &Step, sheet: &mut Sheet<'a>) -> Result<Slot<'a>, Found> {
    let mut text = String::new();
    for slot in &step.inputs {
        let Look::Text(value) = sheet.slots[*slot].look(&sheet.made) else { continue };
        match Found::of(value) {
            found @ (Found::Object | Found::Array) => return Err(found),
            _ => text.extend([if text.is_empty() { "" } else { "/" }, inner(value)]),
        }
    }
    if text.is_empty() {
        return Ok(Slot::NULL);
    }
    let start = sheet.made.len();
    sheet.made.extend(["\"", &text, "\""]);
    Ok(Slot::Made(start, sheet.made.len()))
}

/// The first of a step's inputs that has a value.
fn first<'a>(step: &Step, sheet: &Sheet<'a>) -> Slot<'a> {
    let inputs = step.inputs.iter().map(|slot| sheet.slots[*slot].forget());
    let mut values = inputs.filter(|slot| !matches!(*slot, Slot::Absent | Slot::NULL));
    values.next().unwrap_or(Slot::NULL)
}

/// When a record was deleted, by what tells it.
fn deleted<'a>(
    look: Look<'_>,
    input: Slot<'a>,
    cursor: Slot<'a>,
    time_extracted: &'a str,
) -> Result<Slot<'a>, Found> {
    match look {
        Look::Absent | Look::Null | Look::Text("false" | "\"false\"") => Ok(Slot::NULL),
        Look::Text("true" | "\"true\"") => Ok(match cursor {
            Slot::Absent | Slot::NULL => Slot::Text(time_extracted),
            cursor => cursor,
        }),
        Look::Text(text) if text.starts_with('"') => Ok(input),
        Look::Text(text) => Err(Found::of(text)),
    }
}

/// A step on what a step made.
fn again<'a>(step: &Step, input: Slot<'_>, made: &mut String) -> Result<Slot<'a>, Found> {
    let Look::Text(text) = input.look(made) else { return Ok(Slot::Absent) };
    let text = text.to_owned();
    let start = made.len();
    match change(step, Slot::Text(&text), made)? {
        Slot::Text(text) => {
            made.push_str(text);
            Ok(Slot::Made(start, made.len()))
        }
        Slot::Made(start, end) => Ok(Slot::Made(start, end)),
        _ => Ok(Slot::NULL),
    }
}

fn epoch<'a>(
    text: &'a str,
    write: fn(&str, &mut Vec<u8>) -> bool,
    made: &mut String,
) -> Result<Slot<'a>, Found> {
    let found = Found::of(text);
    let count = match found {
        Found::Number if text.contains(['e', 'E']) => number::whole(text).ok_or(found)?,
        Found::Number => text.into(),
        Found::String => return Ok(Slot::Text(text)),
        _ => return Err(found),
    };
    let mut stamp = Vec::with_capacity(32);
    if !write(&count, &mut stamp) {
        return Err(found);
    }
    let start = made.len();
    made.push('"');
    made.extend(stamp.into_iter().map(char::from));
    made.push('"');
    Ok(Slot::Made(start, made.len()))
}

fn json_text<'a>(text: &'a str, made: &mut String) -> Slot<'a> {
    if !text.starts_with(['{', '[']) {
        return Slot::Text(text);
    }
    let start = made.len();
    let mut out = Vec::with_capacity(text.len() + 16);
    quoted(text, &mut out);
    made.push_str(&String::from_utf8_lossy(&out));
    Slot::Made(start, made.len())
}

fn url_id(text: &str) -> Result<Slot<'_>, Found> {
    let found = Found::of(text);
    if found != Found::String {
        return Err(found);
    }
    let path = inner(text).split(['?', '#']).next().unwrap_or_default();
    // The slash may be escaped.
    let id = path.trim_end_matches(['/', '\\']).rsplit('/').next().unwrap_or_default();
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(found);
    }
    let significant = id.trim_start_matches('0');
    Ok(Slot::Text(if significant.is_empty() { "0" } else { significant }))
}

fn pluck<'a>(list: &str, field: &str, made: &mut String) -> Slot<'a> {
    let start = made.len();
    made.push('[');
    let values = elements(list)
        .filter(|item| item.starts_with('{'))
        .filter_map(|item| member(item, field))
        .filter(|value| *value != "null");
    for value in values {
        if made.len() > start + 1 {
            made.push(',');
        }
        made.push_str(value);
    }
    made.push(']');
    Slot::Made(start, made.len())
}
