//! What there is to ask for: the part of GitHub's schema that the taps use.
//!
//! Source: the npm package `@octokit/graphql-schema`.

use super::types;
use crate::graphql::{Known, Of, Schema, Type};

/// The schema.
pub(super) const GITHUB: GitHub = GitHub;

pub(super) struct GitHub;

pub(super) const NAMED: [&str; 27] = [
    "Query",
    "RateLimit",
    "Node",
    "Actor",
    "Repository",
    "Issue",
    "IssueComment",
    "PullRequest",
    "PullRequestReview",
    "PullRequestCommit",
    "Commit",
    "GitActor",
    "Discussion",
    "DiscussionCategory",
    "DiscussionComment",
    "User",
    "Bot",
    "Mannequin",
    "EnterpriseUserAccount",
    "Organization",
    "RepositoryOwner",
    "UniformResourceLocatable",
    "Comment",
    "Tree",
    "GitSignature",
    "CommitComment",
    "PullRequestReviewThread",
];

/// Arguments of every connection, and of those that can be sorted and filtered.
pub(super) const PAGES: &[&str] = &["first", "last", "after", "before"];
const SORTED: &[&str] = &["first", "last", "after", "before", "orderBy", "states", "filterBy"];

impl Schema for GitHub {
    fn field(&self, of: &str, name: &str) -> Option<Known> {
        let one = |name| Of::One(Type::Named(name));
        let page = |of| Of::One(Type::Connection(of));
        let field: Known = match (of, name) {
            ("Query", "repository") => (one("Repository"), &["owner", "name", "followRenames"]),
            ("Query", "node") => (one("Node"), &["id"]),
            ("Query", "nodes") => (Of::Many(Type::Named("Node"), Some("ids")), &["ids"]),
            ("Query", "user") => (one("User"), &["login"]),
            ("Query", "organization") => (one("Organization"), &["login"]),
            ("Query", "repositoryOwner") => (one("RepositoryOwner"), &["login"]),
            ("Query", "rateLimit") => (one("RateLimit"), &["dryRun"]),
            ("Repository", "owner") => (one("RepositoryOwner"), &[]),
            ("Repository", "issues") => (page("Issue"), SORTED),
            ("Repository", "pullRequests") => (page("PullRequest"), SORTED),
            ("Repository", "discussions") => (page("Discussion"), SORTED),
            ("Repository", "stargazers") => (page("User"), SORTED),
            ("Repository", "issue") => (one("Issue"), &["number"]),
            ("Repository", "pullRequest") => (one("PullRequest"), &["number"]),
            ("Repository", "discussion") => (one("Discussion"), &["number"]),
            ("Issue", "comments") => (page("IssueComment"), PAGES),
            ("PullRequest", "reviews") => (page("PullRequestReview"), PAGES),
            ("PullRequest", "commits") => (page("PullRequestCommit"), PAGES),
            ("Discussion", "comments") => (page("DiscussionComment"), PAGES),
            ("Discussion", "category") => (one("DiscussionCategory"), &[]),
            ("PullRequestCommit" | "PullRequestReview", "commit") => (one("Commit"), &[]),
            ("PullRequestReview", "pullRequest") => (one("PullRequest"), &[]),
            ("DiscussionComment", "discussion") => (one("Discussion"), &[]),
            ("Commit", "author" | "committer") => (one("GitActor"), &[]),
            ("Commit", "parents") => (page("Commit"), PAGES),
            ("Commit", "comments") => (page("CommitComment"), PAGES),
            ("Commit", "tree") => (one("Tree"), &[]),
            ("Commit", "signature") => (one("GitSignature"), &[]),
            ("GitActor", "user") => (one("User"), &[]),
            ("PullRequest", "comments") => (page("IssueComment"), PAGES),
            ("PullRequest", "reviewThreads") => (page("PullRequestReviewThread"), PAGES),
            ("PullRequest", "mergedBy") => (one("Actor"), &[]),
            (
                "Issue" | "IssueComment" | "PullRequest" | "PullRequestReview" | "Discussion"
                | "DiscussionComment" | "Comment",
                "author",
            ) => (one("Actor"), &[]),
            ("Issue" | "PullRequest" | "Discussion", "repository") => (one("Repository"), &[]),
            _ if leaves(of).contains(&name) => (Of::Leaf, &[]),
            _ => return types::field(of, name),
        };
        Some(field)
    }

