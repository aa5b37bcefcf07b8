//! A record's JSON, written from its slots.

use crate::schema::Format;

use super::body::BodyFault;
use super::index::object;
use super::misfit::{Found, Misfit, Notes};
use super::plan::{Column, Form, Item, List, Plan, Shape};
use super::reader::Reader;
use super::rule::{Fit, Rule};
use super::scan::{bare, elements};
use super::sheet::Sheet;
use super::slot::{Items, Look, Slot};
use super::text::{minified, quote_since};

/// Writes one record.
pub(super) struct Writer<'w, 'a> {
    pub(super) plan: &'a Plan,
    pub(super) sheet: &'w mut Sheet<'a>,
    pub(super) made: &'w str,
    pub(super) out: &'w mut Vec<u8>,
}

impl<'a> Writer<'_, 'a> {
    /// Writes an object of the columns that have a value.
    pub(super) fn object(&mut self, columns: &'a [Column]) {
        let start = self.out.len();
        self.columns(columns);
        close(start, *b"{}", self.out);
    }

    fn columns(&mut self, columns: &'a [Column]) {
        for column in columns {
            let slot = self.sheet.slots[column.slot];
            if !matches!(slot, Slot::Absent) {
                self.out.extend_from_slice(column.lead.as_bytes());
                if let Err(found) = self.value(&column.form, column.place, slot) {
                    self.out.extend_from_slice(b"null");
                    if found != Found::Null {
                        self.sheet.notes.add(column.place, Misfit::Nulled(found));
                    }
                }
            }
        }
    }

    /// Writes a value, or says what is there instead of one.
    fn value(&mut self, form: &'a Form, place: u32, slot: Slot<'a>) -> Result<(), Found> {
        if let (Form::Scalar(Rule::String(Format::Plain)), Slot::Plain(text)) = (form, slot) {
            self.out.extend_from_slice(text.as_bytes());
            return Ok(());
        }
        match (form, slot.look(self.made)) {
            (Form::Scalar(rule), Look::Text(text)) => {
                settle(rule.write(text, self.out), place, &mut self.sheet.notes)?;
            }
            (Form::Map, Look::Text(text)) => {
                map(text, place, self.out, &mut self.sheet.notes)?;
            }
            (Form::Text(form), Look::Text(_)) => {
                let start = self.out.len();
                self.value(form, place, slot)?;
                quote_since(start, self.out);
            }
            (Form::Inline(columns), Look::Text(text)) if text.starts_with('{') => {
                self.columns(columns);
            }
            // There is no column for the object itself.
            (Form::Inline(_), Look::Text(text)) => {
                self.sheet.notes.add(place, Misfit::Nulled(Found::of(text)));
            }
            (Form::Inline(_), Look::Absent | Look::Null) => {}
            (Form::Object(columns), Look::Text(text)) if text.starts_with('{') => {
                self.object(columns);
            }
            (Form::List(list), Look::Text(text)) if list.item.is_flat() => {
                flat_list(list, text, self.out, &mut self.sheet.notes)?;
            }
            (Form::List(list), Look::Text(_)) => match (slot, &list.item) {
                (Slot::Items(_, items), Item::Shape(shape)) if items.shape as usize == *shape => {
                    self.items(list, items);
                }
                (Slot::Text(text) | Slot::Items(text, _), _) => self.list(list, text)?,
                _ => return Err(Found::Array),
            },
            (_, Look::Text(text)) => return Err(Found::of(text)),
            (_, Look::Absent | Look::Null) => return Err(Found::Null),
        }
        Ok(())
    }

    /// Writes a list that has objects in it.
    fn list(&mut self, list: &'a List, text: &'a str) -> Result<(), Found> {
        let start = self.out.len();
        match &list.item {
            _ if !text.starts_with('[') => return Err(Found::of(text)),
            Item::Shape(shape) => {
                self.shapes(list, &self.plan.shapes[*shape], text).map_err(|_| Found::Array)?;
            }
            Item::List(inner) => {
                for item in elements(text) {
                    let before = self.out.len();
                    self.out.push(b',');
                    let written = self.list(inner, item);
                    self.item(list, before, written);
                }
            }
            Item::Scalar(_) | Item::Map => {
                return flat_list(list, text, self.out, &mut self.sheet.notes);
            }
        }
        close(start, *b"[]", self.out);
        Ok(())
    }

    /// Writes objects that were read with the record.
    fn items(&mut self, list: &'a List, Items { shape, start, count }: Items) {
        let begin = self.out.len();
        let shape = shape as usize;
        let slots = &self.plan.shapes[shape].slots;
        for index in 0..count as usize {
            let at = start as usize + index * (1 + slots.len());
            let items = &self.sheet.items[shape][at..=at + slots.len()];
            let found = match items[0] {
                Slot::Text(text) => Found::of(text),
                _ => Found::Null,
            };
            self.sheet.slots[slots.clone()].copy_from_slice(&items[1..]);
            self.shape(list, &self.plan.shapes[shape], found);
        }
        close(begin, *b"[]", self.out);
    }

    /// Writes objects, each when it is read. The text has been checked when it was captured.
    fn shapes(&mut self, list: &'a List, shape: &'a Shape, text: &'a str) -> Result<(), BodyFault> {
        let mut reader = Reader::new(text);
        let mut more = reader.enter(0)?;
        while more {
            self.sheet.slots[shape.slots.clone()].fill(Slot::Absent);
            let found = object(&mut reader, self.plan, self.sheet, shape.node, 1)?;
            self.shape(list, shape, found);
            more = reader.more(b']')?;
        }
        Ok(())
    }

    /// Writes one item of which the slots are filled.
    fn shape(&mut self, list: &'a List, shape: &'a Shape, found: Found) {
        let before = self.out.len();
        self.out.push(b',');
        let written = match found {
            Found::Object => {
                self.object(&shape.columns);
                Ok(())
            }
            found => Err(found),
        };
        self.item(list, before, written);
    }

    fn item(&mut self, list: &List, before: usize, written: Result<(), Found>) {
        item(list, before, written, self.out, &mut self.sheet.notes);
    }
}

