//! What belongs to one way to a stream's records: a route.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use singer_protocol::Rows;

use super::Stream;
use crate::horizon::Horizon;
use crate::page::Paginator;
use crate::partition::Partition;
use crate::pick::Pick;
use crate::refusals::Refusals;
use crate::rest::{Param, Route};
use crate::source::{Complete, Source};

impl Stream {
    /// Reads `path` under the base URL; `{name}` is filled from the partition's context. Each call
    /// begins a further route, to which the calls after it apply.
    #[must_use]
    pub fn get(mut self, path: &'static str) -> Stream {
        self.rest.routes.push(Route::get(path));
        self
    }

    /// A further route, whose partitions a source of the tap's own reads.
    #[must_use]
    pub fn via(mut self, source: impl Source + 'static) -> Stream {
        self.rest.routes.push(Route { source: Some(Arc::new(source)), ..Route::get("") });
        self
    }

    /// Takes of the current route only the records for which this is true of the values of these
    /// fields, where what a record does not have is null; the others are neither written nor read
    /// for children.
    #[must_use]
    pub fn pick<const N: usize>(
        mut self,
        fields: [&str; N],
        is_wanted: impl Fn(&[Value]) -> bool + Send + Sync + 'static,
    ) -> Stream {
        let fields = fields.map(str::to_owned).to_vec();
        self.route().pick = Some(Pick::new(fields, is_wanted));
        self
    }

    /// The partitions that the current route reads; without this, a root stream has one unnamed.
    #[must_use]
    pub fn partitions(mut self, partitions: Vec<Partition>) -> Stream {
        self.route().partitions = Some(partitions);
        self
    }

    /// A query parameter of the current route; `{name}` is filled from the partition's context.
    #[must_use]
    pub fn param(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Stream {
        self.route().params.push(Param { name, value: value.into(), of: None });
        self
    }

    /// The same, sent only where this field of the records is selected, or read for other streams.
    #[must_use]
    pub fn param_for(
        mut self,
        field: &'static str,
        name: &'static str,
        value: impl Into<Cow<'static, str>>,
    ) -> Stream {
        self.route().params.push(Param { name, value: value.into(), of: Some(field) });
        self
    }

    /// A header of the current route; `{name}` is filled from the partition's context.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &'static str) -> Stream {
        self.route().headers.push((name, value));
        self
    }

    /// Where the list of records stands in a page, as a JSON pointer; the root by default.
    #[must_use]
    pub fn records_at(mut self, pointer: &'static str) -> Stream {
        self.route().records_at = pointer;
        self
    }

    /// The current route answers with one record instead of a list.
    #[must_use]
    pub fn single(self) -> Stream {
        self.rows(Rows::One)
    }

    /// The current route answers with an object, each of whose members is a record: `key` and
    /// `value`, to which transforms give other names.
    #[must_use]
    pub fn members(self) -> Stream {
        self.rows(Rows::Members)
    }

    /// The current route answers with a list of objects that have a list in `field`, each item of
    /// which is a record, with the fields of its object around it. Transforms find it at `field`.
    #[must_use]
    pub fn each(self, field: &str) -> Stream {
        self.rows(Rows::Each(field.to_owned()))
    }

    /// The current route answers with a text that is no JSON: one record, with the text in `text`. A
    /// web page, of the type `text/html`, is none: a proxy's or a server's in trouble.
    #[must_use]
    pub fn text(self) -> Stream {
        self.rows(Rows::Text)
    }

    /// The current route answers with CSV, whose first line names the fields. A value is a text, or
    /// the number or boolean that the schema declares; an empty one is null.
    #[must_use]
    pub fn csv(self) -> Stream {
        self.rows(Rows::Csv)
    }

    /// Where the one record of the current route cannot be had, for one of these statuses or because
    /// it is too large, there is a record with the reason in `field` in its place. Anything else is
    /// an error at first, and becomes such a record where a later run meets it again: see
    /// [`Scan::again`].
    ///
    /// [`Scan::again`]: crate::Scan::again
    #[must_use]
    pub fn or_reason<const N: usize>(mut self, field: &'static str, statuses: [u16; N]) -> Stream {
        self.route().refusals = Some(Refusals { statuses: statuses.to_vec(), field });
        self
    }

    /// How the next page of the current route is found.
    #[must_use]
    pub fn paginate(mut self, paginator: impl Paginator + 'static) -> Stream {
        self.route().paginator = Arc::new(paginator);
        self
    }

    /// The current route's list is paged by position and may lose records while it is read, so that
    /// others slip past unseen: after the last page the first is read again, and if it changed, the
    /// list is read once more.
    #[must_use]
    pub fn shrinks(mut self) -> Stream {
        self.route().shrinks = true;
        self
    }

    /// The current route's API shows no more than so many records of a list, and none that are older
    /// than this: where a list ends there, what may be missing is told.
    #[must_use]
    pub fn shows_at_most(mut self, records: u64, age: Option<Duration>) -> Stream {
        self.route().horizon = Some(Horizon { records, age });
        self
    }

    /// The current route's API takes the bounds of [`Stream::incremental`] as whole seconds since 1970
    /// instead of date-times.
    #[must_use]
    pub fn in_seconds(mut self) -> Stream {
        self.route().in_seconds = true;
        self
    }

    /// Completes each page of the current route before its records are taken.
    #[must_use]
    pub fn complete(mut self, completion: impl Complete + 'static) -> Stream {
        self.route().completion = Some(Arc::new(completion));
        self
    }

    /// Statuses with which the current route's API says that there are no records.
    #[must_use]
    pub fn empty_on<const N: usize>(mut self, statuses: [u16; N]) -> Stream {
        self.route().empty_on = statuses.to_vec();
        self
    }

    fn rows(mut self, rows: Rows) -> Stream {
        self.route().rows = rows;
        self
    }

    fn route(&mut self) -> &mut Route {
        if self.rest.routes.is_empty() {
            self.rest.routes.push(Route::get("/"));
        }
        let last = self.rest.routes.len() - 1;
        &mut self.rest.routes[last]
    }
}
