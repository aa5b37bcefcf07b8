//! Where in an answer an error happened, by its path.

use std::fmt::Write as _;

use serde_json::Value;

use super::query::{Parents, Shape};

/// The way from an answer's `data` to its rows.
#[derive(Clone, Debug)]
pub(super) struct Trail {
    /// To the list of parents, if the query asks for several.
    parents: Option<Vec<String>>,
    /// From there, or from `data`, to the list of rows.
    rows: Vec<String>,
}

/// What an error speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The answer as a whole.
    Whole,
    /// A parent, by its index.
    Parent(usize),
    /// A row.
    Row(Row),
}

/// A row of an answer, and what of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The index of its parent; zero if there is one only.
    pub(super) parent: usize,
    /// Its index among the rows.
    pub(super) index: u64,
    /// What of it, as a JSON pointer.
    pub(super) pointer: String,
}

impl Trail {
    pub(super) fn of(at: &str, shape: Shape, parents: Option<Parents>) -> Trail {
        let tokens = |pointer: &str| -> Vec<String> {
            pointer.split('/').skip(1).map(str::to_owned).collect()
        };
        // Paths begin within `data`.
        let within_data = |pointer: &str| tokens(pointer.strip_prefix("/data").unwrap_or(pointer));
        let mut rows = if parents.is_some() { tokens(at) } else { within_data(at) };
        rows.extend(shape.rows().map(str::to_owned));
        Trail { parents: parents.map(|parents| within_data(parents.at)), rows }
    }

    /// The place that a path leads to.
    pub(super) fn place(&self, path: &[Value]) -> Place {
        let Some(parents) = &self.parents else { return self.in_parent(path, 0, Place::Whole) };
        match after(path, parents) {
            Some([parent, rest @ ..]) => match index(parent) {
                Some(parent) => self.in_parent(rest, parent, Place::Parent(parent)),
                None => Place::Whole,
            },
            _ => Place::Whole,
        }
    }

    fn in_parent(&self, path: &[Value], parent: usize, otherwise: Place) -> Place {
        let row = after(path, &self.rows).and_then(|rest| rest.split_first());
        let Some((Some(row), rest)) = row.map(|(first, rest)| (index(first), rest)) else {
            return otherwise;
        };
        Place::Row(Row { parent, index: row as u64, pointer: pointer(rest) })
    }
}

/// The rest of a path that begins with these names.
fn after<'a>(path: &'a [Value], names: &[String]) -> Option<&'a [Value]> {
    let begins = path.len() >= names.len()
        && path.iter().zip(names).all(|(step, name)| step.as_str() == Some(name));
    begins.then(|| &path[names.len()..])
}

fn index(step: &Value) -> Option<usize> {
    usize::try_from(step.as_u64()?).ok()
}

fn pointer(path: &[Value]) -> String {
    let mut pointer = String::new();
    for step in path {
        // Names of GraphQL hold neither `~` nor `/`.
        let _ = match step {
            Value::String(name) => write!(pointer, "/{}", singer_http::clean(name)),
            step => write!(pointer, "/{step}"),
        };
    }
    pointer
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(trail: &Trail, path: Value, expected: Place) {
        assert_eq!(trail.place(path.as_array().unwrap()), expected, "{path}");
    }

    fn row(parent: usize, index: u64, pointer: &str) -> Place {
        Place::Row(Row { parent, index, pointer: pointer.to_owned() })
    }

    #[test]
    fn an_error_is_of_a_row_or_of_all_that_was_asked_for() {
        let trail = Trail::of("/data/repository/issues", Shape::Nodes, None);
        check(&trail, json!(["repository", "issues", "nodes", 3, "author", "name"]), {
            row(0, 3, "/author/name")
        });
        check(&trail, json!(["repository", "issues", "nodes", 3]), row(0, 3, ""));
        check(&trail, json!(["repository", "issues", "nodes"]), Place::Whole);
        check(&trail, json!(["repository", "issues", "edges", 3]), Place::Whole);
        check(&trail, json!(["repository"]), Place::Whole);
        check(&trail, json!(["rateLimit"]), Place::Whole);
        check(&trail, json!([]), Place::Whole);
        let list = Trail::of("/data/shops", Shape::List, None);
        check(&list, json!(["shops", 0, "tags", 2]), row(0, 0, "/tags/2"));
    }

    #[test]
    fn in_a_batch_an_error_is_of_a_parent_or_of_one_of_its_rows() {
        let parents = Parents { at: "/data/nodes", variable: "ids", field: "id" };
        let trail = Trail::of("/reviews", Shape::Nodes, Some(parents));
        check(&trail, json!(["nodes", 2]), Place::Parent(2));
        check(&trail, json!(["nodes", 2, "reviews"]), Place::Parent(2));
        check(&trail, json!(["nodes", 2, "reviews", "nodes", 5, "body"]), row(2, 5, "/body"));
        check(&trail, json!(["nodes"]), Place::Whole);
        check(&trail, json!(["viewer"]), Place::Whole);
    }
}
