//! The state of encoding one page, reused from record to record.

use std::collections::HashMap;

use super::misfit::{Misfit, Misfits, Notes};
use super::news::News;
use super::plan::{Node, Plan};
use super::scan::string_end;
use super::slot::Slot;

/// The most undeclared names of one object that are told apart.
const MOST_NAMES: usize = 256;
const NONE: usize = usize::MAX;

/// Slots of the record at hand, and what has been learned from the records before.
#[derive(Debug)]
pub(super) struct Sheet<'a> {
    pub(super) slots: Vec<Slot<'a>>,
    /// Slots of the objects of lists, by shape: before those of each stands its text.
    pub(super) items: Vec<Vec<Slot<'a>>>,
    /// JSON texts made by transforms for the record at hand.
    pub(super) made: String,
    pub(super) orders: Vec<Order<'a>>,
    pub(super) notes: Notes,
    /// The members of the record at hand that nobody declares, if they are kept.
    pub(super) extra: Vec<&'a str>,
    /// The undeclared fields of the record at hand, while it may be passed over.
    met: Vec<Met>,
    /// The way to the error, innermost name first.
    pub(super) trail: Vec<String>,
}

/// An undeclared field that was met: of which node, under which entry if its name is kept, and
/// whether its value became the first of the name.
#[derive(Debug)]
struct Met {
    node: usize,
    entry: Option<usize>,
    is_first: bool,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(plan: &'a Plan) -> Sheet<'a> {
        Sheet {
            slots: vec![Slot::Absent; plan.slots],
            items: vec![Vec::new(); plan.shapes.len()],
            made: String::new(),
            orders: plan.nodes.iter().map(Order::new).collect(),
            notes: Notes::default(),
            extra: Vec::new(),
            met: Vec::new(),
            trail: Vec::new(),
        }
    }

    /// Makes room for the next record.
    pub(super) fn clear(&mut self, plan: &Plan) {
        self.slots[plan.record.slots.clone()].fill(Slot::Absent);
        self.items.iter_mut().for_each(Vec::clear);
        self.made.clear();
        self.extra.clear();
        self.met.clear();
    }

    /// Makes room for the next item of a list whose items are records: what is `around` it stays.
    pub(super) fn clear_item(&mut self, around: &[Slot<'a>]) {
        self.slots.copy_from_slice(around);
        self.made.clear();
        self.met.clear();
    }

    /// Books a field that nobody declares: its name with its value, and the value.
    pub(super) fn meet(
        &mut self,
        plan: &Plan,
        node: usize,
        key: Key,
        member: &'a str,
        value: &'a str,
    ) {
        let mut is_first = false;
        if let Key::Other { entry } = key {
            let first = &mut self.orders[node].entries[entry].first;
            is_first = first.is_none() && value != "null";
            if is_first {
                *first = Some(value);
            }
        }
        if !plan.filters.is_empty() {
            self.met.push(Met { node, entry: key.entry(), is_first });
        }
        if plan.keeps_extra && node == plan.record.node {
            self.extra.push(member);
        }
    }

    /// Takes back what was booked of the record at hand, which is passed over.
    pub(super) fn unmeet(&mut self) {
        for Met { node, entry, is_first } in self.met.drain(..) {
            let order = &mut self.orders[node];
            match entry {
                Some(entry) => order.entries[entry].unmeet(is_first),
                None => order.crowd -= 1,
            }
        }
    }

    /// The JSON text of an object of the members that nobody declares, the last of each name.
    pub(super) fn take_extra(&mut self) -> Slot<'a> {
        if self.extra.is_empty() {
            return Slot::Absent;
        }
        let name = |member: &'a str| &member[..string_end(member.as_bytes(), 0)];
        let members = self.extra.iter().map(|member| member.trim_ascii_start());
        let last: HashMap<&str, usize> =
            members.clone().enumerate().map(|(at, member)| (name(member), at)).collect();
        let start = self.made.len();
        for (_, member) in members.enumerate().filter(|(at, member)| last[name(member)] == *at) {
            self.made.push(if self.made.len() == start { '{' } else { ',' });
            self.made.push_str(member);
        }
        self.made.push('}');
        Slot::Made(start, self.made.len())
    }

    /// Tells what the page's values were like.
    pub(super) fn tell(&self, plan: &Plan, misfits: &mut Misfits, news: &mut Vec<News>) {
        self.notes.tell(&plan.places, misfits);
        let nodes = plan.nodes.iter().zip(&self.orders).enumerate();
        for (number, (node, order)) in nodes.filter(|(_, (node, _))| node.declared) {
            let place = &plan.places[node.place as usize];
            let is_kept = plan.keeps_extra && number == plan.record.node;
            let misfit = if is_kept { Misfit::Kept } else { Misfit::Undeclared };
            let is_news = |entry: &&Entry<'_>| entry.child.is_none() && entry.seen > 0;
            for entry in order.entries.iter().filter(is_news) {
                let name = String::from_utf8_lossy(entry.name);
                misfits.add(&crate::pointer::join(place, &name), misfit, entry.seen);
                news.extend(entry.first.map(|value| News::new(place, &name, value)));
            }
            if order.crowd > 0 {
                misfits.add(&format!("{place}/*"), misfit, order.crowd);
            }
        }
    }
}

/// The names of one object's fields in the order in which they were last seen.
#[derive(Debug)]
pub(super) struct Order<'a> {
    entries: Vec<Entry<'a>>,
    first: usize,
    by_name: HashMap<&'a [u8], usize>,
    declared: usize,
    /// Undeclared fields whose names are not kept.
    crowd: u64,
}

