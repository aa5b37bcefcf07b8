//! Slots of a shape: what a value is made of.
//!
//! | slot | value |
//! |---|---|
//! | `id`, `id:card` | the object's id, with the usual prefix or another |
//! | `ref:customers` | the id of one of a list, or the object where it is to be whole |
//! | `twin:charges` | the same, of the one with the same number |
//! | `parent` | the object that it belongs to, likewise |
//! | `each:discounts`, `list:refunds`, `counted:lines` | its children: an array, a list, a list with `total_count` |
//! | `embed:prices` | one of a list, always whole, and as it was made: no event would tell of a change |
//! | `account` | the id of the account |
//! | `created`, `after:60`, `later:3600`, `since` | when it was made; so many, at most so many seconds after; when its phase began |
//! | `phase`, `is:paid\|void` | its phase; whether it is in one of them |
//! | `text`, `metadata` | words, and a map, in which a change of the object shows |
//! | `version`, `quantity`, `count`, `sum:100` | how often it was changed; a number that a change raises; how many children it has; that many times an amount |
//! | `amount`, `amount:20` | its amount of money, and so many percent of it |
//! | `int:1:9`, `flag:40`, `one:a\|b`, `decimal:1:9`, `float`, `digits:4`, `alnum:16` | what the seed says |
//! | `report:type` | a field of the run of a report |
//! | `currency`, `country`, `name`, `email`, `phone`, `city`, `street`, `postal` | likewise |
//! | `maybe:40:…`, `if:paid:…` | in so many percent, or in these phases, else null |
//!
//! A label after it (`int:1:9:expiry`) makes slots of one object agree.

use super::kind::Kind;
use super::report::Part;

/// What a value is made of.
#[derive(Debug)]
pub(super) enum Slot {
    Id(Option<String>),
    Ref(Kind),
    Twin(Kind),
    Parent,
    Each(Kind),
    List { kind: Kind, counted: bool },
    Embed(Kind),
    Account,
    Created,
    After(u32),
    Later(u32),
    Since,
    Phase,
    Is(Vec<String>),
    Text,
    Metadata,
    Version,
    Quantity,
    Count,
    Sum(u64),
    Amount(u64),
    Int { low: u64, span: u64 },
    Flag(u64),
    One(Vec<String>),
    Decimal { low: u64, span: u64 },
    Float,
    Report(Part),
    Random { letters: &'static str, length: usize },
    Word(Word),
    Maybe(u64, Box<Choice>),
    If(Vec<String>, Box<Choice>),
}

/// Words of a kind.
#[derive(Debug, Clone, Copy)]
pub(super) enum Word {
    Currency,
    Country,
    Name,
    Email,
    Phone,
    City,
    Street,
    Postal,
}

/// A slot, and the purpose for which the seed chooses.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) slot: Slot,
    pub(super) purpose: u64,
}

const DIGITS: &str = "0123456789";
const ALPHANUMERIC: &str = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

impl Choice {
    /// Reads a slot that stands at a path.
    ///
    /// # Panics
    /// It is none: shapes are part of the program.
    pub(super) fn parse(text: &str, path: &str) -> Self {
        let (name, rest) = text.split_once(':').unwrap_or((text, ""));
        if let "maybe" | "if" = name {
            let (about, inner) = rest.split_once(':').unwrap_or_else(|| unknown(text));
            let purpose = purpose(&format!("{path}?"));
            let inner = Box::new(Self::parse(inner, path));
            let slot = match name {
                "maybe" => Slot::Maybe(number(about, text), inner),
                _ => Slot::If(words(about), inner),
            };
            return Self { slot, purpose };
        }
        let mut parts = rest.split(':').filter(|part| !part.is_empty());
        let slot = Slot::parse(name, &mut parts, text);
        Self { slot, purpose: purpose(parts.next().unwrap_or(path)) }
    }
}

impl Slot {
    fn parse<'a>(name: &str, parts: &mut impl Iterator<Item = &'a str>, text: &str) -> Self {
        let mut next = || parts.next().unwrap_or_else(|| unknown(text));
        match name {
            "ref" => Self::Ref(kind(next())),
            "twin" => Self::Twin(kind(next())),
            "each" => Self::Each(kind(next())),
            "list" => Self::List { kind: kind(next()), counted: false },
            "counted" => Self::List { kind: kind(next()), counted: true },
            "embed" => Self::Embed(kind(next())),
            "after" => Self::After(number(next(), text) as u32),
            "later" => Self::Later(number(next(), text) as u32),
            "is" => Self::Is(words(next())),
            "sum" => Self::Sum(number(next(), text)),
            "int" | "decimal" => {
                let (low, high) = (number(next(), text), number(next(), text));
                let span = high + 1 - low;
                if name == "int" { Self::Int { low, span } } else { Self::Decimal { low, span } }
            }
            "flag" => Self::Flag(number(next(), text)),
            "one" => Self::One(words(next())),
            "digits" => Self::Random { letters: DIGITS, length: number(next(), text) as usize },
            "alnum" => {
                Self::Random { letters: ALPHANUMERIC, length: number(next(), text) as usize }
            }
            "id" => Self::Id(parts.next().map(str::to_owned)),
            "amount" => Self::Amount(parts.next().map_or(100, |share| number(share, text))),
            "parent" => Self::Parent,
            "report" => Self::Report(match next() {
                "type" => Part::Type,
                "parameters" => Part::Parameters,
                "result" => Part::Result,
                "error" => Part::Error,
                _ => unknown(text),
            }),
            "account" => Self::Account,
            "created" => Self::Created,
            "since" => Self::Since,
            "phase" => Self::Phase,
            "text" => Self::Text,
            "metadata" => Self::Metadata,
            "version" => Self::Version,
            "quantity" => Self::Quantity,
            "count" => Self::Count,
            "float" => Self::Float,
            "currency" => Self::Word(Word::Currency),
            "country" => Self::Word(Word::Country),
            "name" => Self::Word(Word::Name),
            "email" => Self::Word(Word::Email),
            "phone" => Self::Word(Word::Phone),
            "city" => Self::Word(Word::City),
            "street" => Self::Word(Word::Street),
            "postal" => Self::Word(Word::Postal),
            _ => unknown(text),
        }
    }
}

fn unknown<T>(text: &str) -> T {
    panic!("`{text}` is no slot")
}

fn kind(name: &str) -> Kind {
    Kind::named(name).unwrap_or_else(|| unknown(name))
}

fn number(part: &str, text: &str) -> u64 {
    part.parse().unwrap_or_else(|_| unknown(text))
}

fn words(part: &str) -> Vec<String> {
    part.split('|').map(str::to_owned).collect()
}

/// A number for a path or a label (FNV-1a).
pub(super) const fn purpose(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let (mut hash, mut at) = (0xcbf2_9ce4_8422_2325, 0);
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_of_one_label_agree_and_others_choose_by_their_path() {
        let choose = |text, path| Choice::parse(text, path).purpose;
        assert_eq!(choose("int:1:12:expiry", "a.month"), choose("int:1:12:expiry", "b.month"));
        assert_ne!(choose("int:1:12", "a.month"), choose("int:1:12", "b.month"));
    }
}
