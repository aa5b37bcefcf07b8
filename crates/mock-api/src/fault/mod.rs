//! Faults: answers that are wrong on purpose, by a script of rules.

mod bomb;
mod glob;
mod kind;
mod link;
mod rule;

pub(crate) use rule::Faults;
