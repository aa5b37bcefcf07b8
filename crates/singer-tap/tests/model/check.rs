//! The properties of a run, on the bytes that it wrote.

use std::collections::BTreeSet;

use serde_json::Value;
use singer_tap::Outcome;

use crate::case::{Case, List};
use crate::output::{Delivered, Line, Mark, Marks, is_filtered, lines, marks};
use crate::run::Ran;
use crate::world::{Place, Row, World};

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
    let mut last = before.state.map(|state| marks(now, state)).unwrap_or_default();
    let mut checkpoints = Vec::new();
    let mut rejected = 0;
    for line in lines(&ran.stdout) {
        line.book(&mut delivered);
        rejected += usize::from(matches!(line, Line::Rejected { .. }));
        if let Line::State { value } = line {
            let number = checkpoints.len() + 1;
            let marks = marks(now, &value);
            check_monotone(&last, &marks).map_err(|what| format!("STATE {number} {what}"))?;
            check_not_ahead(&marks, &delivered, now)
                .map_err(|what| format!("STATE {number} {what}"))?;
            last = marks;
            checkpoints.push(Checkpoint { state: value, delivered: delivered.clone() });
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
        let is_kept = earlier.value <= later.value
            && earlier.intervals.iter().all(|(start, end)| {
                later.value.is_some_and(|value| *end <= value)
                    || later.intervals.iter().any(|(a, b)| a <= start && end <= b)
            });
        if !is_kept {
            return Err(format!(
                "takes back what was read of {place:?}: {earlier:?}, then {later:?}"
            ));
        }
    }
    Ok(())
}

/// What a STATE says was read was delivered before it, as far as the next run will not look again.
fn check_not_ahead(marks: &Marks, delivered: &Delivered, now: &World) -> Result<(), String> {
    let ahead = now.rows.iter().find(|row| {
        let is_covered = is_filtered(now.list(row.place))
            && marks
                .get(&row.place)
                .is_some_and(|mark| looked_back(mark, now).covers(now.value(row.at)));
        is_covered && now.is_promised(row) && !delivered.has(row)
    });
    match ahead {
        Some(row) => Err(format!("is ahead of its rows: {row:?} was not delivered before it")),
        None => Ok(()),
    }
}

/// The mark less lookback: what lies above is read again.
fn looked_back(mark: &Mark, world: &World) -> Mark {
    let back = world.value(world.shape.lookback) - world.value(0);
    Mark {
        value: mark.value.map(|value| value - back),
        intervals: mark.intervals.iter().map(|(start, end)| (*start, end - back)).collect(),
    }
}

fn check_lines(stdout: &str) -> Result<(), String> {
    let mut breaches = singer_test::breaches(stdout);
    if !singer_test::ends_with_state(stdout) {
        breaches.push("the last line is no STATE".to_owned());
    }
    if breaches.is_empty() { Ok(()) } else { Err(breaches.join("; ")) }
}

/// The outcome tells what was missed, and a list that fails keeps no other one from being read.
fn check_account(
    before: &Before<'_>,
    ran: &Ran,
    now: &World,
    delivered: &Delivered,
    rejected: usize,
) -> Result<(), String> {
    let answered = &ran.log.answered;
    let failed: BTreeSet<Place> =
        answered.iter().filter(|(_, ok)| !**ok).map(|(place, _)| *place).collect();
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
    // What limits the whole run ends it; five failures in a row end a stream.
    let goes_on = matches!(ran.outcome, Outcome::Ok | Outcome::Partial) && failed.len() < 5;
    if !goes_on {
        return Ok(());
    }
    let missed = before.world.rows.iter().find(|row| {
        let is_found = now.rows.iter().any(|now| now.id == row.id && now.version == row.version);
        let is_read =
            !failed.contains(&row.place) && is_reached(row.place, &failed, before.world, now);
        is_found && is_read && now.is_promised(row) && !delivered.has(row)
    });
    match missed {
        Some(row) => Err(format!("ended as {:?}, but {row:?} was not delivered", ran.outcome)),
        None => Ok(()),
    }
}

/// Whether a run that stands for its outcome has to have read a list whole.
fn is_reached(place: Place, failed: &BTreeSet<Place>, before: &World, now: &World) -> bool {
    // What moves rows of a numbered list hides others until the next run.
    let is_steady = |place: Place| {
        let is_numbered = matches!(now.list(place), List::Full | List::Reread);
        let ids = |world: &World| world.of(place).map(|row| row.id).collect::<BTreeSet<_>>();
        !is_numbered || ids(before).is_subset(&ids(now))
    };
    let parent = match place {
        Place::Rows(Some(part)) => {
            let is_child = |row: &&Row| row.place == Place::Parents && row.id == part;
            before.rows.iter().find(is_child)
        }
        _ => None,
    };
    is_steady(place)
        && parent.is_none_or(|parent| {
            // A parent without a name names no child.
            parent.bad.is_none() && !failed.contains(&Place::Parents) && is_steady(Place::Parents)
        })
}

/// After a healthy run everything was delivered.
pub(crate) fn check_nothing_lost(delivered: &Delivered, now: &World) -> Result<(), String> {
    match now.rows.iter().find(|row| now.is_promised(row) && !delivered.has(row)) {
        Some(row) => Err(format!("{row:?} is lost")),
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
                let mark = mine.get(&row.place);
                let is_again = is_filtered(now.list(row.place))
                    && mark.is_some_and(|mark| looked_back(mark, now).covers(now.value(row.at)));
                if is_again {
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

/// What a failing case prints.
pub(crate) fn story(case: &Case, runs: &[Ran]) -> String {
    let mut text = format!("{case:?}");
    for (at, ran) in runs.iter().enumerate() {
        text += &format!("run {} ended as {:?}; it asked\n", at + 1, ran.outcome);
        for request in &ran.log.requests {
            text += &format!("  {request}\n");
        }
        text += &format!("and wrote\n{}", ran.stdout);
        let said = ran.stderr.lines().filter(|line| !line.starts_with("INFO METRIC"));
        text += &format!("and said\n{}\n", said.collect::<Vec<_>>().join("\n"));
    }
    text
}
