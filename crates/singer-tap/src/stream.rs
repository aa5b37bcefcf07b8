//! A stream as a value: what it is called, where its records are, how it is read again.

mod facts;
mod routes;

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use schemars::JsonSchema;
use serde_json::Value;
use singer_protocol::{Filter, Schema, Transform};

use crate::derived;
use crate::graphql::Query;
use crate::items::Items;
use crate::listing::Listing;
use crate::replication::{Replication, Since};
use crate::rest::Rest;
use crate::shortcut::Shortcut;
use crate::source::Source;

/// One stream of a tap.
///
/// Built by a chain of calls that reads as its description:
///
/// ```
/// use singer_tap::{LinkHeader, Since, Stream};
///
/// let stream = Stream::new("issues")
///     .about("Issues of a repository.")
///     .schema(r#"{"type": "object", "properties": {
///         "id": {"type": "integer"},
///         "updated_at": {"type": ["null", "string"], "format": "date-time"}}}"#)
///     .key(["id"])
///     .child_of("repositories", ["org", "repo"])
///     .get("/repos/{org}/{repo}/issues")
///     .param("state", "all")
///     .incremental("updated_at", Since::Param("since"))
///     .paginate(LinkHeader);
/// assert_eq!(stream.name(), "issues");
/// ```
#[derive(Clone)]
pub struct Stream {
    name: String,
    about: Cow<'static, str>,
    schema: SchemaFrom,
    /// `schema`, parsed when it is first asked for.
    parsed: OnceLock<Schema>,
    key: Vec<String>,
    parent: Option<Parent>,
    audience: Option<&'static str>,
    replication: Replication,
    rest: Rest,
    source: Option<Arc<dyn Source>>,
    shortcuts: Vec<Shortcut>,
    listing: Option<Listing>,
    transforms: Vec<Transform>,
    filters: Vec<Filter>,
    omitted: Vec<String>,
    deleted_by: Option<String>,
    child_context: Vec<(String, String)>,
    lag: Duration,
    lookback: Duration,
    changed_at: Option<String>,
    /// Statuses that are tolerated where the API says one of these words.
    tolerated_saying: (Vec<u16>, &'static [&'static str]),
    selected_by_default: bool,
    fields_selected_by_default: bool,
    skip_unselected: bool,
    once: bool,
    follows: bool,
    only_if: Option<String>,
    batch: usize,
    newest_first: bool,
    in_part: bool,
    events: Option<Events>,
    items: Option<Items>,
}

/// How changes of a stream are had that do not move its replication key.
#[derive(Clone)]
struct Events {
    source: Arc<dyn Source>,
    kept: Duration,
}

/// Where a stream's schema comes from.
#[derive(Clone)]
pub(crate) enum SchemaFrom {
    /// JSON text.
    Text(Cow<'static, str>),
    /// A Rust type; the keys of the stream make the difference.
    Type(fn(&[String]) -> Value),
}

/// The parent of a stream, and the context fields that name a child's partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parent {
    pub(crate) stream: String,
    pub(crate) fields: Vec<String>,
}

impl Stream {
    /// A full-table stream of this name, with no fields, no key and nothing to read yet.
    pub fn new(name: impl Into<String>) -> Stream {
        Stream {
            name: name.into(),
            about: Cow::Borrowed(""),
            schema: SchemaFrom::Text(Cow::Borrowed("")),
            parsed: OnceLock::new(),
            key: Vec::new(),
            parent: None,
            audience: None,
            replication: Replication::FullTable,
            rest: Rest::default(),
            source: None,
            shortcuts: Vec::new(),
            listing: None,
            transforms: Vec::new(),
            filters: Vec::new(),
            omitted: Vec::new(),
            deleted_by: None,
            child_context: Vec::new(),
            lag: Duration::ZERO,
            lookback: Duration::ZERO,
            changed_at: None,
            tolerated_saying: (Vec::new(), &[]),
            selected_by_default: true,
            fields_selected_by_default: true,
            skip_unselected: false,
            once: false,
            follows: false,
            only_if: None,
            batch: 1,
            newest_first: false,
            in_part: false,
            events: None,
            items: None,
        }
    }

    /// What the stream holds, in a sentence or two.
    #[must_use]
    pub fn about(mut self, about: impl Into<Cow<'static, str>>) -> Stream {
        self.about = about.into();
        self
    }

    /// The JSON Schema of its records, as text in the target-safe dialect; see [`crate::schema!`].
    #[must_use]
    pub fn schema(mut self, schema: impl Into<Cow<'static, str>>) -> Stream {
        self.schema = SchemaFrom::Text(schema.into());
        self
    }

