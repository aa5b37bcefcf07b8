//! Where the reading of a partition begins: for the stream itself, and for those that follow it.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use singer_protocol::{Bookmark, Cursor, Interval, Intervals, Origin, PartitionKey};

use crate::changes::{Changes, Listed};
use crate::plan::Planned;
use crate::progress::{Start, Tracker};
use crate::replication::{Incremental, Since};
use crate::sync::Run;
use crate::window::{self, Window, Windows};

/// How one partition is read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    /// How the API is asked for what changed, if it is.
    pub(crate) since: Option<Since>,
    /// Where the scan begins: the lowest of all starts.
    pub(crate) from: Option<Cursor>,
    /// Where the stream itself begins, if it has a bookmark.
    own: Option<Start>,
    /// Where the streams begin that follow it.
    followers: Vec<(usize, Start)>,
    /// From when on changes are wanted once the list is read.
    pub(crate) events_from: Option<DateTime<Utc>>,
    /// The streams whose list is read from its beginning, and changes from this instant on.
    pub(crate) begun: Vec<(usize, DateTime<Utc>)>,
    /// What its list gives in this run, for a stream that has a list of changes too.
    pub(crate) listed: Option<Listed>,
    /// When it was begun, for a stream that passes over what it read: what changes while its windows
    /// are read must not lie before the bookmark.
    pub(crate) latest: Option<DateTime<Utc>>,
}

impl Reading {
    /// How the partition of this key is read.
    pub(crate) fn new(run: &Run, stream: usize, partition: Option<&PartitionKey>) -> Reading {
        let plan = &run.plan;
        let planned = plan.stream(stream);
        let Some(scanned) = planned.scanned() else { return Reading::default() };
        let mut changes = Changes::of(run, planned);
        let mut start = |at: usize| {
            let reader = plan.stream(at);
            let name = reader.stream.name();
            let bookmark = run.state.bookmark(name, partition).cloned().unwrap_or_default();
            let bookmark = changes.follow(at, reader, bookmark);
            // A record of the parent that shows late has children that nobody has read.
            let lookback = [reader, planned].map(|it| it.stream.lag_and_lookback().1);
            start(run, reader, scanned, bookmark, lookback.into_iter().max().unwrap_or_default())
        };
        let own = planned.incremental.as_ref().map(|_| start(stream));
        let followers: Vec<(usize, Start)> =
            plan.followers(planned).map(|child| (child, start(child))).collect();
        let Changes { from: events_from, begun, .. } = changes;
        let reads_all = planned.reads_all(plan);
        let since = match scanned.since {
            Since::Reread
            | Since::Window { .. }
            | Since::Range { .. }
            | Since::Windows { .. }
            | Since::Intervals { .. } => scanned.since,
            _ if reads_all => Since::Scan,
            since => since,
        };
        let starts = own.iter().chain(followers.iter().map(|(_, start)| start));
        let lowest = starts.clone().map(|start| &start.floor).min().cloned().flatten();
        let from = if reads_all { scanned.at_start(run) } else { lowest };
        let listed = events_from.and_then(|_| {
            let (lag, _) = planned.stream.lag_and_lookback();
            Listed::new(starts.clone(), scanned, run.client.now() - TimeDelta::from_std(lag).ok()?)
        });
        let latest = planned.stream.changed_at_field().map(|_| run.client.now());
        Reading { since: Some(since), from, own, followers, events_from, begun, listed, latest }
    }

