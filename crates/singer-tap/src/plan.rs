//! The plan of a run: which streams are read, from where, and what of each record is written.

use std::collections::{BTreeMap, BTreeSet};

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use singer_protocol::{Catalog, CatalogEntry, Selection};

use crate::error::Error;
use crate::job::Job;
use crate::partition::{Context, Partition};
use crate::replication::{self, Chosen, Incremental, Since};
use crate::settings::Settings;
use crate::shape::Shapes;
use crate::stream::Stream;

/// Every stream that this run reads, and how.
pub(crate) struct Plan {
    streams: Vec<Planned>,
}

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
    /// What of its records children are given, and by which field each child tells whether there
    /// is anything of it.
    handed: Vec<String>,
    /// The version of its records, if this run writes one.
    pub(crate) version: Option<i64>,
    told: AtomicBool,
    /// The partitions of a root stream, each with its route.
    pub(crate) partitions: Vec<(usize, Partition)>,
    pub(crate) shapes: Shapes,
}

impl Plan {
    /// Plans the streams that are selected in `catalog`, or by default without one, and the parents
    /// that lead to them.
    ///
    /// # Errors
    /// A stream that the tap does not have, or a replication that the stream cannot do.
    pub(crate) fn new(
        mut streams: Vec<Stream>,
        catalog: Option<&Catalog>,
        settings: &Settings,
    ) -> Result<Plan, Error> {
        if let Some(catalog) = catalog {
            check_known(catalog, &streams)?;
        }
        let read = read(&streams, catalog);
        streams.retain(|stream| read.contains(stream.name()));
        let streams = (0..streams.len())
            .map(|at| Planned::new(&streams, at, catalog, settings))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Plan { streams })
    }

    /// The same plan with this version for the streams that are written whole, if the user wants
    /// versions.
    pub(crate) fn versioned(mut self, settings: &Settings, version: i64) -> Plan {
        for planned in &mut self.streams {
            let is_whole = planned.is_written_whole(settings);
            planned.version =
                (is_whole && settings.emit_activate_version_messages).then_some(version);
        }
        self
    }

    /// How many parents a stream has above it.
    pub(crate) fn depth(&self, stream: usize) -> usize {
        let parent = self.streams.iter().position(|planned| planned.children.contains(&stream));
        parent.map_or(0, |parent| self.depth(parent) + 1)
    }

    /// Checks that there is something to read.
    ///
    /// # Errors
    /// Streams are selected, but the settings name no partition of any.
    pub(crate) fn check_not_empty(&self) -> Result<(), Error> {
        if !self.streams.iter().any(|planned| planned.selected) {
            tracing::warn!("[CFG07] no stream is selected; nothing is read");
        } else if self.first_jobs().is_empty() {
            return Err(Error::Usage {
                what: "the settings name nothing to read; `--about` lists those that select what is read".to_owned(),
            });
        }
        Ok(())
    }

    pub(crate) fn streams(&self) -> &[Planned] {
        &self.streams
    }

    pub(crate) fn stream(&self, at: usize) -> &Planned {
        &self.streams[at]
    }

    /// The partitions of the root streams; those of children are found while their parents are read.
    pub(crate) fn first_jobs(&self) -> Vec<Job> {
        let mut jobs = Vec::new();
        for (stream, planned) in self.streams.iter().enumerate() {
            for (route, partition) in &planned.partitions {
                if planned.hands_down_its_partitions(partition, self) {
                    jobs.extend(
                        planned
                            .children
                            .iter()
                            .map(|child| self.child_job(*child, partition.context().clone())),
                    );
                } else {
                    jobs.push(Job::whole(stream, *route, partition.clone()));
                }
            }
        }
        jobs
    }

    /// The job of a child stream for one record of its parent.
    pub(crate) fn child_job(&self, child: usize, context: Context) -> Job {
        Job::whole(child, 0, self.child_partition(child, context))
    }

    /// The partition of a child stream that one record of its parent is.
    pub(crate) fn child_partition(&self, child: usize, context: Context) -> Partition {
        let fields = self.streams[child].stream.parent().map_or(&[][..], |parent| &parent.fields);
        Partition::of_parent(context, fields)
    }

    /// The children of a stream that are read only where its records changed.
    pub(crate) fn followers(&self, planned: &Planned) -> impl Iterator<Item = usize> {
        planned.children.iter().copied().filter(|child| self.streams[*child].follows.is_some())
    }
}

