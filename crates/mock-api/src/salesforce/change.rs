//! Changes of the data.

use serde_json::{Value, json};

use super::field::Fill;
use super::org::Org;
use super::render::instant_text;
use super::row::Row;
use crate::seed::mix;
use crate::server::{Answer, Request};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Touch,
    Create,
    Delete,
    Undelete,
    Purge,
}

impl Verb {
    fn parse(action: &str) -> Option<Self> {
        Some(match action {
            "touch" => Verb::Touch,
            "create" => Verb::Create,
            "delete" => Verb::Delete,
            "undelete" => Verb::Undelete,
            "purge" => Verb::Purge,
            _ => return None,
        })
    }

    /// Whether it can be done to a row.
    fn fits(self, row: &Row) -> bool {
        match self {
            Verb::Undelete => row.is_deleted() && !row.is_purged,
            Verb::Purge => !row.is_purged,
            _ => !row.is_deleted(),
        }
    }

    /// The row after it.
    fn apply(self, row: Row, now: u32) -> Row {
        let changed =
            Row { stamp: now, modified: now, version: row.version.wrapping_add(1), ..row };
        match self {
            Verb::Touch | Verb::Create => changed,
            Verb::Delete => Row { gone: now, version: row.version, ..changed },
            Verb::Undelete => Row { gone: 0, version: row.version, ..changed },
            // What leaves the recycle bin was deleted before.
            Verb::Purge => {
                let gone = if row.gone > 0 { row.gone } else { now };
                Row { gone, is_purged: true, ..row }
            }
        }
    }
}

/// Makes a change; `None` if there is no such action.
pub(super) fn answer(
    org: &mut Org,
    action: &str,
    request: &Request,
    now: u32,
) -> Option<Result<Answer, String>> {
    let verb = Verb::parse(action)?;
    Some(change(org, verb, request, now))
}

fn change(org: &mut Org, verb: Verb, request: &Request, now: u32) -> Result<Answer, String> {
    let name = request.param("object").unwrap_or("Account");
    let at = org.find(name).ok_or_else(|| format!("there is no object `{name}`"))?;
    // A purge is no change that anybody sees as one, and needs no field.
    if verb != Verb::Purge
        && verb != Verb::Create
        && verb != Verb::Touch
        && !org.objects[at].has(Fill::Deleted)
    {
        return Err(format!("records of `{name}` are not deleted"));
    }
    let time = now.saturating_sub(request.number("ago").unwrap_or(0) as u32);
    let count = request.number("count").unwrap_or(1) as usize;
    let numbers = match verb {
        Verb::Create => create(org, at, count, time),
        _ => chosen(org, at, verb, request, count)?,
    };
    for number in &numbers {
        let delay = request.number("late").map(|late| late as u32);
        let object = &org.objects[at];
        let Some(row) = object.table.latest(*number) else { continue };
        let row = if verb == Verb::Create { row } else { verb.apply(row, time) };
        let delay = delay.unwrap_or_else(|| org.delay(at, *number, row.version));
        let shown = if verb == Verb::Purge { row.shown } else { time.saturating_add(delay) };
        org.objects[at].table.put(*number, Row { shown, ..row }, now);
    }
    let object = &org.objects[at];
    let ids = numbers.iter().map(|number| match object.id(*number) {
        Some(id) => id.text().into(),
        None => Value::from(*number),
    });
    let done = json!({
        "changed": numbers.len(),
        "first_at": instant_text(time),
        "ids": ids.collect::<Value>(),
    });
    Ok(Answer::value(200, &done))
}

fn create(org: &mut Org, at: usize, count: usize, time: u32) -> Vec<u32> {
    // Nobody sees it before it is known when it is to be shown.
    let row = Row { created: time, modified: time, stamp: time, shown: u32::MAX, ..Row::default() };
    (0..count).map(|_| org.objects[at].table.push(row)).collect()
}

/// The numbers of the rows that are meant: the one that is named, or so many, spread evenly over
/// those that may be.
fn chosen(
    org: &Org,
    at: usize,
    verb: Verb,
    request: &Request,
    count: usize,
) -> Result<Vec<u32>, String> {
    let object = &org.objects[at];
    let table = &object.table;
    if let Some(id) = request.param("id") {
        let number = object.number(id).ok_or_else(|| format!("there is no record `{id}`"))?;
        return Ok(vec![number]);
    }
    let wants_deleted = request.param("deleted").is_some_and(|value| value != "0");
    let is_meant = |row: &Row| verb.fits(row) && (!wants_deleted || row.is_deleted());
    let numbers: Vec<u32> = (0..table.len())
        .filter(|number| table.latest(*number).is_some_and(|row| is_meant(&row)))
        .collect();
    let (length, count) = (numbers.len(), count.min(numbers.len()));
    let first = mix(&[at as u64, length as u64]) as usize % length.max(1);
    Ok((0..count).map(|step| numbers[(first + step * length / count) % length]).collect())
}
