//! Whether the outcome of a run says what became of its lists.

use std::collections::BTreeSet;

use singer_tap::Outcome;

use crate::case::List;
use crate::check::Before;
use crate::output::{Delivered, marks};
use crate::run::Ran;
use crate::world::{Place, Row, World};

/// So many lists in a row that cannot be read end their stream.
const MOST_BAD: usize = 5;

/// The outcome tells what was missed, and a list that fails keeps no other one from being read.
pub(crate) fn check_account(
    before: &Before<'_>,
    ran: &Ran,
    now: &World,
    delivered: &Delivered,
    rejected: usize,
) -> Result<(), String> {
    let failed = failed(before, ran, now);
    let fits = match ran.outcome {
        Outcome::Ok => failed.is_empty() && rejected == 0,
        Outcome::Partial => !failed.is_empty() || rejected > 0,
        Outcome::Bug if failed.is_empty() => false,
        _ => !failed.is_empty(),
    };
    if !fits {
        return Err(format!(
            "the run ended as {:?} with {failed:?} failed and {rejected} rows rejected",
            ran.outcome
        ));
    }
    // What limits the whole run ends it.
    let goes_on = matches!(ran.outcome, Outcome::Ok | Outcome::Partial) && failed.len() < MOST_BAD;
    let stood_still =
        |row: &Row| now.rows.iter().any(|now| now.id == row.id && now.version == row.version);
    let is_due = |row: &&Row| {
        // A parent that moves while its list is read is read by the next run, and what follows it.
        let above = before.world.parent(row.place).filter(|_| now.follows());
        stood_still(row)
            && above.is_none_or(stood_still)
            && now.is_promised(row)
            && now.is_before_end(row)
            && is_read(row.place, &failed, before.world, now)
    };
    let mut due = before.world.rows.iter().filter(is_due);
    match due.find(|row| goes_on && !delivered.has(row)) {
        Some(row) => Err(format!("ended as {:?}, but {row:?} was not delivered", ran.outcome)),
        None => Ok(()),
    }
}

/// The lists whose last answer was no page.
fn failed(before: &Before<'_>, ran: &Ran, now: &World) -> BTreeSet<Place> {
    let mut failed = ran.log.failed();
    // A parent that was to be tried again and is gone is no loss.
    let marks = before.state.map(|state| marks(now, state)).unwrap_or_default();
    let there = now.places();
    for parent in marks.values().flat_map(|mark| &mark.pending) {
        let place = Place::Rows(Some(*parent));
        if !there.contains(&place) {
            failed.remove(&place);
        }
    }
    failed
}

/// Whether a run that stands for its outcome has to have read a list whole.
fn is_read(place: Place, failed: &BTreeSet<Place>, before: &World, now: &World) -> bool {
    // What vanishes from a numbered list hides others until the next run.
    let is_steady = |place: Place| {
        let is_numbered = matches!(now.list(place), List::FullNumbered | List::Reread);
        let ids = |world: &World| world.of(place).map(|row| row.id).collect::<BTreeSet<_>>();
        !is_numbered || ids(before).is_subset(&ids(now))
    };
    let is_whole = |place: Place| !failed.contains(&place) && is_steady(place);
    is_whole(place) && before.parent(place).is_none_or(|_| is_whole(Place::Parents))
}
