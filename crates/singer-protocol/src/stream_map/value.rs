//! The value of an expression for one record.

use std::borrow::Cow;
use std::cmp::Ordering;

use md5::Md5;
use sha2::{Digest, Sha256};

use super::expression::{Comparison, Expression, Hash, Literal};

/// A scalar of a record, or what an expression makes of some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scalar<'v> {
    Null,
    Boolean(bool),
    /// As it is written in JSON.
    Number(Cow<'v, str>),
    Text(Cow<'v, str>),
}

impl Expression<usize> {
    /// The value, given those of the fields. What is made of null is null; an order with null, or
    /// of two types, does not hold.
    pub(crate) fn value<'v>(&'v self, fields: &'v [Scalar<'v>]) -> Scalar<'v> {
        match self {
            Expression::Literal(literal) => literal.scalar(),
            Expression::Field(at) => fields.get(*at).map_or(Scalar::Null, Scalar::borrow),
            Expression::Join(parts) => {
                let texts = parts.iter().map(|part| part.value(fields).into_text());
                let joined: Option<String> = texts.collect();
                joined.map_or(Scalar::Null, |text| Scalar::Text(text.into()))
            }
            Expression::Text(it) => it.value(fields).into_text().map_or(Scalar::Null, Scalar::Text),
            Expression::Hash(hash, it) => match it.value(fields).into_text() {
                Some(text) => Scalar::Text(hash.of(&text).into()),
                None => Scalar::Null,
            },
            Expression::Compare(a, how, b) => {
                Scalar::Boolean(how.holds(a.value(fields).order(&b.value(fields))))
            }
            Expression::Among(it, them) => {
                let it = it.value(fields);
                let is_it =
                    |one: &Expression<usize>| Comparison::Equal.holds(it.order(&one.value(fields)));
                Scalar::Boolean(them.iter().any(is_it))
            }
            Expression::Within(part, whole) => {
                let (part, whole) = (part.value(fields), whole.value(fields));
                let is_within = match (&part, &whole) {
                    (Scalar::Text(part), Scalar::Text(whole)) => whole.contains(&**part),
                    _ => false,
                };
                Scalar::Boolean(is_within)
            }
            Expression::Not(it) => Scalar::Boolean(!it.value(fields).is_true()),
            Expression::All(them) => first(them, fields, |value| !value.is_true()),
            Expression::Any(them) => first(them, fields, |value| value.is_true()),
        }
    }
}

/// The first value that is as asked for, or the last.
fn first<'v>(
    them: &'v [Expression<usize>],
    fields: &'v [Scalar<'v>],
    is_asked: fn(&Scalar<'_>) -> bool,
) -> Scalar<'v> {
    let mut last = Scalar::Null;
    for one in them {
        last = one.value(fields);
        if is_asked(&last) {
            break;
        }
    }
    last
}

impl Literal {
    pub(crate) fn scalar(&self) -> Scalar<'_> {
        match self {
            Literal::Null => Scalar::Null,
            Literal::Boolean(flag) => Scalar::Boolean(*flag),
            Literal::Number(text) => Scalar::Number(text.into()),
            Literal::Text(text) => Scalar::Text(text.into()),
        }
    }
}

impl<'v> Scalar<'v> {
    /// A scalar that was written in its own type.
    pub(crate) fn of(json: &[u8]) -> Scalar<'static> {
        match json {
            b"true" => Scalar::Boolean(true),
            b"false" => Scalar::Boolean(false),
            // The number's own digits, not those of the parser.
            [b'-' | b'0'..=b'9', ..] => {
                Scalar::Number(String::from_utf8_lossy(json).into_owned().into())
            }
            _ => serde_json::from_slice(json)
                .map_or(Scalar::Null, |text: String| Scalar::Text(text.into())),
        }
    }

    fn borrow(&self) -> Scalar<'_> {
        match self {
            Scalar::Null => Scalar::Null,
            Scalar::Boolean(flag) => Scalar::Boolean(*flag),
            Scalar::Number(text) => Scalar::Number(Cow::Borrowed(text)),
            Scalar::Text(text) => Scalar::Text(Cow::Borrowed(text)),
        }
    }

    /// What Python takes for true.
    pub(crate) fn is_true(&self) -> bool {
        match self {
            Scalar::Null => false,
            Scalar::Boolean(flag) => *flag,
            Scalar::Number(text) => text.parse() != Ok(0.0),
            Scalar::Text(text) => !text.is_empty(),
        }
    }

    /// The text as Python's `str` gives it.
    fn into_text(self) -> Option<Cow<'v, str>> {
        match self {
            Scalar::Null => None,
            Scalar::Boolean(true) => Some("True".into()),
            Scalar::Boolean(false) => Some("False".into()),
            Scalar::Number(text) | Scalar::Text(text) => Some(text),
        }
    }

    fn order(&self, other: &Scalar<'_>) -> Option<Ordering> {
        match (self, other) {
            (Scalar::Null, Scalar::Null) => Some(Ordering::Equal),
            (Scalar::Boolean(a), Scalar::Boolean(b)) => Some(a.cmp(b)),
            (Scalar::Text(a), Scalar::Text(b)) => Some(a.cmp(b)),
            (Scalar::Number(a), Scalar::Number(b)) => {
                let whole = || Some(a.parse::<i128>().ok()?.cmp(&b.parse().ok()?));
                whole().or_else(|| a.parse::<f64>().ok()?.partial_cmp(&b.parse().ok()?))
            }
            _ => None,
        }
    }

    /// The JSON text of the value.
    pub(crate) fn json(&self) -> Cow<'_, str> {
        match self {
            Scalar::Null => "null".into(),
            Scalar::Boolean(flag) => if *flag { "true" } else { "false" }.into(),
            Scalar::Number(text) => Cow::Borrowed(text),
            Scalar::Text(text) => serde_json::Value::from(&**text).to_string().into(),
        }
    }
}

impl Hash {
    fn of(self, text: &str) -> String {
        fn hex(bytes: &[u8]) -> String {
            bytes.iter().map(|byte| format!("{byte:02x}")).collect()
        }
        match self {
            Hash::Md5 => hex(&Md5::digest(text)),
            Hash::Sha256 => hex(&Sha256::digest(text)),
        }
    }
}
