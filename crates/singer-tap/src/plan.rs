//! The plan of a run: which streams are read, from where, and what of each record is written.

mod planned;

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use singer_protocol::{Catalog, Selection, State};

use crate::discover;
use crate::error::Error;
use crate::job::Job;
use crate::maps;
use crate::partition::{Context, Partition};
use crate::settings::Settings;
use crate::stream::Stream;

pub(crate) use planned::Planned;

/// Every stream that this run reads, and how.
pub(crate) struct Plan {
    streams: Vec<Planned>,
    /// The version of this run, if the user wants versions.
    version: Option<i64>,
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
        let read = read(&streams, catalog, settings);
        streams.retain(|stream| read.contains(stream.name()));
        let streams = (0..streams.len())
            .map(|at| Planned::new(&streams, at, catalog, settings))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Plan { streams, version: None })
    }

    /// The same plan with this version for the streams that are written whole, if the user wants
    /// versions.
    pub(crate) fn versioned(mut self, settings: &Settings, version: i64) -> Plan {
        self.version = settings.emit_activate_version_messages.then_some(version);
        for at in 0..self.streams.len() {
            let is_enumerable = |one: usize| self.streams[one].is_enumerable(settings);
            let planned = &self.streams[at];
            let may = planned.selected
                && settings.end_date.is_none()
                && is_enumerable(at)
                && self.above(at).all(is_enumerable);
            let is_whole = planned.is_written_whole(settings);
            let version = self.version.filter(|_| may);
            self.streams[at].set_version(version, is_whole);
        }
        self
    }

    /// Decides, by the server's time, which streams are read anew and have a version for that.
    pub(crate) fn settle_versions(&self, state: &State, now: DateTime<Utc>) {
        for (at, planned) in self.streams.iter().enumerate() {
            planned.settle_version(self.listed_anew(at, state, now));
        }
    }

    /// The version of a stream whose list is read from its beginning in all its partitions, for one
    /// that has a list of changes, or follows such a one: that with which an earlier run began, or this
    /// run's.
    fn listed_anew(&self, at: usize, state: &State, now: DateTime<Utc>) -> Option<i64> {
        let planned = &self.streams[at];
        let lister = match &planned.follows {
            Some(_) => self.above(at).next()?,
            None => at,
        };
        let lister = &self.streams[lister];
        let horizon = now - TimeDelta::from_std(lister.stream.events_kept()?).ok()?;
        let begun = |(_, partition): &(usize, Partition)| {
            let bookmark = state.bookmark(planned.stream.name(), partition.key().as_ref())?;
            bookmark.events.filter(|events| *events >= horizon).map(|_| bookmark.version)
        };
        let begun: Vec<Option<Option<i64>>> = lister.partitions.iter().map(begun).collect();
        match begun.first()? {
            None if begun.iter().all(Option::is_none) => self.version,
            Some(known) if begun.iter().all(|other| *other == Some(*known)) => *known,
            _ => None,
        }
    }

    /// The streams above a stream, its parent first.
    fn above(&self, stream: usize) -> impl Iterator<Item = usize> + '_ {
        let parent = |stream: usize| {
            self.streams.iter().position(|planned| planned.children.contains(&stream))
        };
        std::iter::successors(parent(stream), move |stream| parent(*stream))
    }

    /// How many parents a stream has above it.
    pub(crate) fn depth(&self, stream: usize) -> usize {
        self.above(stream).count()
    }

    /// Checks that there is something to read.
    ///
    /// # Errors
    /// Streams are selected, but the settings name no partition of any.
    pub(crate) fn check_not_empty(&self) -> Result<(), Error> {
        if !self.streams.iter().any(|planned| planned.selected) {
            tracing::warn!(
                "[CFG07] no stream is selected; nothing is read. Select some in a catalog, or with `--select`"
            );
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

    /// The children of a stream whose records are items of its own.
    pub(crate) fn read_with(&self, stream: usize) -> impl Iterator<Item = usize> {
        let is_within = |child: &usize| self.streams[*child].stream.items().is_some();
        self.streams[stream].children.iter().copied().filter(is_within)
    }

    /// The children of a stream that are read only where its records changed.
    pub(crate) fn followers(&self, planned: &Planned) -> impl Iterator<Item = usize> {
        planned.children.iter().copied().filter(|child| self.streams[*child].follows.is_some())
    }
}

/// The names of the streams that are read: those selected, and their ancestors.
fn read(streams: &[Stream], catalog: Option<&Catalog>, settings: &Settings) -> BTreeSet<String> {
    let find = |name: &str| streams.iter().find(|stream| stream.name() == name);
    let mut read = BTreeSet::new();
    let is_wanted = |stream: &&Stream| selection(stream, catalog, settings).stream_selected();
    for stream in streams.iter().filter(is_wanted) {
        let mut next = Some(stream);
        while let Some(stream) = next
            && read.insert(stream.name().to_owned())
        {
            next = stream.parent_name().and_then(find);
        }
    }
    read
}

fn selection(stream: &Stream, catalog: Option<&Catalog>, settings: &Settings) -> Selection {
    if maps::drops(settings, stream.name()) {
        return Selection::none();
    }
    if catalog.is_none()
        && !stream.are_fields_selected_by_default()
        && let Ok(entry) = discover::entry(stream)
    {
        return Selection::of(&entry);
    }
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
