//! One page: from its body to lines.

use serde_json::Value;

use crate::cursor::{Cursor, CursorKind};
use crate::pointer::join;
use crate::stream_map::Scalar;

use super::body::{BodyError, BodyFault};
use super::frame::{Frame, Rows, Spot, tokens, walk};
use super::misfit::{Found, Misfits};
use super::news::News;
use super::output::{Keep, Output, PageFacts, Seen, Values};
use super::plan::{Named, Plan};
use super::reader::Reader;
use super::reject::{Reject, RejectReason, hash};
use super::rule::{Fit, inner};
use super::scan::{self, elements};
use super::sheet::Sheet;
use super::slot::{Look, Slot};
use super::steps;
use super::text::{decoded, minified};
use super::write::Writer;

/// The reading of one body.
pub(super) struct Pass<'a, 'o> {
    pub(super) plan: &'a Plan,
    cursor_kind: CursorKind,
    pub(super) sheet: Sheet<'a>,
    parents: &'a [(String, String)],
    time_extracted: &'a str,
    head: &'o str,
    tail: &'o str,
    decide: &'o mut dyn FnMut(&Seen<'_>) -> Keep,
    lines: &'o mut Vec<u8>,
    faulty: &'o [(u64, String)],
    /// The scalars that the user's map reads of the record at hand.
    inputs: Vec<Scalar<'static>>,
    key: Values,
    /// Whether `key` is that of the last record.
    key_read: bool,
    context: Values,
    scratch: Vec<u8>,
    rejects: Vec<(u64, Reject)>,
    emitted: u64,
    dropped: u64,
    /// Records that were read.
    pub(super) count: u64,
    pub(super) rows: &'o Rows,
    /// Whether the records have been met.
    pub(super) met: bool,
    pub(super) needed: Vec<Option<&'a str>>,
}

/// What does not change from record to record.
pub(super) struct Setting<'a, 'o> {
    pub(super) plan: &'a Plan,
    pub(super) cursor_kind: CursorKind,
    /// Names and JSON texts.
    pub(super) parents: &'a [(String, String)],
    /// JSON text of when the page was fetched.
    pub(super) time_extracted: &'a str,
    /// A line's text before the record, and after it.
    pub(super) head: &'o str,
    pub(super) tail: &'o str,
}

/// Encodes a page. On an error `out` is as it was.
pub(super) fn encode<'a>(
    setting: Setting<'a, '_>,
    text: &'a str,
    frame: &Frame,
    decide: &mut dyn FnMut(&Seen<'_>) -> Keep,
    out: &mut Output,
) -> Result<PageFacts, BodyError> {
    let before = out.lines.len();
    let mut pass = Pass {
        plan: setting.plan,
        cursor_kind: setting.cursor_kind,
        sheet: Sheet::new(setting.plan),
        parents: setting.parents,
        time_extracted: setting.time_extracted,
        head: setting.head,
        tail: setting.tail,
        decide,
        lines: &mut out.lines,
        faulty: &frame.faulty,
        inputs: Vec::new(),
        key: Values::default(),
        key_read: false,
        context: Values::default(),
        scratch: Vec::new(),
        rejects: Vec::new(),
        emitted: 0,
        dropped: 0,
        count: 0,
        rows: &frame.rows,
        met: false,
        needed: vec![None; frame.needs.len()],
    };
    match pass.read(text, frame).and_then(|()| pass.facts(text, frame)) {
        Ok(facts) => {
            pass.settle(text, frame, &mut out.misfits, &mut out.news, &mut out.rejects);
            out.emitted += pass.emitted;
            out.dropped += pass.dropped;
            Ok(facts)
        }
        Err(error) => {
            out.lines.truncate(before);
            Err(error)
        }
    }
}

