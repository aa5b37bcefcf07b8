//! The closed list of changes that a stream may declare to the shape of its records.
//!
//! Transforms apply in the order in which they are listed, each to what the ones before left.
//! Paths are names joined by dots.

use std::slice;

/// One change to the shape of a record; made by the functions of this module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transform {
    /// See [`rename`] and [`hoist`].
    Move {
        /// Where the value is.
        from: String,
        /// Where it goes.
        to: String,
    },
    /// See [`copy`].
    Copy {
        /// Where the value is.
        from: String,
        /// Where it goes too.
        to: String,
    },
    /// See [`from_parent`].
    FromParent {
        /// Name in the context and of the field.
        name: String,
    },
    /// See [`exists`].
    Exists {
        /// The path asked for.
        path: String,
        /// The field that gets the answer.
        to: String,
        /// Its value if there is something at `path`.
        then: String,
        /// Its value if not.
        otherwise: String,
    },
    /// See [`has`].
    Has {
        /// The path asked for.
        path: String,
        /// The field that gets the answer.
        to: String,
    },
    /// See [`epoch`].
    Epoch {
        /// The field.
        path: String,
    },
    /// See [`epoch_millis`].
    EpochMillis {
        /// The field.
        path: String,
    },
    /// See [`json_text`].
    JsonText {
        /// The field.
        path: String,
    },
    /// See [`pluck`].
    Pluck {
        /// The list of objects.
        list: String,
        /// The field of each.
        field: String,
        /// The field that gets the values.
        to: String,
    },
    /// See [`joined`].
    Joined {
        /// The fields whose values are joined.
        paths: Vec<String>,
        /// The field that gets the text.
        to: String,
    },
    /// See [`first_of`].
    FirstOf {
        /// The fields, the one that is preferred first.
        paths: Vec<String>,
        /// The field that gets the value.
        to: String,
    },
    /// See [`gather`].
    Gather {
        /// The object.
        to: String,
        /// Its fields.
        names: Vec<String>,
        /// Where the value of each is.
        paths: Vec<String>,
    },
    /// See [`url_id`].
    UrlId {
        /// The field that holds a URL.
        path: String,
        /// The field that gets the number.
        to: String,
    },
    /// See [`deleted`].
    Deleted {
        /// The flag or date-time that tells of a deletion.
        by: String,
        /// The field that gets the time.
        to: String,
    },
    /// See [`extra`].
    Extra {
        /// The field that gets the text.
        to: String,
    },
}

/// Gives a field another name. Both may be paths, as in `("reactions.+1", "reactions.plus_one")`.
///
/// Whatever had the new name before is gone, even where the renamed field is absent.
pub fn rename(from: &str, to: &str) -> Transform {
    Transform::Move { from: from.to_owned(), to: to.to_owned() }
}

/// Moves the value at a path to a field of the record. The path need not be in the schema.
///
/// It is the same as [`rename`]; two words, since they read differently in a stream.
pub fn hoist(path: &str, to: &str) -> Transform {
    rename(path, to)
}

/// Writes the value at a path under another path too.
///
/// Whatever stood there before is gone, even where the copied field is absent.
pub fn copy(from: &str, to: &str) -> Transform {
    Transform::Copy { from: from.to_owned(), to: to.to_owned() }
}

/// Takes a field from the parent's record or the partition.
///
/// The field is absent where the context does not have the name.
pub fn from_parent(name: &str) -> Transform {
    Transform::FromParent { name: name.to_owned() }
}

/// Sets a string field by whether there is something other than null at a path.
pub fn exists(path: &str, to: &str, then: &str, otherwise: &str) -> Transform {
    Transform::Exists {
        path: path.to_owned(),
        to: to.to_owned(),
        then: then.to_owned(),
        otherwise: otherwise.to_owned(),
    }
}

/// Sets a boolean field by whether there is something other than null at a path.
pub fn has(path: &str, to: &str) -> Transform {
    Transform::Has { path: path.to_owned(), to: to.to_owned() }
}

/// Makes a date-time of seconds since 1970, fraction kept. A string is left as it is.
pub fn epoch(path: &str) -> Transform {
    Transform::Epoch { path: path.to_owned() }
}

