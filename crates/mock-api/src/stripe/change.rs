//! How objects are made, changed and deleted, and the events that tell of it.

use super::account::Account;
use super::event::Event;
use super::kind::Kind;
use super::resource::{Home, Resource};
use super::row::Row;
use super::thing::Thing;
use crate::seed::Dice;

/// The most items of a list, so that their numbers fit.
pub(super) const MAX_ITEMS: u32 = 60_000;

/// When something happens, and who hears of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stamp {
    /// Seconds of the epoch.
    pub(super) at: u32,
    /// Seconds until lists show it.
    pub(super) delay: u16,
    /// Whether there are events of it.
    pub(super) is_told: bool,
}

/// What is asked of a new object.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wish {
    /// The number of the object that it is to belong to.
    pub(super) parent: Option<u32>,
    /// How many children it is to have.
    pub(super) children: Option<u32>,
}

impl Account {
    /// Makes an object, and its children; `None` if there is nothing that it could belong to.
    pub(super) fn make(&mut self, kind: Kind, wish: Wish, stamp: Stamp) -> Option<Thing> {
        let resource = kind.resource();
        let number = self.table(kind).rows().len() as u32 + 1;
        let dice = self.birth(kind, number);
        let parent = match (resource.home, wish.parent) {
            (Home::Under(_), Some(parent)) => parent,
            (Home::Under(_), None) if resource.is_orphan => 0,
            (Home::Under(parent), None) => self.foster(parent, dice)?,
            _ => 0,
        };
        let phase = self.first_phase(kind, number);
        let items = if kind.items().is_some() { nested(dice, 2) } else { 0 };
        let items = wish.children.filter(|_| kind.items().is_some()).unwrap_or(items);
        let (created, delay) = (stamp.at, stamp.delay);
        let next = 1 + items.min(MAX_ITEMS) as u16;
        let row =
            Row { parent, created, since: created, delay, phase, first: 1, next, ..Row::default() };
        let mut row = self.tables[kind as usize].push(row);
        let broods: Vec<(Kind, u32)> = kind
            .children()
            .filter(|child| child.brood > 0)
            .map(|child| (child.kind, brood(child, wish, dice)))
            .collect();
        if kind.items().is_none() {
            row.next += broods.iter().map(|(_, count)| *count as u16).sum::<u16>();
            self.tables[kind as usize].put(row);
        }
        let thing = Thing::new(kind, row);
        let phase = resource.life.phases.get(usize::from(phase));
        let events = resource.life.made.iter().chain(phase.iter().flat_map(|phase| &phase.events));
        events.for_each(|name| self.tell(name, thing, None, stamp));
        for (child, count) in broods {
            for _ in 0..count {
                self.make(child, Wish { parent: Some(row.number), children: None }, stamp);
            }
        }
        Some(thing)
    }

    /// The choices for the making of an object.
    fn birth(&self, kind: Kind, number: u32) -> Dice {
        Dice::new(&[self.seed, kind as u64, number.into(), 7])
    }

    fn first_phase(&self, kind: Kind, number: u32) -> u8 {
        let firsts = &kind.resource().life.first;
        let at = self.birth(kind, number).pick(1, firsts.len() as u64);
        firsts.get(at as usize).copied().unwrap_or(0)
    }

    /// An object as it was made, but for its list of items.
    pub(super) fn original(&self, thing: &Thing) -> Thing {
        let Row { number, created, .. } = thing.row;
        let phase = self.first_phase(thing.kind, number);
        let row = Row { phase, since: created, version: 0, edits: 0, gone: 0, ..thing.row };
        Thing { row, ..*thing }
    }

    /// One that a new child may belong to; some have many.
    fn foster(&self, kind: Kind, dice: Dice) -> Option<u32> {
        let count = self.table(kind).rows().len() as u64;
        let among = if dice.chance(3, 20) { count.min(3) } else { count };
        self.table(kind).near(dice.pick(4, among) as usize, |_| true).map(|row| row.number)
    }

