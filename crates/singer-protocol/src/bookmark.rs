//! A bookmark: how far a stream, or one partition of it, is read.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::cursor::Cursor;
use crate::interval::{Interval, Intervals};

/// How far a stream or partition is read.
///
/// In a state all its keys are always present, because Meltano merges states and never deletes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bookmark {
    /// The field that `value` is of.
    pub replication_key: Option<String>,
    /// Everything below this value was read; `None` before the first run that says so.
    pub value: Option<Cursor>,
    /// What was read completely beyond `value`, and before `start`.
    pub intervals: Intervals,
    /// Where reading once began: everything from there to `value` was read.
    pub start: Origin,
    /// Contexts of partitions that could not be read though the bookmark passed them; `None` for a
    /// bookmark that knows no such partitions.
    pub pending: Option<Vec<Map<String, Value>>>,
    /// Up to when the API's own list of changes was read, for a stream that has one.
    pub events: Option<DateTime<Utc>>,
    /// The version that records get while such a stream's list is read from its beginning, until all
    /// of it is.
    pub version: Option<i64>,
    /// Any other keys, kept as they are.
    pub rest: Map<String, Value>,
}

/// Where the reading of a stream began.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// Nobody ever named a start: whatever was there was read.
    #[default]
    Unsaid,
    /// A start was named once, and no longer is.
    Beginning,
    /// At this value.
    At(Cursor),
}

impl Origin {
    /// The value, if there is one; `None` is the beginning of everything.
    pub fn cursor(&self) -> Option<&Cursor> {
        match self {
            Origin::At(cursor) => Some(cursor),
            Origin::Unsaid | Origin::Beginning => None,
        }
    }
}

impl Bookmark {
    /// A bookmark of a field, at its beginning.
    pub fn new(replication_key: Option<&str>) -> Bookmark {
        Bookmark { replication_key: replication_key.map(str::to_owned), ..Bookmark::default() }
    }

    /// The bookmark moved to `value`; it never moves back.
    #[must_use]
    pub fn advanced(mut self, value: &Cursor) -> Bookmark {
        if self.value.as_ref() < Some(value) {
            self.value = Some(value.clone());
            self.settle(Some(value));
        }
        self
    }

    /// The bookmark after `interval` was read completely by a stream whose first value is `start`
    /// (`None`: the beginning of everything).
    ///
    /// The value moves to the end of the run of intervals that begins where the value, or else the
    /// start, is.
    #[must_use]
    pub fn completed(mut self, interval: Interval, start: Option<&Cursor>) -> Bookmark {
        self.intervals.add(interval);
        let from = self.value.as_ref().or(start).cloned();
        self.settle(from.as_ref());
        self
    }

    /// The bookmark of a stream that begins at `start`, which is noted while it has no value: until
    /// then nothing is said to be read from an earlier start on.
    #[must_use]
    pub fn begun(mut self, start: Option<&Cursor>) -> Bookmark {
        if let (None, Some(start)) = (&self.value, start) {
            self.start = Origin::At(start.clone());
        }
        self
    }

    fn settle(&mut self, from: Option<&Cursor>) {
        if let Some(end) = self.intervals.run_end(from).cloned() {
            self.value = self.value.take().max(Some(end));
        }
        if let (Origin::At(start), Some(_)) = (&self.start, &self.value)
            && let Some(reached) = self.intervals.run_start(start)
        {
            self.start = reached.map_or(Origin::Beginning, Origin::At);
        }
        let early = match &self.start {
            Origin::At(start) => Some(start),
            Origin::Unsaid | Origin::Beginning => None,
        };
        self.intervals.forget_between(early, self.value.as_ref());
    }

    /// The bookmark's keys in a state.
    pub(crate) fn to_json(&self) -> Map<String, Value> {
        let mut json = Map::new();
        let key = self.replication_key.clone().map_or(Value::Null, Value::String);
        json.insert("replication_key".to_owned(), key);
        let value = self.value.as_ref().map_or(Value::Null, Cursor::to_json);
        json.insert("replication_key_value".to_owned(), value);
        json.insert("intervals".to_owned(), self.intervals.to_json());
        if self.start != Origin::Unsaid {
            let start = self.start.cursor().map_or(Value::Null, Cursor::to_json);
            json.insert("start".to_owned(), start);
        }
        if let Some(pending) = &self.pending {
            let pending = pending.iter().cloned().map(Value::Object).collect();
            json.insert("pending".to_owned(), Value::Array(pending));
        }
        if let Some(events) = self.events {
            let value = Cursor::Instant(events).to_json();
            let events = json!({"replication_key_value": value, "version": self.version});
            json.insert("events".to_owned(), events);
        }
        json.extend(self.rest.clone());
        json
    }

