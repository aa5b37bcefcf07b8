//! A query as data: its text, what fills its variables, and where its rows are.

use std::borrow::Cow;

use serde_json::{Map, Value};
use singer_http::Url;

use crate::error::Error;
use crate::partition::Context;
use crate::replication::Since;
use crate::source::Scan;
use crate::template;

use super::within::Within;

/// Page sizes, from the one that is asked for to the one with which it is given up.
pub(super) const SIZES: [u32; 4] = [100, 50, 25, 10];

/// A GraphQL query whose rows are the nodes of one connection.
///
/// The query takes the page size as `$first: Int!` and the cursor as `$after: String`, and asks for
/// `pageInfo { hasNextPage endCursor }` beside the `nodes`:
///
/// ```
/// use singer_tap::{Query, Since, Stream};
///
/// const DISCUSSIONS: &str = "
///     query Discussions($owner: String!, $name: String!, $first: Int!, $after: String) {
///       repository(owner: $owner, name: $name) {
///         discussions(first: $first, after: $after,
///                     orderBy: {field: UPDATED_AT, direction: DESC}) {
///           nodes { id title updatedAt }
///           pageInfo { hasNextPage endCursor }
///         }
///       }
///     }";
///
/// let stream = Stream::new("discussions")
///     .key(["id"])
///     .child_of("repositories", ["org", "repo"])
///     .incremental("updatedAt", Since::StopAt)
///     .graphql(
///         Query::new(DISCUSSIONS, "/data/repository/discussions")
///             .variable("owner", "org")
///             .variable("name", "repo"),
///     );
/// # assert_eq!(stream.name(), "discussions");
/// ```
///
/// With [`Since::Param`] the bookmark fills the variable of that name.
#[derive(Clone, Debug)]
pub struct Query {
    pub(super) text: &'static str,
    /// Where the connection is: in the answer, or in a parent.
    pub(super) at: &'static str,
    pub(super) shape: Shape,
    pub(super) nested: Vec<Nested>,
    pub(super) within: Option<Within>,
    pub(super) rewrite: Option<Rewrite>,
    pub(super) parents: Option<Parents>,
    pub(super) sizes: Vec<u32>,
    pub(super) resource: &'static str,
    pub(super) quota_at: Option<&'static str>,
    endpoint: Endpoint,
    fillings: Vec<(&'static str, Filling)>,
}

/// A connection within each row, of which the query asks for the first page. Where that says that
/// there is more, the rest is asked for, row by row, and the row is completed before it is taken.
///
/// The query for the rest takes the row's identifier as `$id: ID!`, `$first: Int!` and
/// `$after: String`.
#[derive(Clone, Debug)]
pub struct Nested {
    /// Where the connection is in a row, as a JSON pointer: `/comments`.
    pub at: &'static str,
    /// Where the row's identifier is: `/id`.
    pub id: &'static str,
    /// The query for the rest.
    pub rest: &'static str,
    /// Where the connection is in its answer: `/data/node/comments`.
    pub rest_at: &'static str,
}

/// Another shape of a row, as JSON text; an error where the row is none of the query's.
pub(super) type Rewrite = fn(&str) -> Result<String, serde_json::Error>;

/// What stands at the pointer of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A connection, whose rows are its `nodes`.
    Nodes,
    /// A connection, whose rows are its `edges`.
    Edges,
    /// A list of rows, which is all there is.
    List,
}

/// Parents that a query asks for together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parents {
    /// Where the list of parents is in the answer.
    pub(super) at: &'static str,
    /// The variable that takes their identifiers.
    pub(super) variable: &'static str,
    /// The context field that holds one.
    pub(super) field: &'static str,
}