fn flat_list(list: &List, text: &str, out: &mut Vec<u8>, notes: &mut Notes) -> Result<(), Found> {
    let text = bare(text);
    if !text.starts_with('[') {
        return Err(Found::of(text));
    }
    let start = out.len();
    for text in elements(text) {
        let before = out.len();
        out.push(b',');
        let written = match &list.item {
            _ if text == "null" => Err(Found::Null),
            Item::Scalar(rule) => settle(rule.write(text, out), list.place, notes),
            Item::Map => map(text, list.place, out, notes),
            Item::List(inner) => flat_list(inner, text, out, notes),
            Item::Shape(_) => Err(Found::of(text)),
        };
        item(list, before, written, out, notes);
    }
    close(start, *b"[]", out);
    Ok(())
}

fn map(text: &str, place: u32, out: &mut Vec<u8>, notes: &mut Notes) -> Result<(), Found> {
    if !text.starts_with('{') {
        return Err(Found::of(text));
    }
    if minified(text, out) {
        notes.add(place, Misfit::Sanitised);
    }
    Ok(())
}

/// Notes how a value fitted.
fn settle(fit: Fit, place: u32, notes: &mut Notes) -> Result<(), Found> {
    match fit {
        Fit::Exact => {}
        Fit::Sanitised => notes.add(place, Misfit::Sanitised),
        Fit::Coerced(found) => notes.add(place, Misfit::Coerced(found)),
        Fit::Unfit(found) => return Err(found),
    }
    Ok(())
}

/// Makes null of an item that does not fit, or leaves it out where items may not be null.
fn item(
    list: &List,
    before: usize,
    written: Result<(), Found>,
    out: &mut Vec<u8>,
    notes: &mut Notes,
) {
    let Err(found) = written else { return };
    out.truncate(before);
    if list.nullable {
        out.extend_from_slice(b",null");
    }
    if found != Found::Null || !list.nullable {
        notes.add(list.place, Misfit::Nulled(found));
    }
}

/// Turns what was written since `start`, each part with a comma before it, into a container.
fn close(start: usize, brackets: [u8; 2], out: &mut Vec<u8>) {
    match out.get_mut(start) {
        Some(comma) => {
            *comma = brackets[0];
            out.push(brackets[1]);
        }
        None => out.extend_from_slice(&brackets),
    }
}
