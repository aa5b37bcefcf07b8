//! Changes that do not move a replication key: from when on each reader of a stream wants them.

use chrono::{DateTime, TimeDelta, Utc};
use singer_protocol::{Bookmark, Cursor};

use crate::plan::Planned;
use crate::progress::Start;
use crate::replication::Incremental;
use crate::sync::Run;

/// What is known of the changes of one partition while its readers are looked at.
pub(crate) struct Changes {
    /// The oldest change that the API still has; none: the stream has no list of changes.
    horizon: Option<DateTime<Utc>>,
    /// From when on changes are wanted of a list that is read from its beginning: the server's time
    /// before its first page, less the time in which changes may show late.
    start: DateTime<Utc>,
    /// From when on changes are wanted.
    pub(crate) from: Option<DateTime<Utc>>,
    /// The readers whose list is read from its beginning, and changes from this instant on.
    pub(crate) begun: Vec<(usize, DateTime<Utc>)>,
}

impl Changes {
    pub(crate) fn of(run: &Run, planned: &Planned) -> Changes {
        let now = run.client.now();
        // A backfill that ends at a date wants nothing of what happened since.
        let kept = planned.stream.events_kept().filter(|_| run.settings.end_date.is_none());
        let kept = kept.map(|kept| TimeDelta::from_std(kept).unwrap_or(TimeDelta::MAX));
        let horizon = kept.map(|kept| now.checked_sub_signed(kept).unwrap_or_default());
        let lag = TimeDelta::from_std(planned.stream.lag_and_lookback().0).unwrap_or_default();
        Changes { horizon, start: now - lag, from: None, begun: Vec::new() }
    }

    /// The bookmark from which a reader goes on: an empty one if changes since are gone.
    pub(crate) fn follow(&mut self, at: usize, reader: &Planned, stored: Bookmark) -> Bookmark {
        let Some(horizon) = self.horizon else { return stored };
        let kept = stored.events.filter(|events| *events >= horizon);
        let from = kept.unwrap_or(self.start);
        self.from = Some(self.from.map_or(from, |earlier| earlier.min(from)));
        if kept.is_some() {
            if stored.version != reader.version() {
                reader.void_version();
            }
            return stored;
        }
        if stored.value.is_some() && reader.tells_once() {
            let since = stored.events.map_or("an unknown time".to_owned(), |at| at.to_rfc3339());
            tracing::warn!(
                "[STATE08] changes of `{}` were read up to {since}, and the API keeps those since {}: its list is read again from the beginning. Deletions in between are seen only with `emit_activate_version_messages`",
                reader.stream.name(),
                horizon.to_rfc3339()
            );
        }
        self.begun.push((at, from));
        Bookmark { pending: stored.pending, ..Bookmark::default() }
    }
}

/// What the list of a partition gives in this run, and when: an older change of it is nothing new.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Everything from this value of the replication key on; none: everything.
    from: Option<Cursor>,
    /// When reading began, less the stream's lag.
    at: DateTime<Utc>,
}

impl Listed {
    /// What lists give that begin at these starts, one for each reader; none if they end before now.
    pub(crate) fn new<'s>(
        starts: impl Iterator<Item = &'s Start>,
        scanned: &Incremental,
        at: DateTime<Utc>,
    ) -> Option<Listed> {
        let is_windowed = scanned.since.window_size().is_some();
        let begins = |start: &'s Start| match start.wanted.last() {
            Some(last) if is_windowed => last.to.is_none().then(|| last.from.clone()),
            None if is_windowed => None,
            _ => Some(start.floor.clone()),
        };
        // What one of the readers takes of it is not given to the others.
        let begins: Option<Vec<_>> = starts.map(begins).collect();
        Some(Listed { from: begins?.into_iter().max().flatten(), at })
    }

    /// Whether the list has given a record with this replication key as it was after a change.
    pub fn has(&self, key: &Cursor, changed: DateTime<Utc>) -> bool {
        self.from.as_ref() <= Some(key) && changed < self.at
    }
}
