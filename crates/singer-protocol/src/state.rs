//! The state: how far every stream and partition is read.
//!
//! ```json
//! {"bookmarks": {
//!   "issues": {"partitions": {"acme/widgets": {
//!     "replication_key": "updated_at", "replication_key_value": "2026-11-24T15:00:00Z",
//!     "intervals": []}}}},
//!  "tap": {"name": "tap-github", "state_version": 1}}
//! ```
//! Everything of a stream is under `bookmarks`, by the stream's name in the messages. Keys that
//! are not understood are kept. See the
//! [state documentation](https://github.com/singer-io/getting-started/blob/master/docs/CONFIG_AND_STATE.md#state-file).

mod absent;
mod entry;
mod foreign;
mod note;
mod read;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::bookmark::Bookmark;
use crate::cursor::CursorKind;
use crate::error::Error;
use crate::partition::PartitionKey;

pub use note::Note;

use absent::Absences;

/// The version of the state's shape that this release writes; newer ones are refused.
pub const STATE_VERSION: u64 = 1;

/// The key under `tap` that says whose data the state speaks of.
const ACCOUNT: &str = "account";

/// What a reader of states must know of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The fields whose values name a partition, in order, once for every way in which the config
    /// can name partitions; none for a stream that has no partitions. Where a context fits more
    /// than one, the first holds.
    pub partitions: Vec<Vec<String>>,
    /// The replication key and how its values are compared; none for a stream read in full.
    pub cursor: Option<(String, CursorKind)>,
}

/// The bookmarks of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    tap: String,
    streams: BTreeMap<String, StreamState>,
    /// Entries of streams whose layout is not known, as they were read.
    unknown: BTreeMap<String, Value>,
    absences: Absences,
    /// Keys beside `bookmarks` and `tap`, as they were read.
    rest: Map<String, Value>,
    /// Keys of `tap` beside those written here.
    tap_rest: Map<String, Value>,
    notes: Vec<Note>,
    dirty: bool,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct StreamState {
    own: Bookmark,
    partitions: Option<BTreeMap<PartitionKey, Bookmark>>,
}

impl State {
    /// The state before the first run.
    pub fn empty(tap: &str) -> State {
        State {
            tap: tap.to_owned(),
            streams: BTreeMap::new(),
            unknown: BTreeMap::new(),
            absences: Absences::default(),
            rest: Map::new(),
            tap_rest: Map::new(),
            notes: Vec::new(),
            dirty: false,
        }
    }

    /// Reads a state: this tap's own, or the form of singer-sdk or singer-io.
    ///
    /// `layout` tells what is known of a stream by its name in the messages; entries of other
    /// streams are kept as they are. What another tap's form says and cannot be used is told by
    /// [`State::notes`]: it is read again, never skipped.
    ///
    /// # Errors
    /// [`Error::Json`]; [`Error::Type`] with the pointer of a value of the wrong shape;
    /// [`Error::ForeignState`] and [`Error::NewerState`] for a state that is not this tap's.
    pub fn parse(
        text: &[u8],
        tap: &str,
        layout: &dyn Fn(&str) -> Option<Layout>,
    ) -> Result<State, Error> {
        State::from_json(State::json(text)?, tap, layout)
    }

    /// The JSON of a state, not yet read.
    ///
    /// # Errors
    /// [`Error::Json`].
    pub fn json(text: &[u8]) -> Result<Value, Error> {
        serde_json::from_slice(text).map_err(|source| Error::Json { document: "state", source })
    }

    /// Reads a state from JSON that is parsed already.
    ///
    /// # Errors
    /// As [`State::parse`], without [`Error::Json`].
    pub fn from_json(
        json: Value,
        tap: &str,
        layout: &dyn Fn(&str) -> Option<Layout>,
    ) -> Result<State, Error> {
        read::read(json, tap, layout)
    }

