//! The plan of a run: which streams are read, from where, and what of each record is written.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use singer_protocol::{Bookmark, Catalog, CatalogEntry, Cursor, CursorKind, Selection};

use crate::error::Error;
use crate::partition::{Context, Partition};
use crate::progress::Start;
use crate::replication::{self, Incremental, Since};
use crate::settings::Settings;
use crate::shape::Shapes;
use crate::stream::Stream;
use crate::sync::{Job, Run};

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
        let planned = streams.into_iter().map(|stream| Planned::new(stream, catalog, settings));
        let mut streams = planned.collect::<Result<Vec<_>, _>>()?;
        for child in 0..streams.len() {
            let parent = streams[child].stream.parent_name();
            let parent = streams.iter().position(|planned| Some(planned.stream.name()) == parent);
            if let Some(parent) = parent {
                streams[parent].children.push(child);
            }
        }
        Ok(Plan { streams })
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
                    jobs.push(Job { stream, route: *route, partition: partition.clone() });
                }
            }
        }
        jobs
    }

    /// The job of a child stream for one record of its parent.
    pub(crate) fn child_job(&self, child: usize, context: Context) -> Job {
        let fields = self.streams[child].stream.parent().map_or(&[][..], |parent| &parent.fields);
        Job { stream: child, route: 0, partition: Partition::of_parent(context, fields) }
    }

    /// Where a job begins, by the state at the start of the run.
    pub(crate) fn start(&self, run: &Run, job: &Job) -> Start {
        let planned = self.stream(job.stream);
        let Some(incremental) = &planned.incremental else { return Start::default() };
        let bookmark = run
            .state
            .bookmark(planned.stream.name(), job.partition.key().as_ref())
            .cloned()
            .unwrap_or_default();
        planned.start(incremental, bookmark, &run.settings, run.clock.now())
    }
}

impl Planned {
    fn new(
        stream: Stream,
        catalog: Option<&Catalog>,
        settings: &Settings,
    ) -> Result<Planned, Error> {
        let schema = stream.parsed_schema()?;
        let selection = selection(&stream, catalog);
        let selected = selection.stream_selected();
        let entry = catalog.and_then(|catalog| catalog.entry(stream.name()));
        if let Some(entry) = entry.filter(|_| selected) {
            tell_other_key(&stream, entry);
        }
        // A parent that is read for its children only has no bookmark, and needs no cursor.
        let incremental =
            if selected { replication::chosen(&stream, schema, entry)? } else { None };
        let shapes = Shapes::new(&stream, selection, incremental.as_ref(), settings)?;
        Ok(Planned {
            selected,
            children: Vec::new(),
            partitions: partitions(&stream)?,
            incremental,
            shapes,
            stream,
        })
    }

    /// How the API is asked for what changed. Children live by bookmarks of their own, so their
    /// parent is scanned whole, whatever its own bookmark says.
    pub(crate) fn since(&self) -> Option<Since> {
        let since = self.incremental.as_ref()?.since;
        let keeps = self.children.is_empty() || since == Since::Reread;
        Some(if keeps { since } else { Since::Scan })
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

    fn start(
        &self,
        incremental: &Incremental,
        bookmark: Bookmark,
        settings: &Settings,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Start {
        let (_, lookback) = self.stream.lag_and_lookback();
        let is_instant = incremental.kind == CursorKind::Instant;
        let start_date =
            settings.start_date.filter(|_| is_instant).map(|date| Cursor::Instant(date.0));
        let floor = match &bookmark.value {
            Some(Cursor::Instant(at)) => {
                if *at > now {
                    tracing::warn!(
                        "[STATE02] the bookmark of `{}` lies in the future ({at}); only records from then on are read",
                        self.stream.name()
                    );
                }
                let back = TimeDelta::from_std(lookback).unwrap_or_default();
                Some(Cursor::Instant(*at - back))
            }
            Some(value) => Some(value.clone()),
            None => start_date.clone(),
        };
        Start { bookmark: bookmark.value, floor, start_date, covered: bookmark.intervals }
    }
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
