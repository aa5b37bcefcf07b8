//! <https://docs.github.com/en/rest/pulls/pulls#list-commits-on-a-pull-request>

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use singer_tap::{Context, Shortcut, Stream, schema};

use super::account::{self, Account, Actor, Addresses};
use super::verification::{Signature, Verification};
use crate::config::Config;
use crate::graphql;

/// What GraphQL gives, and where in a commit; nothing of what is known of the pull request. The
/// accounts `author` and `committer` are in [`account::FIELDS`](super::account::FIELDS).
const FIELDS: [(&str, &str); 24] = [
    ("org", ""),
    ("repo", ""),
    ("repo_id", ""),
    ("pull_number", ""),
    ("url", "oid"),
    ("sha", "oid"),
    ("node_id", "id"),
    ("html_url", "url"),
    ("comments_url", "oid"),
    ("commit.url", "oid"),
    ("commit.author.name", "author.name"),
    ("commit.author.email", "author.email"),
    ("commit.author.date", "authoredDate"),
    ("commit.committer.name", "committer.name"),
    ("commit.committer.email", "committer.email"),
    ("commit.committer.date", "committedDate"),
    ("commit.message", "message"),
    ("commit.tree.url", "tree.oid"),
    ("commit.tree.sha", "tree.oid"),
    ("commit.verification.verified", "signature.isValid"),
    ("commit.verification.reason", "signature.state"),
    ("commit.verification.signature", "signature.signature"),
    ("commit.verification.payload", "signature.payload"),
    ("commit.verification.verified_at", "signature.verifiedAt"),
];

/// What costs a point for a hundred commits more.
const LISTS: [(&str, &str); 4] = [
    ("commit.comment_count", "comments.totalCount"),
    ("parents.sha", "parents.oid"),
    ("parents.url", "parents.oid"),
    ("parents.html_url", "parents.url"),
];

/// What is in a commit that is asked for alone: this list does not give it by REST either.
const OF_ONE_COMMIT: [&str; 14] = [
    "stats.additions",
    "stats.deletions",
    "stats.total",
    "files.sha",
    "files.filename",
    "files.status",
    "files.additions",
    "files.deletions",
    "files.changes",
    "files.blob_url",
    "files.raw_url",
    "files.contents_url",
    "files.patch",
    "files.previous_filename",
];

/// Pull requests a query: commits are slow to come, and what takes too long is asked for in halves.
const BATCH: usize = 50;

pub(super) fn stream(config: &Config) -> Stream {
    let path = "/repos/{org}/{repo}/pulls/{pull_number}/commits";
    let stream = super::list_of_pull_request("pull_request_commits", path)
        .about("Commits of pull requests, of those that changed; of each the first 250.")
        .schema(schema!("pull_request_commits"))
        .key(["node_id"])
        .omit(["author.user_view_type", "committer.user_view_type"]);
    if !graphql::is_used(config) {
        return stream;
    }
    stream
        .shortcut(shortcut(config, include_str!("pull_request_commits_bare.graphql"), &[]))
        .shortcut(shortcut(config, include_str!("pull_request_commits.graphql"), &LISTS))
}

/// The way by a query, with or without the lists in commits.
fn shortcut(config: &Config, text: &'static str, lists: &[(&'static str, &str)]) -> Shortcut {
    let query =
        graphql::query(config, text, "/commits").of_parents("/data/nodes", "ids", "pull_node_id");
    // Each commit has lists of its own, and each list that may be there costs.
    let query = if lists.is_empty() { query } else { query.page_sizes([10, 5]) };
    let own = FIELDS.iter().chain(lists).map(|(field, _)| *field).chain(OF_ONE_COMMIT);
    let accounts = account::fields("author").chain(account::fields("committer"));
    Shortcut::new(query, BATCH, own.map(str::to_owned).chain(accounts), record)
}

/// A commit of a pull request as the query gives it.
#[derive(Deserialize)]
struct Row<'a> {
    #[serde(borrow)]
    commit: Node<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node<'a> {
    #[serde(borrow)]
    id: &'a RawValue,
    #[serde(borrow)]
    oid: Cow<'a, str>,
    #[serde(borrow)]
    url: &'a RawValue,
    #[serde(borrow)]
    message: &'a RawValue,
    #[serde(borrow)]
    authored_date: &'a RawValue,
    #[serde(borrow)]
    committed_date: &'a RawValue,
    #[serde(borrow)]
    author: Person<'a>,
    #[serde(borrow)]
    committer: Person<'a>,
    #[serde(borrow)]
    tree: Tree<'a>,
    #[serde(borrow)]
    signature: Option<Signature<'a>>,
    comments: Option<Comments>,
    #[serde(borrow)]
    parents: Option<Parents<'a>>,
}

