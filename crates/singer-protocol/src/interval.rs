//! Intervals of a stream's order that are completely read.

use serde_json::Value;

use crate::cursor::{Cursor, CursorKind};
use crate::error::{Error, type_name};
use crate::pointer::join;

/// A half-open interval `[start, end)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interval {
    /// The first value inside; `None` is the beginning of everything.
    pub start: Option<Cursor>,
    /// The first value after it.
    pub end: Cursor,
}

impl Interval {
    /// The interval `[start, end)`.
    pub fn new(start: Option<Cursor>, end: Cursor) -> Interval {
        Interval { start, end }
    }

    /// Whether a value lies in it.
    pub fn contains(&self, cursor: &Cursor) -> bool {
        self.start.as_ref() <= Some(cursor) && *cursor < self.end
    }

    fn is_empty(&self) -> bool {
        self.start.as_ref() >= Some(&self.end)
    }

    fn touches(&self, other: &Interval) -> bool {
        self.start.as_ref() <= Some(&other.end) && other.start.as_ref() <= Some(&self.end)
    }

    /// How much would have to be read again, in milliseconds or integers; texts have no measure.
    fn length(&self) -> i128 {
        match (&self.start, &self.end) {
            (None, _) => i128::MAX,
            (Some(Cursor::Instant(start)), Cursor::Instant(end)) => {
                i128::from(end.signed_duration_since(*start).num_milliseconds())
            }
            (Some(Cursor::Integer(start)), Cursor::Integer(end)) => {
                i128::from(*end) - i128::from(*start)
            }
            _ => 0,
        }
    }
}

/// A set of intervals: sorted, disjoint, merged where they touch, and at most [`Intervals::MOST`].
///
/// Forgetting an interval only means reading it again, so that is what happens beyond the limit:
/// the shortest goes, of equal ones the newest, and never the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intervals(Vec<Interval>);

impl Intervals {
    /// The most intervals that a set holds.
    pub const MOST: usize = 64;