impl Planned {
    fn new(
        streams: &[Stream],
        at: usize,
        catalog: Option<&Catalog>,
        settings: &Settings,
    ) -> Result<Planned, Error> {
        let stream = streams[at].clone();
        let schema = stream.parsed_schema()?;
        let selection = selection(&stream, catalog);
        let selected = selection.stream_selected();
        let entry = catalog.and_then(|catalog| catalog.entry(stream.name()));
        if let Some(entry) = entry.filter(|_| selected) {
            tell_other_key(&stream, entry);
        }
        let children: Vec<usize> = (0..streams.len())
            .filter(|child| streams[*child].parent_name() == Some(stream.name()))
            .collect();
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
        let handed = handed(streams, &stream, &children);
        let shapes = Shapes::new(&stream, selection, cursor, &handed, settings)?;
        Ok(Planned {
            selected,
            children,
            partitions: partitions(&stream)?,
            incremental,
            follows,
            drive,
            handed,
            version: None,
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
    fn is_written_whole(&self, settings: &Settings) -> bool {
        let is_whole = match &self.incremental {
            None => self.follows.is_none(),
            Some(own) => own.since == Since::Reread && settings.start_date.is_none(),
        };
        self.selected && is_whole && settings.end_date.is_none()
    }

    /// Whether all its records are read, whatever its bookmark says: children that do not follow
    /// live by bookmarks of their own, and a full table is what it says.
    pub(crate) fn reads_all(&self, plan: &Plan) -> bool {
        let is_full = self.selected && self.incremental.is_none();
        is_full || self.children.iter().any(|child| plan.streams[*child].follows.is_none())
    }

    /// The place of a field among what children are given.
    pub(crate) fn handed_at(&self, field: &str) -> Option<usize> {
        self.handed.iter().position(|known| known == field)
    }

    /// True the first time.
    pub(crate) fn tells_once(&self) -> bool {
        !self.told.swap(true, Relaxed)
    }

    /// Whether children need nothing of this stream's records but what names the partition.
    fn hands_down_its_partitions(&self, partition: &Partition, plan: &Plan) -> bool {
        let is_known = |field: &String| partition.context().get(field).is_some();
        self.stream.is_skipped_unselected()
            && !self.selected
            && self.children.iter().all(|child| {
                plan.stream(*child)
                    .stream
                    .parent()
                    .is_some_and(|parent| parent.fields.iter().all(is_known))
            })
    }
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

/// The fields of a stream that its children need.
fn handed(streams: &[Stream], stream: &Stream, children: &[usize]) -> Vec<String> {
    let named = stream.children_get().iter().map(|(_, field)| field.clone());
    let mut handed: Vec<String> = named.collect();
    for field in children.iter().filter_map(|child| streams[*child].only_if_field()) {
        if !handed.iter().any(|known| known == field) {
            handed.push(field.to_owned());
        }
    }
    handed
}

/// The names of the streams that are read: those selected, and their ancestors.
fn read(streams: &[Stream], catalog: Option<&Catalog>) -> BTreeSet<String> {
    let find = |name: &str| streams.iter().find(|stream| stream.name() == name);
    let mut read = BTreeSet::new();
    for stream in streams.iter().filter(|stream| selection(stream, catalog).stream_selected()) {
        let mut next = Some(stream);
        while let Some(stream) = next
            && read.insert(stream.name().to_owned())
        {
            next = stream.parent_name().and_then(find);
        }
    }
    read
}

fn selection(stream: &Stream, catalog: Option<&Catalog>) -> Selection {
    Selection::in_catalog(catalog, stream.name(), stream.is_selected_by_default())
}

fn check_known(catalog: &Catalog, streams: &[Stream]) -> Result<(), Error> {
    for entry in catalog.streams() {
        let is_known = streams.iter().any(|stream| stream.name() == entry.tap_stream_id());
        if !is_known && Selection::of(entry).stream_selected() {
            return Err(Error::Catalog {
                stream: entry.tap_stream_id().to_owned(),
                problem: "is selected, but this tap has no such stream with these settings; make the catalog again with `--discover`, or deselect it".to_owned(),
            });
        }
    }
    Ok(())
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
