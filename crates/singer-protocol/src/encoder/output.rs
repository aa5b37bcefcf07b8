//! What encoding a page gives, and what it is told.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::cursor::Cursor;

use super::misfit::Misfits;
use super::news::News;
use super::reject::Reject;

/// Values from the parent's record or the partition: names and scalars, in declared order.
pub type Context = Vec<(String, Value)>;

/// What every record of a page is marked with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// When the page was fetched.
    pub time_extracted: DateTime<Utc>,
    /// The version of the stream's table, where versions are in use.
    pub version: Option<i64>,
}

/// Where pages are written to; it may be used again and again.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// Whole RECORD lines.
    pub lines: Vec<u8>,
    /// How many lines were written.
    pub emitted: u64,
    /// How many records the caller did not want.
    pub dropped: u64,
    /// Records that cannot be lines.
    pub rejects: Vec<Reject>,
    /// Values that were not as declared.
    pub misfits: Misfits,
    /// Fields that are not declared.
    pub news: Vec<News>,
}

impl Output {
    /// Makes it empty and keeps its memory.
    pub fn clear(&mut self) {
        self.lines.clear();
        self.emitted = 0;
        self.dropped = 0;
        self.rejects.clear();
        self.misfits.clear();
        self.news.clear();
    }
}

/// What is told of a record before it is written.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// The record's cursor, if the stream has one.
    pub cursor: Option<&'a Cursor>,
    /// The values of the key, in its order; all are there.
    pub key: &'a Values,
    /// The values for child streams, in the order of [`super::RecordSpec::context`].
    pub context: &'a Values,
}

/// Whether a record is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// It is written.
    Emit,
    /// It is passed over, and counted.
    Drop,
}

/// What a page was like.
#[derive(Clone, Debug, PartialEq)]
pub struct PageFacts {
    /// How many records it had: those emitted, dropped and rejected.
    pub records: u64,
    /// The values at [`super::Frame::needs`], in their order.
    pub needed: Vec<Option<Value>>,
    /// The key of the last record; none if there is no record or its key is bad.
    pub last_key: Option<Vec<Value>>,
}

/// Values of one record as JSON texts.
#[derive(Clone, Debug, Default)]
pub struct Values {
    text: Vec<u8>,
    /// Ends in `text`, and whether there is a value.
    ends: Vec<(usize, bool)>,
}

impl Values {
    /// How many values were asked for.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether none was asked for.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The JSON text of a value; none if the record does not have it.
    pub fn text(&self, index: usize) -> Option<&str> {
        let (end, present) = *self.ends.get(index)?;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before].0);
        str::from_utf8(&self.text[start..end]).ok().filter(|_| present)
    }

    /// A value; none if the record does not have it.
    pub fn value(&self, index: usize) -> Option<Value> {
        serde_json::from_str(self.text(index)?).ok()
    }

    /// All values, in order.
    pub fn values(&self) -> Vec<Option<Value>> {
        (0..self.len()).map(|index| self.value(index)).collect()
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    /// Adds a value that `write` writes, unless it fails.
    pub(super) fn add<E>(
        &mut self,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        let written = write(&mut self.text);
        self.ends.push((self.text.len(), written.is_ok()));
        written
    }
}
