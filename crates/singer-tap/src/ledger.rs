//! What a stream that follows its parent may say it has read.
//!
//! The parent's pages come in order, the children of their records are read in any order and may
//! fail. A page's progress is given out when all children of it and of the pages before it are
//! settled, so that the bookmark never passes a child that is neither read nor noted.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use singer_protocol::PartitionKey;

use crate::job::Ticket;
use crate::progress::Progress;

/// So many partitions may wait for the next run; one more stops the bookmark instead.
const MOST_PENDING: usize = 100;

/// The pages of one partition of the parent, for one stream that follows.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pages: VecDeque<Page>,
    /// The number of the first of them.
    first: u64,
    /// Partitions to try again, and the last page that noted each in this run.
    pending: BTreeMap<PartitionKey, Option<u64>>,
}

#[derive(Debug)]
struct Page {
    /// Jobs that are not settled.
    open: usize,
    progress: Option<Progress>,
}

impl Ledger {
    /// A ledger for a stream that has these partitions pending.
    pub(crate) fn new(pending: BTreeSet<PartitionKey>) -> Ledger {
        let pending = pending.into_iter().map(|key| (key, None)).collect();
        Ledger { pending, ..Ledger::default() }
    }

    /// Books a page of the parent that asks for so many jobs, and returns its number.
    pub(crate) fn page(&mut self, jobs: usize, progress: Option<Progress>) -> u64 {
        self.pages.push_back(Page { open: jobs, progress });
        self.first + self.pages.len() as u64 - 1
    }

    /// Books that a job of a page is now so many more.
    pub(crate) fn split(&mut self, page: u64, more: usize) {
        if let Some(page) = self.find(page) {
            page.open += more;
        }
    }

    /// Books that a job of a page was read, or noted as pending.
    pub(crate) fn settle(&mut self, page: u64) {
        if let Some(page) = self.find(page) {
            page.open -= 1;
        }
    }

    /// Notes that a partition could not be read for a page; `false` when too many are noted.
    pub(crate) fn note(&mut self, key: &PartitionKey, page: u64) -> bool {
        let has_room = self.pending.contains_key(key) || self.pending.len() < MOST_PENDING;
        if has_room {
            let noted = self.pending.entry(key.clone()).or_default();
            *noted = (*noted).max(Some(page));
        }
        has_room
    }

    /// Takes a partition off the list that was read for a page, or for an earlier run (`None`); tells
    /// whether it was there. What a later page noted stays: it may have changed after it was read.
    pub(crate) fn clear(&mut self, key: &PartitionKey, page: Option<u64>) -> bool {
        let is_settled = self.pending.get(key).is_some_and(|noted| *noted <= page);
        is_settled && self.pending.remove(key).is_some()
    }

    /// The progress of the pages that are settled, and of none after one that is not.
    pub(crate) fn ready(&mut self) -> Vec<Progress> {
        let mut ready = Vec::new();
        while self.pages.front().is_some_and(|page| page.open == 0) {
            let page = self.pages.pop_front();
            ready.extend(page.and_then(|page| page.progress));
            self.first += 1;
        }
        ready
    }

    fn find(&mut self, page: u64) -> Option<&mut Page> {
        let index = page.checked_sub(self.first)?;
        self.pages.get_mut(usize::try_from(index).ok()?)
    }
}

/// The ledgers of a run, by stream and partition of its parent.
#[derive(Debug, Default)]
pub(crate) struct Ledgers(HashMap<(usize, Option<PartitionKey>), Ledger>);

impl Ledgers {
    /// Opens the ledger of a stream; tells whether it was not open yet.
    pub(crate) fn open(
        &mut self,
        stream: usize,
        parent: Option<PartitionKey>,
        pending: BTreeSet<PartitionKey>,
    ) -> bool {
        let entry = self.0.entry((stream, parent));
        let is_new = matches!(entry, Entry::Vacant(_));
        entry.or_insert_with(|| Ledger::new(pending));
        is_new
    }

    /// The ledger of a stream.
    pub(crate) fn of(&mut self, stream: usize, parent: Option<&PartitionKey>) -> &mut Ledger {
        self.0.entry((stream, parent.cloned())).or_default()
    }

    /// The ledger that a ticket belongs to.
    pub(crate) fn by(&mut self, stream: usize, ticket: &Ticket) -> &mut Ledger {
        self.of(stream, ticket.parent.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use singer_protocol::Cursor;

    fn advance(number: i64) -> Option<Progress> {
        Some(Progress::Advance(Cursor::Integer(number)))
    }

    #[test]
    fn a_page_is_passed_when_its_children_and_all_before_it_are_settled() {
        let mut ledger = Ledger::default();
        let first = ledger.page(2, advance(1));
        let second = ledger.page(1, advance(2));
        let third = ledger.page(0, advance(3));
        assert_eq!(ledger.ready(), []);
        ledger.settle(second);
        ledger.settle(first);
        assert_eq!(ledger.ready(), [], "a child of the first page is still being read");
        ledger.settle(first);
        assert_eq!(ledger.ready(), [1, 2, 3].map(|n| advance(n).unwrap()));
        let fourth = ledger.page(1, advance(4));
        assert_eq!((third, fourth), (2, 3));
        ledger.split(fourth, 1);
        ledger.settle(fourth);
        assert_eq!(ledger.ready(), []);
        ledger.settle(fourth);
        assert_eq!(ledger.ready(), [advance(4).unwrap()]);
    }

    #[test]
    fn only_so_many_partitions_are_noted() {
        let key = |n: usize| PartitionKey::new(&[n.to_string()]);
        let mut ledger = Ledger::new((0..99).map(key).collect());
        assert!(ledger.note(&key(99), 0));
        assert!(!ledger.note(&key(100), 0));
        assert!(ledger.note(&key(5), 0), "it is noted already");
        assert!(ledger.clear(&key(5), Some(0)) && !ledger.clear(&key(5), Some(0)));
        assert!(ledger.note(&key(100), 0));
    }

    #[test]
    fn what_was_read_for_an_earlier_page_does_not_settle_what_a_later_one_noted() {
        let key = PartitionKey::new(&["7".to_owned()]);
        let mut ledger = Ledger::new(BTreeSet::from([key.clone()]));
        assert!(ledger.note(&key, 3));
        assert!(ledger.note(&key, 1), "the later page counts");
        assert!(!ledger.clear(&key, None), "it was read before the page was seen");
        assert!(!ledger.clear(&key, Some(2)));
        assert!(ledger.clear(&key, Some(4)));
    }
}
