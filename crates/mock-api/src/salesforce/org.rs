//! The organization: all objects and their rows.

use std::collections::HashMap;

use super::catalog;
use super::field::Fill;
use super::object::Object;
use super::options::SalesforceOptions;
use super::record::Record;
use super::row::{Row, Table};
use crate::seed::{Dice, mix};

const DAY: u32 = 86_400;

/// What the API answers from.
#[derive(Debug)]
pub(super) struct Org {
    pub(super) seed: u64,
    /// The most seconds after which a change is seen.
    pub(super) late: u32,
    pub(super) objects: Vec<Object>,
    /// Positions of the objects, by their names in lower case.
    names: HashMap<String, usize>,
}

impl Org {
    /// The data of these options, as it was last changed at an instant.
    pub(super) fn new(options: &SalesforceOptions, last: u32) -> Self {
        let plan = catalog::objects(options);
        let targets: HashMap<String, _> = plan
            .iter()
            .filter_map(|(object, count)| Some((object.name.clone(), (object.prefix?, *count))))
            .collect();
        let mut org = Self {
            seed: options.seed,
            late: options.late,
            objects: Vec::with_capacity(plan.len()),
            names: HashMap::with_capacity(plan.len()),
        };
        for (at, (mut object, count)) in plan.into_iter().enumerate() {
            for field in &mut object.fields {
                if let Fill::Reference(name) = field.fill {
                    field.target = targets.get(name).copied().filter(|(_, count)| *count > 0);
                }
            }
            let span = Span {
                first: last.saturating_sub(options.history * DAY),
                last,
                ties: options.ties as usize,
            };
            object.table = Table::new(org.first_rows(&object, at, count, span));
            org.names.insert(object.name.to_ascii_lowercase(), at);
            org.objects.push(object);
        }
        org
    }

    /// An object by its name, in which case does not matter.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.names.get(&name.to_ascii_lowercase()).copied()
    }

    pub(super) fn object(&self, name: &str) -> Option<&Object> {
        self.find(name).map(|at| &self.objects[at])
    }

    /// A row with its object, ready to be shown.
    pub(super) fn record(&self, object: usize, number: u32, row: Row) -> Record<'_> {
        Record::new(&self.objects[object], number, row, mix(&[self.seed, object as u64]))
    }

    /// Seconds until a change is seen.
    pub(super) fn delay(&self, object: usize, number: u32, version: u16) -> u32 {
        let parts = [self.seed, object as u64, number.into(), version.into(), 0x1a7e];
        (mix(&parts) % (u64::from(self.late) + 1)) as u32
    }

    /// The rows of the start: made one after the other, and changed in an order of their own.
    fn first_rows(&self, object: &Object, at: usize, count: u32, span: Span) -> Vec<Row> {
        let seed = mix(&[self.seed, at as u64, 0x505]);
        let can_change = object.has(Fill::Modified) || object.has(Fill::Stamp);
        let length = u64::from(span.last - span.first);
        let mut rows: Vec<Row> = (0..count)
            .map(|number| {
                let dice = Dice::new(&[seed, number.into()]);
                let created = span.first + (length * u64::from(number) / u64::from(count)) as u32;
                let is_changed = can_change && !is_log(object) && dice.chance(1, 60);
                let stamp =
                    if is_changed { dice.soon_after(2, created, span.last) } else { created };
                Row { created, stamp, version: is_changed.into(), ..Row::default() }
            })
            .collect();
        let mut order: Vec<u32> = (0..count).collect();
        order.sort_by_key(|number| (rows[*number as usize].stamp, *number));
        tie(&mut rows, &order, span.ties, seed);
        let is_deletable = object.has(Fill::Deleted);
        for (number, row) in (0..).zip(&mut rows) {
            let dice = Dice::new(&[seed, u64::from(number), 7]);
            let user = if dice.chance(1, 10) { dice.pick(2, 3_600) as u32 } else { 0 };
            row.modified = row.stamp.saturating_sub(user).max(row.created);
            row.shown = row.stamp.saturating_add(self.delay(at, number, row.version));
            if is_deletable && dice.chance(3, 3) {
                row.gone = row.stamp;
            }
        }
        rows
    }
}

/// Whether the rows of an object are what happened once.
fn is_log(object: &Object) -> bool {
    !object.has(Fill::Created)
}

/// From when to when rows were made, and how many of them may have the same time.
#[derive(Debug, Clone, Copy)]
struct Span {
    first: u32,
    last: u32,
    ties: usize,
}

/// Gives neighbours in the order of change the same time, that of the last of them: mostly a few, and
/// sometimes as many as there may be.
fn tie(rows: &mut [Row], order: &[u32], ties: usize, seed: u64) {
    let mut from = 0;
    while from < order.len() {
        let block = from / ties;
        let is_large = from.is_multiple_of(ties) && block % 8 == 1;
        let few = 1 + Dice::new(&[seed, from as u64, 0x71e]).pick(1, 4) as usize;
        let end = if is_large { from + ties } else { (from + few).min((block + 1) * ties) };
        let end = end.min(order.len());
        let stamp = rows[order[end - 1] as usize].stamp;
        for number in &order[from..end] {
            rows[*number as usize].stamp = stamp;
        }
        from = end;
    }
}
