//! How many requests may be in flight: more while all is well, half after each throttling.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// The rule alone. Starts at `min(cap, 4)`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Aimd {
    cap: usize,
    limit: usize,
    clean: usize,
    /// Counts the halvings: requests that began before the last one tell nothing new.
    era: u64,
}

impl Aimd {
    fn new(cap: usize) -> Self {
        let cap = cap.max(1);
        Self { cap, limit: cap.min(4), clean: 0, era: 0 }
    }

    fn clean(&mut self) {
        self.clean += 1;
        if self.clean >= self.limit {
            self.limit = (self.limit * 2).min(self.cap);
            self.clean = 0;
        }
    }

    fn throttled(&mut self, era: u64) {
        if era == self.era {
            self.limit = (self.limit / 2).max(1);
            self.clean = 0;
            self.era += 1;
        }
    }
}

/// Slots for requests in flight; waiters are served in their order.
#[derive(Debug)]
pub(crate) struct Slots {
    state: Mutex<(Aimd, usize)>,
    freed: Notify,
}

impl Slots {
    pub(crate) fn new(cap: usize) -> Self {
        Self { state: Mutex::new((Aimd::new(cap), 0)), freed: Notify::new() }
    }

    fn state(&self) -> MutexGuard<'_, (Aimd, usize)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A slot, once one is free.
    pub(crate) async fn take(&self) -> Slot<'_> {
        loop {
            if let Some(slot) = self.try_take() {
                return slot;
            }
            self.freed.notified().await;
        }
    }

    fn try_take(&self) -> Option<Slot<'_>> {
        let mut state = self.state();
        let (aimd, used) = &mut *state;
        if *used >= aimd.limit {
            return None;
        }
        *used += 1;
        let era = aimd.era;
        if *used < aimd.limit {
            // One wake-up stands for all slots that are free: pass it on.
            self.freed.notify_one();
        }
        Some(Slot { slots: self, era })
    }

    /// How many requests may be in flight now.
    pub(crate) fn limit(&self) -> usize {
        self.state().0.limit
    }
}

/// One request in flight, until dropped.
#[derive(Debug)]
pub(crate) struct Slot<'a> {
    slots: &'a Slots,
    era: u64,
}

impl Slot<'_> {
    /// It went well.
    pub(crate) fn clean(&self) {
        self.slots.state().0.clean();
    }

    /// The server was overtaxed.
    pub(crate) fn throttled(&self) {
        self.slots.state().0.throttled(self.era);
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.slots.state().1 -= 1;
        self.slots.freed.notify_one();
    }
}