    /// The windows in which the partition is read, if it is.
    pub(crate) fn windows(&self, run: &Run, planned: &Planned) -> Option<Windows> {
        let scanned = planned.scanned()?;
        let size = scanned.since.window_size()?;
        let missing = if planned.reads_all(&run.plan) {
            let ceiling = scanned.at_end(run);
            window::missing(self.from.as_ref(), &Intervals::default(), ceiling.as_ref())
        } else {
            let starts = self.own.iter().chain(self.followers.iter().map(|(_, start)| start));
            window::union(starts.map(|start| start.wanted.clone()))
        };
        if matches!(scanned.since, Since::Intervals { .. }) {
            let (lag, _) = planned.stream.lag_and_lookback();
            let now = run.client.now() - TimeDelta::from_std(lag).ok()?;
            return Some(Windows::whole(missing, size, scanned.at(now)?));
        }
        let windows = Windows::new(missing, size, scanned.at(run.clock.now())?);
        Some(if planned.stream.is_newest_first() { windows.left() } else { windows })
    }

    /// Follows the records for the stream's own bookmark.
    pub(crate) fn tracker(&self, window: Option<&Window>) -> Option<Tracker> {
        let start = self.own.clone()?;
        Some(Tracker::new(self.since?, start, self.from.as_ref(), window))
    }

    /// Follow the records for the bookmarks of other streams.
    pub(crate) fn followers(&self, window: Option<&Window>) -> Vec<(usize, Tracker)> {
        let since = match self.since {
            // For them the key tells what changed, or they would not follow.
            Some(Since::Reread) => Since::Scan,
            Some(since) => since,
            None => return Vec::new(),
        };
        let tracker = |(child, start): &(usize, Start)| {
            (*child, Tracker::new(since, start.clone(), self.from.as_ref(), window))
        };
        self.followers.iter().map(tracker).collect()
    }
}

/// Where a stream begins that has this bookmark over the key that is scanned, and is read again
/// from so far before it.
fn start(
    run: &Run,
    reader: &Planned,
    scanned: &Incremental,
    bookmark: Bookmark,
    lookback: Duration,
) -> Start {
    let back = -TimeDelta::from_std(lookback).unwrap_or_default();
    let start_date = scanned.at_start(run);
    let ceiling = scanned.at_end(run);
    tell_future(run, reader, scanned, bookmark.value.as_ref());
    let floor = match &bookmark.value {
        // Nothing is read again that lies before where the stream began.
        Some(value) => Some(scanned.shifted(value, back)).max(bookmark.start.cursor().cloned()),
        None => start_date.clone(),
    };
    let mut covered = bookmark.intervals.shortened(|end| scanned.shifted(end, back));
    let origin = bookmark.start.cursor().cloned();
    let mut start = Start { bookmark: bookmark.value, origin, floor, ceiling, ..Start::default() };
    if scanned.since.window_size().is_some() {
        if let Some(floor) = start.floor.as_ref().filter(|_| start.bookmark.is_some()) {
            covered.add(Interval::new(start.origin.clone(), floor.clone()));
        }
        start.wanted = window::missing(start_date.as_ref(), &covered, start.ceiling.as_ref());
    } else {
        tell_earlier_start(reader, &bookmark.start, start_date.as_ref());
    }
    Start { start_date, covered, ..start }
}

fn tell_future(run: &Run, reader: &Planned, scanned: &Incremental, value: Option<&Cursor>) {
    let now = scanned.at(run.clock.now());
    if let (Some(value), Some(now)) = (value, now)
        && *value > now
    {
        tracing::warn!(
            "[STATE02] the bookmark of `{}` lies in the future ({value}); only records from then on are read",
            reader.stream.name()
        );
    }
}

/// What lies before the bookmark is not read again, but where a list is read whole each time, or in windows.
fn tell_earlier_start(reader: &Planned, was: &Origin, start_date: Option<&Cursor>) {
    let own = reader.incremental.as_ref();
    if let Origin::At(was) = was
        && own.is_none_or(|own| !matches!(own.since, Since::Reread))
        && start_date < Some(was)
        && reader.tells_once()
    {
        tracing::warn!(
            "[STATE06] `{}` was begun at {was}, and `start_date` now lies before; to read what is between, run it once without its bookmark",
            reader.stream.name()
        );
    }
}