    /// The bookmark of a stream, or of one of its partitions.
    pub fn bookmark(&self, stream: &str, partition: Option<&PartitionKey>) -> Option<&Bookmark> {
        let state = self.streams.get(stream)?;
        match partition {
            Some(partition) => state.partitions.as_ref()?.get(partition),
            None => (state.partitions.is_none() || state.own != Bookmark::default())
                .then_some(&state.own),
        }
    }

    /// Takes note that a stream was read whole, so that no version is waiting for that.
    pub fn settle_version(&mut self, stream: &str) {
        let Some(state) = self.streams.get_mut(stream) else { return };
        let partitions = state.partitions.iter_mut().flat_map(BTreeMap::values_mut);
        for bookmark in partitions.chain([&mut state.own]) {
            self.dirty |= bookmark.version.take().is_some();
        }
    }

    /// The names of a stream's partitions, in order.
    pub fn partitions(&self, stream: &str) -> impl Iterator<Item = &PartitionKey> {
        let state = self.streams.get(stream);
        state.and_then(|state| state.partitions.as_ref()).into_iter().flat_map(BTreeMap::keys)
    }

    /// Replaces the bookmark of a stream, or of one of its partitions.
    pub fn set(&mut self, stream: &str, partition: Option<&PartitionKey>, bookmark: Bookmark) {
        if self.bookmark(stream, partition) == Some(&bookmark) {
            return;
        }
        self.dirty = true;
        self.unknown.remove(stream);
        let state = self.streams.entry(stream.to_owned()).or_default();
        match partition {
            None => state.own = bookmark,
            Some(partition) => {
                let partitions = state.partitions.get_or_insert_default();
                partitions.insert(partition.clone(), bookmark);
            }
        }
    }

    /// Whether a bookmark changed since [`State::mark_clean`], or since the state was read.
    pub fn is_dirty(&self) -> bool {
        self.dirty
    }

    /// Says that the state as it is now was written.
    pub fn mark_clean(&mut self) {
        self.dirty = false;
    }

    /// Whose data the state speaks of, if it says so; an opaque text.
    pub fn account(&self) -> Option<&str> {
        self.tap_rest.get(ACCOUNT).and_then(Value::as_str)
    }

    /// Says whose data the state speaks of.
    pub fn set_account(&mut self, account: &str) {
        self.tap_rest.insert(ACCOUNT.to_owned(), Value::from(account));
    }

    /// What was in the state that was read and could not be used.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The state as a STATE message holds it.
    pub fn to_value(&self) -> Value {
        let mut json = Map::new();
        let streams = self.streams.iter().map(|(name, state)| (name, state.to_value()));
        let unknown = self.unknown.iter().map(|(name, entry)| (name, entry.clone()));
        let entries = streams.chain(unknown).map(|(name, entry)| (name.clone(), entry));
        json.insert("bookmarks".to_owned(), Value::Object(entries.collect()));
        json.extend(self.rest.clone());
        json.insert("tap".to_owned(), Value::Object(self.tap_json()));
        Value::Object(json)
    }

    fn tap_json(&self) -> Map<String, Value> {
        let mut tap = Map::new();
        tap.insert("name".to_owned(), Value::from(self.tap.as_str()));
        tap.insert("state_version".to_owned(), Value::from(STATE_VERSION));
        if !self.absences.is_empty() {
            tap.insert("absent".to_owned(), self.absences.to_json());
        }
        tap.extend(self.tap_rest.clone());
        tap
    }
}

impl StreamState {
    /// A stream of partitions has no keys of its own, unless its state was read with some.
    fn to_value(&self) -> Value {
        let Some(partitions) = &self.partitions else { return Value::Object(self.own.to_json()) };
        let mut json = if self.own.is_blank() { self.own.rest.clone() } else { self.own.to_json() };
        let members = partitions
            .iter()
            .map(|(key, bookmark)| (key.as_str().to_owned(), Value::Object(bookmark.to_json())));
        json.insert("partitions".to_owned(), Value::Object(members.collect()));
        Value::Object(json)
    }
}
