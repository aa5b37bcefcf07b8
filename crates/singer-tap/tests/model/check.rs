//! The properties of a run, on the bytes that it wrote.

use serde_json::Value;

use crate::account::check_account;
use crate::output::{Delivered, Line, Mark, Marks, lines, marks};
use crate::run::Ran;
use crate::server::places;
use crate::world::{Place, World};

/// What is known before a run.
pub(crate) struct Before<'a> {
    pub(crate) state: Option<&'a Value>,
    pub(crate) delivered: &'a Delivered,
    /// The source when the run began.
    pub(crate) world: &'a World,
}

/// A STATE, and what was delivered before it.
#[derive(Clone)]
pub(crate) struct Checkpoint {
    pub(crate) state: Value,
    pub(crate) delivered: Delivered,
}

/// The STATEs of a run, after all of its lines were checked against the source as it is now.
pub(crate) fn check(
    before: &Before<'_>,
    ran: &Ran,
    now: &World,
    is_whole: bool,
) -> Result<Vec<Checkpoint>, String> {
    let mut delivered = before.delivered.clone();
    let mut own = Delivered::default();
    let mut last = before.state.map(|state| marks(now, state)).unwrap_or_default();
    check_pending_first(&last, ran)?;
    let mut checkpoints = Vec::new();
    let mut rejected = 0;
    for line in lines(&ran.stdout) {
        line.book(&mut delivered);
        line.book(&mut own);
        match line {
            Line::Rejected { .. } => rejected += 1,
            Line::Activated { stream } => check_whole(&stream, &own, before.world, now)?,
            Line::State { value } => {
                let number = checkpoints.len() + 1;
                let marks = marks(now, &value);
                check_monotone(&last, &marks).map_err(|what| format!("STATE {number} {what}"))?;
                check_not_ahead(&marks, &delivered, now)
                    .map_err(|what| format!("STATE {number} {what}"))?;
                last = marks;
                checkpoints.push(Checkpoint { state: value, delivered: delivered.clone() });
            }
            Line::Record { .. } | Line::Other => {}
        }
    }
    if is_whole {
        check_lines(&ran.stdout)?;
        check_account(before, ran, now, &delivered, rejected)?;
    }
    Ok(checkpoints)
}

/// Nothing that an earlier STATE said was read is taken back.
fn check_monotone(earlier: &Marks, later: &Marks) -> Result<(), String> {
    let none = Mark::default();
    for (place, earlier) in earlier {
        let later = later.get(place).unwrap_or(&none);
        if !later.keeps(earlier) {
            return Err(format!(
                "takes back what was read of {place:?}: {earlier:?}, then {later:?}"
            ));
        }
    }
    Ok(())
}

/// What a STATE says was read was delivered before it, as far as the next run will not look again.
fn check_not_ahead(marks: &Marks, delivered: &Delivered, now: &World) -> Result<(), String> {
    let ahead = now
        .rows
        .iter()
        .find(|row| now.covers(marks, row) && now.is_promised(row) && !delivered.has(row));
    match ahead {
        Some(row) => Err(format!("is ahead of its rows: {row:?} was not delivered before it")),
        None => Ok(()),
    }
}

/// A version is activated when this run has written every row that there was all the time.
fn check_whole(stream: &str, own: &Delivered, before: &World, now: &World) -> Result<(), String> {
    let stays = |id: i64| before.rows.iter().any(|row| row.id == id);
    let mut rows = now.rows.iter().filter(|row| row.place.stream() == stream && stays(row.id));
    match rows.find(|row| !own.has_any(row)) {
        Some(row) => Err(format!("a version was activated, but {row:?} was not delivered with it")),
        None => Ok(()),
    }
}

/// What an earlier run could not read is tried before anything else.
fn check_pending_first(marks: &Marks, ran: &Ran) -> Result<(), String> {
    let lists =
        ran.log.requests.iter().map(|request| {
            places(request.split_once('?').map_or(request.as_str(), |(path, _)| path))
        });
    let lists: Vec<_> = lists.take_while(|places| *places != [Place::Parents]).collect();
    let is_over = lists.len() == ran.log.requests.len();
    for parent in marks.values().flat_map(|mark| &mark.pending) {
        let place = Place::Rows(Some(*parent));
        if !is_over && !lists.iter().any(|places| places.contains(&place)) {
            return Err(format!("parent {parent} was pending, and was not tried first"));
        }
    }
    Ok(())
}

fn check_lines(stdout: &str) -> Result<(), String> {
    let mut breaches = singer_test::breaches(stdout);
    if !singer_test::ends_with_state(stdout) {
        breaches.push("the last line is no STATE".to_owned());
    }
    if breaches.is_empty() { Ok(()) } else { Err(breaches.join("; ")) }
}

/// After a healthy run everything was delivered.
pub(crate) fn check_nothing_lost(delivered: &Delivered, now: &World) -> Result<(), String> {
    match now.rows.iter().find(|row| now.is_promised(row) && !delivered.has(row)) {
        Some(row) => Err(format!("lost: {row:?} was not delivered by all runs together")),
        None => Ok(()),
    }
}

/// A second run against a source that stands still brings what its bookmark asks for again, and
/// nothing else.
pub(crate) fn check_idempotent(state: &Value, ran: &Ran, now: &World) -> Result<(), String> {
    let mine = marks(now, state);
    for line in lines(&ran.stdout) {
        match line {
            Line::Record { stream, record } => {
                let row = now.rows.iter().find(|row| {
                    row.place.stream() == stream && Some(row.id) == record["id"].as_i64()
                });
                let row = row.ok_or_else(|| format!("{record} is no row of the source"))?;
                if now.covers(&mine, row) {
                    return Err(format!("a run with nothing new brings {row:?} again"));
                }
            }
            Line::State { value } if value["bookmarks"] != state["bookmarks"] => {
                return Err(format!("a run with nothing new makes {state} into {value}"));
            }
            _ => {}
        }
    }
    Ok(())
}
