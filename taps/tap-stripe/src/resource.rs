//! A list of Stripe's API as a value: all that is special about one stream.

use std::time::Duration;

use singer_tap::{LastId, Listing, Partition, Since, Stream, Transform, first_of, from_parent};

use crate::ask::{ACCOUNT, ACCOUNT_HEADER, EXPAND, PAGE};
use crate::changes::{CHANGED_AT, CHANGED_BY, Changes, DELETED_AT, Object};
use crate::config::Config;
use crate::nested::Nested;

/// How long Stripe keeps events: <https://docs.stripe.com/api/events>.
pub(crate) const EVENTS_KEPT: Duration = Duration::from_secs(30 * 86_400);
/// How old those may be at the start of a run that are still there when its list is read.
const EVENTS_SURE: Duration = Duration::from_secs(EVENTS_KEPT.as_secs() - 12 * 3_600);
/// How long after its time an object may first show in a list.
const LAG: Duration = Duration::from_secs(5 * 60);

/// How all lists are paged: <https://docs.stripe.com/api/pagination>.
const BY_LAST_ID: LastId = LastId { has_more: "/has_more", param: "starting_after" };
/// A field that no object has.
const UNTOLD: &str = "_untold";

/// One list, and what of it is read.
#[derive(Clone, Copy)]
pub(crate) struct Resource {
    /// The name of the stream.
    pub(crate) name: &'static str,
    /// What it holds, in a sentence or two.
    pub(crate) about: &'static str,
    /// The JSON Schema of its records.
    pub(crate) schema: &'static str,
    /// The fields that identify a record.
    pub(crate) key: &'static [&'static str],
    /// Where it is; `{name}` is filled from what the parent gives.
    pub(crate) path: &'static str,
    /// Query parameters beside those of paging.
    pub(crate) params: &'static [(&'static str, &'static str)],
    /// Which of its records are read by a run.
    pub(crate) read: Read,
    /// How changes of its objects are heard of, for a list that is read by `created`.
    pub(crate) changes: Changes,
    /// Fields that are sent only when they are asked for.
    pub(crate) expand: &'static [&'static str],
    /// What its children are given: `(name there, field here)`.
    pub(crate) gives: &'static [(&'static str, &'static str)],
    /// How an answer holds its records.
    pub(crate) pages: Pages,
    /// Of items of the parent: a deletion of the parent is theirs too.
    pub(crate) goes_with_parent: bool,
    /// Its ids are chosen by people, so that two accounts may have the same.
    pub(crate) chosen_ids: bool,
    /// What else is special about the stream.
    pub(crate) bent: fn(Stream) -> Stream,
    /// Whether it is read when nobody says anything about it.
    pub(crate) selected: bool,
}

