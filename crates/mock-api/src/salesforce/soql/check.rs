//! A query checked against the objects.

use super::ast::{Condition, Statement};
use super::literal::literal;
use super::test::Test;
use crate::salesforce::error::Problem;
use crate::salesforce::field::{Field, Type};
use crate::salesforce::object::Object;
use crate::salesforce::org::Org;

/// A query that can be run; objects and fields by their positions.
#[derive(Debug, Clone)]
pub(in crate::salesforce) struct Query {
    pub(in crate::salesforce) object: usize,
    /// None of them for `COUNT()`.
    pub(in crate::salesforce) fields: Vec<usize>,
    pub(super) test: Option<Test>,
    pub(in crate::salesforce) order: Vec<(usize, bool)>,
    pub(super) limit: Option<usize>,
}

impl Query {
    /// The same query for all rows that it would find.
    pub(in crate::salesforce) fn without_limit(self) -> Self {
        Self { limit: None, ..self }
    }

    /// Whether only rows of a range of time are asked for.
    pub(in crate::salesforce) fn has_window(&self, org: &Org) -> bool {
        let object = &org.objects[self.object];
        self.test.as_ref().is_some_and(|test| test.has_window(object))
    }
}

/// Finds what a query names.
///
/// # Errors
/// There is no such object or field, or it cannot be used so.
pub(in crate::salesforce) fn check(org: &Org, statement: &Statement) -> Result<Query, Problem> {
    let name = &statement.object;
    let found = org.find(name).ok_or_else(|| {
        Problem::new(400, "INVALID_TYPE", format!("sObject type '{name}' is not supported."))
    })?;
    let object = &org.objects[found];
    if !object.traits.is_queryable {
        let text = format!("entity type {name} does not support query");
        return Err(Problem::new(400, "INVALID_TYPE_FOR_OPERATION", text));
    }
    if let Some(clause) = statement.foreign {
        return Err(Problem::malformed(format!("this server does not understand {clause}")));
    }
    let mut fields = Vec::with_capacity(statement.fields.len());
    for name in &statement.fields {
        let at = field(object, name)?.at;
        if fields.contains(&at) {
            return Err(Problem::malformed(format!("duplicate field selected: {name}")));
        }
        fields.push(at);
    }
    let test = match &statement.condition {
        Some(condition) => Some(checked(object, condition)?),
        None => None,
    };
    if let Some(filter) = object.traits.filter {
        let at = field(object, filter)?.at;
        if !test.as_ref().is_some_and(|test| test.names(at) || test.names(0)) {
            let text = format!(
                "Implementation restriction: {} requires a filter by {filter} or Id",
                object.name
            );
            return Err(Problem::malformed(text));
        }
    }
    let mut order = Vec::with_capacity(statement.order.len());
    for (name, is_descending) in &statement.order {
        order.push((comparable(object, name, "sorted")?.at, *is_descending));
    }
    Ok(Query { object: found, fields, test, order, limit: statement.limit })
}

fn field<'a>(object: &'a Object, name: &str) -> Result<&'a Field, Problem> {
    object.field(name).ok_or_else(|| {
        let text = format!("No such column '{name}' on entity '{}'.", object.name);
        Problem::new(400, "INVALID_FIELD", text)
    })
}

/// A field that rows can be chosen and sorted by.
fn comparable<'a>(object: &'a Object, name: &str, how: &str) -> Result<&'a Field, Problem> {
    let field = field(object, name)?;
    let is_long = matches!(field.kind, Type::TextArea | Type::Base64) || field.kind.is_compound();
    if is_long {
        let text = format!("field '{name}' can not be {how} in a query call");
        return Err(Problem::new(400, "INVALID_FIELD", text));
    }
    Ok(field)
}

fn checked(object: &Object, condition: &Condition) -> Result<Test, Problem> {
    let all = |conditions: &[Condition]| -> Result<Vec<Test>, Problem> {
        conditions.iter().map(|condition| checked(object, condition)).collect()
    };
    Ok(match condition {
        Condition::All(conditions) => Test::All(all(conditions)?),
        Condition::Any(conditions) => Test::Any(all(conditions)?),
        Condition::Not(condition) => Test::Not(Box::new(checked(object, condition)?)),
        Condition::Compare(name, operator, word) => {
            let field = comparable(object, name, "filtered")?;
            Test::Compare(field.at, *operator, literal(field, word)?)
        }
        Condition::In(name, words) => {
            let field = comparable(object, name, "filtered")?;
            let literals = words.iter().map(|word| literal(field, word));
            Test::In(field.at, literals.collect::<Result<_, _>>()?)
        }
    })
}
