//! The part of a day's requests that a client may use, for an API that tells how many are used.

use std::sync::{Mutex, PoisonError};

use http::HeaderMap;

use crate::kind::Kind;

/// What of an API's requests a day may be used. Where it is used up, no further request is sent:
/// [`Kind::Allowance`].
#[derive(Clone, Debug)]
pub struct Allowance {
    /// What the head of an answer tells.
    pub told: fn(&HeaderMap) -> Option<Usage>,
    /// What everybody together may use, this client among them.
    pub total: Share,
    /// What this client may use.
    pub run: Share,
}

/// Requests of the last day, whoever sent them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// So many were sent.
    pub used: u64,
    /// So many may be.
    pub limit: u64,
}

/// A part of a limit, as a setting of the user's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// So many in a hundred.
    pub percent: f64,
    /// What the setting is called.
    pub setting: &'static str,
}

impl Share {
    /// Whether so many of these are all of it.
    fn is_used_up(self, used: u64, limit: u64) -> bool {
        used as f64 * 100.0 >= self.percent * limit as f64
    }
}

/// What was told last.
#[derive(Debug, Default)]
pub(crate) struct Told(Mutex<Option<Usage>>);

impl Told {
    pub(crate) fn hear(&self, allowance: &Allowance, headers: &HeaderMap) {
        if let Some(usage) = (allowance.told)(headers) {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(usage);
        }
    }

    /// Why nothing more may be sent by a client that has sent so many, if nothing may.
    pub(crate) fn refusal(&self, allowance: &Allowance, sent: u64) -> Option<Kind> {
        let told = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Usage { used, limit } = told.filter(|usage| usage.limit > 0)?;
        let refuse = |share: Share, used, is_run| {
            let Share { percent, setting } = share;
            let percent = format!("{percent} %");
            share.is_used_up(used, limit).then_some(Kind::Allowance {
                used,
                limit,
                percent,
                setting,
                is_run,
            })
        };
        refuse(allowance.total, used, false).or_else(|| refuse(allowance.run, sent, true))
    }
}
