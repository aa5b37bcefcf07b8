//! The data: a few numbers a row, from which the records follow.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use super::ShopOptions;
use crate::seed::Dice;

/// Seconds over which the rows were made.
const HISTORY: u32 = 365 * 86_400;

/// The first id of a list; ids ascend, and none is used again.
const FIRST: u64 = 1_001;

/// What is kept of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) id: u64,
    /// Seconds of the epoch.
    pub(super) created: u32,
    /// Seconds of the epoch.
    pub(super) updated: u32,
    /// How often it was changed after it was made.
    pub(super) version: u32,
    /// Items of an order.
    pub(super) items: u32,
}

/// What the API has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Resource {
    Orders,
    /// The items of an order are counted in its row.
    Items,
    Customers,
    Products,
}

impl Resource {
    /// By the name of the stream.
    pub(super) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "orders" => Resource::Orders,
            "order_items" => Resource::Items,
            "customers" => Resource::Customers,
            "products" => Resource::Products,
            _ => return None,
        })
    }
}

/// Rows by id, and their order by time of change.
#[derive(Debug, Default)]
pub(super) struct List {
    rows: BTreeMap<u64, Row>,
    changed: BTreeSet<(u32, u64)>,
    next: u64,
}

impl List {
    /// Puts a row in, in place of the one of its id.
    pub(super) fn put(&mut self, row: Row) {
        self.next = self.next.max(row.id + 1);
        if let Some(old) = self.rows.insert(row.id, row) {
            self.changed.remove(&(old.updated, old.id));
        }
        self.changed.insert((row.updated, row.id));
    }

    pub(super) fn remove(&mut self, id: u64) {
        if let Some(old) = self.rows.remove(&id) {
            self.changed.remove(&(old.updated, old.id));
        }
    }

    pub(super) fn get(&self, id: u64) -> Option<Row> {
        self.rows.get(&id).copied()
    }

    /// The id that the next new row will have.
    pub(super) fn next(&self) -> u64 {
        self.next.max(FIRST)
    }

    /// All rows, by id.
    pub(super) fn rows(&self) -> impl ExactSizeIterator<Item = &Row> {
        self.rows.values()
    }

    /// The rows with a higher id.
    pub(super) fn after(&self, id: u64) -> impl Iterator<Item = &Row> {
        self.rows.range((Bound::Excluded(id), Bound::Unbounded)).map(|(_, row)| row)
    }

    /// The rows that were changed at or after `place`, a time and an id, in that order.
    pub(super) fn changed_from(&self, place: (u32, u64)) -> impl Iterator<Item = &Row> {
        self.changed.range(place..).filter_map(|(_, id)| self.rows.get(id))
    }
}

/// Everything that the shop answers from.
#[derive(Debug)]
pub(super) struct Data {
    /// How much there was at first.
    pub(super) options: ShopOptions,
    /// The data's time, in seconds of the epoch.
    pub(super) now: u32,
    pub(super) orders: List,
    pub(super) customers: List,
    pub(super) products: List,
}

impl Data {
    pub(super) fn new(options: &ShopOptions) -> Self {
        let mut data = Self {
            options: options.clone(),
            now: options.now,
            orders: List::default(),
            customers: List::default(),
            products: List::default(),
        };
        let first = options.now.saturating_sub(HISTORY);
        let last = options.now.saturating_sub(3_600);
        for (resource, count) in [
            (Resource::Orders, options.orders),
            (Resource::Customers, options.customers),
            (Resource::Products, options.products),
        ] {
            for at in 0..count {
                let share = u64::from(last - first) * u64::from(at) / u64::from(count);
                let created = first + share as u32;
                let row = data.fresh(resource, created);
                let updated = data.dice(resource, row.id).soon_after(1, created, last);
                data.list_mut(resource).put(Row { updated, ..row });
            }
        }
        data
    }

    /// A row that was made at an instant, under the next id of its list.
    pub(super) fn fresh(&self, resource: Resource, created: u32) -> Row {
        let id = self.list(resource).next();
        let items = 1 + self.dice(resource, id).pick(2, self.options.items.into()) as u32;
        Row { id, created, updated: created, version: 0, items }
    }

    /// The list that a resource's rows are in.
    pub(super) fn list(&self, resource: Resource) -> &List {
        match resource {
            Resource::Orders | Resource::Items => &self.orders,
            Resource::Customers => &self.customers,
            Resource::Products => &self.products,
        }
    }

    pub(super) fn list_mut(&mut self, resource: Resource) -> &mut List {
        match resource {
            Resource::Orders | Resource::Items => &mut self.orders,
            Resource::Customers => &mut self.customers,
            Resource::Products => &mut self.products,
        }
    }

    /// The choices for a row.
    pub(super) fn dice(&self, resource: Resource, id: u64) -> Dice {
        Dice::new(&[self.options.seed, resource as u64, id])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_is_changed_is_the_last_of_its_list_and_keeps_its_id() {
        let row = |id, updated| Row { id, created: 1, updated, version: 0, items: 1 };
        let mut list = List::default();
        [row(1, 10), row(2, 20), row(3, 20), row(1, 30)].into_iter().for_each(|row| list.put(row));
        let ids = |rows: Vec<&Row>| rows.iter().map(|row| row.id).collect::<Vec<_>>();
        assert_eq!(ids(list.changed_from((0, 0)).collect()), [2, 3, 1]);
        assert_eq!(ids(list.changed_from((20, 3)).collect()), [3, 1]);
        list.remove(3);
        assert_eq!(ids(list.after(1).collect()), [2]);
        assert_eq!(list.next(), FIRST);
    }
}
