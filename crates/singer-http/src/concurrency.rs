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

    fn alone(&mut self) {
        (self.limit, self.clean, self.era) = (1, 0, self.era + 1);
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

    /// The server wants one request at a time.
    pub(crate) fn alone(&self) {
        self.slots.state().0.alone();
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;

    #[test]
    fn the_limit_doubles_per_clean_window_and_halves_per_throttling() {
        let check = |cap, steps: &str, want| {
            let mut aimd = Aimd::new(cap);
            for step in steps.chars() {
                match step {
                    '+' => aimd.clean(),
                    '-' => aimd.throttled(aimd.era),
                    _ => aimd.throttled(aimd.era.wrapping_sub(1)),
                }
            }
            assert_eq!(aimd.limit, want, "{cap} {steps}");
        };
        check(8, "", 4);
        check(2, "", 2);
        check(0, "", 1);
        check(8, "+++", 4);
        check(8, "++++", 8);
        check(8, "++++++++++++++++++++++++", 8);
        check(32, "++++++++++++", 16);
        check(8, "-", 2);
        check(8, "+++-+", 2);
        check(8, "+++-++", 4);
        check(8, "----", 1);
        // Requests that began before the halving were not throttled by the halved rate.
        check(8, "-ooo", 2);
    }

    #[tokio::test]
    async fn waiters_get_the_slots_that_others_free() {
        let slots = Slots::new(2);
        let one = slots.take().await;
        let two = slots.take().await;
        assert!(slots.try_take().is_none());
        let mut third = pin!(slots.take());
        tokio::select! {
            biased;
            _ = &mut third => panic!("more in flight than the limit"),
            () = tokio::task::yield_now() => {}
        }
        drop(one);
        let three = third.await;
        two.throttled();
        three.throttled();
        assert_eq!(slots.limit(), 1);
        drop(two);
        assert!(slots.try_take().is_none(), "the halved limit is still in use");
        drop(three);
        assert!(slots.try_take().is_some());
    }

    #[tokio::test]
    async fn a_dropped_waiter_passes_its_turn_on() {
        let slots = Slots::new(1);
        let one = slots.take().await;
        let second = async { drop(slots.take().await) };
        let mut gone = Box::pin(slots.take());
        let mut second = Box::pin(second);
        tokio::select! {
            biased;
            _ = &mut gone => panic!("taken twice"),
            () = &mut second => panic!("taken twice"),
            () = tokio::task::yield_now() => {}
        }
        drop(one);
        drop(gone);
        second.await;
    }
}