    /// Counts a child that was made after its parent, which hears of it.
    pub(super) fn adopt(&mut self, child: &Thing, stamp: Stamp) {
        let Some(parent) = self.parent(child) else { return };
        let before = parent.row;
        let stirs = &child.kind.resource().life.stirs;
        if stirs.is_empty() || before.gone > 0 {
            return;
        }
        let next = before.next.saturating_add(u16::from(parent.kind.items().is_none()));
        let row = Row { next, version: before.version + 1, ..before };
        self.put(parent.kind, row, before, stirs, stamp);
    }

    /// Changes an object, which may bring it into its next phase; false if it cannot change.
    pub(super) fn touch(&mut self, kind: Kind, number: u32, stamp: Stamp) -> bool {
        let Some(before) = self.table(kind).get(number).filter(|row| row.gone == 0).copied() else {
            return false;
        };
        let life = &kind.resource().life;
        let dice = Dice::new(&[self.seed, kind as u64, number.into(), before.version.into(), 8]);
        let mut row = Row { version: before.version + 1, ..before };
        let mut events: Vec<&str> = Vec::new();
        let then = life.phases.get(usize::from(row.phase)).map_or(&[][..], |phase| &phase.then);
        let is_mute = life.changed.is_none();
        if !then.is_empty() && (is_mute || dice.chance(1, 40)) {
            let name = dice.of(2, then);
            let at = life.phases.iter().position(|phase| phase.name == name).unwrap_or(0);
            (row.phase, row.since) = (at as u8, stamp.at);
            events.extend(&life.phases[at].events);
        } else if let Some(items) =
            kind.items().filter(|items| !items.resource().life.stirs.is_empty())
        {
            // A change of an item is told by its parent only where there is an event of it.
            let can_edit = row.first < row.next && !is_mute;
            if dice.chance(3, 40) || !can_edit {
                row.next = row.next.saturating_add(1).min(MAX_ITEMS as u16);
                events.extend(&items.resource().life.stirs);
            } else {
                row.edits += 1;
            }
        } else if !self.can_change(kind, number) {
            return false;
        }
        if let Some(changed) = life.changed.filter(|_| events.is_empty() || dice.chance(5, 50)) {
            events.push(changed);
        }
        self.put(kind, row, before, &events, stamp);
        true
    }

    /// Whether a touch would change an object.
    pub(super) fn can_change(&self, kind: Kind, number: u32) -> bool {
        let life = &kind.resource().life;
        let row = self.table(kind).get(number);
        let phase = row.and_then(|row| life.phases.get(usize::from(row.phase)));
        let has_items = kind.items().is_some_and(|items| !items.resource().life.stirs.is_empty());
        let goes_on = phase.is_some_and(|phase| !phase.then.is_empty());
        life.changed.is_some()
            || has_items
            || goes_on
            || (kind.is_silent() && !kind.resource().is_fixed)
    }

