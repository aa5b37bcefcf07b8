//! Doubles for the traits that a client stands on, for the tests of whatever uses one.

mod clock;
mod scripted;

pub use clock::{FixedRandom, ManualClock};
pub use scripted::{Reply, ScriptedTransport, Sent, env};
