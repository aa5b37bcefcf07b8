//! One pass over an object: every declared field into its slot, nested objects too.

use super::body::BodyFault;
use super::misfit::{Found, Misfit};
use super::plan::{Child, Plan};
use super::reader::Reader;
use super::sheet::{Key, Order, Sheet};
use super::slot::Slot;
use super::text::decoded;

/// Reads any value that stands in `level` containers. If it is an object, the slots of the fields
/// of `node` are filled. Says what was there.
pub(super) fn object<'a>(
    reader: &mut Reader<'a>,
    plan: &'a Plan,
    sheet: &mut Sheet<'a>,
    node: usize,
    level: usize,
) -> Result<Found, BodyFault> {
    if reader.peek()? != b'{' {
        return reader.value(level).map(Found::of);
    }
    let children = &plan.nodes[node].children;
    let mut previous = None;
    let mut more = reader.enter(level)?;
    while more {
        let key = key(reader, &mut sheet.orders[node], previous)?;
        reader.colon()?;
        previous = key.entry().or(previous);
        let read = match key {
            Key::Child { child, .. } => field(reader, plan, sheet, &children[child], level + 1),
            Key::Other { .. } | Key::Unnamed => reader.value(level + 1).map(drop),
        };
        if let Err(fault) = read {
            if let Some(entry) = key.entry() {
                sheet.trail.push(sheet.orders[node].name(entry));
            }
            return Err(fault);
        }
        more = reader.more(b'}')?;
    }
    Ok(Found::Object)
}

fn field<'a>(
    reader: &mut Reader<'a>,
    plan: &'a Plan,
    sheet: &mut Sheet<'a>,
    child: &'a Child,
    level: usize,
) -> Result<(), BodyFault> {
    if sheet.slots[child.slot] != Slot::Absent {
        sheet.notes.add(child.place, Misfit::Repeated);
        sheet.slots[child.slot..child.end].fill(Slot::Absent);
    }
    let Some(node) = child.node else {
        sheet.slots[child.slot] = Slot::Text(reader.value(level)?);
        return Ok(());
    };
    reader.peek()?;
    let start = reader.offset();
    object(reader, plan, sheet, node, level)?;
    sheet.slots[child.slot] = Slot::Text(reader.since(start));
    Ok(())
}

#[inline]
fn key<'a>(
    reader: &mut Reader<'a>,
    order: &mut Order<'a>,
    previous: Option<usize>,
) -> Result<Key, BodyFault> {
    if reader.peek()? == b'"'
        && let Some((key, length)) = order.expected(previous, &reader.rest()[1..])
    {
        reader.pass(length + 2);
        return Ok(key);
    }
    let name = reader.name()?;
    Ok(if name.escaped {
        let name = decoded(&format!("\"{}\"", name.text)).unwrap_or_default();
        order.transient(previous, name.as_bytes())
    } else {
        order.borrowed(previous, name.text.as_bytes())
    })
}
