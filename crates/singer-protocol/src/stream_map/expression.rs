//! What an expression is, before and after its fields are found.

use std::cmp::Ordering;

use crate::schema::{Format, Kind};

/// An expression over the fields of a record, which are named `F`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expression<F> {
    Literal(Literal),
    Field(F),
    /// Texts put together.
    Join(Vec<Expression<F>>),
    /// The text of a scalar.
    Text(Box<Expression<F>>),
    Hash(Hash, Box<Expression<F>>),
    Compare(Box<Expression<F>>, Comparison, Box<Expression<F>>),
    /// Whether a value is among others.
    Among(Box<Expression<F>>, Vec<Expression<F>>),
    /// Whether a text is a part of another.
    Within(Box<Expression<F>>, Box<Expression<F>>),
    Not(Box<Expression<F>>),
    /// The first value that is false, or the last.
    All(Vec<Expression<F>>),
    /// The first value that is true, or the last.
    Any(Vec<Expression<F>>),
}

/// A value that stands in an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Literal {
    Null,
    Boolean(bool),
    /// As it is written in JSON.
    Number(String),
    Text(String),
}

/// A hash function, whose result is written in hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Md5,
    Sha256,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// Whether the comparison holds; `None` is the order of values that have none.
    pub(super) fn holds(self, order: Option<Ordering>) -> bool {
        match self {
            Comparison::Equal => order == Some(Ordering::Equal),
            Comparison::Unequal => order != Some(Ordering::Equal),
            Comparison::Less => order == Some(Ordering::Less),
            Comparison::LessOrEqual => order.is_some_and(Ordering::is_le),
            Comparison::Greater => order == Some(Ordering::Greater),
            Comparison::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
        }
    }
}

impl<F> Expression<F> {
    /// The expression with its fields named otherwise.
    pub(crate) fn rename<G, E>(
        &self,
        find: &mut dyn FnMut(&F) -> Result<G, E>,
    ) -> Result<Expression<G>, E> {
        let one = |it: &Expression<F>, find: &mut dyn FnMut(&F) -> Result<G, E>| {
            Ok(Box::new(it.rename(find)?))
        };
        let all = |them: &[Expression<F>], find: &mut dyn FnMut(&F) -> Result<G, E>| {
            them.iter().map(|it| it.rename(find)).collect::<Result<Vec<_>, E>>()
        };
        Ok(match self {
            Expression::Literal(literal) => Expression::Literal(literal.clone()),
            Expression::Field(field) => Expression::Field(find(field)?),
            Expression::Join(parts) => Expression::Join(all(parts, find)?),
            Expression::Text(it) => Expression::Text(one(it, find)?),
            Expression::Hash(hash, it) => Expression::Hash(*hash, one(it, find)?),
            Expression::Compare(a, how, b) => {
                Expression::Compare(one(a, find)?, *how, one(b, find)?)
            }
            Expression::Among(it, them) => Expression::Among(one(it, find)?, all(them, find)?),
            Expression::Within(part, whole) => {
                Expression::Within(one(part, find)?, one(whole, find)?)
            }
            Expression::Not(it) => Expression::Not(one(it, find)?),
            Expression::All(them) => Expression::All(all(them, find)?),
            Expression::Any(them) => Expression::Any(all(them, find)?),
        })
    }

    /// The type of its value, none if that is always null. `kind` tells the types of fields, which
    /// are scalars.
    ///
    /// # Errors
    /// What does not go together, and the rule.
    pub(crate) fn kind<'k>(
        &self,
        kind: &dyn Fn(&F) -> &'k Kind,
    ) -> Result<Option<Kind>, &'static str> {
        match self {
            Expression::Literal(Literal::Null) => Ok(None),
            Expression::Literal(Literal::Boolean(_)) => Ok(Some(Kind::Boolean)),
            Expression::Literal(Literal::Number(text)) if text.contains(['.', 'e', 'E']) => {
                Ok(Some(Kind::Number))
            }
            Expression::Literal(Literal::Number(_)) => Ok(Some(Kind::Integer)),
            Expression::Literal(Literal::Text(_)) => Ok(Some(TEXT)),
            Expression::Field(field) => Ok(Some(kind(field).clone())),
            Expression::Join(parts) => {
                for part in parts {
                    if !matches!(part.kind(kind)?, Some(Kind::String(_))) {
                        return Err("`+` joins texts; write `str(x)` for what is none");
                    }
                }
                Ok(Some(TEXT))
            }
            Expression::Text(it) | Expression::Hash(_, it) => {
                it.kind(kind)?.ok_or("there is no text of `None`")?;
                Ok(Some(TEXT))
            }
            Expression::Compare(a, _, b) | Expression::Within(a, b) => {
                a.kind(kind)?;
                b.kind(kind)?;
                Ok(Some(Kind::Boolean))
            }
            Expression::Among(it, them) => {
                it.kind(kind)?;
                them.iter().try_for_each(|one| one.kind(kind).map(drop))?;
                Ok(Some(Kind::Boolean))
            }
            Expression::Not(it) => it.kind(kind).map(|_| Some(Kind::Boolean)),
            Expression::All(them) | Expression::Any(them) => {
                let mut common = None;
                for one in them {
                    let one = one.kind(kind)?;
                    common = match (common, one) {
                        (None, one) | (one, None) => one,
                        (Some(a), Some(b)) => Some(either(a, b)?),
                    };
                }
                Ok(common)
            }
        }
    }
}

const TEXT: Kind = Kind::String(Format::Plain);

/// The type of what is one or the other.
fn either(a: Kind, b: Kind) -> Result<Kind, &'static str> {
    match (a, b) {
        (a, b) if a == b => Ok(a),
        (Kind::String(_), Kind::String(_)) => Ok(TEXT),
        (Kind::Integer | Kind::Number, Kind::Integer | Kind::Number) => Ok(Kind::Number),
        _ => Err("`and` and `or` give one of their sides, which are of one type"),
    }
}
