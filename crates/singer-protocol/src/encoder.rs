//! Records from a response body to RECORD lines, without a document in between.
//!
//! A record is *indexed*: one pass over the body leaves the JSON text of every declared field in a
//! slot. Then it is *written* from the slots, as the compiled schema and selection direct. Values
//! keep their text unless their type asks for more:
//!
//! | declared | taken as it is | converted without loss | else |
//! |---|---|---|---|
//! | integer | whole numbers of any size | `"1"`, `1.0`, `1e2` | null |
//! | number | numbers, digit by digit | `"1.10"` | null |
//! | boolean | `true`, `false` | `"true"`, `"false"` | null |
//! | string | strings | numbers and booleans as their text, containers as their JSON text | |
//! | date-time | RFC 3339, written in UTC with `Z` | | null |
//! | date, time, uuid | valid ones; a time has an offset | | null |
//! | object, list | objects, lists | | null |
//!
//! Strings lose NUL (removed) and lone surrogates (replaced by U+FFFD). A date-time without an
//! offset, a leap second, `24:00` and years outside 1 to 9999 name no instant that targets take,
//! and become null. An item that does not fit becomes null, or is left out where items may not be.
//! Whatever is not taken as it is gets counted in [`Misfits`]; a key or cursor that is not taken
//! as it is makes its record a [`Reject`].

mod body;
mod columns;
mod compile;
mod csv;
mod datetime;
mod emit;
mod fields;
pub mod filter;
mod flatten;
mod frame;
mod index;
mod map;
mod misfit;
mod news;
mod number;
mod origin;
mod output;
mod page;
mod plan;
mod reader;
mod reject;
mod rows;
mod rule;
pub mod scan;
mod sheet;
mod slot;
mod steps;
mod text;
pub mod transform;
mod write;

use std::borrow::Cow;

use serde_json::Value;

use crate::cursor::CursorKind;
use crate::error::Error;
use crate::message::{record_head, record_tail, timestamp};

pub use body::{BodyError, BodyFault};
pub use compile::RecordSpec;
pub use emit::Emitted;
pub use filter::Filter;
pub use frame::{Frame, Rows};
pub use misfit::{Found, Misfit, Misfits};
pub use news::News;
pub(crate) use number::is_number;
pub use output::{Context, Keep, Output, PageFacts, Seen, Stamp, Values};
pub use reject::{Reject, RejectReason};
pub use transform::Transform;

/// Writes the records of one stream as RECORD lines.
///
/// It does not change, so that workers share it.
#[derive(Debug)]
pub struct Encoder {
    plan: plan::Plan,
    emitted: Emitted,
    cursor_kind: CursorKind,
    head: String,
    columns: csv::Columns,
}

impl Encoder {
    /// Compiles a stream's description.
    ///
    /// # Errors
    /// [`Error::Stream`] when the key or cursor is no scalar of the schema, or a transform cannot
    /// make the type that the schema declares; [`Error::Settings`] when the stream does not allow
    /// what the user asks for.
    pub fn compile(spec: &RecordSpec<'_>) -> Result<Encoder, Error> {
        let (plan, emitted) = compile::compile(spec)?;
        Ok(Encoder {
            plan,
            cursor_kind: spec.cursor.map_or(CursorKind::Text, |(_, kind)| kind),
            head: record_head(&emitted.stream),
            columns: csv::Columns::of(spec.schema.properties()),
            emitted,
        })
    }

    /// What the SCHEMA message for these records says.
    pub fn emitted(&self) -> &Emitted {
        &self.emitted
    }

    /// Writes the records of a page to the end of `out`.
    ///
    /// `parent` holds what `from_parent` takes. `decide` is asked about each record whose key and
    /// cursor are good, in the order of the body. The page's records are those emitted, dropped
    /// and rejected.
    ///
    /// # Errors
    /// [`BodyError`] when the body is not wholly what `frame` promises. Then `out` is as it was,
    /// and what `decide` was told is void.
    pub fn page(
        &self,
        body: &[u8],
        frame: &Frame,
        parent: &[(String, Value)],
        stamp: &Stamp,
        decide: &mut dyn FnMut(&Seen<'_>) -> Keep,
        out: &mut Output,
    ) -> Result<PageFacts, BodyError> {
        let mark = if body.starts_with(MARK) { MARK.len() } else { 0 };
        let text = utf8(&body[mark..]);
        let parents: Vec<(String, String)> =
            parent.iter().map(|(name, value)| (name.clone(), value.to_string())).collect();
        let time_extracted = format!("\"{}\"", timestamp(stamp.time_extracted));
        let setting = page::Setting {
            plan: &self.plan,
            cursor_kind: self.cursor_kind,
            parents: &parents,
            time_extracted: &time_extracted,
            head: &self.head,
            tail: &record_tail(stamp.time_extracted, stamp.version),
        };
        let facts = match frame.rows {
            Rows::Csv => {
                page::encode(setting, &self.columns.list(&text)?, &Frame::list(), decide, out)?
            }
            _ => page::encode(setting, &text, frame, decide, out)
                .map_err(|error| BodyError { offset: error.offset + mark, ..error })?,
        };
        if matches!(text, Cow::Owned(_)) {
            out.misfits.add("", Misfit::Sanitised, 1);
        }
        Ok(facts)
    }
}

/// A byte order mark.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// The body as text, with U+FFFD for what is no UTF-8.
fn utf8(body: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(body) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(body),
    }
}

#[cfg(test)]
mod tests;
