//! Sessions and refresh tokens: who is logged in, and until when.

use std::collections::{HashMap, HashSet};

use super::options::SalesforceOptions;
use crate::base64;
use crate::seed::mix;

/// The id of the organization.
pub(super) const ORGANIZATION: &str = "00D5e000000TestEAA";
/// The id of the user who logs in.
pub(super) const USER: &str = "0055e0000000001AAA";

#[derive(Debug, Clone, Copy)]
struct Session {
    /// The server's time, in seconds of the epoch.
    since: u64,
    requests: u64,
}

/// All sessions that have not ended.
#[derive(Debug)]
pub(super) struct Sessions {
    open: HashMap<String, Session>,
    serial: u64,
    most_requests: u64,
    most_seconds: u64,
    /// Requests after which all end.
    left: Option<u64>,
    rotates: bool,
    /// The refresh tokens that are good; `None`: any that was not replaced.
    good: Option<HashSet<String>>,
    replaced: HashSet<String>,
}

impl Sessions {
    pub(super) fn new(options: &SalesforceOptions) -> Self {
        Self {
            open: HashMap::new(),
            serial: 0,
            most_requests: options.session_requests.unwrap_or(u64::MAX),
            most_seconds: options.session_seconds.unwrap_or(u64::MAX),
            left: None,
            rotates: options.rotate,
            good: options.refresh_token.clone().map(|token| HashSet::from([token])),
            replaced: HashSet::new(),
        }
    }

    /// Begins a session, and gives its id.
    pub(super) fn begin(&mut self, now: u64) -> String {
        let id = format!("{}!AQ{}", &ORGANIZATION[..15], self.letters(80));
        self.open.insert(id.clone(), Session { since: now, requests: 0 });
        id
    }

    /// Counts a request of a session; false if it has ended or never was.
    pub(super) fn admit(&mut self, id: &str, now: u64) -> bool {
        match &mut self.left {
            Some(0) => {
                self.left = None;
                self.open.clear();
            }
            Some(left) => *left -= 1,
            None => {}
        }
        let Some(session) = self.open.get_mut(id) else { return false };
        let is_over = session.requests >= self.most_requests
            || now.saturating_sub(session.since) >= self.most_seconds;
        if is_over {
            self.open.remove(id);
            return false;
        }
        session.requests += 1;
        true
    }

    /// Ends all sessions after so many further requests.
    pub(super) fn expire(&mut self, after: u64) {
        if after == 0 {
            self.open.clear();
        } else {
            self.left = Some(after);
        }
    }

    /// Uses a refresh token: `None` if it is not good, else the one that replaces it, if one does.
    pub(super) fn refresh(&mut self, token: &str) -> Option<Option<String>> {
        let is_good = self.good.as_ref().is_none_or(|good| good.contains(token))
            && !self.replaced.contains(token)
            && !token.is_empty();
        if !is_good {
            return None;
        }
        if !self.rotates {
            return Some(None);
        }
        let next = format!("5Aep861{}", self.letters(60));
        self.replaced.insert(token.to_owned());
        if let Some(good) = &mut self.good {
            good.insert(next.clone());
        }
        Some(Some(next))
    }

    /// So many letters that were not given before.
    pub(super) fn letters(&mut self, length: usize) -> String {
        self.serial += 1;
        let mut letters = String::new();
        let mut part = 0;
        while letters.len() < length {
            part += 1;
            base64::encode(&mix(&[self.serial, part, 0x5e55]).to_le_bytes(), &mut letters);
        }
        letters.truncate(length);
        letters
    }
}
