//! One stream of a plan: what the catalog and its relations make of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use serde_json::Value;
use singer_protocol::{Catalog, CatalogEntry, Cursor, Seen, Selection};

use super::{Plan, selection};
use crate::error::Error;
use crate::items::Items;
use crate::maps;
use crate::once::Written;
use crate::partition::Partition;
use crate::replication::{self, Chosen, Incremental, Since};
use crate::settings::Settings;
use crate::shape::Shapes;
use crate::stream::Stream;

/// One stream as this run reads it.
pub(crate) struct Planned {
    pub(crate) stream: Stream,
    /// Its records are written; otherwise it is read for its children only.
    pub(crate) selected: bool,
    /// The streams that are read for each of its records.
    pub(crate) children: Vec<usize>,
    /// How it is read incrementally, if this run does.
    pub(crate) incremental: Option<Incremental>,
    /// The key of its parent, if its records are read only for those of its parent that changed.
    pub(crate) follows: Option<Incremental>,
    /// The key by which streams follow it.
    drive: Option<Incremental>,
    /// What of its records children are given, by which field each child tells whether there is
    /// anything of it, and by which the stream tells what is wanted.
    handed: Vec<String>,
    /// The fields that are written, or may be where a map makes others of them.
    read: BTreeSet<String>,
    /// What was written of it, if each of its records is written once.
    pub(crate) written: Option<Written>,
    /// Whether its records may have a version, and that which they have.
    may_have_version: bool,
    version: OnceLock<Option<i64>>,
    /// Not all of it is read anew, as it was thought when the run began.
    is_void: AtomicBool,
    told: AtomicBool,
    /// The partitions of a root stream, each with its route.
    pub(crate) partitions: Vec<(usize, Partition)>,
    pub(crate) shapes: Shapes,
}

impl Planned {
    pub(super) fn new(
        streams: &[Stream],
        at: usize,
        catalog: Option<&Catalog>,
        settings: &Settings,
    ) -> Result<Planned, Error> {
        let mut stream = streams[at].clone();
        let selection = selection(&stream, catalog, settings);
        let children: Vec<usize> = (0..streams.len())
            .filter(|child| streams[*child].parent_name() == Some(stream.name()))
            .collect();
        let handed = handed(streams, &stream, &children);
        let read = read_fields(&stream, &selection, settings)?;
        stream.settle_source(&read, &handed);
        let read = read["properties"].as_object().into_iter().flat_map(|fields| fields.keys());
        let schema = stream.parsed_schema()?;
        let selected = selection.stream_selected();
        let entry = catalog.and_then(|catalog| catalog.entry(stream.name()));
        if let Some(entry) = entry.filter(|_| selected) {
            tell_other_key(&stream, entry);
        }
        // A parent that is read for its children only has no bookmark.
        let chosen =
            if selected { replication::chosen(&stream, schema, entry)? } else { Chosen::Full };
        let (incremental, follows) = match chosen {
            Chosen::Full => (None, None),
            Chosen::Incremental(own) => (Some(own), None),
            Chosen::Follows => (None, parents_key(streams, &stream)?),
        };
        let drive = match has_follower(streams, &children, catalog)? {
            true => replication::own(&stream, schema),
            false => None,
        };
        let cursor = incremental.as_ref().or(drive.as_ref());
        let shapes = Shapes::new(&stream, selection, cursor, &handed, settings)?;
        Ok(Planned {
            selected,
            children,
            partitions: partitions(&stream)?,
            incremental,
            follows,
            drive,
            handed,
            read: read.cloned().collect(),
            written: stream.is_written_once().then(Written::default),
            may_have_version: false,
            version: OnceLock::new(),
            is_void: AtomicBool::new(false),
            told: AtomicBool::new(false),
            shapes,
            stream,
        })
    }

    /// The key that a scan follows: the stream's own, or that by which others follow it.
    pub(crate) fn scanned(&self) -> Option<&Incremental> {
        self.incremental.as_ref().or(self.drive.as_ref())
    }

