//! What was asked, for tests that look at it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::server::Request;

/// Counts of requests, and the last of them.
#[derive(Debug)]
pub(crate) struct Journal {
    keep: usize,
    notes: Mutex<Notes>,
}

#[derive(Debug, Clone, Default)]
struct Notes {
    total: u64,
    patterns: BTreeMap<String, u64>,
    statuses: BTreeMap<String, u64>,
    last: VecDeque<Note>,
}

#[derive(Debug, Clone)]
struct Note {
    line: String,
    headers: Vec<(String, String)>,
    /// The status, or the name of the fault that had none.
    outcome: String,
}

impl Journal {
    pub(crate) fn new(keep: usize) -> Self {
        Self { keep, notes: Mutex::default() }
    }

    pub(crate) fn note(&self, request: &Request, pattern: String, outcome: String) {
        let mut notes = self.notes.lock().expect("no holder of this lock panics");
        notes.total += 1;
        *notes.patterns.entry(pattern).or_default() += 1;
        *notes.statuses.entry(outcome.clone()).or_default() += 1;
        if notes.last.len() >= self.keep {
            notes.last.pop_front();
        }
        if self.keep > 0 {
            notes.last.push_back(Note {
                line: format!("{} {}", request.method, request.target),
                headers: request.headers.clone(),
                outcome,
            });
        }
    }

    /// The last requests; begins anew.
    pub(crate) fn take(&self) -> Vec<String> {
        let notes = std::mem::take(&mut *self.notes.lock().expect("no holder of this lock panics"));
        notes.last.iter().map(Note::text).collect()
    }

    /// The counts and the last requests; `reset` begins anew.
    pub(crate) fn report(&self, headers: bool, reset: bool) -> Value {
        let mut notes = self.notes.lock().expect("no holder of this lock panics");
        let shown = if reset { std::mem::take(&mut *notes) } else { notes.clone() };
        let last: Vec<Value> = shown.last.iter().map(|note| note.show(headers)).collect();
        json!({
            "total": shown.total,
            "patterns": shown.patterns,
            "statuses": shown.statuses,
            "last": last,
        })
    }
}

impl Note {
    fn text(&self) -> String {
        format!("{} {}", self.line, self.outcome)
    }

    fn show(&self, headers: bool) -> Value {
        if !headers {
            return json!(self.text());
        }
        let headers: serde_json::Map<String, Value> =
            self.headers.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        json!({"line": self.line, "outcome": self.outcome, "headers": headers})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_counts_by_pattern_and_keeps_the_last_lines() {
        let journal = Journal::new(2);
        for page in 1..=3 {
            let request = Request::new("GET", &format!("/items?page={page}"));
            journal.note(&request, "/items".into(), "200".into());
        }
        let report = journal.report(false, true);
        assert_eq!(report["total"], 3);
        assert_eq!(report["patterns"]["/items"], 3);
        assert_eq!(report["last"], json!(["GET /items?page=2 200", "GET /items?page=3 200"]));
        assert_eq!(journal.report(false, false)["total"], 0);
    }
}