/// Which records of a list a run reads.
#[derive(Clone, Copy)]
pub(crate) enum Read {
    /// Those made since the last run, by this field, and then those that changed.
    Created(&'static str),
    /// All.
    Whole,
    /// Those of each object of the parent that changed; one request an object, for those where a field
    /// has something if one is named.
    OfChanged(&'static str, Option<&'static str>),
    /// All of every object of the parent, in a partition that these names in the path tell; or this one.
    OfEach(&'static str, Option<&'static str>),
    /// Those in this field of the parent's objects, each given fields of it: `(name here, field there)`.
    Within(&'static str, &'static str, &'static [(&'static str, &'static str)]),
}

/// How an answer holds its records.
#[derive(Clone, Copy)]
pub(crate) enum Pages {
    /// In a page of a list; lists within them are read to their end.
    List,
    /// In a page of a list, as they are.
    Plain,
    /// It is one.
    One,
    /// In a list at this JSON pointer, which is whole.
    At(&'static str),
}

impl Resource {
    /// What most lists are like.
    pub(crate) const LIST: Resource = Resource {
        name: "",
        about: "",
        schema: "",
        key: &["id"],
        path: "",
        params: &[],
        read: Read::Whole,
        changes: Changes::NONE,
        expand: &[],
        gives: &[],
        pages: Pages::List,
        goes_with_parent: false,
        chosen_ids: false,
        bent: |stream| stream,
        selected: true,
    };

    /// The stream that these settings make of it.
    pub(crate) fn stream(&self, config: &Config) -> Stream {
        let stream = Stream::new(self.name)
            .about(self.about)
            .schema(self.schema)
            .key(key(self.key, self.chosen_ids, config))
            .child_context(self.gives.iter().copied())
            .selected_by_default(self.selected);
        let stream = match self.read {
            Read::Within(parent, field, given) => {
                let named = given.iter().map(|(name, _)| *name).take(1);
                let deleted =
                    [(DELETED_AT, DELETED_AT)].into_iter().filter(|_| self.goes_with_parent);
                let changed = [(CHANGED_AT, CHANGED_AT), (CHANGED_BY, CHANGED_BY)];
                let given = given.iter().copied().chain(changed).chain(deleted);
                stream.child_of(parent, named).follows_parent().items_of(field, given)
            }
            _ => self.listed(stream, config),
        };
        let stream = match self.read {
            Read::Created(key) => self.changing(stream, config, key),
            Read::OfChanged(parent, only_if) => {
                let stream = stream.child_of(parent, self.named()).follows_parent();
                only_if.into_iter().fold(stream, Stream::only_if)
            }
            Read::OfEach(parent, None) => stream.child_of(parent, self.named()),
            Read::OfEach(parent, Some(name)) => stream.child_of(parent, [name]),
            Read::Whole | Read::Within(..) => stream,
        };
        let stream = (self.bent)(stream.transform([from_parent(ACCOUNT)]));
        let stream = match self.read {
            Read::Created(created) => stream.transform(updated(created)),
            Read::Within(..) => stream.transform(updated(UNTOLD)),
            _ => stream,
        };
        match !self.changes.deletes.is_empty() || self.goes_with_parent {
            true => stream.deleted_by(DELETED_AT),
            false => stream,
        }
    }

    /// The pages of the list.
    fn listed(&self, stream: Stream, config: &Config) -> Stream {
        let mut stream = stream.get(self.path).in_seconds();
        for (name, value) in self.params {
            stream = stream.param(name, *value);
        }
        for field in self.expand {
            stream = stream.param_for(field, EXPAND, format!("data.{field}"));
        }
        if has_account(config) {
            stream = stream.header(ACCOUNT_HEADER, "{stripe_account}");
        }
        if matches!(self.read, Read::Whole | Read::Created(_)) {
            stream = stream.partitions(partitions(config));
        }
        let list =
            |stream: Stream| stream.param("limit", PAGE).records_at("/data").paginate(BY_LAST_ID);
        match self.pages {
            Pages::List => list(stream).complete(Nested),
            Pages::Plain => list(stream),
            Pages::One => stream.single(),
            Pages::At(pointer) => stream.records_at(pointer),
        }
    }

    /// The windows of a list by the time at which its objects were made, and what changed of them.
    fn changing(&self, stream: Stream, config: &Config, key: &'static str) -> Stream {
        let size = config.list_window();
        let window = Since::Window { from: "created[gte]", to: "created[lt]", size };
        let stream =
            stream.incremental(key, window).lag(LAG).lookback(config.lookback()).newest_first();
        if self.changes.is_none() {
            return stream;
        }
        let object = Object { path: self.path, expand: self.expand, created: key };
        stream.events(self.changes.source(object, config), EVENTS_SURE)
    }

    /// The names in its path and parameters, by which a child's partition is known.
    fn named(&self) -> Vec<&'static str> {
        let texts = std::iter::once(self.path).chain(self.params.iter().map(|(_, value)| *value));
        let names = texts.flat_map(|text| text.split('{').skip(1));
        names.filter_map(|rest| rest.split('}').next()).collect()
    }
}

/// When a record changed for the last time, as far as it is known, and by which event.
fn updated(created: &str) -> [Transform; 2] {
    [first_of([CHANGED_AT, created], "updated"), first_of([CHANGED_BY], "updated_by_event_type")]
}

/// The key of a stream; with the account, where there are several and ids are not unique over them.
pub(crate) fn key(
    own: &'static [&'static str],
    with_account: bool,
    config: &Config,
) -> impl Iterator<Item = &'static str> {
    let account = (with_account && !config.accounts.is_empty()).then_some(ACCOUNT);
    own.iter().copied().chain(account)
}

/// A list that is no stream, of whose items the ids are given this name.
pub(crate) fn listing(config: &Config, path: &'static str, name: &'static str) -> Listing {
    let list =
        Listing::new(path, "/id", name).param("limit", PAGE).items_at("/data").paginate(BY_LAST_ID);
    if has_account(config) { list.header(ACCOUNT_HEADER, "{stripe_account}") } else { list }
}

/// Whether the settings name an account.
fn has_account(config: &Config) -> bool {
    config.account_id.is_some() || !config.accounts.is_empty()
}

/// The accounts that are read.
pub(crate) fn partitions(config: &Config) -> Vec<Partition> {
    match &config.account_id {
        Some(account) => vec![Partition::knowing([(ACCOUNT, account.as_str())])],
        None if config.accounts.is_empty() => vec![Partition::whole()],
        None => {
            config.accounts.iter().map(|id| Partition::named([(ACCOUNT, id.as_str())])).collect()
        }
    }
}