    /// The key that its bookmark is over.
    pub(crate) fn kept_by(&self) -> Option<&Incremental> {
        self.incremental.as_ref().or(self.follows.as_ref())
    }

    /// Whether every record that there is is written, so that what is not is gone.
    pub(super) fn is_written_whole(&self, settings: &Settings) -> bool {
        let is_whole = match &self.incremental {
            None => self.follows.is_none(),
            Some(own) => own.since == Since::Reread && settings.start_date.is_none(),
        };
        self.selected && is_whole && settings.end_date.is_none()
    }

    /// Whether all its records can be read: windows begin at the start date.
    pub(super) fn is_enumerable(&self, settings: &Settings) -> bool {
        // Windows of a source's own end before now: what shows late is not there.
        let is_open = self.scanned().is_some_and(|own| matches!(own.since, Since::Windows { .. }));
        if self.stream.is_read_in_part() || is_open {
            return false;
        }
        let is_windowed = self.scanned().is_some_and(|own| own.since.window_size().is_some());
        settings.start_date.is_none() || !is_windowed
    }

    /// Whether all its records are read, whatever its bookmark says: children that do not follow
    /// live by bookmarks of their own, and a full table is what it says.
    pub(crate) fn reads_all(&self, plan: &Plan) -> bool {
        let is_full = self.selected && self.incremental.is_none();
        is_full || self.children.iter().any(|child| plan.streams[*child].follows.is_none())
    }

    /// When a record changed for the last time, if a field beside the replication key tells it.
    pub(crate) fn changed_at(&self, seen: &Seen<'_>) -> Option<Cursor> {
        let text = seen.context.text(self.handed_at(self.stream.changed_at_field()?)?)?;
        let value = serde_json::from_str(text).ok()?;
        Cursor::from_json(self.scanned()?.kind, &value).ok()
    }

    /// Whether a field of its records is read by anyone: written, or given to other streams.
    pub(crate) fn reads(&self, field: &str) -> bool {
        self.read.contains(field) || self.handed_at(field).is_some()
    }

    /// Whether a record says that it was deleted.
    pub(crate) fn is_gone(&self, seen: &Seen<'_>) -> bool {
        let at = self.stream.deleted_by_field().and_then(|field| self.handed_at(field));
        let text = at.and_then(|at| seen.context.text(at));
        text.is_some_and(|text| !matches!(text, "null" | "false"))
    }

    /// The place of a field among what children are given.
    pub(crate) fn handed_at(&self, field: &str) -> Option<usize> {
        self.handed.iter().position(|known| known == field)
    }

    /// The version of its records, if this run writes one.
    pub(crate) fn version(&self) -> Option<i64> {
        self.version.get().copied().flatten()
    }

    /// Gives it a version if it is written whole; else it may get one later, if there is one.
    pub(super) fn set_version(&mut self, version: Option<i64>, is_whole: bool) {
        self.may_have_version = version.is_some();
        self.version = if is_whole { OnceLock::from(version) } else { OnceLock::new() };
    }

    /// The version of a list that is read anew.
    pub(super) fn settle_version(&self, version: Option<i64>) {
        self.version.get_or_init(|| version.filter(|_| self.may_have_version));
    }

    /// Takes note that what is not read of it in this run is not gone.
    pub(crate) fn void_version(&self) {
        self.is_void.store(true, Relaxed);
    }

    /// The version that may be activated once all is read.
    pub(crate) fn valid_version(&self) -> Option<i64> {
        self.version().filter(|_| !self.is_void.load(Relaxed))
    }

    /// True the first time.
    pub(crate) fn tells_once(&self) -> bool {
        !self.told.swap(true, Relaxed)
    }

    /// Whether children need nothing of this stream's records but what names the partition.
    pub(super) fn hands_down_its_partitions(&self, partition: &Partition, plan: &Plan) -> bool {
        let is_known = |field: &String| partition.context().get(field).is_some();
        self.stream.is_skipped_unselected()
            && !self.selected
            && plan.followers(self).next().is_none()
            && self.children.iter().all(|child| {
                plan.stream(*child)
                    .stream
                    .parent()
                    .is_some_and(|parent| parent.fields.iter().all(is_known))
            })
    }
}

