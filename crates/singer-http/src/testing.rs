//! Doubles for the traits that a client stands on, for the tests of whatever uses one.

mod clock;
mod log;
mod scripted;

use std::time::Duration;

use crate::rules::{QuotaHeaders, Rules, Secondary};

pub use clock::{FixedRandom, ManualClock};
pub use log::captured;
pub use scripted::{Reply, ScriptedTransport, Sent, env};

/// An API with a quota in `x-ratelimit-*`, a secondary limit of 60 s and signs of access policy.
pub const RULES: Rules = Rules {
    quota: Some(QuotaHeaders {
        limit: "x-ratelimit-limit",
        remaining: "x-ratelimit-remaining",
        reset: "x-ratelimit-reset",
        resource: "x-ratelimit-resource",
    }),
    secondary: Some(Secondary {
        marks: &["secondary rate limit"],
        min_wait: Duration::from_secs(60),
    }),
    policy_headers: &["x-sso"],
    policy_marks: &["ip allow list"],
    ..Rules::PLAIN
};
