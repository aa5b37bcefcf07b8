//! A query as it was written.

/// A whole query.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::salesforce) struct Statement {
    /// The fields' names; none for `COUNT()`.
    pub(in crate::salesforce) fields: Vec<String>,
    pub(super) object: String,
    pub(super) condition: Option<Condition>,
    /// Fields, and whether the highest come first.
    pub(super) order: Vec<(String, bool)>,
    pub(super) limit: Option<usize>,
    /// A clause that Bulk jobs do not take and this API does not understand, such as `GROUP BY`.
    pub(in crate::salesforce) foreign: Option<&'static str>,
}

/// What rows must be like.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Compare(String, Operator, Word),
    In(String, Vec<Word>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    Unequal,
    Below,
    AtMost,
    Above,
    AtLeast,
}

/// A value: with quotes, or without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    Quoted(String),
    Bare(String),
}