impl<'a> Pass<'a, '_> {
    fn read(&mut self, text: &'a str, frame: &Frame) -> Result<(), BodyError> {
        if frame.rows == Rows::Text {
            self.text_record(text);
            return Ok(());
        }
        let mut reader = Reader::new(text);
        let mut read = walk(&mut reader, self, &Spot::of(frame), 0).and_then(|()| reader.end());
        if read.is_ok() && !self.met {
            self.sheet.trail = tokens(&frame.records_at).collect();
            self.sheet.trail.reverse();
            read = Err(BodyFault::NoRecords);
        }
        read.map_err(|fault| {
            let pointer =
                self.sheet.trail.iter().rev().fold(String::new(), |at, name| join(&at, name));
            BodyError { offset: reader.offset(), pointer, fault }
        })
    }

    fn facts(&self, text: &str, frame: &Frame) -> Result<PageFacts, BodyError> {
        let needed = self.needed.iter().zip(&frame.needs).map(|(found, pointer)| {
            found.map(value).transpose().map_err(|_| BodyError {
                offset: text.len(),
                pointer: pointer.clone(),
                fault: BodyFault::Syntax("this value cannot be read"),
            })
        });
        Ok(PageFacts {
            records: self.count,
            needed: needed.collect::<Result<_, _>>()?,
            last_key: self.key_read.then(|| self.key.values().into_iter().flatten().collect()),
        })
    }

    /// Hands over what is told of the page beside its lines.
    fn settle(
        &mut self,
        text: &str,
        frame: &Frame,
        misfits: &mut Misfits,
        news: &mut Vec<News>,
        rejects: &mut Vec<Reject>,
    ) {
        self.sheet.tell(self.plan, misfits, news);
        if self.rejects.is_empty() {
            return;
        }
        let found = scan::at(text, &frame.records_at).unwrap_or_default();
        let records: Vec<&str> = match frame.rows {
            Rows::List => elements(found).collect(),
            Rows::One => vec![found],
            Rows::Members | Rows::Each(_) | Rows::Text | Rows::Csv => Vec::new(),
        };
        for (index, mut reject) in self.rejects.drain(..) {
            let source = usize::try_from(index).ok().and_then(|index| records.get(index).copied());
            reject.hash = hash(source.unwrap_or(&reject.record));
            rejects.push(reject);
        }
    }

    /// Takes the record that has been indexed.
    pub(super) fn finish(&mut self, found: Found) {
        self.count += 1;
        self.key_read = false;
        if found != Found::Object {
            self.reject(RejectReason::NotAnObject(found), "", "null".to_owned());
            return;
        }
        let parents = self.parents;
        steps::run(self.plan, &mut self.sheet, self.time_extracted, |name| {
            parents.iter().find(|(parent, _)| parent == name).map(|(_, text)| text.as_str())
        });
        let faulty = self.faulty.iter().find(|(index, _)| *index == self.count - 1);
        if let Some((_, pointer)) = faulty {
            let record = self.written();
            self.put(RejectReason::Faulty, pointer.clone(), record);
            return;
        }
        let key = self.take_key();
        if !self.plan.filters.iter().all(|filter| filter.holds(&self.sheet)) {
            self.sheet.unmeet();
            self.dropped += 1;
            return;
        }
        let taken = key.and_then(|()| self.take_cursor());
        let taken = taken.and_then(|cursor| Ok((cursor, self.map()?)));
        match taken {
            Ok((cursor, is_wanted)) => self.decide(cursor.as_ref(), is_wanted),
            Err((reason, name)) => {
                let record = self.written();
                self.reject(reason, name, record);
            }
        }
    }

    /// The record as it would be written.
    fn written(&mut self) -> String {
        let mut record = Vec::new();
        self.write(&mut record);
        String::from_utf8_lossy(&record).into_owned()
    }

    /// Runs the user's map; tells whether the record is one that it keeps.
    fn map(&mut self) -> Result<bool, (RejectReason, &'a str)> {
        let Some(mapping) = &self.plan.mapping else { return Ok(true) };
        self.inputs.clear();
        for (input, place) in &mapping.inputs {
            self.scratch.clear();
            let look = self.sheet.slots[input.slot].look(&self.sheet.made);
            if let Look::Text(text) = look
                && let Some(misfit) = input.rule.write(text, &mut self.scratch).misfit()
                && let Some(place) = place
            {
                self.sheet.notes.add(*place, misfit);
            }
            self.inputs.push(Scalar::of(&self.scratch));
        }
        if mapping.filter.as_ref().is_some_and(|filter| !filter.value(&self.inputs).is_true()) {
            return Ok(false);
        }
        for (slot, expression) in &mapping.made {
            let start = self.sheet.made.len();
            self.sheet.made.push_str(&expression.value(&self.inputs).json());
            self.sheet.slots[*slot] = match &self.sheet.made[start..] {
                "null" => Slot::NULL,
                _ => Slot::Made(start, self.sheet.made.len()),
            };
        }
        for field in &mapping.key {
            self.scratch.clear();
            if let Err(lack) = take(&self.sheet, field, &mut self.scratch) {
                return Err((lack.of_key(), field.name.as_str()));
            }
        }
        Ok(true)
    }

    fn decide(&mut self, cursor: Option<&Cursor>, is_wanted: bool) {
        self.take_context();
        let seen = Seen { cursor, key: &self.key, context: &self.context };
        match (self.decide)(&seen) {
            Keep::Emit if is_wanted => {
                self.emitted += 1;
                let mut lines = std::mem::take(self.lines);
                lines.extend_from_slice(self.head.as_bytes());
                self.write(&mut lines);
                lines.extend_from_slice(self.tail.as_bytes());
                *self.lines = lines;
            }
            Keep::Emit | Keep::Drop => self.dropped += 1,
        }
    }

    fn write(&mut self, out: &mut Vec<u8>) {
        let made = std::mem::take(&mut self.sheet.made);
        let mut writer = Writer { plan: self.plan, sheet: &mut self.sheet, made: &made, out };
        writer.object(&self.plan.record.columns);
        self.sheet.made = made;
    }

    fn reject(&mut self, reason: RejectReason, name: &str, record: String) {
        let pointer = if name.is_empty() { String::new() } else { join("", name) };
        self.put(reason, pointer, record);
    }

    fn put(&mut self, reason: RejectReason, pointer: String, record: String) {
        let reject = Reject { reason, pointer, record, hash: String::new() };
        self.rejects.push((self.count - 1, reject));
    }

    fn take_key(&mut self) -> Result<(), (RejectReason, &'a str)> {
        self.key.clear();
        for field in &self.plan.key {
            let Pass { key, sheet, .. } = self;
            key.add(|out| take(sheet, field, out))
                .map_err(|lack| (lack.of_key(), field.name.as_str()))?;
        }
        self.key_read = true;
        Ok(())
    }

    fn take_cursor(&mut self) -> Result<Option<Cursor>, (RejectReason, &'a str)> {
        let Some(field) = &self.plan.cursor else { return Ok(None) };
        self.scratch.clear();
        let cursor = take(&self.sheet, field, &mut self.scratch)
            .and_then(|()| cursor(self.cursor_kind, &self.scratch));
        cursor.map(Some).map_err(|lack| {
            let reason = match lack {
                Lack::Missing => RejectReason::CursorMissing,
                Lack::Null => RejectReason::CursorNull,
                Lack::Unfit(found) => RejectReason::CursorUnfit(found),
            };
            (reason, field.name.as_str())
        })
    }

    fn take_context(&mut self) {
        self.context.clear();
        for handed in &self.plan.context {
            let slot = handed.slot.map_or(Slot::Absent, |slot| self.sheet.slots[slot]);
            let look = slot.look(&self.sheet.made);
            // What is lacking is kept as none, so there is nothing to do with the result.
            let _ = self.context.add(|out| match (look, handed.rule) {
                (Look::Null, _) => {
                    out.extend_from_slice(b"null");
                    Ok(())
                }
                (Look::Text(text), Some(rule)) => match rule.write(text, out) {
                    Fit::Unfit(found) => Err(Lack::Unfit(found)),
                    _ => Ok(()),
                },
                (Look::Text(text), None) => {
                    match text.starts_with(['{', '[']) {
                        true => out.extend_from_slice(text.as_bytes()),
                        false => drop(minified(text, out)),
                    }
                    Ok(())
                }
                (Look::Absent, _) => Err(Lack::Missing),
            });
        }
    }
}