/// Makes a date-time of milliseconds since 1970. A string is left as it is.
pub fn epoch_millis(path: &str) -> Transform {
    Transform::EpochMillis { path: path.to_owned() }
}

/// Makes a text of an object or a list, which is its JSON. Anything else is left as it is.
pub fn json_text(path: &str) -> Transform {
    Transform::JsonText { path: path.to_owned() }
}

/// Makes a list of one field of each object of a list; objects without it are passed over.
pub fn pluck(list: &str, field: &str, to: &str) -> Transform {
    Transform::Pluck { list: list.to_owned(), field: field.to_owned(), to: to.to_owned() }
}

/// Joins scalars to one text, with a `/` between them, and nothing for those that are absent: a key
/// for records that have no one field in common. The field is null where there are none.
pub fn joined<const N: usize>(paths: [&str; N], to: &str) -> Transform {
    Transform::Joined { paths: paths.map(str::to_owned).to_vec(), to: to.to_owned() }
}

/// Sets a scalar field to the first of these that has a value. The field is null where none has.
pub fn first_of<const N: usize>(paths: [&str; N], to: &str) -> Transform {
    Transform::FirstOf { paths: paths.map(str::to_owned).to_vec(), to: to.to_owned() }
}

/// Makes an object of values that stand elsewhere: `(name in the object, path)`. They stay where they are.
/// The object is null where none of them has a value.
pub fn gather<'f>(to: &str, fields: impl IntoIterator<Item = (&'f str, &'f str)>) -> Transform {
    let fields = fields.into_iter().map(|(name, path)| (name.to_owned(), path.to_owned()));
    let (names, paths) = fields.unzip();
    Transform::Gather { to: to.to_owned(), names, paths }
}

/// Takes the number that is the last segment of a URL's path.
pub fn url_id(path: &str, to: &str) -> Transform {
    Transform::UrlId { path: path.to_owned(), to: to.to_owned() }
}

/// Sets a date-time field by what tells that a record was deleted: `true` gives the record's cursor
/// if that is an instant, else the time of extraction; a date-time gives itself; anything else null.
pub fn deleted(by: &str, to: &str) -> Transform {
    Transform::Deleted { by: by.to_owned(), to: to.to_owned() }
}

/// Keeps the fields of the record that no schema declares, as the JSON text of an object, in a
/// string field. The field is absent where there are none.
pub fn extra(to: &str) -> Transform {
    Transform::Extra { to: to.to_owned() }
}

impl Transform {
    /// The paths that the transform reads; none for what comes from the parent.
    pub(super) fn inputs(&self) -> &[String] {
        match self {
            Transform::Move { from, .. } | Transform::Copy { from, .. } => slice::from_ref(from),
            Transform::FromParent { .. } | Transform::Extra { .. } => &[],
            Transform::Deleted { by: path, .. }
            | Transform::Exists { path, .. }
            | Transform::Has { path, .. }
            | Transform::Epoch { path }
            | Transform::EpochMillis { path }
            | Transform::JsonText { path }
            | Transform::UrlId { path, .. } => slice::from_ref(path),
            Transform::Pluck { list, .. } => slice::from_ref(list),
            Transform::Joined { paths, .. }
            | Transform::FirstOf { paths, .. }
            | Transform::Gather { paths, .. } => paths,
        }
    }

    /// The path that the transform sets.
    pub(super) fn output(&self) -> &str {
        match self {
            Transform::Move { to, .. }
            | Transform::Copy { to, .. }
            | Transform::Exists { to, .. }
            | Transform::Has { to, .. }
            | Transform::Pluck { to, .. }
            | Transform::Joined { to, .. }
            | Transform::FirstOf { to, .. }
            | Transform::Gather { to, .. }
            | Transform::UrlId { to, .. }
            | Transform::Deleted { to, .. }
            | Transform::Extra { to } => to,
            Transform::FromParent { name } => name,
            Transform::Epoch { path }
            | Transform::EpochMillis { path }
            | Transform::JsonText { path } => path,
        }
    }
}
