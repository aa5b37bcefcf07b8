//! Fields that the API sends and no schema declares.

use crate::schema::{Format, Kind};

use super::frame::tokens;
use super::misfit::Found;

/// A field that no schema declares, and that had a value other than null.
#[derive(Clone, Debug, PartialEq)]
pub struct News {
    /// The names that lead to the object that has it, `*` for the items of a list.
    pub place: Vec<String>,
    /// Its name.
    pub name: String,
    /// The type of its first value; a container is a string, its JSON text.
    pub kind: Kind,
}

impl News {
    pub(super) fn new(pointer: &str, name: &str, value: &str) -> News {
        let kind = match Found::of(value) {
            Found::Boolean => Kind::Boolean,
            Found::Number if value.contains(['.', 'e', 'E']) => Kind::Number,
            Found::Number => Kind::Integer,
            _ => Kind::String(Format::Plain),
        };
        News { place: tokens(pointer).collect(), name: name.to_owned(), kind }
    }
}