/// Why a scalar is not to be had.
enum Lack {
    Missing,
    Null,
    Unfit(Found),
}

impl Lack {
    fn of_key(self) -> RejectReason {
        match self {
            Lack::Missing => RejectReason::KeyMissing,
            Lack::Null => RejectReason::KeyNull,
            Lack::Unfit(found) => RejectReason::KeyUnfit(found),
        }
    }
}

/// Writes a scalar that has to be there, in its own type.
fn take(sheet: &Sheet<'_>, field: &Named, out: &mut Vec<u8>) -> Result<(), Lack> {
    match sheet.slots[field.slot].look(&sheet.made) {
        Look::Absent => Err(Lack::Missing),
        Look::Null => Err(Lack::Null),
        Look::Text(text) => match field.rule.write(text, out) {
            Fit::Exact | Fit::Sanitised => Ok(()),
            Fit::Coerced(found) | Fit::Unfit(found) => Err(Lack::Unfit(found)),
        },
    }
}

/// A document of a text that was captured.
fn value(text: &str) -> Result<Value, serde_json::Error> {
    let mut clean = Vec::with_capacity(text.len());
    minified(text, &mut clean);
    serde_json::from_slice(&clean)
}

fn cursor(kind: CursorKind, json: &[u8]) -> Result<Cursor, Lack> {
    let json = str::from_utf8(json).unwrap_or_default();
    let unfit = Lack::Unfit(Found::of(json));
    let parsed = if json.contains('\\') {
        decoded(json).and_then(|text| Cursor::parse(kind, &text).ok())
    } else {
        Cursor::parse(kind, inner(json)).ok()
    };
    parsed.ok_or(unfit)
}
