//! Memory of pages that are done with, for the pages to come.

use std::sync::{Arc, Mutex, PoisonError};

/// How many are kept; more are never of use than requests in flight.
const MOST: usize = 16;
/// A body that was larger than this was an exception.
const LARGEST: usize = 8 << 20;

/// Empty memory, shared by its clones: a client gives its responses such, and gets it back when they
/// are dropped.
///
/// A page is hundreds of kilobytes, and memory of that size goes back to the system when it is
/// freed: taking it anew for every page costs more than filling it.
#[derive(Clone, Debug, Default)]
pub struct Spares(Arc<Mutex<Vec<Vec<u8>>>>);

impl Spares {
    /// Empty memory, used before if there is some.
    pub fn take(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    /// Keeps the memory of `bytes`.
    pub fn give(&self, mut bytes: Vec<u8>) {
        bytes.clear();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < MOST && (1..=LARGEST).contains(&bytes.capacity()) {
            kept.push(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_comes_back_empty_and_only_if_it_is_worth_keeping() {
        let spares = Spares::default();
        spares.give(vec![1, 2, 3]);
        spares.give(Vec::new());
        spares.give(Vec::with_capacity(LARGEST + 1));
        let first = spares.take();
        assert!(first.is_empty() && first.capacity() >= 3);
        assert_eq!(spares.take().capacity(), 0);
    }
}
