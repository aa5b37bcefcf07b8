//! From the value that holds the records to one record after the other.

use serde_json::Value;

use super::body::BodyFault;
use super::frame::Rows;
use super::index::{field, object};
use super::misfit::Found;
use super::page::Pass;
use super::plan::Child;
use super::reader::Reader;
use super::scan::elements;
use super::slot::Slot;

impl<'a> Pass<'a, '_> {
    /// Reads the records.
    pub(super) fn records(
        &mut self,
        reader: &mut Reader<'a>,
        level: usize,
    ) -> Result<(), BodyFault> {
        if std::mem::replace(&mut self.met, true) {
            return Err(BodyFault::Twice);
        }
        match self.rows {
            Rows::List => self.list(reader, level, Self::record),
            Rows::One => match self.record(reader, level)? {
                Found::Object => Ok(()),
                found => Err(BodyFault::NotAnObject(found)),
            },
            Rows::Members => self.members(reader, level),
            Rows::Each(name) => {
                self.list(reader, level, |pass, reader, level| pass.each(reader, name, level))
            }
            // No JSON is read of them.
            Rows::Text | Rows::Csv => Err(BodyFault::NoRecords),
        }
    }

    fn list<T>(
        &mut self,
        reader: &mut Reader<'a>,
        level: usize,
        mut item: impl FnMut(&mut Self, &mut Reader<'a>, usize) -> Result<T, BodyFault>,
    ) -> Result<(), BodyFault> {
        if reader.peek()? != b'[' {
            return Err(BodyFault::NotAList(reader.value(level).map(Found::of)?));
        }
        let mut more = reader.enter(level)?;
        let mut index = 0_u64;
        while more {
            if let Err(fault) = item(self, reader, level + 1) {
                self.sheet.trail.push(index.to_string());
                return Err(fault);
            }
            index += 1;
            more = reader.more(b']')?;
        }
        Ok(())
    }

    fn record(&mut self, reader: &mut Reader<'a>, level: usize) -> Result<Found, BodyFault> {
        let found = self.index(reader, level)?;
        self.finish(found);
        Ok(found)
    }

    fn index(&mut self, reader: &mut Reader<'a>, level: usize) -> Result<Found, BodyFault> {
        self.sheet.clear(self.plan);
        object(reader, self.plan, &mut self.sheet, self.plan.record.node, level)
    }

    fn members(&mut self, reader: &mut Reader<'a>, level: usize) -> Result<(), BodyFault> {
        if reader.peek()? != b'{' {
            return Err(BodyFault::NotAnObject(reader.value(level).map(Found::of)?));
        }
        let (key, value) = (self.child("key"), self.child("value"));
        let mut more = reader.enter(level)?;
        while more {
            self.sheet.clear(self.plan);
            reader.peek()?;
            let start = reader.offset();
            let name = reader.name()?.text;
            if let Some(key) = key {
                self.sheet.slots[key.slot] = Slot::Text(reader.since(start));
            }
            reader.colon()?;
            let read = match value {
                Some(value) => field(reader, self.plan, &mut self.sheet, value, level + 1),
                None => reader.value(level + 1).map(drop),
            };
            if let Err(fault) = read {
                self.sheet.trail.push(name.to_owned());
                return Err(fault);
            }
            self.finish(Found::Object);
            more = reader.more(b'}')?;
        }
        Ok(())
    }

    /// Makes a record of each item of the list in the field `name` of an object. An object without
    /// such a list has none.
    fn each(&mut self, reader: &mut Reader<'a>, name: &str, level: usize) -> Result<(), BodyFault> {
        let found = self.index(reader, level)?;
        if found != Found::Object {
            self.finish(found);
            return Ok(());
        }
        let child = self.child(name).ok_or(BodyFault::NoRecords)?;
        let list = match self.sheet.slots[child.slot].forget() {
            Slot::Absent | Slot::NULL => return Ok(()),
            Slot::Text(text) if text.starts_with('[') => text,
            Slot::Text(text) => {
                self.sheet.trail.push(name.to_owned());
                return Err(BodyFault::NotAList(Found::of(text)));
            }
            // A field that was read is text.
            _ => return Err(BodyFault::NoRecords),
        };
        let mut around = self.sheet.slots.clone();
        around[child.slot..child.end].fill(Slot::Absent);
        for item in elements(list) {
            self.sheet.clear_item(&around);
            field(&mut Reader::new(item), self.plan, &mut self.sheet, child, level + 2)?;
            self.finish(Found::Object);
        }
        Ok(())
    }

    /// Takes a whole text as the one record.
    pub(super) fn text_record(&mut self, text: &str) {
        self.met = true;
        self.sheet.clear(self.plan);
        if let Some(child) = self.child("text") {
            self.sheet.made.push_str(&Value::from(text).to_string());
            self.sheet.slots[child.slot] = Slot::Made(0, self.sheet.made.len());
        }
        self.finish(Found::Object);
    }

    /// The field of this name, if it is wanted.
    fn child(&self, name: &str) -> Option<&'a Child> {
        self.plan.nodes[self.plan.record.node].children.iter().find(|child| child.name == name)
    }
}
