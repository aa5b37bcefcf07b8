//! One pass over an object: every declared field into its slot, nested objects too.

use super::body::BodyFault;
use super::misfit::{Found, Misfit};
use super::plan::{Child, Plan, Shape};
use super::reader::Reader;
use super::scan::bare;
use super::sheet::{Key, Order, Sheet};
use super::slot::{Items, Slot};
use super::text::decoded;

/// How many slots the objects of a record's lists may fill; a slot takes more memory than the
/// least item takes in a body.
const MOST_ITEM_SLOTS: usize = 65_536;

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
        let start = reader.offset();
        let key = key(reader, &mut sheet.orders[node], previous)?;
        reader.colon()?;
        previous = key.entry().or(previous);
        let read = match key {
            Key::Child { child, .. } => field(reader, plan, sheet, &children[child], level + 1),
            Key::Other { .. } | Key::Unnamed => reader
                .value(level + 1)
                .map(|value| sheet.meet(plan, node, key, reader.since(start), value)),
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

/// Reads the value of a field that is looked for.
pub(super) fn field<'a>(
    reader: &mut Reader<'a>,
    plan: &'a Plan,
    sheet: &mut Sheet<'a>,
    child: &'a Child,
    level: usize,
) -> Result<(), BodyFault> {
    if !matches!(sheet.slots[child.slot], Slot::Absent) {
        sheet.notes.add(child.place, Misfit::Repeated);
        sheet.slots[child.slot..child.end].fill(Slot::Absent);
    }
    let first = reader.peek()?;
    let start = reader.offset();
    if first == b'"' {
        let escaped = reader.string()?.escaped;
        let text = reader.since(start);
        sheet.slots[child.slot] = if escaped { Slot::Text(text) } else { Slot::Plain(text) };
        return Ok(());
    }
    let mut items = None;
    match (child.node, child.shape) {
        (Some(node), _) if first == b'{' => drop(object(reader, plan, sheet, node, level)?),
        (_, Some(shape)) if first == b'[' => items = list(reader, plan, sheet, shape, level)?,
        _ => drop(reader.value(level)?),
    }
    let mut text = reader.since(start);
    if let (b'{', Some(shape)) = (first, child.shape) {
        text = bare(text);
        if text.starts_with('[') {
            items = list(&mut Reader::new(text), plan, sheet, shape, level)?;
        }
    }
    sheet.slots[child.slot] = items.map_or(Slot::Text(text), |items| Slot::Items(text, items));
    Ok(())
}

/// Reads the objects of a list into the sheet's items; none if they are too many to be held.
fn list<'a>(
    reader: &mut Reader<'a>,
    plan: &'a Plan,
    sheet: &mut Sheet<'a>,
    shape: usize,
    level: usize,
) -> Result<Option<Items>, BodyFault> {
    let Shape { node, slots, .. } = &plan.shapes[shape];
    let start = sheet.items[shape].len();
    let mut count = 0;
    let mut more = reader.enter(level)?;
    while more && sheet.items[shape].len() < MOST_ITEM_SLOTS {
        reader.peek()?;
        let at = reader.offset();
        sheet.slots[slots.clone()].fill(Slot::Absent);
        object(reader, plan, sheet, *node, level + 1)?;
        sheet.items[shape].push(Slot::Text(reader.since(at)));
        sheet.items[shape].extend_from_slice(&sheet.slots[slots.clone()]);
        count += 1;
        more = reader.more(b']')?;
    }
    let whole = !more;
    while more {
        reader.value(level + 1)?;
        more = reader.more(b']')?;
    }
    if !whole {
        sheet.items[shape].truncate(start);
        return Ok(None);
    }
    let narrow =
        |number: usize| u32::try_from(number).expect("`MOST_ITEM_SLOTS` is less than 2^32");
    Ok(Some(Items { shape: narrow(shape), start: narrow(start), count }))
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
