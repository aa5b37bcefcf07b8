//! Turns to send: the limits, shared by all requests, and the wait for one that comes back.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::breaker::Health;
use crate::clock::Clock;
use crate::limits::{Decision, Limits, Ticket, Wish};
use crate::quota::Hold;
use crate::reading::Reading;

/// The limits of a client, shared.
pub(crate) struct Turns {
    limits: Mutex<Limits>,
    returned: Notify,
}

/// Why there is no turn now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoTurn {
    /// Everybody must wait, this credential the shortest.
    Held(usize, Hold),
    /// No credential is left that serves the request.
    Nobody,
    /// The server is not tried any more.
    Dead,
}

impl Turns {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits: Mutex::new(limits), returned: Notify::new() }
    }

    pub(crate) fn limits(&self) -> MutexGuard<'_, Limits> {
        self.limits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The right to send now. Waits itself only while requests are in flight that may tell more.
    pub(crate) async fn take(
        &self,
        wish: &Wish<'_>,
        clock: &Arc<dyn Clock>,
    ) -> Result<Turn<'_>, NoTurn> {
        loop {
            let returned = self.returned.notified();
            let decision = self.limits().decide(wish, clock.elapsed());
            match decision {
                Decision::Go(ticket) => {
                    let clock = Arc::clone(clock);
                    return Ok(Turn { turns: self, ticket, health: None, clock });
                }
                Decision::Busy(None) => returned.await,
                Decision::Busy(Some(at)) => tokio::select! {
                    () = returned => {}
                    () = clock.until(at) => {}
                },
                Decision::Held(at, hold) => return Err(NoTurn::Held(at, hold)),
                Decision::Nobody => return Err(NoTurn::Nobody),
                Decision::Dead => return Err(NoTurn::Dead),
            }
        }
    }
}

/// The right to send one request now; given back when dropped.
pub(crate) struct Turn<'a> {
    turns: &'a Turns,
    ticket: Ticket,
    health: Option<Health>,
    clock: Arc<dyn Clock>,
}

impl Turn<'_> {
    /// Which of the credentials is to sign.
    pub(crate) fn credential(&self) -> usize {
        self.ticket.credential
    }

    /// Whose limits it counts against.
    pub(crate) fn identity(&self) -> Arc<str> {
        self.turns.limits().name(&self.ticket)
    }

    /// Takes note of what the answer tells of the server.
    pub(crate) fn tells(&mut self, health: Health) {
        self.health = Some(health);
    }

    /// It went well.
    pub(crate) fn clean(&self) {
        self.turns.limits().clean(&self.ticket);
    }

    /// The server was overtaxed.
    pub(crate) fn throttled(&self) {
        self.turns.limits().throttled(&self.ticket, self.clock.elapsed());
    }

    /// The server wants one request at a time.
    pub(crate) fn alone(&self) {
        self.turns.limits().alone(&self.ticket);
    }

    /// Takes note of what the answer tells of a quota.
    pub(crate) fn record(&self, reading: &Reading) {
        self.turns.limits().record(&self.ticket, reading, self.clock.elapsed());
    }

    /// Nothing is left of the quota for so long.
    pub(crate) fn block(&self, wait: Duration) {
        self.turns.limits().block(&self.ticket, self.clock.elapsed() + wait);
    }

    /// The identity must not be used for anything until then.
    pub(crate) fn pause(&self, hold: Hold) {
        self.turns.limits().pause(&self.ticket, hold);
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.turns.limits().give_back(&self.ticket, self.health, self.clock.elapsed());
        self.turns.returned.notify_waiters();
    }
}
