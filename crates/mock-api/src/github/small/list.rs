//! What the table says of a small list.

use super::place::Here;
use super::record::Record;
use crate::server::Request;

/// A list of the API, or a single object; [`super`] tells how one is added.
#[derive(Debug)]
pub(crate) struct Small {
    /// The name of its stream; admin requests and sizes name it so.
    pub(crate) name: &'static str,
    /// The path as the API's documentation has it.
    pub(crate) path: &'static str,
    /// The record, with slots.
    pub(crate) shape: &'static str,
    /// Rows of each repository, organization, user, or parent.
    pub(crate) rows: u32,
    pub(crate) form: Form,
    pub(crate) parent: Parent,
    /// The prefix of global ids.
    pub(crate) node: &'static str,
    pub(crate) newest_first: bool,
    /// Whether `sort` and `direction` are heard.
    pub(crate) sorted: bool,
    /// Whether `since` is heard.
    pub(crate) since: bool,
    /// The most rows that a search by `created` lists.
    pub(crate) window: Option<usize>,
    /// Whether pages are named by `before` and `after` in place of `page`.
    pub(crate) cursors: bool,
    /// The most rows that are ever listed.
    pub(crate) cap: usize,
    /// The answer while there is no row, and its message.
    pub(crate) empty: Option<(u16, &'static str)>,
    /// The status of the first answer, as statistics have it that are still counted.
    pub(crate) first: Option<u16>,
    /// What a request of this media type gets in place of the record.
    pub(crate) media: Option<(&'static str, &'static str)>,
    /// A header of each answer.
    pub(crate) header: Option<(&'static str, &'static str)>,
    /// Rows of a place, where the data says how many.
    pub(crate) count: Option<fn(&Here<'_>) -> u32>,
    /// Slots that only this list has.
    pub(crate) slots: Option<fn(&Record<'_>, &str, &mut String) -> bool>,
    /// Whether a row is listed, by parameters that only this list has.
    pub(crate) keep: Option<fn(&Record<'_>, &Request) -> bool>,
}

/// How rows stand in an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// An array.
    Array,
    /// An array under that name, beside `total_count`.
    Named(&'static str),
    /// A text with the slots `rows`, `total_count`, and those of a record.
    Within(&'static str),
    /// The first row alone.
    Single,
    /// An object; each row is a member of it.
    Members,
}

/// What a list belongs to, within its repository, organization or user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parent {
    Root,
    Issue,
    Pull,
    IssueComment,
    /// A commit of the default branch or of a pull request.
    Commit,
    /// A row of the small list of that name.
    Small(&'static str),
}

/// A list of that name and path, with that many rows a place, and the shape `shapes/small/NAME.json.in`.
macro_rules! list {
    ($name:literal, $path:literal, $rows:expr) => {
        $crate::github::small::Small::new(
            $name,
            $path,
            include_str!(concat!("../shapes/small/", $name, ".json.in")),
            $rows,
        )
    };
}
pub(crate) use list;

impl Small {
    pub(crate) const fn new(
        name: &'static str,
        path: &'static str,
        shape: &'static str,
        rows: u32,
    ) -> Self {
        Self {
            name,
            path,
            shape,
            rows,
            form: Form::Array,
            parent: Parent::Root,
            node: "X",
            newest_first: false,
            sorted: false,
            since: false,
            window: None,
            cursors: false,
            cap: usize::MAX,
            empty: None,
            first: None,
            media: None,
            header: None,
            count: None,
            slots: None,
            keep: None,
        }
    }

    pub(crate) const fn named(self, name: &'static str) -> Self {
        Self { form: Form::Named(name), ..self }
    }

    pub(crate) const fn within(self, frame: &'static str) -> Self {
        Self { form: Form::Within(frame), ..self }
    }

    pub(crate) const fn single(self) -> Self {
        Self { form: Form::Single, rows: 1, ..self }
    }

    pub(crate) const fn members(self) -> Self {
        Self { form: Form::Members, ..self }
    }

    pub(crate) const fn of(self, parent: Parent) -> Self {
        Self { parent, ..self }
    }

    pub(crate) const fn node(self, prefix: &'static str) -> Self {
        Self { node: prefix, ..self }
    }

    pub(crate) const fn newest_first(self) -> Self {
        Self { newest_first: true, ..self }
    }

    pub(crate) const fn sorted(self) -> Self {
        Self { sorted: true, ..self }
    }

    pub(crate) const fn since(self) -> Self {
        Self { since: true, ..self }
    }

    pub(crate) const fn window(self, most: usize) -> Self {
        Self { window: Some(most), ..self }
    }

    pub(crate) const fn cursors(self) -> Self {
        Self { cursors: true, ..self }
    }

    pub(crate) const fn cap(self, most: usize) -> Self {
        Self { cap: most, ..self }
    }

    pub(crate) const fn empty(self, status: u16, message: &'static str) -> Self {
        Self { empty: Some((status, message)), ..self }
    }

    pub(crate) const fn first(self, status: u16) -> Self {
        Self { first: Some(status), ..self }
    }

    pub(crate) const fn media(self, kind: &'static str, shape: &'static str) -> Self {
        Self { media: Some((kind, shape)), ..self }
    }

    pub(crate) const fn header(self, name: &'static str, value: &'static str) -> Self {
        Self { header: Some((name, value)), ..self }
    }

    pub(crate) const fn count(self, count: fn(&Here<'_>) -> u32) -> Self {
        Self { count: Some(count), ..self }
    }

    pub(crate) const fn slots(self, fill: fn(&Record<'_>, &str, &mut String) -> bool) -> Self {
        Self { slots: Some(fill), ..self }
    }

    pub(crate) const fn keep(self, keep: fn(&Record<'_>, &Request) -> bool) -> Self {
        Self { keep: Some(keep), ..self }
    }
}
