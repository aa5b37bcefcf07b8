//! Time and randomness that only move when told.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::clock::{BoxFuture, Clock, Random};

/// Virtual time. Whoever sleeps moves it on at once and is written down; a deadline fires when
/// somebody else has moved it that far. Clones are the same clock.
#[derive(Clone, Debug)]
pub struct ManualClock {
    start: DateTime<Utc>,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    now: Duration,
    waits: Vec<Duration>,
    deadlines: Vec<Alarm>,
    issued: u64,
}

#[derive(Debug)]
struct Alarm {
    id: u64,
    at: Duration,
    waker: Option<Waker>,
}

impl ManualClock {
    /// A clock that stands at `start`, an RFC 3339 instant such as `2026-11-24T16:00:00Z`.
    ///
    /// # Panics
    /// If `start` is none.
    pub fn at(start: &str) -> Self {
        let start = start.parse().expect("the start of a manual clock is an RFC 3339 instant");
        Self { start, state: Arc::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All waits so far, in their order. Long ones consist of several.
    pub fn waits(&self) -> Vec<Duration> {
        self.state().waits.clone()
    }

    /// All waits so far, added up.
    pub fn waited(&self) -> Duration {
        self.state().waits.iter().sum()
    }

    /// Moves time on.
    pub fn advance(&self, duration: Duration) {
        self.move_to(|state| state.now.saturating_add(duration));
    }

    /// Moves time on, but not beyond the next deadline that somebody has set. Whether all of
    /// `duration` passed.
    pub fn pass(&self, duration: Duration) -> bool {
        let mut whole = true;
        self.move_to(|state| {
            let end = state.now.saturating_add(duration);
            let next = state.deadlines.iter().map(|alarm| alarm.at).min();
            whole = next.is_none_or(|next| end < next);
            next.map_or(end, |next| end.min(next.max(state.now)))
        });
        whole
    }

    fn move_to(&self, to: impl FnOnce(&State) -> Duration) {
        let mut state = self.state();
        state.now = to(&state);
        let now = state.now;
        let due = state.deadlines.iter_mut().filter(|alarm| alarm.at <= now);
        let wakers: Vec<_> = due.filter_map(|alarm| alarm.waker.take()).collect();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        self.start + self.elapsed()
    }

    fn elapsed(&self) -> Duration {
        self.state().now
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            self.state().waits.push(duration);
            self.advance(duration);
            tokio::task::yield_now().await;
        })
    }

    fn until(&self, at: Duration) -> BoxFuture<'_, ()> {
        let mut state = self.state();
        state.issued += 1;
        let id = state.issued;
        state.deadlines.push(Alarm { id, at, waker: None });
        Box::pin(Deadline { clock: self, id })
    }
}

struct Deadline<'a> {
    clock: &'a ManualClock,
    id: u64,
}

impl Future for Deadline<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.clock.state();
        let now = state.now;
        match state.deadlines.iter_mut().find(|alarm| alarm.id == self.id) {
            Some(alarm) if alarm.at > now => {
                alarm.waker = Some(context.waker().clone());
                Poll::Pending
            }
            _ => Poll::Ready(()),
        }
    }
}

impl Drop for Deadline<'_> {
    fn drop(&mut self) {
        self.clock.state().deadlines.retain(|alarm| alarm.id != self.id);
    }
}

/// The same number each time.
#[derive(Clone, Copy, Debug)]
pub struct FixedRandom(
    /// In `[0, 1)`.
    pub f64,
);

impl Random for FixedRandom {
    fn unit(&self) -> f64 {
        self.0
    }
}