    /// The intervals in order.
    pub fn as_slice(&self) -> &[Interval] {
        &self.0
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds an interval; an empty one changes nothing.
    pub fn add(&mut self, mut added: Interval) {
        if added.is_empty() {
            return;
        }
        self.0.retain(|interval| {
            let touches = interval.touches(&added);
            if touches {
                added.start = added.start.take().min(interval.start.clone());
                added.end = added.end.clone().max(interval.end.clone());
            }
            !touches
        });
        let place = self.0.partition_point(|interval| interval.start < added.start);
        self.0.insert(place, added);
        if self.0.len() > Intervals::MOST {
            self.forget_one();
        }
    }

    fn forget_one(&mut self) {
        let shortest = (1..self.0.len()).rev().min_by_key(|&index| self.0[index].length());
        if let Some(index) = shortest {
            self.0.remove(index);
        }
    }

    /// Whether a value lies in one of them.
    pub fn contains(&self, cursor: &Cursor) -> bool {
        self.covering(Some(cursor)).is_some()
    }

    /// The end of the run of intervals that begins at `start`, or `None` when no interval covers
    /// `start` (`None`: the beginning of everything).
    pub fn run_end(&self, start: Option<&Cursor>) -> Option<&Cursor> {
        self.covering(start).map(|interval| &interval.end)
    }

    /// The beginning of the interval that lies before `cursor` and reaches it.
    pub(crate) fn run_start(&self, cursor: &Cursor) -> Option<Option<Cursor>> {
        let reaches = |interval: &&Interval| {
            interval.start.as_ref() < Some(cursor) && *cursor <= interval.end
        };
        self.0.iter().find(reaches).map(|interval| interval.start.clone())
    }

    /// Drops the intervals that end at or before `until`, but for those that begin before `early`.
    pub(crate) fn forget_between(&mut self, early: Option<&Cursor>, until: Option<&Cursor>) {
        self.0.retain(|interval| {
            Some(&interval.end) > until
                || early.is_some_and(|early| interval.start.as_ref() < Some(early))
        });
    }

    /// The same intervals, each ending so much earlier as `back` says; what is empty then is gone.
    #[must_use]
    pub fn shortened(&self, back: impl Fn(&Cursor) -> Cursor) -> Intervals {
        let mut shortened = Intervals::default();
        for interval in &self.0 {
            shortened.add(Interval::new(interval.start.clone(), back(&interval.end)));
        }
        shortened
    }

    /// The parts of `[start, end)` that are in no interval, in order.
    pub fn gaps(&self, start: Option<&Cursor>, end: &Cursor) -> Vec<Interval> {
        let mut gaps = Vec::new();
        let mut from = start;
        for interval in &self.0 {
            if interval.start.as_ref() >= Some(end) {
                break;
            }
            if let Some(until) = interval.start.as_ref().filter(|until| Some(*until) > from) {
                gaps.push(Interval::new(from.cloned(), until.clone()));
            }
            from = from.max(Some(&interval.end));
        }
        if from < Some(end) {
            gaps.push(Interval::new(from.cloned(), end.clone()));
        }
        gaps
    }

    /// The intervals as a list of pairs `[start, end]`; a start of null is the beginning.
    pub fn to_json(&self) -> Value {
        let pair = |interval: &Interval| {
            let start = interval.start.as_ref().map_or(Value::Null, Cursor::to_json);
            Value::Array(vec![start, interval.end.to_json()])
        };
        Value::Array(self.0.iter().map(pair).collect())
    }

    /// Reads what [`Intervals::to_json`] wrote; `at` is its pointer in the state.
    pub(crate) fn from_json(kind: CursorKind, json: &Value, at: &str) -> Result<Intervals, Error> {
        let wrong = |value: &Value, pointer: String, expected: &str| Error::Type {
            document: "state",
            pointer,
            expected: expected.to_owned(),
            found: type_name(value),
        };
        let Value::Array(pairs) = json else {
            return Err(wrong(json, at.to_owned(), "a list of intervals"));
        };
        let mut intervals = Intervals::default();
        for (index, pair) in pairs.iter().enumerate() {
            let pointer = join(at, index);
            let Some([start, end]) = pair.as_array().map(Vec::as_slice) else {
                return Err(wrong(pair, pointer, "a pair of start and end"));
            };
            let read = |value: &Value, index: usize| {
                Cursor::from_json(kind, value)
                    .map_err(|_| wrong(value, join(&pointer, index), kind.expected()))
            };
            let start = if start.is_null() { None } else { Some(read(start, 0)?) };
            intervals.add(Interval::new(start, read(end, 1)?));
        }
        Ok(intervals)
    }

    fn covering(&self, cursor: Option<&Cursor>) -> Option<&Interval> {
        let next = self.0.partition_point(|interval| interval.start.as_ref() <= cursor);
        let candidate = self.0[..next].last()?;
        (cursor < Some(&candidate.end)).then_some(candidate)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn interval(start: Option<i64>, end: i64) -> Interval {
        Interval::new(start.map(Cursor::Integer), Cursor::Integer(end))
    }

    fn intervals(parts: &[(Option<i64>, i64)]) -> Intervals {
        let mut intervals = Intervals::default();
        parts.iter().for_each(|(start, end)| intervals.add(interval(*start, *end)));
        intervals
    }

    fn pairs(intervals: &[Interval]) -> Value {
        Intervals(intervals.to_vec()).to_json()
    }

    fn check(parts: &[(Option<i64>, i64)], expected: Value) {
        let intervals = intervals(parts);
        assert_eq!(intervals.to_json(), expected, "{parts:?}");
        let read = Intervals::from_json(CursorKind::Integer, &expected, "").unwrap();
        assert_eq!(read, intervals);
    }

    #[test]
    fn intervals_are_sorted_and_merged_where_they_touch() {
        check(&[], json!([]));
        check(&[(Some(5), 7), (Some(1), 2)], json!([[1, 2], [5, 7]]));
        check(&[(Some(1), 3), (Some(3), 5)], json!([[1, 5]]));
        check(&[(Some(3), 5), (Some(1), 3)], json!([[1, 5]]));
        check(&[(Some(1), 2), (Some(4), 5), (Some(8), 9), (Some(2), 8)], json!([[1, 9]]));
        check(&[(Some(1), 9), (Some(3), 4)], json!([[1, 9]]));
        check(&[(Some(4), 6), (None, 2), (None, 4)], json!([[null, 6]]));
        check(&[(Some(4), 4), (Some(6), 5)], json!([]));
    }

    #[test]
    fn every_subset_of_a_line_is_answered_like_a_set() {
        for bits in 0u32..1 << 8 {
            let inside = |value: i64| (0..8).contains(&value) && bits >> value & 1 == 1;
            let parts: Vec<_> =
                (0..8).rev().filter(|&v| inside(v)).map(|v| (Some(v), v + 1)).collect();
            let set = intervals(&parts);
            for value in -1..10 {
                assert_eq!(set.contains(&Cursor::Integer(value)), inside(value), "{bits:b}");
            }
            let gaps = Intervals(set.gaps(Some(&Cursor::Integer(0)), &Cursor::Integer(8)));
            for value in 0..8 {
                assert_eq!(gaps.contains(&Cursor::Integer(value)), !inside(value), "{bits:b}");
            }
            let run = (0..9).find(|&value| !inside(value)).filter(|&end| end > 0);
            let mut rest = set.clone();
            let end = rest.run_end(Some(&Cursor::Integer(0))).cloned();
            assert_eq!(end, run.map(Cursor::Integer), "{bits:b}");
            rest.forget_between(None, end.as_ref());
            assert!(end.is_none() || !rest.contains(&Cursor::Integer(0)));
        }
    }

    #[test]
    fn gaps_reach_from_the_start_to_the_end() {
        let set = intervals(&[(Some(2), 4), (Some(6), 8)]);
        let gaps = |start: Option<i64>, end: i64| {
            pairs(&set.gaps(start.map(Cursor::Integer).as_ref(), &Cursor::Integer(end)))
        };
        assert_eq!(gaps(None, 10), json!([[null, 2], [4, 6], [8, 10]]));
        assert_eq!(gaps(Some(3), 7), json!([[4, 6]]));
        assert_eq!(gaps(Some(3), 4), json!([]));
        assert_eq!(gaps(Some(9), 12), json!([[9, 12]]));
        assert_eq!(gaps(Some(5), 5), json!([]));
        assert_eq!(gaps(Some(0), 1), json!([[0, 1]]));
    }

    #[test]
    fn a_run_begins_only_where_an_interval_covers_the_start() {
        let set = intervals(&[(Some(2), 4), (Some(6), 8)]);
        assert_eq!(set.run_end(None), None);
        assert_eq!(set.run_end(Some(&Cursor::Integer(1))), None);
        assert_eq!(set.run_end(Some(&Cursor::Integer(3))), Some(&Cursor::Integer(4)));
        assert_eq!(set.run_end(Some(&Cursor::Integer(4))), None);
        let from_the_beginning = intervals(&[(None, 4)]);
        assert_eq!(from_the_beginning.run_end(None), Some(&Cursor::Integer(4)));
    }

    #[test]
    fn beyond_the_limit_the_shortest_goes_and_never_the_first() {
        let mut set = intervals(&[(Some(0), 1)]);
        for n in 1..64 {
            set.add(interval(Some(n * 100), n * 100 + 10));
        }
        set.add(interval(Some(50), 53));
        assert_eq!(set.as_slice().len(), Intervals::MOST);
        assert!(set.contains(&Cursor::Integer(0)) && !set.contains(&Cursor::Integer(50)));
        set.add(interval(Some(6400), 6410));
        assert!(!set.contains(&Cursor::Integer(6400)), "of equal ones the newest goes");
        set.add(interval(Some(6400), 6500));
        assert!(set.contains(&Cursor::Integer(6400)) && !set.contains(&Cursor::Integer(6300)));
        let mut texts = Intervals::default();
        for n in 0..70 {
            let text = |suffix: &str| Cursor::Text(format!("{n:03}{suffix}").into());
            texts.add(Interval::new(Some(text("a")), text("b")));
        }
        assert_eq!(texts.as_slice().len(), Intervals::MOST);
        assert!(texts.contains(&Cursor::Text("063a".into())));
    }

    #[test]
    fn a_wrong_shape_is_told_with_its_pointer() {
        let check = |json: Value, message: &str| {
            let error = Intervals::from_json(CursorKind::Instant, &json, "/i").unwrap_err();
            assert!(error.to_string().starts_with(message), "{error}");
        };
        check(json!({}), "`/i` in the state is an object (expected a list");
        check(json!([[null]]), "`/i/0` in the state is a list (expected a pair");
        check(json!([[null, null]]), "`/i/0/1` in the state is null (expected an RFC 3339");
        check(json!([["x", "2026-01-01"]]), "`/i/0/0` in the state is a string (expected an RFC");
    }
}
