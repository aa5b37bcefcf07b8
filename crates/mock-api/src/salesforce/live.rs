//! Days of ordinary life: records are made, changed and deleted at any time of the day.

use serde_json::{Value, json};

use super::change::{Moment, Verb};
use super::field::Fill;
use super::org::Org;
use super::row::Row;
use crate::seed::Dice;

const DAY: u32 = 86_400;

/// Of a thousand records, how many are made, changed, deleted, restored and purged a day.
const SHARES: [(Verb, u64); 5] = [
    (Verb::Create, 10),
    (Verb::Touch, 20),
    (Verb::Delete, 3),
    (Verb::Undelete, 1),
    (Verb::Purge, 1),
];

/// Lets so many days pass from `now` on, and tells how many changes there were of each object.
pub(super) fn live(org: &mut Org, days: u32, now: u32) -> Value {
    let mut told = serde_json::Map::new();
    for at in 0..org.objects.len() {
        let mut counts = [0; SHARES.len()];
        for day in 0..days {
            for (verb, count) in (0..SHARES.len()).zip(&mut counts) {
                *count += act(org, at, verb, now.saturating_add(day.saturating_mul(DAY)));
            }
        }
        if counts.iter().sum::<u32>() > 0 {
            let [made, touched, deleted, restored, purged] = counts;
            let counts = json!({"made": made, "touched": touched, "deleted": deleted,
                "restored": restored, "purged": purged});
            told.insert(org.objects[at].name.clone(), counts);
        }
    }
    Value::Object(told)
}

/// What happens of one sort to one object on a day; gives how often it did.
fn act(org: &mut Org, at: usize, share: usize, day: u32) -> u32 {
    let (verb, of_thousand) = SHARES[share];
    let object = &org.objects[at];
    let rows = object.table.len();
    let is_log = !object.has(Fill::Modified) && !object.has(Fill::Stamp);
    let can_delete = object.has(Fill::Deleted);
    let can = match verb {
        Verb::Create => true,
        Verb::Touch => !is_log && object.has(Fill::Created),
        _ => can_delete,
    };
    if rows == 0 || !can || object.prefix.is_none() {
        return 0;
    }
    let wanted = (u64::from(rows) * of_thousand).div_ceil(1_000);
    let mut done = 0;
    for turn in 0..wanted {
        let dice = Dice::new(&[org.seed, at as u64, day.into(), share as u64, turn]);
        let time = day + dice.pick(1, DAY.into()) as u32;
        let moment = Moment { time, now: time, late: None };
        if verb == Verb::Create {
            let number = org.objects[at].table.push(Row { shown: u32::MAX, ..Row::made(time) });
            verb.apply_to(org, at, number, moment);
            done += 1;
            continue;
        }
        let table = &org.objects[at].table;
        let first = dice.pick(2, rows.into()) as u32;
        let near = (first..rows)
            .chain(0..first)
            .find(|number| table.latest(*number).is_some_and(|row| fits(verb, &row, time)));
        if let Some(number) = near {
            verb.apply_to(org, at, number, moment);
            done += 1;
        }
    }
    done
}

/// Whether something can happen to a row: nothing does before its last change.
fn fits(verb: Verb, row: &Row, time: u32) -> bool {
    verb.fits(row) && row.stamp < time && (verb != Verb::Purge || row.is_deleted())
}
