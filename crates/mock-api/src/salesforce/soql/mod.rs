//! Queries in SOQL: read, checked against the objects, and run.
//!
//! What is understood: `SELECT` of fields or `COUNT()`, `FROM` one object, `WHERE` with comparisons,
//! `IN`, `AND`, `OR`, `NOT` and parentheses, `ORDER BY`, `LIMIT`
//! (<https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/>).

mod ast;
mod check;
mod lexer;
mod literal;
mod parser;
mod run;
mod test;

pub(super) use check::check;
pub(super) use parser::parse;
pub(super) use run::run;