#[derive(Clone, Copy, Debug)]
enum Endpoint {
    UnderBase(&'static str),
    AtOrigin(&'static str),
}

/// What fills a variable.
#[derive(Clone, Debug)]
enum Filling {
    /// A field of the partition's context, as it is.
    Field(&'static str),
    /// A text with `{field}`s of the context.
    Text(Cow<'static, str>),
    Constant(Value),
}

impl Query {
    /// A query whose rows are the `nodes` of the connection at this JSON pointer, such as
    /// `/data/repository/discussions`. It is sent to `/graphql` under the base URL.
    pub fn new(text: &'static str, at: &'static str) -> Query {
        Query {
            text,
            at,
            shape: Shape::Nodes,
            nested: Vec::new(),
            within: None,
            rewrite: None,
            parents: None,
            sizes: SIZES.to_vec(),
            resource: "graphql",
            quota_at: None,
            endpoint: Endpoint::UnderBase("/graphql"),
            fillings: Vec::new(),
        }
    }

    /// Sends it to another path under the base URL.
    #[must_use]
    pub fn path(mut self, path: &'static str) -> Query {
        self.endpoint = Endpoint::UnderBase(path);
        self
    }

    /// Sends it to this path of the base URL's origin, whatever path the base URL has.
    #[must_use]
    pub fn path_at_origin(mut self, path: &'static str) -> Query {
        self.endpoint = Endpoint::AtOrigin(path);
        self
    }

    /// A variable that takes a field of the partition's context, of the type that it has there.
    #[must_use]
    pub fn variable(mut self, name: &'static str, field: &'static str) -> Query {
        self.fillings.push((name, Filling::Field(field)));
        self
    }

    /// A variable that takes a text, in which `{field}` stands for a field of the context.
    #[must_use]
    pub fn text(mut self, name: &'static str, text: impl Into<Cow<'static, str>>) -> Query {
        self.fillings.push((name, Filling::Text(text.into())));
        self
    }

    /// A variable with a value of its own.
    #[must_use]
    pub fn constant(mut self, name: &'static str, value: impl Into<Value>) -> Query {
        self.fillings.push((name, Filling::Constant(value.into())));
        self
    }

    /// The rows are the connection's `edges`, for what only an edge knows.
    #[must_use]
    pub fn edges(mut self) -> Query {
        self.shape = Shape::Edges;
        self
    }

    /// The pointer leads to a plain list of rows, which has no further pages.
    #[must_use]
    pub fn list(mut self) -> Query {
        self.shape = Shape::List;
        self
    }

    /// Page sizes: the first is asked for; the next ones, in this order, when the API cannot answer
    /// in time or finds it too much. 100, 50, 25 and 10 if nothing is said, and for the rest of lists
    /// within rows.
    #[must_use]
    pub fn page_sizes<const N: usize>(mut self, sizes: [u32; N]) -> Query {
        self.sizes = sizes.to_vec();
        self
    }

    /// A connection within each row that is completed.
    #[must_use]
    pub fn nested(mut self, nested: Nested) -> Query {
        self.nested.push(nested);
        self
    }

    /// The records are the nodes of this connection within each row, and [`Query::nested`] speaks of
    /// lists within them. Each record is given these values of its row: `(name there, pointer in
    /// the row)`. An error in a row that is of none of its records rejects the row.
    #[must_use]
    pub fn records_in<const N: usize>(
        mut self,
        list: Nested,
        given: [(&'static str, &'static str); N],
    ) -> Query {
        self.within = Some(Within { list, given: given.to_vec() });
        self
    }

    /// Gives each record another shape once its lists are whole, where what a query can say and a
    /// stream's transforms can do is not enough.
    #[must_use]
    pub fn rewrite(mut self, rewrite: fn(&str) -> Result<String, serde_json::Error>) -> Query {
        self.rewrite = Some(rewrite);
        self
    }

    /// Asks for the connections of several partitions at once: `variable`, a list, takes `field` of
    /// the context of each, and the parents are listed at the pointer `at`, in that order. The
    /// pointer of the connection is then one within a parent:
    ///
    /// ```
    /// use singer_tap::Query;
    ///
    /// const REVIEWS: &str = "
    ///     query Reviews($ids: [ID!]!, $first: Int!, $after: String) {
    ///       nodes(ids: $ids) {
    ///         ... on PullRequest {
    ///           reviews(first: $first, after: $after) {
    ///             nodes { id state }
    ///             pageInfo { hasNextPage endCursor }
    ///           }
    ///         }
    ///       }
    ///     }";
    ///
    /// let query = Query::new(REVIEWS, "/reviews").of_parents("/data/nodes", "ids", "pull_node_id");
    /// ```
    ///
    /// A parent with more pages is read on alone, with the same query. How many are asked for at
    /// once says the stream's `batch`.
    #[must_use]
    pub fn of_parents(
        mut self,
        at: &'static str,
        variable: &'static str,
        field: &'static str,
    ) -> Query {
        self.parents = Some(Parents { at, variable, field });
        self
    }

    /// The quota pool that it draws from, if it is not `graphql`.
    #[must_use]
    pub fn resource(mut self, resource: &'static str) -> Query {
        self.resource = resource;
        self
    }

    /// Where answers tell what they cost and what is left, as an object with `cost`, `limit`,
    /// `remaining` and `resetAt`: `/data/rateLimit`. It is booked, so that the next query goes when
    /// there is enough for it.
    #[must_use]
    pub fn quota_at(mut self, pointer: &'static str) -> Query {
        self.quota_at = Some(pointer);
        self
    }

    /// Where it is sent.
    pub(super) fn url(&self, base: &Url) -> Url {
        let mut url = base.clone();
        match self.endpoint {
            Endpoint::UnderBase(path) => {
                url.set_path(&format!("{}{path}", url.path().trim_end_matches('/')));
            }
            Endpoint::AtOrigin(path) => url.set_path(path),
        }
        url
    }

    /// The variables that do not change from page to page.
    pub(super) fn variables(&self, scan: &Scan<'_>) -> Result<Map<String, Value>, Error> {
        let context = scan.partition.context();
        let mut variables = Map::new();
        for (name, filling) in &self.fillings {
            let value = match filling {
                Filling::Field(field) => field_of(context, field)?,
                Filling::Text(text) => template::fill(text, scan.batch, false)?.into(),
                Filling::Constant(value) => value.clone(),
            };
            variables.insert((*name).to_owned(), value);
        }
        if let (Some(Since::Param(name) | Since::UnorderedParam(name)), Some(start)) =
            (scan.since, scan.from)
        {
            variables.insert(name.to_owned(), start.to_string().into());
        }
        if let (Some(Since::Window { from, to, .. }), Some(window)) = (scan.since, scan.window) {
            for (name, bound) in [(from, &window.from), (to, &window.to)] {
                let bound = bound.as_ref().map(ToString::to_string);
                variables.insert(name.to_owned(), bound.into());
            }
        }
        if let (Some(Since::Range { param, .. }), Some(window)) = (scan.since, scan.window) {
            variables.insert(param.to_owned(), window.range().into());
        }
        Ok(variables)
    }
}

impl Shape {
    /// The name of the list of rows in a connection.
    pub(super) fn rows(self) -> Option<&'static str> {
        match self {
            Shape::Nodes => Some("nodes"),
            Shape::Edges => Some("edges"),
            Shape::List => None,
        }
    }
}

/// A field of a context that must be there.
pub(super) fn field_of(context: &Context, field: &str) -> Result<Value, Error> {
    context.get(field).filter(|value| !value.is_null()).cloned().ok_or_else(|| Error::Bug {
        what: format!("a variable of the query takes `{field}`, which the partition does not have"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_sent_under_the_base_or_to_a_path_of_its_origin() {
        let query = || Query::new("{ a }", "/data/a");
        let check = |query: Query, base: &str, expected: &str| {
            assert_eq!(query.url(&Url::parse(base).unwrap()).as_str(), expected);
        };
        check(query(), "https://api.example", "https://api.example/graphql");
        check(query(), "https://api.example/v1/", "https://api.example/v1/graphql");
        check(query().path("/q"), "https://api.example/v1", "https://api.example/v1/q");
        check(
            query().path_at_origin("/api/graphql"),
            "https://github.example/api/v3",
            "https://github.example/api/graphql",
        );
    }
}
