//! Windows and pages of events.

use std::borrow::Cow;
use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Timelike as _, Utc};
use serde::Deserialize;
use serde_json::value::RawValue;
use singer_http::Request;
use singer_tap::{Error, Scan};

use super::event::Event;
use crate::ask;

/// Types that one request may ask for: <https://docs.stripe.com/api/events/list>.
pub(super) const MOST_TYPES: usize = 20;
/// A window of fewer pages lets the next ones be longer.
const FEW_PAGES: usize = 3;

/// The windows of a span of time, the oldest first.
#[derive(Debug)]
pub(super) struct Span {
    from: DateTime<Utc>,
    end: DateTime<Utc>,
    size: TimeDelta,
}

impl Span {
    /// The windows between two instants, the first of this size; in whole seconds, as events are told.
    pub(super) fn new(from: DateTime<Utc>, end: DateTime<Utc>, size: Duration) -> Span {
        let whole = |at: DateTime<Utc>| at.with_nanosecond(0).unwrap_or(at);
        let size = TimeDelta::from_std(size).unwrap_or(TimeDelta::days(30));
        Span { from: whole(from), end: whole(end), size: size.max(TimeDelta::seconds(1)) }
    }

    /// The next window, its end exclusive.
    pub(super) fn next(&self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        (self.from < self.end).then(|| (self.from, (self.from + self.size).min(self.end)))
    }

    /// Books that the window was read up to its end, and how many pages it took.
    pub(super) fn passed(&mut self, to: DateTime<Utc>, pages: usize) {
        self.from = to;
        if pages < FEW_PAGES {
            self.size = (self.size * 2).min(TimeDelta::days(30));
        }
    }

    /// Whether the window may be shortened.
    pub(super) fn may_shorten(&self) -> bool {
        self.next().is_some_and(|(from, to)| to - from > TimeDelta::seconds(1))
    }

    /// Books that the window holds too much: it was read from its end back to this second.
    pub(super) fn shorten(&mut self, reached: DateTime<Utc>) {
        if let Some((_, to)) = self.next() {
            self.size = (to - reached).min((to - self.from) / 2).max(TimeDelta::seconds(1));
            self.size = TimeDelta::seconds(self.size.num_seconds());
        }
    }
}

/// The pages of one window, the newest first.
pub(super) struct Pages<'t> {
    types: &'t [&'t str],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    after: Option<String>,
    is_over: bool,
    /// What was gone on from.
    known: HashSet<String>,
}

/// One page of events.
pub(super) struct Page {
    text: Box<RawValue>,
    /// The second of the oldest of them.
    pub(super) oldest: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct Body<'p> {
    #[serde(borrow)]
    data: Vec<Event<'p>>,
}

/// What paging needs of a page.
#[derive(Deserialize)]
struct Paging<'p> {
    #[serde(borrow)]
    data: Vec<Item<'p>>,
    has_more: bool,
}

#[derive(Deserialize)]
struct Item<'p> {
    #[serde(borrow)]
    id: Cow<'p, str>,
    created: i64,
}

impl<'t> Pages<'t> {
    pub(super) fn new(types: &'t [&'t str], from: DateTime<Utc>, to: DateTime<Utc>) -> Pages<'t> {
        Pages { types, from, to, after: None, is_over: false, known: HashSet::new() }
    }

    /// The next page, if there is one.
    pub(super) async fn next(&mut self, scan: &Scan<'_>) -> Result<Option<Page>, Error> {
        if self.is_over {
            return Ok(None);
        }
        let (page, _) = ask::json(scan, &self.request(scan)?).await?;
        let paging: Paging<'_> = ask::parse(&page)?;
        self.is_over = !paging.has_more;
        if paging.has_more {
            self.after = paging.data.last().map(|last| last.id.to_string());
            if !self.after.clone().is_some_and(|last| self.known.insert(last)) {
                return Err(Error::Loop { page: self.known.len() + 2 });
            }
        }
        let oldest =
            paging.data.last().and_then(|last| DateTime::from_timestamp_secs(last.created));
        Ok(Some(Page { text: page, oldest }))
    }

    fn request(&self, scan: &Scan<'_>) -> Result<Request, Error> {
        let path = "/v1/events";
        let mut request = ask::get(scan, path, path)?;
        let mut query = request.url.query_pairs_mut();
        query.append_pair("limit", ask::PAGE);
        match self.types {
            [pattern] if pattern.contains('*') => drop(query.append_pair("type", pattern)),
            types => types.iter().enumerate().for_each(|(at, kind)| {
                query.append_pair(&format!("types[{at}]"), kind);
            }),
        }
        query.append_pair("created[gte]", &self.from.timestamp().to_string());
        query.append_pair("created[lt]", &self.to.timestamp().to_string());
        if let Some(after) = &self.after {
            query.append_pair("starting_after", after);
        }
        drop(query);
        Ok(request)
    }
}

impl Page {
    /// Its events.
    pub(super) fn events(&self) -> Result<Vec<Event<'_>>, Error> {
        ask::parse::<Body<'_>>(&self.text).map(|body| body.data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_secs(seconds).unwrap()
    }

    fn span(size: u64) -> Span {
        Span::new(at(1_000) + TimeDelta::milliseconds(700), at(1_100), Duration::from_secs(size))
    }

    #[test]
    fn windows_follow_each_other_in_whole_seconds_up_to_the_end() {
        let mut span = span(40);
        let mut found = Vec::new();
        while let Some((from, to)) = span.next() {
            found.push((from.timestamp(), to.timestamp()));
            span.passed(to, FEW_PAGES);
        }
        assert_eq!(found, [(1_000, 1_040), (1_040, 1_080), (1_080, 1_100)]);
    }

    #[test]
    fn windows_grow_while_they_hold_little() {
        let mut span = span(10);
        span.passed(at(1_010), 0);
        assert_eq!(span.next(), Some((at(1_010), at(1_030))));
    }

    #[test]
    fn a_window_that_holds_too_much_is_as_long_as_what_was_read_of_it_and_never_under_a_second() {
        let mut span = span(100);
        for (reached, to) in [(1_090, 1_010), (1_009, 1_001), (1_000, 1_001)] {
            span.shorten(at(reached));
            assert_eq!(span.next(), Some((at(1_000), at(to))), "{reached}");
            assert_eq!(span.may_shorten(), to > 1_001);
        }
    }
}