#[derive(Deserialize)]
struct Person<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    email: Cow<'a, str>,
    #[serde(borrow)]
    user: Option<Actor<'a>>,
}

#[derive(Deserialize)]
struct Tree<'a> {
    #[serde(borrow)]
    oid: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Comments {
    total_count: u64,
}

#[derive(Deserialize)]
struct Parents<'a> {
    #[serde(borrow)]
    nodes: Vec<Parent<'a>>,
}

#[derive(Deserialize)]
struct Parent<'a> {
    #[serde(borrow)]
    oid: Cow<'a, str>,
    #[serde(borrow)]
    url: &'a RawValue,
}

/// A commit as REST gives it.
#[derive(Serialize)]
struct Commit<'a> {
    url: String,
    sha: &'a str,
    node_id: &'a RawValue,
    html_url: &'a RawValue,
    comments_url: String,
    commit: GitCommit<'a>,
    author: Option<Account>,
    committer: Option<Account>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parents: Option<Vec<ParentCommit<'a>>>,
}

#[derive(Serialize)]
struct GitCommit<'a> {
    url: String,
    author: GitUser<'a>,
    committer: GitUser<'a>,
    message: &'a RawValue,
    tree: GitTree<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment_count: Option<u64>,
    verification: Verification<'a>,
}

#[derive(Serialize)]
struct GitUser<'a> {
    name: &'a str,
    email: &'a str,
    date: &'a RawValue,
}

#[derive(Serialize)]
struct GitTree<'a> {
    url: String,
    sha: &'a str,
}

#[derive(Serialize)]
struct ParentCommit<'a> {
    url: String,
    sha: &'a str,
    html_url: &'a RawValue,
}

/// The record of a row; none where an account or the signature cannot be told for sure.
fn record(row: &str, context: &Context) -> Option<String> {
    let Row { commit: node } = serde_json::from_str(row).ok()?;
    let Addresses { api, repository } = Addresses::of(context.get("pull_url")?.as_str()?)?;
    let url = format!("{repository}/commits/{}", node.oid);
    let git = |part: &str, sha: &str| format!("{repository}/git/{part}/{sha}");
    let parents = node
        .parents
        .as_ref()
        .map(|parents| parents.nodes.iter().map(|parent| parent.commit(repository)).collect());
    let commit = Commit {
        comments_url: format!("{url}/comments"),
        url,
        sha: &node.oid,
        node_id: node.id,
        html_url: node.url,
        author: node.author.account(api)?,
        committer: node.committer.account(api)?,
        parents,
        commit: GitCommit {
            url: git("commits", &node.oid),
            author: node.author.git_user(node.authored_date),
            committer: node.committer.git_user(node.committed_date),
            message: node.message,
            tree: GitTree { url: git("trees", &node.tree.oid), sha: &node.tree.oid },
            comment_count: node.comments.map(|comments| comments.total_count),
            verification: Verification::of(node.signature.as_ref())?,
        },
    };
    serde_json::to_string(&commit).ok()
}

impl Parent<'_> {
    fn commit<'p>(&'p self, repository: &str) -> ParentCommit<'p> {
        let url = format!("{repository}/commits/{}", self.oid);
        ParentCommit { url, sha: &self.oid, html_url: self.url }
    }
}

impl Person<'_> {
    fn git_user<'p>(&'p self, date: &'p RawValue) -> GitUser<'p> {
        GitUser { name: &self.name, email: &self.email, date }
    }

    /// The account of the address, if it belongs to one. Outer none where that is not sure: GraphQL
    /// does not always know the accounts of apps and of the web site.
    fn account(&self, api: &str) -> Option<Option<Account>> {
        match &self.user {
            Some(user) => user.account(api).map(Some),
            None if self.email == "noreply@github.com" || self.email.contains("[bot]@") => None,
            None => Some(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::check_asked;
    use super::*;

    #[test]
    fn the_queries_ask_for_what_the_tables_say() {
        let (bare, whole) = (
            include_str!("pull_request_commits_bare.graphql"),
            include_str!("pull_request_commits.graphql"),
        );
        for query in [bare, whole] {
            check_asked(&FIELDS, query);
            check_asked(&account::FIELDS, query);
        }
        check_asked(&LISTS, &whole.replace("(first:", " "));
        assert!(!bare.contains("parents"), "lists in commits cost");
    }

    #[test]
    fn an_account_that_graphql_may_not_know_is_not_guessed() {
        let check = |email: &str, is_told: bool| {
            let person = Person { name: "x".into(), email: email.into(), user: None };
            assert_eq!(person.account("https://api.github.com").is_some(), is_told, "{email}");
        };
        check("mona@users.example", true);
        check("noreply@github.com", false);
        check("49699333+dependabot[bot]@users.noreply.github.com", false);
    }
}
