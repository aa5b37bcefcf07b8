//! Reports: what can be run, the runs, and the files that come of them
//! (<https://docs.stripe.com/reports/api>).

mod columns;
mod csv;
mod kinds;
mod lines;
mod run;
mod sums;
mod tax;
mod types;

pub(super) use kinds::Report;
pub(super) use run::{Part, Run, file, objects, poll, start};
pub(super) use types::answer;

use super::scene::Scene;

/// Reads a field of an object, of which a pointer may lead on; empty if there is none.
fn read(scene: &Scene<'_>, thing: &super::thing::Thing, field: &str, pointer: &str) -> String {
    let mut text = String::new();
    scene.field(thing, field, &mut text);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    match value.pointer(pointer) {
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(serde_json::Value::Null) | None => String::new(),
        Some(value) => value.to_string(),
    }
}

/// An instant as files have it.
fn instant(seconds: u32) -> String {
    let instant = chrono::DateTime::from_timestamp(seconds.into(), 0).unwrap_or_default();
    instant.format("%Y-%m-%d %H:%M:%S").to_string()
}

/// An amount in major units.
fn major(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
}
