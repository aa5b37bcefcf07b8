//! <https://docs.github.com/en/rest/pulls/reviews#list-reviews-for-a-pull-request>

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use singer_tap::{Context, Shortcut, Stream, from_parent, schema};

use super::account::{self, Account, Actor, Addresses, number};
use crate::config::Config;
use crate::graphql;

/// What GraphQL gives, and where in a review; nothing of what is known of the pull request. `user`
/// is in [`account::FIELDS`](super::account::FIELDS).
const FIELDS: [(&str, &str); 16] = [
    ("org", ""),
    ("repo", ""),
    ("repo_id", ""),
    ("pull_id", ""),
    ("pull_number", ""),
    ("id", "fullDatabaseId"),
    ("node_id", "id"),
    ("body", "body"),
    ("state", "state"),
    ("html_url", "url"),
    ("pull_request_url", ""),
    ("_links.html.href", "url"),
    ("_links.pull_request.href", ""),
    ("submitted_at", "submittedAt"),
    ("commit_id", "commit.oid"),
    ("author_association", "authorAssociation"),
];

/// Pull requests a query: GraphQL takes no more.
const BATCH: usize = 100;

pub(super) fn stream(config: &Config) -> Stream {
    let stream =
        super::list_of_pull_request("reviews", "/repos/{org}/{repo}/pulls/{pull_number}/reviews")
            .about("Reviews of pull requests, of those that changed.")
            .schema(schema!("reviews"))
            .key(["id"])
            .transform([from_parent("pull_id")])
            .omit(["user.user_view_type"]);
    if !graphql::is_used(config) {
        return stream;
    }
    let query = graphql::query(config, include_str!("reviews.graphql"), "/reviews").of_parents(
        "/data/nodes",
        "ids",
        "pull_node_id",
    );
    let fields = FIELDS.iter().map(|(field, _)| (*field).to_owned()).chain(account::fields("user"));
    stream.shortcut(Shortcut::new(query, BATCH, fields, record))
}

/// A review as the query gives it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    #[serde(borrow)]
    id: &'a RawValue,
    #[serde(borrow)]
    full_database_id: &'a RawValue,
    #[serde(borrow)]
    author: Option<Actor<'a>>,
    #[serde(borrow)]
    body: &'a RawValue,
    #[serde(borrow)]
    state: &'a RawValue,
    #[serde(borrow)]
    url: &'a RawValue,
    #[serde(borrow)]
    submitted_at: &'a RawValue,
    #[serde(borrow)]
    commit: Option<Commit<'a>>,
    #[serde(borrow)]
    author_association: &'a RawValue,
}

#[derive(Deserialize)]
struct Commit<'a> {
    #[serde(borrow)]
    oid: Cow<'a, str>,
}

/// A review as REST gives it.
#[derive(Serialize)]
struct Review<'a> {
    id: u64,
    node_id: &'a RawValue,
    user: Account,
    body: &'a RawValue,
    state: &'a RawValue,
    html_url: &'a RawValue,
    pull_request_url: &'a str,
    _links: Links<'a>,
    submitted_at: &'a RawValue,
    commit_id: Option<&'a str>,
    author_association: &'a RawValue,
}

#[derive(Serialize)]
struct Links<'a> {
    html: Link<&'a RawValue>,
    pull_request: Link<&'a str>,
}

#[derive(Serialize)]
struct Link<T> {
    href: T,
}

/// The record of a row; none where its author cannot be told for sure.
fn record(row: &str, context: &Context) -> Option<String> {
    let row: Row<'_> = serde_json::from_str(row).ok()?;
    let pull = context.get("pull_url")?.as_str()?;
    let review = Review {
        id: number(row.full_database_id)?,
        node_id: row.id,
        user: row.author?.account(Addresses::of(pull)?.api)?,
        body: row.body,
        state: row.state,
        html_url: row.url,
        pull_request_url: pull,
        _links: Links { html: Link { href: row.url }, pull_request: Link { href: pull } },
        submitted_at: row.submitted_at,
        commit_id: row.commit.as_ref().map(|commit| &*commit.oid),
        author_association: row.author_association,
    };
    serde_json::to_string(&review).ok()
}

#[cfg(test)]
mod tests {
    use super::super::check_asked;
    use super::*;

    #[test]
    fn the_query_asks_for_what_the_table_says() {
        let query = include_str!("reviews.graphql");
        check_asked(&FIELDS, query);
        check_asked(&account::FIELDS, query);
    }

    #[test]
    fn a_review_of_nobody_who_is_known_is_not_guessed() {
        let context = Context::default();
        assert_eq!(record(r#"{"author": null}"#, &context), None);
    }
}