/// The schema of what is read of a stream's records: what is selected, or all where a map may read it.
fn read_fields(
    stream: &Stream,
    selection: &Selection,
    settings: &Settings,
) -> Result<Value, Error> {
    let schema = stream.parsed_schema()?.json();
    if matches!(maps::choose(settings, stream.name())?, maps::Choice::Mapped(_)) {
        return Ok(schema.clone());
    }
    let key: Vec<&str> = stream.key_properties().iter().map(String::as_str).collect();
    Ok(selection.prune(schema, &key))
}

/// The replication key of the parent of a stream.
fn parents_key(streams: &[Stream], stream: &Stream) -> Result<Option<Incremental>, Error> {
    match streams.iter().find(|parent| stream.parent_name() == Some(parent.name())) {
        Some(parent) => Ok(replication::own(parent, parent.parsed_schema()?)),
        None => Ok(None),
    }
}

/// Whether any of these children is read only where their parent changed.
fn has_follower(
    streams: &[Stream],
    children: &[usize],
    catalog: Option<&Catalog>,
) -> Result<bool, Error> {
    for child in children {
        let child = &streams[*child];
        let entry = catalog.and_then(|catalog| catalog.entry(child.name()));
        let chosen = replication::chosen(child, child.parsed_schema()?, entry)?;
        if matches!(chosen, Chosen::Follows) && parents_key(streams, child)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The fields of a stream that its children and picks need, and the one that tells of changes.
fn handed(streams: &[Stream], stream: &Stream, children: &[usize]) -> Vec<String> {
    let named = stream.children_get().iter().map(|(_, field)| field.clone());
    let mut handed: Vec<String> = named.collect();
    let asked = children.iter().filter_map(|child| streams[*child].only_if_field());
    let picks = stream.routes().iter().filter_map(|route| route.pick.as_ref());
    let told = picks.flat_map(|pick| pick.fields.iter().map(String::as_str));
    let items = children.iter().filter_map(|child| streams[*child].items()).flat_map(Items::fields);
    let gone = stream.deleted_by_field().filter(|_| !children.is_empty());
    let fields = asked.chain(told).chain(items).chain(stream.changed_at_field()).chain(gone);
    for field in fields {
        if !handed.iter().any(|known| known == field) {
            handed.push(field.to_owned());
        }
    }
    handed
}

/// Tells of a key in the catalog that is not the stream's own, which is the one that is used.
fn tell_other_key(stream: &Stream, entry: &CatalogEntry) {
    if let Some(key) = entry.key_properties()
        && key != stream.key_properties()
    {
        tracing::warn!(
            "[CFG08] catalog: the key `{}` of stream `{}` has no effect; its records are identified by `{}`",
            key.join("`, `"),
            stream.name(),
            stream.key_properties().join("`, `")
        );
    }
}

/// The partitions of a root stream, each once: the same one twice would be the same rows twice.
fn partitions(stream: &Stream) -> Result<Vec<(usize, Partition)>, Error> {
    if stream.parent().is_some() {
        return Ok(Vec::new());
    }
    if stream.routes().is_empty() {
        return Ok(vec![(0, Partition::whole())]);
    }
    let mut routes = BTreeMap::new();
    let mut all = Vec::new();
    for (route, described) in stream.routes().iter().enumerate() {
        for partition in described.partitions.clone().unwrap_or_else(|| vec![Partition::whole()]) {
            match routes.insert(partition.key(), route) {
                None => all.push((route, partition)),
                Some(other) if other == route => {}
                Some(_) => return Err(ambiguous(stream, &partition)),
            }
        }
    }
    Ok(all)
}

/// Two partitions of one name would share a bookmark, and one could move it past the other.
fn ambiguous(stream: &Stream, partition: &Partition) -> Error {
    let name = partition.key().map_or(String::new(), |key| key.to_string());
    Error::Usage {
        what: format!(
            "the settings give stream `{}` two different partitions named `{name}` (a name has one bookmark); remove one of them",
            stream.name()
        ),
    }
}