    /// The schema of its records, from a Rust type: nested types become nested objects, enums texts,
    /// maps free objects. A field that holds an instant says so with
    /// `#[schemars(extend("format" = "date-time"))]`. No record is ever made into this type.
    #[must_use]
    pub fn schema_of<R: JsonSchema>(mut self) -> Stream {
        self.schema = SchemaFrom::Type(derived::schema_of::<R>);
        self
    }

    /// The fields that identify a record.
    #[must_use]
    pub fn key<'k>(mut self, key: impl IntoIterator<Item = &'k str>) -> Stream {
        self.key = key.into_iter().map(str::to_owned).collect();
        self
    }

    /// Makes every record of `stream` a partition of this one, named by these fields of its
    /// context, in this order.
    #[must_use]
    pub fn child_of<'f>(
        mut self,
        stream: &str,
        fields: impl IntoIterator<Item = &'f str>,
    ) -> Stream {
        let fields = fields.into_iter().map(str::to_owned).collect();
        self.parent = Some(Parent { stream: stream.to_owned(), fields });
        self
    }

    /// The field of the context that says whom its requests are about, where that decides which
    /// credential may ask: see [`singer_http::Request::audience`].
    #[must_use]
    pub fn audience(mut self, field: &'static str) -> Stream {
        self.audience = Some(field);
        self
    }

    /// A change of its records always touches the parent's: they are read only for those records
    /// of an incremental parent that changed. The bookmark is over the parent's replication key,
    /// one for each partition of the parent.
    #[must_use]
    pub fn follows_parent(mut self) -> Stream {
        self.follows = true;
        self
    }

    /// Its records are the items of the list in this field of the parent's records, each of them given
    /// these fields of it where it has none: `(name there, field of the parent)`. They are read with
    /// the parent and need no request; a list that goes on elsewhere has to be completed there, see
    /// [`Stream::complete`]. For a stream that follows its parent.
    #[must_use]
    pub fn items_of<'f>(
        mut self,
        field: &str,
        given: impl IntoIterator<Item = (&'f str, &'f str)>,
    ) -> Stream {
        self.items = Some(Items::new(field, given));
        self
    }

    /// Reads it only for records of the parent where this field is neither null, false, zero nor
    /// empty: no request is spent on what has nothing.
    #[must_use]
    pub fn only_if(mut self, field: &str) -> Stream {
        self.only_if = Some(field.to_owned());
        self
    }

    /// Asks for the records of up to so many of its parent's records at once: see [`Scan::batch`].
    /// Not for a stream with a replication key of its own.
    ///
    /// [`Scan::batch`]: crate::Scan::batch
    #[must_use]
    pub fn batch(mut self, size: usize) -> Stream {
        self.batch = size.max(1);
        self
    }

    /// What children are given beside this stream's own context: `(name there, field here)`.
    #[must_use]
    pub fn child_context<'f>(
        mut self,
        fields: impl IntoIterator<Item = (&'f str, &'f str)>,
    ) -> Stream {
        let fields = fields.into_iter().map(|(name, field)| (name.to_owned(), field.to_owned()));
        self.child_context = fields.collect();
        self
    }

    /// Reads on from the last value of `key` that was seen.
    #[must_use]
    pub fn incremental(mut self, key: &str, since: Since) -> Stream {
        self.replication = Replication::Incremental { key: key.to_owned(), since };
        self
    }

    /// In a window records come newest first: one that holds many pages is left after some of them, and
    /// the rest of it is read as further windows, side by side.
    #[must_use]
    pub fn newest_first(mut self) -> Stream {
        self.newest_first = true;
        self
    }

    /// What a run reads of it is a part of what there is, such as that of the last days: what is not read
    /// is not gone.
    #[must_use]
    pub fn in_part(mut self) -> Stream {
        self.in_part = true;
        self
    }

    /// How long after its cursor a record may first become visible: a bookmark stays this far
    /// behind the server's clock.
    #[must_use]
    pub fn lag(mut self, lag: Duration) -> Stream {
        self.lag = lag;
        self
    }

    /// How far before the bookmark the next run begins to read; the stored value is not changed.
    #[must_use]
    pub fn lookback(mut self, lookback: Duration) -> Stream {
        self.lookback = lookback;
        self
    }

    /// The field that moves with every change of a record, where the replication key does not: of
    /// what [`Stream::lookback`] reads again, only what changed since the bookmark is written, and
    /// asks for its children.
    #[must_use]
    pub fn changed_at(mut self, field: &str) -> Stream {
        self.changed_at = Some(field.to_owned());
        self
    }

    /// What is done to a record before its types are checked; in this order.
    #[must_use]
    pub fn transform(mut self, transforms: impl IntoIterator<Item = Transform>) -> Stream {
        self.transforms.extend(transforms);
        self
    }

    /// What holds of its records, as they are after the transforms; see [`crate::filter`]. The API
    /// sends others too, which are passed over, whatever their key.
    #[must_use]
    pub fn only<const N: usize>(mut self, filters: [Filter; N]) -> Stream {
        self.filters.extend(filters);
        self
    }

    /// Fields that the API sends and the stream leaves out on purpose, their names joined by dots:
    /// they are neither written nor told as undeclared.
    #[must_use]
    pub fn omit<const N: usize>(mut self, fields: [&str; N]) -> Stream {
        self.omitted.extend(fields.map(str::to_owned));
        self
    }

    /// The field that tells of a record's deletion: `true`, or a date-time. The stream gets the field
    /// `_sdc_deleted_at`, which is the replication key of the deleted record if that is an instant,
    /// else the time of extraction; or the date-time; or null.
    #[must_use]
    pub fn deleted_by(mut self, field: &str) -> Stream {
        self.deleted_by = Some(field.to_owned());
        self
    }

    /// Several partitions may hold the same record: it is written once in a run, and again only if
    /// it changed meanwhile.
    #[must_use]
    pub fn once(mut self) -> Stream {
        self.once = true;
        self
    }

    /// Statuses with which the API says that a partition has no such thing: a feature that is
    /// switched off, or not in the account's plan. Told once, counted, and no failure; the bookmark
    /// stays, but that of a stream which follows its parent passes a record that has no such thing.
    /// Only the first answer of a partition can say so, and a limit never does.
    #[must_use]
    pub fn tolerate(mut self, statuses: impl IntoIterator<Item = u16>) -> Stream {
        self.rest.absent = statuses.into_iter().collect();
        self
    }

    /// The same for statuses that tell of other things too, such as a missing permission: only where
    /// the API's own words have one of these in them. Takes [`Rules::words_at`].
    ///
    /// [`Rules::words_at`]: singer_http::Rules::words_at
    #[must_use]
    pub fn tolerate_saying<const N: usize>(
        mut self,
        statuses: [u16; N],
        words: &'static [&'static str],
    ) -> Stream {
        self.tolerated_saying = (statuses.to_vec(), words);
        self
    }

    /// Whether the stream is read when nobody says anything about it; it is, by default.
    #[must_use]
    pub fn selected_by_default(mut self, selected: bool) -> Stream {
        self.selected_by_default = selected;
        self
    }

    /// Whether the fields of the stream are read of which nobody says anything, where the stream is; they
    /// are, by default. Keys are read in any case.
    #[must_use]
    pub fn fields_selected_by_default(mut self, selected: bool) -> Stream {
        self.fields_selected_by_default = selected;
        self
    }

    /// When the stream itself is not selected, its children take its partitions' contexts instead
    /// of its records: a request a partition is saved, and fields that only a record holds are null.
    #[must_use]
    pub fn skip_unselected(mut self, skip: bool) -> Stream {
        self.skip_unselected = skip;
        self
    }

    /// Reads by a GraphQL query.
    #[must_use]
    pub fn graphql(self, query: Query) -> Stream {
        self.source(query)
    }

    /// Reads by this where it gives every field that is selected, else by the next shortcut, and by
    /// its routes where none does. As for a batch: not for a stream with a replication key.
    #[must_use]
    pub fn shortcut(mut self, shortcut: Shortcut) -> Stream {
        self.shortcuts.push(shortcut);
        self
    }

    /// Reads its routes for each item of a list within the partition, one after the other.
    #[must_use]
    pub fn for_each_of(mut self, listing: Listing) -> Stream {
        self.listing = Some(listing);
        self
    }

    /// Reads with a source of the tap's own instead of its routes.
    #[must_use]
    pub fn source(mut self, source: impl Source + 'static) -> Stream {
        self.source = Some(Arc::new(source));
        self
    }

    /// Reads what changed by this source as well, which the API keeps for so long: once the list of a
    /// partition is read, [`Scan::from`] is the instant up to which changes were read before, and
    /// [`PageSink::reached`] says how far they are now. The first instant is the server's time before
    /// the first page of the list, so that no change falls between the two. A partition whose changes
    /// are no longer kept has its list read again. Streams that follow this one follow its changes,
    /// too. Nothing is read of them where the user sets an `end_date`.
    ///
    /// [`Scan::from`]: crate::Scan::from
    /// [`PageSink::reached`]: crate::PageSink::reached
    #[must_use]
    pub fn events(mut self, source: impl Source + 'static, kept: Duration) -> Stream {
        self.events = Some(Events { source: Arc::new(source), kept });
        self
    }
}

/// The text of `schemas/<name>.json` in the tap's own crate, for [`Stream::schema`].
#[macro_export]
macro_rules! schema {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/", $name, ".json"))
    };
}
