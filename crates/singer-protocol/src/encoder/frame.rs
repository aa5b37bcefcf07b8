//! The way through a body to its records, and what is picked up beside them.

use std::borrow::Cow;

use super::body::BodyFault;
use super::page::Pass;
use super::reader::{Reader, closing};
use super::text::decoded;

/// Where the records are in a body, and what else of it is asked for.
///
/// Pointers are [RFC 6901](https://www.rfc-editor.org/rfc/rfc6901); the empty one is the body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// Where the records are.
    pub records_at: String,
    /// How they are held there.
    pub rows: Rows,
    /// Values for the paginator. What stands in the records is not captured.
    pub needs: Vec<String>,
    /// Records in which the API itself reports an error: their indices, and what it speaks of as a
    /// JSON pointer in the record. They are rejected.
    pub faulty: Vec<(u64, String)>,
}

/// How records are held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Rows {
    /// In a list.
    #[default]
    List,
    /// There is one, and no list.
    One,
    /// In an object, each of whose members is one: `{"key": its name, "value": its value}`.
    Members,
    /// In a list of objects that have a list in this field: each item of that is one, with the
    /// fields of its object around it.
    Each(String),
    /// The body is a text and no JSON: one record, `{"text": the text}`.
    Text,
    /// The body is CSV (RFC 4180), whose first line names the fields: each line after it is a record. A
    /// value is a text, or what the schema says if it can be read as that; an empty one is null.
    Csv,
}

impl Frame {
    /// A body that is the list of records.
    pub fn list() -> Frame {
        Frame::default()
    }

    /// A body that is one record.
    pub fn one() -> Frame {
        Frame { rows: Rows::One, ..Frame::default() }
    }
}

/// The names of a pointer.
pub(super) fn tokens(pointer: &str) -> impl Iterator<Item = String> {
    let names = pointer.strip_prefix('/').or((!pointer.is_empty()).then_some(pointer));
    names
        .into_iter()
        .flat_map(|names| names.split('/'))
        .map(|name| name.replace("~1", "/").replace("~0", "~"))
}

/// A place of the body that is of interest, or that leads to one.
#[derive(Debug, Default)]
pub(super) struct Spot {
    children: Vec<(String, Spot)>,
    needs: Vec<usize>,
    records: bool,
}

impl Spot {
    pub(super) fn of(frame: &Frame) -> Spot {
        let mut root = Spot::default();
        for (index, need) in frame.needs.iter().enumerate() {
            root.at(need).needs.push(index);
        }
        root.at(&frame.records_at).records = true;
        root
    }

    fn at(&mut self, pointer: &str) -> &mut Spot {
        let mut spot = self;
        for token in tokens(pointer) {
            let known = spot.children.iter().position(|(name, _)| *name == token);
            let index = known.unwrap_or_else(|| {
                spot.children.push((token, Spot::default()));
                spot.children.len() - 1
            });
            spot = &mut spot.children[index].1;
        }
        spot
    }

    fn child(&self, name: &str) -> Option<&Spot> {
        self.children.iter().find(|(child, _)| child == name).map(|(_, spot)| spot)
    }
}

/// Reads the value at a spot, which stands in `level` containers.
pub(super) fn walk<'a>(
    reader: &mut Reader<'a>,
    pass: &mut Pass<'a, '_>,
    spot: &Spot,
    level: usize,
) -> Result<(), BodyFault> {
    let first = reader.peek()?;
    let start = reader.offset();
    match first {
        _ if spot.records => pass.records(reader, level)?,
        b'{' | b'[' if !spot.children.is_empty() => inside(reader, pass, spot, level)?,
        _ => reader.value(level).map(drop)?,
    }
    for need in &spot.needs {
        pass.needed[*need] = Some(reader.since(start));
    }
    Ok(())
}

/// Reads the members or items of a spot.
fn inside<'a>(
    reader: &mut Reader<'a>,
    pass: &mut Pass<'a, '_>,
    spot: &Spot,
    level: usize,
) -> Result<(), BodyFault> {
    let open = reader.peek()?;
    let mut more = reader.enter(level)?;
    let mut index = 0;
    while more {
        let name = if open == b'{' { member_name(reader)? } else { Cow::Owned(index.to_string()) };
        let read = match spot.child(&name) {
            Some(child) => walk(reader, pass, child, level + 1),
            None => reader.value(level + 1).map(drop),
        };
        if let Err(fault) = read {
            pass.sheet.trail.push(name.into_owned());
            return Err(fault);
        }
        index += 1;
        more = reader.more(closing(open))?;
    }
    Ok(())
}

fn member_name<'a>(reader: &mut Reader<'a>) -> Result<Cow<'a, str>, BodyFault> {
    let name = reader.name()?;
    reader.colon()?;
    Ok(if name.escaped {
        Cow::Owned(decoded(&format!("\"{}\"", name.text)).unwrap_or_default())
    } else {
        Cow::Borrowed(name.text)
    })
}