    fn named(&self, name: &str) -> Option<&'static str> {
        NAMED.into_iter().find(|known| *known == name).or_else(|| types::named(name))
    }

    fn edge(&self, of: &str) -> &'static [&'static str] {
        if of == "User" { &["starredAt"] } else { &[] }
    }
}

/// The scalars of a type.
fn leaves(of: &str) -> &'static [&'static str] {
    match of {
        "RateLimit" => &["cost", "limit", "nodeCount", "remaining", "used", "resetAt"],
        "Node" => &["id"],
        "Actor" | "RepositoryOwner" => &["login", "url", "avatarUrl", "id"],
        "User" => {
            &["id", "databaseId", "login", "url", "avatarUrl", "name", "email", "isSiteAdmin"]
        }
        "Bot" | "Mannequin" => &["id", "databaseId", "login", "url", "avatarUrl"],
        "EnterpriseUserAccount" => &["id", "login", "url", "avatarUrl"],
        "Organization" => &["id", "databaseId", "login", "url", "avatarUrl", "name", "email"],
        "Tree" => &["id", "oid"],
        "GitSignature" => &["isValid", "state", "signature", "payload", "verifiedAt"],
        "UniformResourceLocatable" => &["url"],
        "Comment" => &["id", "body", "createdAt", "updatedAt"],
        "Repository" => &[
            "id",
            "databaseId",
            "name",
            "nameWithOwner",
            "url",
            "createdAt",
            "updatedAt",
            "pushedAt",
            "stargazerCount",
            "description",
        ],
        "Issue" => &[
            "id",
            "databaseId",
            "fullDatabaseId",
            "number",
            "title",
            "body",
            "state",
            "createdAt",
            "updatedAt",
            "closedAt",
            "url",
            "locked",
            "authorAssociation",
        ],
        "PullRequest" => &[
            "id",
            "databaseId",
            "fullDatabaseId",
            "number",
            "title",
            "body",
            "state",
            "createdAt",
            "updatedAt",
            "closedAt",
            "mergedAt",
            "isDraft",
            "url",
            "authorAssociation",
            "additions",
            "deletions",
            "changedFiles",
            "merged",
            "mergeable",
            "mergeStateStatus",
            "canBeRebased",
            "maintainerCanModify",
            "totalCommentsCount",
        ],
        "IssueComment" => {
            &["id", "databaseId", "body", "createdAt", "updatedAt", "url", "authorAssociation"]
        }
        "PullRequestReview" => &[
            "id",
            "databaseId",
            "fullDatabaseId",
            "state",
            "body",
            "submittedAt",
            "createdAt",
            "updatedAt",
            "url",
            "authorAssociation",
        ],
        "PullRequestCommit" => &["id", "url"],
        "Commit" => &[
            "id",
            "oid",
            "message",
            "messageHeadline",
            "committedDate",
            "authoredDate",
            "committedViaWeb",
            "url",
            "additions",
            "deletions",
        ],
        "GitActor" => &["name", "email", "date"],
        "Discussion" => &[
            "id",
            "databaseId",
            "number",
            "title",
            "body",
            "createdAt",
            "updatedAt",
            "url",
            "locked",
            "upvoteCount",
            "answerChosenAt",
            "authorAssociation",
        ],
        "DiscussionCategory" => {
            &["id", "name", "slug", "emoji", "isAnswerable", "createdAt", "updatedAt"]
        }
        "DiscussionComment" => &[
            "id",
            "databaseId",
            "body",
            "createdAt",
            "updatedAt",
            "url",
            "isAnswer",
            "upvoteCount",
            "authorAssociation",
        ],
        _ => &[],
    }
}