    /// Whether it says nothing of how far the stream is read.
    pub(crate) fn is_blank(&self) -> bool {
        self.replication_key.is_none()
            && self.value.is_none()
            && self.intervals.is_empty()
            && self.start == Origin::Unsaid
            && self.pending.is_none()
            && self.events.is_none()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(value: i64) -> Cursor {
        Cursor::Integer(value)
    }

    fn check(bookmark: &Bookmark, value: Value, intervals: Value) {
        let json = bookmark.to_json();
        assert_eq!((&json["replication_key_value"], &json["intervals"]), (&value, &intervals));
    }

    #[test]
    fn a_bookmark_never_moves_back() {
        let bookmark = Bookmark::new(Some("n")).advanced(&at(5)).advanced(&at(3));
        check(&bookmark, json!(5), json!([]));
    }

    #[test]
    fn a_bookmark_that_reaches_an_interval_takes_it_in() {
        let bookmark = Bookmark::new(Some("n")).completed(Interval::new(Some(at(5)), at(9)), None);
        check(&bookmark, json!(null), json!([[5, 9]]));
        check(&bookmark.clone().advanced(&at(4)), json!(4), json!([[5, 9]]));
        check(&bookmark.clone().advanced(&at(5)), json!(9), json!([]));
        check(&bookmark.advanced(&at(12)), json!(12), json!([]));
    }

    #[test]
    fn the_value_is_the_end_of_the_run_that_begins_at_the_start() {
        let start = at(10);
        let bookmark = Bookmark::new(Some("n"));
        let bookmark = bookmark.completed(Interval::new(Some(at(30)), at(40)), Some(&start));
        check(&bookmark, json!(null), json!([[30, 40]]));
        let bookmark = bookmark.completed(Interval::new(Some(at(10)), at(20)), Some(&start));
        check(&bookmark, json!(20), json!([[30, 40]]));
        let bookmark = bookmark.completed(Interval::new(Some(at(5)), at(8)), Some(&start));
        check(&bookmark, json!(20), json!([[30, 40]]));
        let bookmark = bookmark.completed(Interval::new(Some(at(20)), at(30)), Some(&start));
        check(&bookmark, json!(40), json!([]));
        let whole = Bookmark::new(None).completed(Interval::new(None, at(7)), None);
        check(&whole, json!(7), json!([]));
    }

    #[test]
    fn what_lies_before_the_start_is_filled_from_either_end() {
        let bookmark = Bookmark::new(Some("n")).begun(Some(&at(50)));
        let bookmark = bookmark.completed(Interval::new(Some(at(50)), at(80)), Some(&at(50)));
        let state = |bookmark: &Bookmark| (bookmark.start.clone(), bookmark.intervals.to_json());
        let origin = |n| Origin::At(at(n));
        assert_eq!(state(&bookmark), (origin(50), json!([])));
        let early = bookmark.completed(Interval::new(Some(at(10)), at(20)), None);
        assert_eq!(state(&early), (origin(50), json!([[10, 20]])));
        let near = early.clone().completed(Interval::new(Some(at(30)), at(50)), None);
        assert_eq!(state(&near), (origin(30), json!([[10, 20]])));
        let whole = near.completed(Interval::new(Some(at(20)), at(30)), None);
        assert_eq!((state(&whole), whole.value.clone()), ((origin(10), json!([])), Some(at(80))));
        let all = whole.completed(Interval::new(None, at(10)), None);
        assert_eq!(state(&all), (Origin::Beginning, json!([])));
        assert_eq!(all.to_json()["start"], json!(null), "a key that was there stays");
    }

    #[test]
    fn a_later_start_claims_nothing_before_it() {
        let cut = Bookmark::new(Some("n")).begun(Some(&at(10)));
        let cut = cut.completed(Interval::new(Some(at(30)), at(40)), Some(&at(10)));
        let later = cut.begun(Some(&at(30)));
        let later = later.completed(Interval::new(Some(at(40)), at(50)), Some(&at(30)));
        check(&later, json!(50), json!([]));
        assert_eq!(later.start, Origin::At(at(30)), "10 to 30 was never read");
    }

    #[test]
    fn all_keys_are_present_and_other_keys_follow() {
        let mut bookmark = Bookmark::new(None);
        bookmark.rest.insert("events".to_owned(), json!({"x": 1}));
        assert_eq!(
            Value::Object(bookmark.to_json()).to_string(),
            r#"{"replication_key":null,"replication_key_value":null,"intervals":[],"events":{"x":1}}"#
        );
    }
}
