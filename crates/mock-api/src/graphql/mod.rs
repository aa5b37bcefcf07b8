//! A small GraphQL: parsing, checking against a schema, weighing, and answering.
//!
//! It knows operations with variables, fields with aliases and arguments, fragments, and
//! connections ([Cursor Connections](https://relay.dev/graphql/connections.htm)); no mutations,
//! subscriptions or directives. A vendor's room brings a [`Schema`] and the objects behind it.

mod ast;
mod check;
mod lexer;
mod page;
mod parser;
mod problem;
mod run;
mod schema;

pub(crate) use ast::Arguments;
pub(crate) use check::{Checked, Weight};
pub(crate) use page::{Page, Place};
pub(crate) use problem::Problem;
pub(crate) use run::{Object, Resolved, answer};
pub(crate) use schema::{Known, Of, Schema, Type};
