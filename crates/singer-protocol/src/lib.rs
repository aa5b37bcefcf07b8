//! The Singer protocol: messages, catalog, selection, state, target-safe schemas and the record
//! encoder.
//!
//! No network and no async here. The protocol is described in the
//! [Singer specification](https://github.com/singer-io/getting-started/blob/master/docs/SPEC.md).

pub mod catalog;
pub mod cursor;
pub mod error;
pub mod metadata;
pub mod schema;
pub mod selection;

mod pointer;

pub use catalog::{Catalog, CatalogEntry};
pub use cursor::{Cursor, CursorKind};
pub use error::Error;
pub use schema::{Field, Format, Kind, Property, Schema};
pub use selection::Selection;
