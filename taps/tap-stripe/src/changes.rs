//! What changed of objects since the last run, as events tell it.
//!
//! A list by `created` never shows that an object changed. Events do, for 30 days; each is a hint of
//! what changed, and carries the object as it was then. It is taken from there if it is whole and of
//! our version of the API, and else asked for again, once a run.

mod event;
mod fetch;
mod newest;
mod pages;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use singer_http::BoxFuture;
use singer_protocol::{Cursor, Frame};
use singer_tap::{Error, PageSink, Scan, Source};

use crate::config::Config;
use fetch::Fetcher;
use newest::Newest;
use pages::Span;

/// Where a record of a change has when its object changed, by which event, and when it was deleted.
pub(crate) const CHANGED_AT: &str = "_changed_at";
pub(crate) const CHANGED_BY: &str = "_changed_by";
pub(crate) const DELETED_AT: &str = "_deleted_at";
/// Objects a page: as many as a list gives.
const PAGE: usize = 100;

/// How changes of a list's objects are heard of.
#[derive(Clone, Copy)]
pub(crate) struct Changes {
    /// The name by which the API calls such an object.
    pub(crate) object: &'static str,
    /// The types of events that carry it.
    pub(crate) types: &'static [&'static str],
    /// Those of them after which it is gone.
    pub(crate) deletes: &'static [&'static str],
    /// Events about other objects that change a field of it.
    pub(crate) touches: &'static [Touch],
}

/// Events about another object, after which a field of this one is another.
#[derive(Clone, Copy)]
pub(crate) struct Touch {
    /// The types of events.
    pub(crate) types: &'static [&'static str],
    /// Where the other object has the id of this one, by whatever version of the API: names joined by dots,
    /// `[]` behind a list.
    pub(crate) ids: &'static [&'static str],
    /// The field that changes; they are read only where it is.
    pub(crate) field: &'static str,
}

/// What is known of the objects of a list.
#[derive(Clone, Copy)]
pub(crate) struct Object {
    /// Where the list is; an object is below it, by its id.
    pub(crate) path: &'static str,
    /// Fields that are sent only when they are asked for, and never in events.
    pub(crate) expand: &'static [&'static str],
    /// The field that tells when it was made.
    pub(crate) created: &'static str,
}

impl Changes {
    /// Objects that never change.
    pub(crate) const NONE: Changes = Changes { object: "", types: &[], deletes: &[], touches: &[] };

    /// Whether there are none.
    pub(crate) fn is_none(&self) -> bool {
        self.types.is_empty()
    }

    /// What reads them.
    pub(crate) fn source(self, object: Object, config: &Config) -> impl Source + use<> {
        Reader {
            changes: self,
            object,
            version: config.api_version.clone(),
            window: config.event_window(),
            lookback: config.lookback(),
            writes_keys: config.emit_key_only_deletes,
        }
    }
}

/// Reads the changes of one list.
struct Reader {
    changes: Changes,
    object: Object,
    version: String,
    window: Duration,
    lookback: Duration,
    writes_keys: bool,
}

impl Source for Reader {
    fn read<'a>(
        &'a self,
        scan: Scan<'a>,
        sink: &'a mut PageSink,
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            // Events of later seconds are for the next run.
            let end = scan.client.now();
            let mut span = Span::new(self.begin(&scan, end), end, self.window);
            let mut fetcher = Fetcher::new(&self.object, sink);
            while let Some((_, to)) = span.next() {
                match self.newest(&scan, sink, &span).await? {
                    Err(reached) => span.shorten(reached),
                    Ok(newest) => {
                        let pages = newest.pages();
                        self.push(&scan, sink, newest, &mut fetcher).await?;
                        sink.reached(to).await?;
                        span.passed(to, pages);
                    }
                }
            }
            Ok(())
        })
    }
}

impl Reader {
    /// From when on events are read: a little before what was read, for those that showed late.
    fn begin(&self, scan: &Scan<'_>, end: DateTime<Utc>) -> DateTime<Utc> {
        let from = match scan.from {
            Some(Cursor::Instant(from)) => *from,
            _ => end,
        };
        from - TimeDelta::from_std(self.lookback).unwrap_or_default()
    }

    /// The newest event of each object in a window; how far it was read where there are too many.
    async fn newest(
        &self,
        scan: &Scan<'_>,
        sink: &PageSink,
        span: &Span,
    ) -> Result<Result<Newest, DateTime<Utc>>, Error> {
        let mut newest = Newest::default();
        let Some((from, to)) = span.next() else { return Ok(Ok(newest)) };
        let touches = self.changes.touches.iter().filter(|touch| sink.reads(touch.field));
        let touches: Vec<&Touch> = touches.collect();
        let types = touches.iter().flat_map(|touch| touch.types).chain(self.changes.types);
        // A pattern is asked for alone.
        let (patterns, types): (Vec<&str>, Vec<&str>) =
            types.copied().partition(|kind| kind.contains('*'));
        for types in types.chunks(pages::MOST_TYPES).chain(patterns.chunks(1)) {
            let mut pages = pages::Pages::new(types, from, to);
            while let Some(page) = pages.next(scan).await? {
                for event in page.events()? {
                    match touches.iter().find(|touch| touch.types.contains(&&*event.kind)) {
                        Some(touch) => newest.touch(&event, touch.ids),
                        None => newest.take(&event, &self.changes, self.object.created),
                    }
                }
                if newest.is_full()
                    && span.may_shorten()
                    && let Some(reached) = page.oldest
                    && reached > from
                {
                    return Ok(Err(reached));
                }
            }
        }
        Ok(Ok(newest))
    }

    /// Pushes what the newest events tell, the oldest of them first.
    async fn push(
        &self,
        scan: &Scan<'_>,
        sink: &mut PageSink,
        newest: Newest,
        fetcher: &mut Fetcher,
    ) -> Result<(), Error> {
        let objects: Vec<_> = newest
            .in_order()
            .into_iter()
            .filter(|object| !self.is_known(scan, object, fetcher))
            .collect();
        for objects in objects.chunks(PAGE) {
            let records = fetcher.records(scan, objects, &self.version, self.writes_keys).await?;
            if !records.is_empty() {
                let body = format!("[{}]", records.join(","));
                sink.push_body(body.as_bytes(), &Frame::list()).await?;
            }
        }
        Ok(())
    }

    /// Whether an object was written as it is after its newest event: by the list in this run, or when
    /// it was asked for because of an earlier one.
    fn is_known(&self, scan: &Scan<'_>, object: &newest::Change, fetcher: &Fetcher) -> bool {
        if object.is_deleted || fetcher.has_deleted(&object.id) {
            return false;
        }
        let made = object.made.and_then(DateTime::from_timestamp_secs);
        let is_listed = |made| {
            scan.listed.is_some_and(|listed| listed.has(&Cursor::Instant(made), object.at()))
        };
        fetcher.has(&object.id) || made.is_some_and(is_listed)
    }
}
