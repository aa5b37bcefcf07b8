//! Partitions that the config no longer names.
//!
//! The day on which a partition was first missed is kept under `tap`, as
//! `"absent": {"issues": {"acme/old": "2026-11-24"}}`; the entries of `bookmarks` stay untouched,
//! so that a run without news writes the same state again.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde_json::{Map, Value};

use super::State;
use super::read::{object, wrong};
use crate::error::Error;
use crate::partition::PartitionKey;
use crate::pointer::join;

/// For how many days the state of a partition is kept that the config no longer names.
const DAYS_KEPT: u64 = 30;

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Absences(BTreeMap<String, BTreeMap<PartitionKey, NaiveDate>>);

impl State {
    /// Drops the partitions of a stream that `named` has denied for 30 days, and returns them.
    ///
    /// To be called only when all partitions that the config names are known.
    pub fn drop_absent(
        &mut self,
        stream: &str,
        named: &dyn Fn(&PartitionKey) -> bool,
        today: NaiveDate,
    ) -> Vec<PartitionKey> {
        let Some(state) = self.streams.get_mut(stream) else { return Vec::new() };
        let Some(partitions) = &mut state.partitions else { return Vec::new() };
        let before = self.absences.0.remove(stream).unwrap_or_default();
        let mut missed = BTreeMap::new();
        let mut dropped = Vec::new();
        partitions.retain(|key, _| {
            if named(key) {
                return true;
            }
            let since = before.get(key).copied().unwrap_or(today);
            let kept = since.checked_add_days(Days::new(DAYS_KEPT)).is_none_or(|end| today < end);
            if kept {
                missed.insert(key.clone(), since);
            } else {
                dropped.push(key.clone());
            }
            kept
        });
        self.dirty |= missed != before;
        if !missed.is_empty() {
            self.absences.0.insert(stream.to_owned(), missed);
        }
        dropped
    }
}

impl Absences {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn to_json(&self) -> Value {
        let days = |days: &BTreeMap<PartitionKey, NaiveDate>| {
            days.iter()
                .map(|(key, day)| (key.as_str().to_owned(), Value::from(day.to_string())))
                .collect::<Map<_, _>>()
        };
        let streams = self.0.iter().map(|(name, of)| (name.clone(), Value::Object(days(of))));
        Value::Object(streams.collect())
    }

    pub(super) fn from_json(json: &Value, at: &str) -> Result<Absences, Error> {
        let mut absences = Absences::default();
        for (stream, days) in object(json, at)? {
            let at = join(at, stream);
            let mut of = BTreeMap::new();
            for (key, day) in object(days, &at)? {
                let day_read = day.as_str().and_then(|text| text.parse().ok());
                let day = day_read.ok_or_else(|| wrong(day, &join(&at, key), "a date"))?;
                of.insert(PartitionKey::from_state(key), day);
            }
            absences.0.insert(stream.clone(), of);
        }
        Ok(absences)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::bookmark::Bookmark;
    use crate::state::Layout;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn check(state: &mut State, today: &str, named: &[&str], absent: Value) -> Vec<String> {
        let named = |key: &PartitionKey| named.contains(&key.as_str());
        let dropped = state.drop_absent("issues", &named, day(today));
        assert_eq!(state.to_value()["tap"].get("absent"), Some(&absent).filter(|a| !a.is_null()));
        dropped.iter().map(ToString::to_string).collect()
    }

    fn reread(state: &State) -> State {
        let layout = |_: &str| Some(Layout { partitions: vec![vec!["repo".into()]], cursor: None });
        State::from_json(state.to_value(), "tap-x", &layout).unwrap()
    }

    #[test]
    fn a_partition_goes_thirty_days_after_it_was_first_missed() {
        let mut state = State::empty("tap-x");
        for repo in ["a", "b"] {
            state.set("issues", Some(&PartitionKey::new(&[repo])), Bookmark::new(None));
        }
        let absent = json!({"issues": {"a": "2026-01-01"}});
        assert!(check(&mut state, "2026-01-01", &["b"], absent.clone()).is_empty());
        let mut state = reread(&state);
        assert!(check(&mut state, "2026-01-30", &["b"], absent).is_empty());
        assert!(!state.is_dirty(), "a run without news writes the same state");
        assert_eq!(check(&mut state, "2026-01-31", &["b"], json!(null)), ["a"]);
        assert!(state.is_dirty());
        let left: Vec<_> = state.partitions("issues").map(PartitionKey::as_str).collect();
        assert_eq!(left, ["b"]);
    }

    #[test]
    fn a_partition_that_is_named_again_starts_anew() {
        let mut state = State::empty("tap-x");
        state.set("issues", Some(&PartitionKey::new(&["a"])), Bookmark::new(None));
        check(&mut state, "2026-01-01", &[], json!({"issues": {"a": "2026-01-01"}}));
        check(&mut state, "2026-01-20", &["a"], json!(null));
        let again = json!({"issues": {"a": "2026-02-20"}});
        assert!(check(&mut state, "2026-02-20", &[], again).is_empty());
    }

    #[test]
    fn a_wrong_date_is_told_with_its_pointer() {
        let error = Absences::from_json(&json!({"s": {"a/b": 1}}), "/tap/absent").unwrap_err();
        assert_eq!(
            error.to_string(),
            "`/tap/absent/s/a~1b` in the state is a number (expected a date)"
        );
    }
}
