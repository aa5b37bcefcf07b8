//! What the source really holds, for tests that compare it with what arrived.

use serde_json::Value;

use super::comment::Comment;
use super::commit::Commit;
use super::discussion::Discussion;
use super::issue::Issue;
use super::label::Label;
use super::milestone::Milestone;
use super::pull::Pull;
use super::release::Release;
use super::repository::Repository;
use super::review::Review;
use super::small::{self, List};
use super::stargazer::Stargazer;
use super::table::Row;
use super::template::Fill;
use super::world::{Repo, World};
use super::{json, message};
use crate::server::{Answer, Request};

/// The lists of a repository under the names of the streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resource {
    Issues,
    Comments,
    Pulls,
    Commits,
    Labels,
    Milestones,
    Releases,
    Stargazers,
    Discussions,
    Reviews,
    Repositories,
}

impl Resource {
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "issues" => Resource::Issues,
            "issue_comments" | "comments" => Resource::Comments,
            "pull_requests" | "pulls" => Resource::Pulls,
            "commits" => Resource::Commits,
            "labels" => Resource::Labels,
            "milestones" => Resource::Milestones,
            "releases" => Resource::Releases,
            "stargazers" | "stargazers_rest" => Resource::Stargazers,
            "discussions" => Resource::Discussions,
            "reviews" => Resource::Reviews,
            "repositories" => Resource::Repositories,
            _ => return None,
        })
    }

    /// The rows of a repository; a pull request is a row of its issues.
    pub(crate) fn rows(self, repo: &Repo) -> &[Row] {
        match self {
            Resource::Issues | Resource::Pulls | Resource::Reviews => repo.issues.rows(),
            Resource::Discussions => repo.discussions.rows(),
            Resource::Comments => repo.comments.rows(),
            Resource::Commits => repo.commits.rows(),
            Resource::Labels => repo.labels.rows(),
            Resource::Milestones => repo.milestones.rows(),
            Resource::Releases => repo.releases.rows(),
            Resource::Stargazers => repo.stars.rows(),
            Resource::Repositories => &[],
        }
    }

    /// Whether a row of [`Resource::rows`] belongs to the list.
    pub(crate) fn holds(self, row: &Row) -> bool {
        !matches!(self, Resource::Pulls | Resource::Reviews) || row.pull
    }
}

/// The answer of `/_mock/truth`: one JSON line a row.
pub(crate) fn answer(world: &World, request: &Request) -> Answer {
    if let Some(list) = request.param("resource").and_then(List::named) {
        let mut answer = Answer::json(200, small::truth(world, list, request));
        answer.set("content-type", "application/x-ndjson");
        return answer;
    }
    let Some(resource) = Resource::parse(request.param("resource").unwrap_or("issues")) else {
        return message::error(400, "`resource` is none of the lists (see `mock-api --help`)");
    };
    let full_name = request.param("repo");
    let found = full_name.map(|name| {
        let (owner, name) = name.split_once('/').unwrap_or((name, ""));
        world.repo(owner, name)
    });
    let repos: Vec<&Repo> = match found {
        Some(Some(repo)) => vec![repo],
        Some(None) => return message::not_found(),
        None => world.repos.iter().collect(),
    };
    let fields: Vec<&str> = request.param("fields").unwrap_or("id").split(',').collect();
    let mut out = String::new();
    for repo in repos {
        if resource == Resource::Repositories {
            line(&fields, &Repository(repo), |out| Repository(repo).full(out), &mut out);
        }
        for row in resource.rows(repo).iter().filter(|row| resource.holds(row)) {
            row_line(resource, repo, row, &fields, &mut out);
        }
    }
    let mut answer = Answer::json(200, out);
    answer.set("content-type", "application/x-ndjson");
    answer
}

fn row_line(resource: Resource, repo: &Repo, row: &Row, fields: &[&str], out: &mut String) {
    match resource {
        Resource::Issues => {
            let issue = Issue { repo, row };
            line(fields, &issue, |out| issue.object(out), out);
        }
        Resource::Comments => {
            let comment = Comment { repo, row };
            line(fields, &comment, |out| comment.object(out), out);
        }
        Resource::Pulls => {
            let pull = Pull(Issue { repo, row });
            line(fields, &pull, |out| pull.object(out), out);
        }
        Resource::Commits => {
            let commit = Commit { repo, row };
            line(fields, &commit, |out| commit.object(out), out);
        }
        Resource::Labels => {
            let label = Label { repo, row };
            line(fields, &label, |out| label.object(out), out);
        }
        Resource::Milestones => {
            let milestone = Milestone { repo, row };
            line(fields, &milestone, |out| milestone.object(out), out);
        }
        Resource::Releases => {
            let release = Release { repo, row };
            line(fields, &release, |out| release.object(out), out);
        }
        Resource::Stargazers => {
            let star = Stargazer(row);
            line(fields, &star, |out| star.object(out), out);
        }
        Resource::Discussions => {
            let discussion = Discussion { repo, row };
            line(fields, &discussion, |out| discussion.object(out), out);
        }
        Resource::Reviews => {
            for review in Review::all(repo, row) {
                let values = fields.iter().map(|name| ((*name).to_owned(), review.value(name)));
                out.push_str(&Value::Object(values.collect()).to_string());
                out.push('\n');
            }
        }
        Resource::Repositories => {}
    }
}

/// Appends the fields of a record; a field that is no slot is looked up in the whole record.
fn line(fields: &[&str], row: &dyn Fill, whole: impl Fn(&mut String), out: &mut String) {
    out.push('{');
    let mut record = None;
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        json::text(field, out);
        out.push(':');
        // Slots inside of addresses and strings are no values of their own.
        let is_value = !matches!(*field, "repo" | "word" | "state" | "color" | "tag" | "owner");
        if is_value && row.fill(field, out) {
            continue;
        }
        let record = record.get_or_insert_with(|| {
            let mut text = String::new();
            whole(&mut text);
            serde_json::from_str::<Value>(&text).unwrap_or_default()
        });
        let value = record.get(field).unwrap_or(&Value::Null);
        out.push_str(&value.to_string());
    }
    out.push_str("}\n");
}
