//! The values of slots.

use std::fmt::Write;

use super::expand::Expand;
use super::kind::Kind;
use super::resource::Home;
use super::scene::{Frame, Scene};
use super::slot::{Choice, Slot, Word, purpose};
use super::thing::Thing;
use super::words::{CITIES, COUNTRIES, CURRENCIES, NAMES, STREETS, TEXTS};
use crate::json;

impl Scene<'_> {
    pub(super) fn fill(
        &self,
        choice: &Choice,
        frame: Frame<'_>,
        expand: Option<&Expand>,
        out: &mut String,
    ) {
        let (thing, dice, purpose) = (frame.thing, frame.dice, choice.purpose);
        let row = &thing.row;
        match &choice.slot {
            Slot::Id(prefix) => self.id(thing, prefix.as_deref(), out),
            Slot::Ref(kind) => self.maybe(self.some(*kind, frame, purpose), expand, out),
            Slot::Twin(kind) => self.maybe(self.twin(*kind, frame, purpose), expand, out),
            Slot::Parent => self.maybe(self.account.parent(thing), expand, out),
            Slot::Embed(kind) => match self.some(*kind, frame, purpose) {
                Some(other) => self.content(&self.account.original(&other), expand, out),
                None => out.push_str("null"),
            },
            Slot::Each(kind) => {
                out.push('[');
                for (at, child) in self.children(*kind, thing).enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    self.reference(&child, expand, out);
                }
                out.push(']');
            }
            Slot::List { kind, counted } => self.list(*kind, thing, *counted, expand, out),
            Slot::Account => json::text(&self.account.id, out),
            Slot::Created => json::number(row.created.into(), out),
            Slot::After(seconds) => json::number(u64::from(row.created) + u64::from(*seconds), out),
            Slot::Later(span) => {
                let later = dice.pick(purpose, (*span).into());
                json::number(u64::from(row.created) + later, out);
            }
            Slot::Since => json::number(row.since.max(row.created).into(), out),
            Slot::Phase => json::text(thing.kind.resource().phase_name(row.phase), out),
            Slot::Is(phases) => json::boolean(self.is_in(thing, phases), out),
            Slot::Text => self.text(frame, purpose, out),
            Slot::Metadata => self.metadata(frame, purpose, out),
            Slot::Version => json::number(thing.version().into(), out),
            Slot::Quantity => {
                json::number(dice.pick(purpose, 9) + 1 + u64::from(thing.version()), out)
            }
            Slot::Count => json::number(count(thing), out),
            Slot::Sum(amount) => json::number(count(thing) * amount, out),
            Slot::Amount(percent) => json::number(amount(frame) * percent / 100, out),
            Slot::Int { low, span } => json::number(low + dice.pick(purpose, *span), out),
            Slot::Flag(percent) => json::boolean(dice.chance(purpose, *percent), out),
            Slot::One(words) => {
                json::text(&words[dice.pick(purpose, words.len() as u64) as usize], out);
            }
            Slot::Decimal { low, span } => {
                let (whole, part) = (low + dice.pick(purpose, *span), dice.pick(!purpose, 10_000));
                write!(out, "\"{whole}.{part:04}\"").expect("a `String` takes any text");
            }
            Slot::Float => {
                write!(out, "{}", dice.pick(purpose, 9_000) as f64 / 100.0)
                    .expect("a `String` takes any text");
            }
            Slot::Random { letters, length } => {
                out.push('"');
                for at in 0..*length as u64 {
                    let letter = dice.pick(purpose ^ at, letters.len() as u64) as usize;
                    out.push_str(&letters[letter..=letter]);
                }
                out.push('"');
            }
            Slot::Report(part) => self.run(thing, *part, out),
            Slot::Word(word) => self.word(*word, frame, purpose, out),
            Slot::Maybe(percent, inner) => match dice.chance(purpose, *percent) {
                true => self.fill(inner, frame, expand, out),
                false => out.push_str("null"),
            },
            Slot::If(phases, inner) => match self.is_in(thing, phases) {
                true => self.fill(inner, frame, expand, out),
                false => out.push_str("null"),
            },
        }
    }

    fn maybe(&self, thing: Option<Thing>, expand: Option<&Expand>, out: &mut String) {
        match thing {
            Some(thing) => self.reference(&thing, expand, out),
            None => out.push_str("null"),
        }
    }

    /// One of those that there were at first, so that later ones change no reference.
    fn some(&self, kind: Kind, frame: Frame<'_>, purpose: u64) -> Option<Thing> {
        let size = self.account.sizes[kind.resource().root() as usize];
        self.numbered(kind, 1 + frame.dice.pick(purpose, size.into()) as u32)
    }

    /// The one with the same number, if it was there at first.
    fn twin(&self, kind: Kind, frame: Frame<'_>, purpose: u64) -> Option<Thing> {
        let number = frame.thing.row.number;
        if number <= self.account.sizes[kind as usize] {
            return self.numbered(kind, number);
        }
        self.some(kind, frame, purpose)
    }

    /// The object with a number, or its first item.
    fn numbered(&self, kind: Kind, number: u32) -> Option<Thing> {
        let resource = kind.resource();
        let row = *self.account.table(resource.root()).get(number)?;
        let ordinal = match resource.home {
            Home::Top | Home::Under(_) => 0,
            Home::Within(_) | Home::Seeded(..) if row.first < row.next => row.first,
            Home::Within(_) | Home::Seeded(..) => return None,
        };
        Some(Thing { kind, row, ordinal })
    }

    fn text(&self, frame: Frame<'_>, purpose: u64, out: &mut String) {
        let text = frame.dice.of(purpose, &TEXTS);
        match frame.thing.version() {
            0 => json::text(text, out),
            version => json::text(&format!("{text} (edit {version})"), out),
        }
    }

    fn metadata(&self, frame: Frame<'_>, purpose: u64, out: &mut String) {
        let (dice, version) = (frame.dice, frame.thing.version());
        let is_empty = dice.chance(purpose, 40);
        out.push('{');
        if !is_empty {
            write!(out, "\"order_id\":\"{}\"", 6_000 + dice.pick(!purpose, 4_000))
                .expect("a `String` takes any text");
        }
        if version > 0 {
            let comma = if is_empty { "" } else { "," };
            write!(out, "{comma}\"edition\":\"{version}\"").expect("a `String` takes any text");
        }
        out.push('}');
    }

    fn word(&self, word: Word, frame: Frame<'_>, purpose: u64, out: &mut String) {
        let dice = frame.dice;
        match word {
            // An object has one currency, most of them the account's.
            Word::Currency if dice.chance(CURRENCY, 80) => json::text(CURRENCIES[0], out),
            Word::Currency => json::text(dice.of(!CURRENCY, &CURRENCIES[1..6]), out),
            Word::Country => json::text(dice.of(purpose, &COUNTRIES), out),
            Word::Name => json::text(dice.of(NAME, &NAMES), out),
            Word::City => json::text(dice.of(purpose, &CITIES), out),
            Word::Email => {
                let number = frame.thing.key();
                write!(out, "\"{}.{number}@example.com\"", frame.thing.kind.name())
                    .expect("a `String` takes any text");
            }
            Word::Phone => {
                write!(out, "\"+1555{:07}\"", dice.pick(purpose, 10_000_000))
                    .expect("a `String` takes any text");
            }
            Word::Street => {
                let (house, street) = (1 + dice.pick(!purpose, 200), dice.of(purpose, &STREETS));
                write!(out, "\"{house} {street}\"").expect("a `String` takes any text");
            }
            Word::Postal => {
                write!(out, "\"{:05}\"", dice.pick(purpose, 100_000))
                    .expect("a `String` takes any text");
            }
        }
    }
}

/// Purposes for which an object has one value, wherever it stands.
const CURRENCY: u64 = purpose("currency");
const NAME: u64 = purpose("name");
const AMOUNT: u64 = purpose("amount");

/// An amount of money, in the smallest unit.
fn amount(frame: Frame<'_>) -> u64 {
    500 + frame.dice.pick(AMOUNT, 99_500)
}

fn count(thing: &Thing) -> u64 {
    u64::from(thing.row.next.saturating_sub(thing.row.first))
}
