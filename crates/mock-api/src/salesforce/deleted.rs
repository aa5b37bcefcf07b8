//! Ids of the records that were deleted in a span of time.

use chrono::DateTime;
use serde_json::{Value, json};

use super::error::Problem;
use super::object::Object;
use super::render::instant_text;
use crate::server::Request;

/// How far back it goes, in seconds.
const REACH: i64 = 15 * 86_400;

/// The answer of `/sobjects/{object}/deleted/`.
///
/// # Errors
/// The span cannot be used, or the object does not tell.
pub(super) fn answer(object: &Object, request: &Request, now: u32) -> Result<Value, Problem> {
    if !object.traits.is_replicateable {
        let text = format!("the object {} is not replicable", object.name);
        return Err(Problem::new(400, "INVALID_TYPE_FOR_OPERATION", text));
    }
    let (start, end) = (instant(request, "start")?, instant(request, "end")?);
    // Seconds do not count.
    let (start, end) = (start - start.rem_euclid(60), end - end.rem_euclid(60));
    let invalid = |text: &str| Problem::new(400, "INVALID_REPLICATION_DATE", text);
    if end - start < 60 {
        return Err(invalid("the start is not before the end by a minute or more"));
    }
    if i64::from(now) - start > REACH {
        return Err(invalid("the start is more than 15 days ago"));
    }
    let is_in = |time: u32| (start..end).contains(&i64::from(time));
    let table = &object.table;
    let rows = (0..table.len()).filter_map(|number| Some((number, table.latest(number)?)));
    let deleted = rows.filter(|(_, row)| row.is_deleted() && is_in(row.gone));
    let (deleted, hidden): (Vec<_>, Vec<_>) = deleted.partition(|(_, row)| row.shown <= now);
    let records = deleted.into_iter().filter_map(|(number, row)| {
        let deleted = instant_text(row.gone);
        Some(json!({"id": object.id(number)?.text(), "deletedDate": deleted}))
    });
    let earliest = u32::try_from(i64::from(now) - REACH).unwrap_or(0);
    // It is whole up to the first deletion that does not show yet.
    let first_hidden = hidden.iter().map(|(_, row)| i64::from(row.gone)).min();
    let covered = end.min(now.into()).min(first_hidden.unwrap_or(end));
    let covered = u32::try_from(covered).unwrap_or(0);
    Ok(json!({
        "deletedRecords": records.collect::<Value>(),
        "earliestDateAvailable": instant_text(earliest - earliest % 60),
        "latestDateCovered": instant_text(covered),
    }))
}

/// Seconds of the epoch of a parameter.
fn instant(request: &Request, name: &str) -> Result<i64, Problem> {
    // In a query a `+` arrives as a space.
    let text = request.param(name).unwrap_or_default().replace(' ', "+");
    let instant = DateTime::parse_from_rfc3339(&text)
        .or_else(|_| DateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f%z"));
    let invalid = |_| {
        let text = format!("`{name}` is no date and time");
        Problem::new(400, "INVALID_REPLICATION_DATE", text)
    };
    Ok(instant.map_err(invalid)?.timestamp())
}
