//! Changes of the data.

use serde_json::{Value, json};

use super::field::Fill;
use super::org::Org;
use super::render::instant_text;
use super::row::Row;
use crate::seed::mix;
use crate::server::{Answer, Request};

/// What can be done to records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
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
    pub(super) fn fits(self, row: &Row) -> bool {
        match self {
            Verb::Undelete => row.is_deleted() && !row.is_purged,
            Verb::Purge => !row.is_purged,
            _ => !row.is_deleted(),
        }
    }

    /// The row after it.
    fn apply(self, row: Row, time: u32) -> Row {
        let version = row.version.wrapping_add(1);
        let changed = Row { stamp: time, modified: time, version, ..row };
        match self {
            Verb::Create => row,
            Verb::Touch => changed,
            Verb::Delete => Row { gone: time, ..changed },
            Verb::Undelete => Row { gone: 0, ..changed },
            // What leaves the recycle bin was deleted before.
            Verb::Purge => {
                let gone = if row.gone > 0 { row.gone } else { time };
                Row { gone, is_purged: true, ..row }
            }
        }
    }

    /// Does it to a row of an object.
    pub(super) fn apply_to(self, org: &mut Org, at: usize, number: u32, moment: Moment) {
        let Some(row) = org.objects[at].table.latest(number) else { return };
        let row = self.apply(row, moment.time);
        let delay = moment.late.unwrap_or_else(|| org.delay(at, number, row.version));
        let shown = if self == Verb::Purge { row.shown } else { moment.time.saturating_add(delay) };
        org.objects[at].table.put(number, Row { shown, ..row }, moment.now);
    }
}

/// When something is done.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    /// The time of the change.
    pub(super) time: u32,
    /// The server's time.
    pub(super) now: u32,
    /// Seconds until queries see it; `None`: as the options say.
    pub(super) late: Option<u32>,
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
    let is_deletion = matches!(verb, Verb::Delete | Verb::Undelete);
    if is_deletion && !org.objects[at].has(Fill::Deleted) {
        return Err(format!("records of `{name}` are not deleted (there is no IsDeleted)"));
    }
    let seconds = |name| request.number(name).map(|seconds| seconds as u32);
    let time = now.saturating_sub(seconds("ago").unwrap_or(0));
    let count = request.number("count").unwrap_or(1) as usize;
    let numbers = match verb {
        Verb::Create => {
            // Nobody sees them before it is known when they are to be shown.
            let row = Row { shown: u32::MAX, ..Row::made(time) };
            (0..count).map(|_| org.objects[at].table.push(row)).collect()
        }
        _ => chosen(org, at, verb, request, count)?,
    };
    for number in &numbers {
        verb.apply_to(org, at, *number, Moment { time, now, late: seconds("late") });
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
        let is_apt = table.latest(number).is_some_and(|row| verb.fits(&row));
        return if is_apt { Ok(vec![number]) } else { Err(format!("`{id}` is not as it must be")) };
    }
    let wants_deleted = request.param("deleted").is_some_and(|value| value != "0");
    let is_meant =
        |row: &Row| verb.fits(row) && (verb != Verb::Purge || row.is_deleted() == wants_deleted);
    let numbers: Vec<u32> = (0..table.len())
        .filter(|number| table.latest(*number).is_some_and(|row| is_meant(&row)))
        .collect();
    let (length, count) = (numbers.len(), count.min(numbers.len()));
    let first = mix(&[at as u64, length as u64]) as usize % length.max(1);
    Ok((0..count).map(|step| numbers[(first + step * length / count) % length]).collect())
}
