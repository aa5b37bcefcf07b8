//! What the source really holds: one JSON line a record.

use super::field::Field;
use super::org::Org;
use super::render::{self, Style};
use crate::json;
use crate::server::{Answer, Request};

/// The answer of `/_mock/truth`.
///
/// # Errors
/// There is no such object or field.
pub(super) fn answer(org: &Org, request: &Request, now: u32) -> Result<Answer, String> {
    let name = request.param("object").unwrap_or("Account");
    let at = org.find(name).ok_or_else(|| format!("there is no object `{name}`"))?;
    let object = &org.objects[at];
    let fields: Vec<&Field> = match request.param("fields") {
        None => object.fields.iter().collect(),
        Some(names) => names
            .split(',')
            .map(|name| object.field(name).ok_or_else(|| format!("there is no field `{name}`")))
            .collect::<Result<_, _>>()?,
    };
    let flag = |name: &str| request.param(name).is_some_and(|value| value != "0");
    let (with_purged, with_hidden) = (flag("purged"), flag("hidden"));
    let style =
        Style { version: request.param("version").unwrap_or("v60.0"), has_offset: flag("offset") };
    let (mut lines, mut scratch) = (String::new(), String::new());
    for number in 0..object.table.len() {
        let seen = object.table.get(number, now);
        let latest = object.table.latest(number);
        let row = match latest {
            Some(latest) if latest.is_purged => with_purged.then_some(latest),
            _ if with_hidden => latest,
            _ => seen,
        };
        let Some(row) = row else { continue };
        let record = org.record(at, number, row);
        let mut separator = '{';
        for field in &fields {
            lines.push(separator);
            json::text(&field.name, &mut lines);
            lines.push(':');
            render::json(&record, field, style, &mut scratch, &mut lines);
            separator = ',';
        }
        lines.push_str("}\n");
    }
    let mut answer = Answer::json(200, lines);
    answer.set("content-type", "application/x-ndjson");
    Ok(answer)
}
