//! How the records of an object are read: by REST or by Bulk API 2.0, and which of them.

mod bulk;
mod deleted;
mod job;
mod lookup;
mod rest;
mod results;
mod rows;
mod split;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use singer_http::{BoxFuture, Kind};
use singer_tap::{Error, PageSink, Scan, Source};

use crate::api::Api;
use crate::auth::is_not_for_bulk;
use crate::config::ApiType;
use crate::object::{IS_DELETED, Object};
use crate::soql::{Query, Range};

pub(crate) use deleted::Deleted;
use rest::Read;

/// So many records are as many requests by REST as a Bulk job takes, or more.
const MANY: u64 = 10_000;

const NO_JOBS: &str = "the day's Bulk jobs are used, but for those left to others";

/// Reads the records of an object.
pub(crate) struct Records {
    object: Arc<Object>,
    api: Arc<Api>,
    told: AtomicBool,
}

/// How records are asked for.
enum Way {
    /// By REST; by Bulk API 2.0 where more than so many match.
    Rest(Option<u64>),
    Bulk,
}

impl Records {
    pub(crate) fn new(object: Arc<Object>, api: Arc<Api>) -> Records {
        Records { object, api, told: AtomicBool::new(false) }
    }

    async fn read(&self, scan: &Scan<'_>, pages: &mut PageSink) -> Result<(), Error> {
        let query = self.query(scan, pages);
        let may_be_many = match self.way(&query, scan, pages) {
            Way::Bulk => return self.by_bulk(query, scan, pages).await,
            Way::Rest(many) => many,
        };
        let why = match rest::read(self, query.clone(), may_be_many, scan, pages).await {
            Ok(Read::Whole) => return Ok(()),
            Ok(Read::TooMany(count)) => format!(
                "{count} records match, and beyond {MANY} it takes fewer requests than REST"
            ),
            Err(Error::Http(error)) if may_be_many.is_some() && error.may_be_too_big() => {
                format!("a query by REST takes too long: {error}")
            }
            Err(error) => return Err(self.too_long(error, scan)),
        };
        if !self.api.take_bulk_job() {
            return self.by_rest(query, NO_JOBS, scan, pages).await;
        }
        self.tell("Bulk API 2.0", &why);
        self.by_bulk(query, scan, pages).await
    }

    /// By a job, where Bulk API 2.0 takes it.
    async fn by_bulk(
        &self,
        query: Query<'_>,
        scan: &Scan<'_>,
        pages: &mut PageSink,
    ) -> Result<(), Error> {
        match bulk::read(self, query.clone(), scan, pages).await {
            Err(error) if is_not_for_bulk(&error) => {
                self.by_rest(query, "Bulk API 2.0 does not take it", scan, pages).await
            }
            ended => ended,
        }
    }

    /// By REST, however many records match.
    async fn by_rest(
        &self,
        query: Query<'_>,
        why: &str,
        scan: &Scan<'_>,
        pages: &mut PageSink,
    ) -> Result<(), Error> {
        self.tell("REST", why);
        let read = rest::read(self, query, None, scan, pages).await;
        read.map(drop).map_err(|error| self.too_long(error, scan))
    }

    /// A query that nobody answers in time may be answered for a part of its window.
    fn too_long(&self, error: Error, scan: &Scan<'_>) -> Error {
        match error {
            Error::Http(http)
                if matches!(http.kind(), Kind::TimedOut(_)) && scan.window.is_some() =>
            {
                Error::Capped {
                    what: format!("a query of `{}` takes too long ({http})", self.object.name),
                    remedy: "set `api_type` to AUTO or BULK2".to_owned(),
                }
            }
            error => error,
        }
    }

    /// Which way is taken, where that is known before anything is asked.
    fn way(&self, query: &Query<'_>, scan: &Scan<'_>, pages: &PageSink) -> Way {
        let Records { api, object, .. } = self;
        if scan.probe || api.kind == ApiType::Rest {
            return Way::Rest(None);
        }
        if let Some(why) = object.not_by_bulk(|field| pages.reads(field)) {
            if api.kind == ApiType::Bulk2 {
                self.tell("REST", &why);
            }
            return Way::Rest(None);
        }
        let is_long = !split::fits(api, scan.client, query);
        if api.kind == ApiType::Auto && !is_long {
            return Way::Rest(Some(MANY));
        }
        if !api.take_bulk_job() {
            self.tell("REST", NO_JOBS);
            return Way::Rest(None);
        }
        if api.kind == ApiType::Auto {
            self.tell("Bulk API 2.0", "its fields are too many for one request by REST");
        }
        Way::Bulk
    }

    /// Tells once which way is taken, and why.
    fn tell(&self, way: &str, why: &str) {
        if !self.told.swap(true, Relaxed) {
            tracing::info!("[BULK01] `{}` is read by {way} ({why})", self.object.name);
        }
    }

    /// What is asked for: the fields that are read by anyone, within the window.
    fn query<'q>(&'q self, scan: &Scan<'_>, pages: &mut PageSink) -> Query<'q> {
        let to = pages.window_end(scan.window);
        let key = self.object.key.as_deref().filter(|_| scan.window.is_some());
        let within = key.map(|key| Range {
            key,
            from: scan.window.and_then(|window| window.from.clone()),
            to,
        });
        let object = &*self.object;
        let mut fields = vec![object.id];
        let mut add = |field: &'q str| {
            if !fields.contains(&field) {
                fields.push(field);
            }
        };
        key.into_iter().for_each(&mut add);
        if object.marks_deleted() {
            add(IS_DELETED);
        }
        for field in object.fields.iter().filter(|field| pages.reads(&field.name)) {
            match field.is_compound() {
                true => field.parts.iter().for_each(|(_, part)| add(part)),
                false => add(&field.name),
            }
        }
        Query { object: &object.name, fields, within, after: None, is_ordered: true }
    }
}

impl Source for Records {
    fn read<'a>(
        &'a self,
        scan: Scan<'a>,
        pages: &'a mut PageSink,
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move { Records::read(self, &scan, pages).await })
    }
}
