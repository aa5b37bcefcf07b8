//! The rows of small lists: made from the seed when they are asked for, and kept once they change.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use super::place::Here;
use super::registry::List;
use crate::github::seed::{Dice, mix};
use crate::github::table::{Row, Table};
use crate::github::world::{Span, text_seed};

/// Seconds within which the rows of a parent were made.
const CHILDHOOD: u32 = 2 * 86_400;

type Key = (&'static str, u64);

/// All rows of small lists.
#[derive(Debug)]
pub(crate) struct Store {
    span: Span,
    sizes: Vec<(String, u32)>,
    tables: Mutex<HashMap<Key, Arc<Table>>>,
    /// Paths that have been answered once.
    asked: Mutex<HashSet<String>>,
}

impl Store {
    /// Rows between two instants; sizes go before those of the table.
    pub(crate) fn new(span: Span, sizes: &[(String, u32)]) -> Self {
        let (tables, asked) = Default::default();
        Self { span, sizes: sizes.to_vec(), tables, asked }
    }

    /// Whether a path is asked for the first time.
    pub(crate) fn is_first(&self, path: &str) -> bool {
        self.asked.lock().expect("no holder of this lock panics").insert(path.to_owned())
    }

    /// The rows that a list has at a place.
    pub(crate) fn rows(&self, list: &'static List, here: &Here<'_>) -> Arc<Table> {
        let key = (list.small.name, here.seed());
        let mut tables = self.tables.lock().expect("no holder of this lock panics");
        if let Some(table) = tables.get(&key) {
            return Arc::clone(table);
        }
        // What a list's count looks at may be another small list.
        drop(tables);
        let table = Arc::new(self.grow(list, here));
        if here.parents.is_empty() && list.small.count.is_none() {
            tables = self.tables.lock().expect("no holder of this lock panics");
            tables.insert(key, Arc::clone(&table));
        }
        table
    }

    /// Changes the rows of a list at a place, and keeps them.
    pub(crate) fn change(
        &self,
        list: &'static List,
        here: &Here<'_>,
        change: impl FnOnce(&mut Table),
    ) {
        let mut table = Table::new(self.rows(list, here).rows().to_vec());
        change(&mut table);
        let key = (list.small.name, here.seed());
        self.tables.lock().expect("no holder of this lock panics").insert(key, Arc::new(table));
    }

    fn grow(&self, list: &'static List, here: &Here<'_>) -> Table {
        let parent = here.parents.last().map(|parent| parent.row());
        let span = match parent {
            None => self.span,
            Some(parent) => {
                let last = parent.created.saturating_add(CHILDHOOD).min(self.span.last);
                Span { first: parent.created, last: last.max(parent.created) }
            }
        };
        let count = self.count(list, here);
        let seed = mix(&[here.seed(), text_seed(list.small.name)]);
        let row = |number| span.row(Dice::new(&[seed, u64::from(number)]), number, count);
        let mut rows: Vec<Row> = (1..=count).map(row).collect();
        // A parent that was touched has touched its last row.
        if let (Some(parent), Some(last)) = (parent.filter(|row| row.version > 0), rows.last_mut())
        {
            (last.updated, last.version) = (parent.updated, parent.version);
        }
        Table::new(rows)
    }

    fn count(&self, list: &'static List, here: &Here<'_>) -> u32 {
        let small = list.small;
        if let Some(count) = small.count {
            return count(here);
        }
        let own = here.repo().map_or(&[][..], |repo| &repo.small);
        let size = own.iter().chain(&self.sizes).find(|(name, _)| name == small.name);
        size.map_or(small.rows, |(_, count)| *count)
    }
}
