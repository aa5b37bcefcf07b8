//! The data of one account: a table for each kind, and the events.

use super::event::Event;
use super::id;
use super::kind::Kind;
use super::report::Run;
use super::resource::Home;
use super::row::{Row, Table};
use super::thing::Thing;
use super::version::ApiVersion;
use super::words::CURRENCIES;
use crate::seed::{Dice, mix};

/// The most that the seed gives to an object of another kind, and one more.
const SEEDED: u16 = 16;

/// An account: the platform, or one that is connected to it.
#[derive(Debug)]
pub(super) struct Account {
    /// 0 for the platform, else the number of its row there.
    pub(super) index: u32,
    pub(super) id: String,
    pub(super) seed: u64,
    /// The seed of the platform, from which the ids of accounts follow.
    pub(super) platform: u64,
    /// The version in which its events are written.
    pub(super) version: ApiVersion,
    /// How many rows of each kind there were at first.
    pub(super) sizes: Vec<u32>,
    pub(super) tables: Vec<Table>,
    pub(super) events: Vec<Event>,
    /// Runs of reports that were asked for.
    pub(super) runs: Vec<Run>,
}

impl Account {
    /// An account without data.
    pub(super) fn new(platform: u64, index: u32, version: ApiVersion) -> Self {
        Self {
            index,
            id: account_id(platform, index),
            seed: mix(&[platform, index.into()]),
            platform,
            version,
            sizes: vec![0; Kind::ALL.len()],
            tables: Kind::ALL.iter().map(|_| Table::default()).collect(),
            events: Vec::new(),
            runs: Vec::new(),
        }
    }

    pub(super) fn table(&self, kind: Kind) -> &Table {
        &self.tables[kind as usize]
    }

    /// The choices for an object.
    pub(super) fn dice(&self, thing: &Thing) -> Dice {
        Dice::new(&[self.seed, thing.kind as u64, thing.key()])
    }

    /// Appends the id of an object, with one of the prefixes of its kind.
    pub(super) fn push_id(&self, thing: &Thing, prefix: &str, out: &mut String) {
        match thing.kind {
            Kind::Accounts => out.push_str(&account_id(self.platform, thing.row.number)),
            Kind::ExchangeRates => out.push_str(currency(thing.row.number)),
            kind => id::push(prefix, mix(&[self.seed, kind as u64]), thing.key(), out),
        }
    }

    /// The id of an object whose kind has one prefix.
    pub(super) fn id_of(&self, thing: &Thing) -> String {
        let mut id = String::new();
        self.push_id(thing, thing.kind.resource().prefixes[0], &mut id);
        id
    }

    /// The object of an id, deleted ones among them.
    pub(super) fn find(&self, kind: Kind, text: &str) -> Option<Thing> {
        let resource = kind.resource();
        let seed = mix(&[self.seed, kind as u64]);
        let key = match kind {
            Kind::Accounts => {
                let mut numbers = 0..=self.table(kind).rows().len() as u32;
                u64::from(numbers.find(|number| account_id(self.platform, *number) == text)?) << 16
            }
            Kind::ExchangeRates => {
                let rows = self.table(kind).rows();
                u64::from(rows.iter().find(|row| currency(row.number) == text)?.number) << 16
            }
            _ => resource.prefixes.iter().find_map(|prefix| id::read(prefix, seed, text))?,
        };
        let (number, ordinal) = (u32::try_from(key >> 16).ok()?, (key & 0xffff) as u16);
        if (kind, number) == (Kind::Accounts, self.index) {
            return Some(self.itself());
        }
        let row = *self.table(resource.root()).get(number)?;
        let thing = Thing { kind, row, ordinal };
        self.has(&thing).then_some(thing)
    }

    /// The account as an object of its own.
    pub(super) fn itself(&self) -> Thing {
        let row = Row { number: self.index, first: 1, next: 2, ..Row::default() };
        Thing::new(Kind::Accounts, row)
    }

    /// Whether its row has the item.
    fn has(&self, thing: &Thing) -> bool {
        match thing.kind.resource().home {
            Home::Top | Home::Under(_) => thing.ordinal == 0,
            Home::Within(_) => (thing.row.first..thing.row.next).contains(&thing.ordinal),
            Home::Seeded(..) => self.parent(thing).is_some_and(|parent| {
                let number = thing.ordinal % SEEDED;
                self.has(&parent) && (1..=self.seeded(thing.kind, &parent)).contains(&number)
            }),
        }
    }

    /// How many of a kind the seed gives to an object.
    fn seeded(&self, kind: Kind, parent: &Thing) -> u16 {
        let Home::Seeded(_, most) = kind.resource().home else { return 0 };
        self.dice(parent).pick(kind as u64, u64::from(most) + 1) as u16
    }

    /// The object that one belongs to.
    pub(super) fn parent(&self, thing: &Thing) -> Option<Thing> {
        match thing.kind.resource().home {
            Home::Top => None,
            Home::Under(kind) => Some(Thing::new(kind, *self.table(kind).get(thing.row.parent)?)),
            Home::Within(kind) => Some(Thing::new(kind, thing.row)),
            Home::Seeded(kind, _) => {
                Some(Thing { kind, row: thing.row, ordinal: thing.ordinal / SEEDED })
            }
        }
    }

    /// The objects of a kind that belong to one and that lists show, newest first.
    pub(super) fn children(
        &self,
        kind: Kind,
        parent: &Thing,
        now: u32,
    ) -> Box<dyn DoubleEndedIterator<Item = Thing> + '_> {
        let row = parent.row;
        match kind.resource().home {
            Home::Top => Box::new(std::iter::empty()),
            Home::Under(_) => {
                let rows = self.table(kind).family(row.number);
                Box::new(
                    rows.filter(move |row| row.is_shown(now))
                        .map(move |row| Thing::new(kind, *row)),
                )
            }
            Home::Within(_) => Box::new((row.first..row.next).rev().map(move |ordinal| Thing {
                kind,
                row,
                ordinal,
            })),
            Home::Seeded(..) => {
                let first = parent.ordinal * SEEDED;
                let numbers = (1..=self.seeded(kind, parent)).rev();
                Box::new(numbers.map(move |at| Thing { kind, row, ordinal: first + at }))
            }
        }
    }
}

/// The id of the account with a number; 0 is the platform.
pub(super) fn account_id(platform: u64, number: u32) -> String {
    let mut id = "acct_1".to_owned();
    id::letters(mix(&[platform, 1, number.into()]), 11, &mut id);
    id::letters(mix(&[platform, 2, number.into()]), 4, &mut id);
    id
}

/// The currency of a rate.
pub(super) fn currency(number: u32) -> &'static str {
    CURRENCIES[(number as usize).saturating_sub(1) % CURRENCIES.len()]
}