#[derive(Debug)]
struct Entry<'a> {
    name: &'a [u8],
    /// Whether the name needs no escapes, and so stands in a body as it is.
    plain: bool,
    child: Option<usize>,
    /// The entry that followed when this was last looked up.
    next: usize,
    seen: u64,
    /// The first value other than null, of a name that is not declared.
    first: Option<&'a str>,
}

impl Entry<'_> {
    /// The length of the name if it and a quote are the next bytes.
    #[inline]
    fn begins(&self, rest: &[u8]) -> Option<usize> {
        let length = self.name.len();
        let begins = rest.get(length) == Some(&b'"') && rest.starts_with(self.name) && self.plain;
        begins.then_some(length)
    }

    fn unmeet(&mut self, is_first: bool) {
        self.seen -= 1;
        if is_first {
            self.first = None;
        }
    }
}

/// A field's name, recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// The child of this number.
    Child { entry: usize, child: usize },
    /// An undeclared field whose name is kept.
    Other { entry: usize },
    /// One of the crowd.
    Unnamed,
}

impl Key {
    /// The entry after which the next field is expected.
    pub(super) fn entry(self) -> Option<usize> {
        match self {
            Key::Child { entry, .. } | Key::Other { entry } => Some(entry),
            Key::Unnamed => None,
        }
    }
}

impl<'a> Order<'a> {
    fn new(node: &'a Node) -> Order<'a> {
        let entries: Vec<Entry<'_>> = node
            .children
            .iter()
            .enumerate()
            .map(|(index, child)| Entry {
                name: child.name.as_bytes(),
                plain: !child.name.bytes().any(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)),
                child: Some(index),
                next: index + 1,
                seen: 0,
                first: None,
            })
            .collect();
        let by_name =
            entries.iter().enumerate().map(|(index, entry)| (entry.name, index)).collect();
        Order { declared: entries.len(), entries, first: 0, by_name, crowd: 0 }
    }

    /// Recognises the expected name, or the one after, at the start of the rest of a body (the
    /// opening quote left out). Gives its length too.
    #[inline]
    pub(super) fn expected(
        &mut self,
        previous: Option<usize>,
        rest: &[u8],
    ) -> Option<(Key, usize)> {
        let expected = previous.map_or(self.first, |previous| self.entries[previous].next);
        let entry = self.entries.get(expected)?;
        if let Some(length) = entry.begins(rest) {
            return Some((self.key(expected), length));
        }
        // One optional field fewer than last time.
        let after = entry.next;
        let length = self.entries.get(after)?.begins(rest)?;
        Some((self.key(after), length))
    }

    /// Recognises a name that lives as long as the body.
    pub(super) fn borrowed(&mut self, previous: Option<usize>, name: &'a [u8]) -> Key {
        if let Some(key) = self.known(previous, name) {
            return key;
        }
        if self.entries.len() - self.declared >= MOST_NAMES {
            self.crowd += 1;
            return Key::Unnamed;
        }
        let entry = self.entries.len();
        self.entries.push(Entry {
            name,
            plain: true,
            child: None,
            next: NONE,
            seen: 1,
            first: None,
        });
        self.by_name.insert(name, entry);
        self.expect(previous, entry);
        Key::Other { entry }
    }

    /// Recognises a name that had to be unescaped.
    pub(super) fn transient(&mut self, previous: Option<usize>, name: &[u8]) -> Key {
        self.known(previous, name).unwrap_or_else(|| {
            self.crowd += 1;
            Key::Unnamed
        })
    }

    /// The name of an entry.
    pub(super) fn name(&self, entry: usize) -> String {
        String::from_utf8_lossy(self.entries[entry].name).into_owned()
    }

    fn known(&mut self, previous: Option<usize>, name: &[u8]) -> Option<Key> {
        let entry = *self.by_name.get(name)?;
        self.expect(previous, entry);
        Some(self.key(entry))
    }

    fn key(&mut self, entry: usize) -> Key {
        match &mut self.entries[entry] {
            Entry { child: Some(child), .. } => Key::Child { entry, child: *child },
            Entry { seen, .. } => {
                *seen += 1;
                Key::Other { entry }
            }
        }
    }

    fn expect(&mut self, previous: Option<usize>, entry: usize) {
        match previous {
            Some(previous) => self.entries[previous].next = entry,
            None => self.first = entry,
        }
    }
}
