//! Ranges of the qualifier `created:`.
//!
//! <https://docs.github.com/en/search-github/getting-started-with-searching-on-github/understanding-the-search-syntax>

use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat, TimeDelta, Utc};

/// Before this instant nothing was created: for the size of a range that has no beginning.
const EARLIEST: i64 = 1_167_609_600;

const SECOND: TimeDelta = TimeDelta::seconds(1);

/// When repositories were created, in whole seconds; both ends are in it, and one that is not there
/// is no bound.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Created {
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
}

/// A query without its `created:`, and the range of that. None if it has several, or one that is
/// not understood.
pub(super) fn taken_out(query: &str) -> Option<(String, Created)> {
    let (mut rest, mut found) = (Vec::new(), None);
    let (mut is_quoted, mut is_negated) = (false, false);
    for word in query.split(' ') {
        let is_outside = !is_quoted;
        is_quoted ^= word.matches('"').count() % 2 == 1;
        let lower = word.to_ascii_lowercase();
        match lower.strip_prefix("created:").filter(|_| is_outside) {
            Some(range) if found.is_none() && !is_negated => found = Some(Created::read(range)?),
            Some(_) => return None,
            None if is_outside && (lower.starts_with("-created:") || lower == "or") => return None,
            None => rest.push(word),
        }
        is_negated = is_outside && lower == "not";
    }
    Some((rest.join(" ").trim().to_owned(), found.unwrap_or_default()))
}

impl Created {
    /// Reads `A..B`, `>A`, `>=A`, `<B`, `<=B` or a day, in lower case.
    fn read(text: &str) -> Option<Created> {
        let (from, to) = if let Some((from, to)) = text.split_once("..") {
            (bound(from, begin)?, bound(to, end)?)
        } else if let Some(from) = text.strip_prefix(">=") {
            (Some(begin(from)?), None)
        } else if let Some(from) = text.strip_prefix('>') {
            (Some(end(from)? + SECOND), None)
        } else if let Some(to) = text.strip_prefix("<=") {
            (None, Some(end(to)?))
        } else if let Some(to) = text.strip_prefix('<') {
            (None, Some(begin(to)? - SECOND))
        } else {
            (Some(begin(text)?), Some(end(text)?))
        };
        Some(Created { from, to })
    }

    /// A query for what it finds in this range.
    pub(super) fn within(&self, query: &str) -> String {
        let text = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let range = match (self.from, self.to) {
            (Some(from), Some(to)) => format!("{}..{}", text(from), text(to)),
            (Some(from), None) => format!(">={}", text(from)),
            (None, Some(to)) => format!("<={}", text(to)),
            (None, None) => return query.to_owned(),
        };
        format!("{query} created:{range}").trim_start().to_owned()
    }

    /// Its two halves, if it is longer than a second.
    pub(super) fn halves(&self, now: DateTime<Utc>) -> Option<[Created; 2]> {
        let first = self.from.or_else(|| DateTime::from_timestamp(EARLIEST, 0))?;
        let last = self.to.unwrap_or(now);
        let seconds = (last - first).num_seconds();
        if seconds < 1 {
            return None;
        }
        let middle = first + TimeDelta::seconds((seconds - 1) / 2);
        Some([
            Created { to: Some(middle), ..self.clone() },
            Created { from: Some(middle + SECOND), ..self.clone() },
        ])
    }
}

/// A bound of a range, where a star is none.
fn bound(text: &str, read: fn(&str) -> Option<DateTime<Utc>>) -> Option<Option<DateTime<Utc>>> {
    if text == "*" { Some(None) } else { read(text).map(Some) }
}

/// The first second of a day, or an instant.
fn begin(text: &str) -> Option<DateTime<Utc>> {
    day(text).map(|day| day.and_time(NaiveTime::MIN).and_utc()).or_else(|| instant(text))
}

/// The last second of a day, or an instant.
fn end(text: &str) -> Option<DateTime<Utc>> {
    let next = day(text).and_then(|day| day.succ_opt());
    next.map(|next| next.and_time(NaiveTime::MIN).and_utc() - SECOND).or_else(|| instant(text))
}

fn day(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}

fn instant(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(&text.to_ascii_uppercase()).ok().map(|at| at.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-25T00:00:00Z";

    #[test]
    fn the_range_of_a_query_is_taken_out_of_it() {
        let check = |query: &str, expected: Option<&str>| {
            let again = taken_out(query).map(|(rest, range)| range.within(&rest));
            assert_eq!(again.as_deref(), expected, "{query}");
        };
        check("org:acme cli", Some("org:acme cli"));
        check(
            "created:2020-02-28..2020-02-29 cli",
            Some("cli created:2020-02-28T00:00:00Z..2020-02-29T23:59:59Z"),
        );
        check(
            "a created:2020-02-28 b",
            Some("a b created:2020-02-28T00:00:00Z..2020-02-28T23:59:59Z"),
        );
        check("CREATED:>=2020-01-01t05:00:00+01:00", Some("created:>=2020-01-01T04:00:00Z"));
        check("created:>2020-01-01", Some("created:>=2020-01-02T00:00:00Z"));
        check("created:<2020-01-01", Some("created:<=2019-12-31T23:59:59Z"));
        check("created:*..2020-01-01T00:00:00Z", Some("created:<=2020-01-01T00:00:00Z"));
        check("created:2020-01-01..*", Some("created:>=2020-01-01T00:00:00Z"));
        check("\"a created:x b\"  c", Some("\"a created:x b\"  c"));
        check("created:soon", None);
        check("created:2020-01-01 created:2020-01-02", None);
        check("a -created:2020-01-01", None);
        check("NOT created:2020-01-01", None);
        check("a OR b", None);
        check("a NOT b", Some("a NOT b"));
    }

    #[test]
    fn halves_meet_and_leave_nothing_out() {
        let now = NOW.parse().unwrap();
        let check = |range: &str, expected: Option<[&str; 2]>| {
            let (_, range) = taken_out(range).unwrap();
            let halves = range.halves(now).map(|halves| halves.map(|half| half.within("")));
            let expected = expected.map(|halves| halves.map(|half| format!("created:{half}")));
            assert_eq!(halves, expected, "{range:?}");
        };
        check("", Some(["<=2016-12-12T23:59:59Z", ">=2016-12-13T00:00:00Z"]));
        check(
            "created:2020-01-01",
            Some([
                "2020-01-01T00:00:00Z..2020-01-01T11:59:59Z",
                "2020-01-01T12:00:00Z..2020-01-01T23:59:59Z",
            ]),
        );
        check(
            "created:2020-01-01T00:00:00Z..2020-01-01T00:00:01Z",
            Some([
                "2020-01-01T00:00:00Z..2020-01-01T00:00:00Z",
                "2020-01-01T00:00:01Z..2020-01-01T00:00:01Z",
            ]),
        );
        check("created:2020-01-01T00:00:00Z", None);
        check("created:>2027-01-01", None);
        check("created:<2001-01-01", None);
    }
}