    /// Puts a changed row, and tells of it, each type once.
    fn put(&mut self, kind: Kind, row: Row, before: Row, events: &[&'static str], stamp: Stamp) {
        self.tables[kind as usize].put(row);
        for (at, name) in events.iter().enumerate() {
            if !events[..at].contains(name) {
                self.tell(name, Thing::new(kind, row), Some(before), stamp);
            }
        }
    }

    /// Deletes an object, or ends it, if that is all that can be done to it.
    pub(super) fn remove(&mut self, kind: Kind, number: u32, stamp: Stamp) -> bool {
        let Some(row) = self.table(kind).get(number).filter(|row| row.gone == 0).copied() else {
            return false;
        };
        let resource = kind.resource();
        if resource.grave.is_none() && resource.end.is_some() {
            return self.enter(resource, row, resource.end, stamp);
        }
        if !resource.is_mortal(&row) {
            return false;
        }
        self.tables[kind as usize].put(Row { gone: stamp.at, ..row });
        if let Some(name) = resource.life.deleted {
            self.tell(name, Thing::new(kind, row), None, stamp);
        }
        let families = kind.children().filter(|child| child.home == Home::Under(kind));
        for child in families {
            let numbers: Vec<u32> =
                self.table(child.kind).family(number).map(|row| row.number).collect();
            for number in numbers {
                self.remove(child.kind, number, stamp);
            }
        }
        true
    }

    /// Brings an object into a phase.
    pub(super) fn bring(&mut self, thing: &Thing, phase: &str, stamp: Stamp) {
        self.enter(thing.kind.resource(), thing.row, Some(phase), stamp);
    }

    /// Brings an object into a phase, such as `canceled`; false if it is in it.
    fn enter(
        &mut self,
        resource: &'static Resource,
        before: Row,
        phase: Option<&str>,
        stamp: Stamp,
    ) -> bool {
        let phases = &resource.life.phases;
        let end = phases.iter().position(|one| Some(one.name) == phase);
        let Some(end) = end.filter(|end| *end != usize::from(before.phase)) else { return false };
        let row = Row { phase: end as u8, since: stamp.at, version: before.version + 1, ..before };
        self.put(resource.kind, row, before, &phases[end].events, stamp);
        true
    }

    /// Adds, changes or removes an item of a row; gives its number there.
    pub(super) fn alter(
        &mut self,
        items: Kind,
        change: Alter,
        number: u32,
        stamp: Stamp,
    ) -> Option<u16> {
        let Home::Within(kind) = items.resource().home else { return None };
        let before = self.table(kind).get(number).filter(|row| row.gone == 0).copied()?;
        let mut row = Row { version: before.version + 1, ..before };
        let life = &items.resource().life;
        let (ordinal, own) = match change {
            Alter::Add if u32::from(row.next) < MAX_ITEMS => {
                row.next += 1;
                (row.next - 1, life.made.first().copied())
            }
            Alter::Edit if row.first < row.next => {
                row.edits += 1;
                (row.first, life.changed)
            }
            Alter::Remove if row.first < row.next => {
                (row.first, row.edits) = (row.first + 1, 0);
                (before.first, life.deleted)
            }
            _ => return None,
        };
        self.put(kind, row, before, &life.stirs, stamp);
        if let Some(name) = own {
            let row = if change == Alter::Remove { before } else { row };
            self.tell(name, Thing { kind: items, row, ordinal }, None, stamp);
        }
        Some(ordinal)
    }

    /// Keeps an event, unless nobody hears of it.
    pub(super) fn tell(
        &mut self,
        name: &'static str,
        thing: Thing,
        before: Option<Row>,
        stamp: Stamp,
    ) {
        if stamp.is_told {
            let Stamp { at: created, delay, .. } = stamp;
            self.events.push(Event { created, delay, name, thing, before });
        }
    }
}

/// What happens to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alter {
    Add,
    Edit,
    Remove,
}

impl Kind {
    /// Whether no event ever tells of objects of this kind.
    pub(super) fn is_silent(self) -> bool {
        let life = &self.resource().life;
        let told = life.phases.iter().any(|phase| !phase.events.is_empty());
        life.made.is_empty() && life.changed.is_none() && life.deleted.is_none() && !told
    }
}

/// How many of a kind are made with their parent.
fn brood(child: &Resource, wish: Wish, dice: Dice) -> u32 {
    let purpose = 10 + 2 * child.kind as u64;
    let has_some = dice.chance(purpose, child.brood.into());
    let count = if has_some { nested(dice, purpose + 1).max(1) } else { 0 };
    wish.children.unwrap_or(count).min(MAX_ITEMS / 8)
}

/// How many children an object has: none, one, as many as are shown, one more, or very many.
fn nested(dice: Dice, purpose: u64) -> u32 {
    match dice.pick(purpose, 100) {
        0..12 => 0,
        12..62 => 1,
        62..82 => 2 + dice.pick(!purpose, 3) as u32,
        82..91 => 10,
        91..99 => 11,
        _ => 250,
    }
}
