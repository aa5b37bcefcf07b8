//! Records that several partitions of a stream hold, and one writes.

use std::collections::HashMap;

use singer_protocol::{Cursor, Seen};
use tokio::sync::{Mutex, MutexGuard};

/// The records of a stream that were handed to the writer, by their keys.
#[derive(Debug, Default)]
pub(crate) struct Written(Mutex<HashMap<String, Option<Cursor>>>);

/// A page that is made while no other page of the stream is, so that none may count on records that
/// the writer does not have yet.
pub(crate) struct Claim<'a> {
    written: MutexGuard<'a, HashMap<String, Option<Cursor>>>,
    page: HashMap<String, Option<Cursor>>,
}

impl Written {
    pub(crate) async fn claim(&self) -> Claim<'_> {
        Claim { written: self.0.lock().await, page: HashMap::new() }
    }
}

impl Claim<'_> {
    /// Begins the page again.
    pub(crate) fn clear(&mut self) {
        self.page.clear();
    }

    /// Whether a record is new: not written before in this run, or changed since.
    pub(crate) fn is_new(&mut self, seen: &Seen<'_>) -> bool {
        let key: Vec<&str> =
            (0..seen.key.len()).map(|at| seen.key.text(at).unwrap_or_default()).collect();
        self.take(key.join(" "), seen.cursor.cloned())
    }

    fn take(&mut self, key: String, cursor: Option<Cursor>) -> bool {
        let known = self.page.get(&key).or_else(|| self.written.get(&key));
        let is_new = known.is_none_or(|known| *known < cursor);
        if is_new {
            self.page.insert(key, cursor);
        }
        is_new
    }

    /// The writer has the page.
    pub(crate) fn keep(mut self) {
        self.written.extend(self.page.drain());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(number: i64) -> Option<Cursor> {
        Some(Cursor::Integer(number))
    }

    #[tokio::test]
    async fn a_record_is_new_until_a_page_with_it_is_kept_and_again_when_it_changed() {
        let written = Written::default();
        let mut given_up = written.claim().await;
        assert!(given_up.take("1".to_owned(), at(5)));
        drop(given_up);

        let mut page = written.claim().await;
        assert!(page.take("1".to_owned(), at(5)), "the page that had it was not kept");
        assert!(!page.take("1".to_owned(), at(5)), "twice in a page");
        page.clear();
        assert!(page.take("1".to_owned(), at(5)), "the page is made again");
        assert!(page.take("2".to_owned(), None));
        page.keep();

        let mut other = written.claim().await;
        assert!(!other.take("1".to_owned(), at(5)) && !other.take("2".to_owned(), None));
        assert!(!other.take("1".to_owned(), at(4)), "an older version");
        assert!(other.take("1".to_owned(), at(6)), "a newer one");
    }
}
