//! Reviews of pull requests, made when they are asked for.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::account::Account;
use super::json::bare_instant;
use super::pull_commit::PullCommit;
use super::seed::Dice;
use super::table::Row;
use super::template::{Fill, Template, shape};
use super::world::{Kind, Repo};
use super::{json, node, text};

static REVIEW: LazyLock<Template> = shape!("review");

/// Seconds within which a pull request is reviewed.
const SPAN: u64 = 14 * 86_400;
const STATES: &[&str] = &["APPROVED", "APPROVED", "COMMENTED", "COMMENTED", "CHANGES_REQUESTED"];

/// A review.
#[derive(Debug, Clone)]
pub(crate) struct Review<'a> {
    pub(crate) repo: &'a Repo,
    pub(crate) pull: &'a Row,
    index: u32,
    submitted: u32,
    /// How often it was changed.
    version: u16,
}

impl<'a> Review<'a> {
    /// The reviews of a pull request, oldest first. When a pull request is touched, so is its last
    /// review.
    pub(crate) fn all(repo: &'a Repo, pull: &'a Row) -> Vec<Review<'a>> {
        let dice = repo.dice(Kind::Review, pull.number);
        let count = dice.pick(1, u64::from(repo.reviews_per_pull) * 2 + 1) as u32;
        let mut times: Vec<u32> = (0..count)
            .map(|at| repo.later(pull.created, dice.pick(100 + u64::from(at), SPAN)))
            .collect();
        times.sort_unstable();
        let review = |(index, submitted): (usize, u32)| {
            let is_last = index + 1 == times.len();
            let version = if is_last { pull.version } else { 0 };
            Review { repo, pull, index: index as u32, submitted, version }
        };
        times.iter().copied().enumerate().map(review).collect()
    }

    pub(crate) fn author(&self) -> Account {
        Account::user(1 + self.dice().pick(1, 60) as u32)
    }

    /// A field by its name in GraphQL.
    pub(crate) fn value(&self, name: &str) -> Value {
        let id = self.repo.id_within(Kind::Review, self.pull.number, self.index);
        match name {
            "id" => node_id("PRR", self.repo, id),
            "databaseId" => id.into(),
            "fullDatabaseId" => id.to_string().into(),
            "state" => self.dice().of(2, STATES).into(),
            "body" => self.body().into(),
            "submittedAt" | "createdAt" => instant(self.submitted),
            "updatedAt" if self.version > 0 => instant(self.pull.updated),
            "updatedAt" => instant(self.submitted),
            "authorAssociation" => {
                self.dice().of(3, &["MEMBER", "COLLABORATOR", "CONTRIBUTOR"]).into()
            }
            "url" => {
                let (repo, number) = (self.repo.full_name(), self.pull.number);
                json!(format!("https://github.com/{repo}/pull/{number}#pullrequestreview-{id}"))
            }
            _ => Value::Null,
        }
    }

    /// Appends it as REST shows it.
    pub(crate) fn object(&self, out: &mut String) {
        REVIEW.render(self, out);
    }

    fn body(&self) -> String {
        let body =
            if self.dice().chance(4, 50) { String::new() } else { text::body(self.dice(), 300, 4) };
        match self.version {
            0 => body,
            version => format!("{body} (edit {version})"),
        }
    }

    fn dice(&self) -> Dice {
        Dice::new(&[
            self.repo.seed,
            Kind::Review as u64,
            self.pull.number.into(),
            self.index.into(),
        ])
    }
}

impl Fill for Review<'_> {
    fn fill(&self, slot: &str, out: &mut String) -> bool {
        let name = match slot {
            "repo" => {
                self.repo.push_full_name(out);
                return true;
            }
            "number" => {
                json::number(self.pull.number.into(), out);
                return true;
            }
            "user" => {
                self.author().object(out);
                return true;
            }
            "commit_id" => {
                let last = PullCommit::all(self.repo, self.pull).pop();
                json::text(&last.map(|commit| commit.oid()).unwrap_or_default(), out);
                return true;
            }
            "id" => "databaseId",
            "node_id" => "id",
            "body" | "state" => slot,
            "html_url" => "url",
            "association" => "authorAssociation",
            "submitted_at" => "submittedAt",
            _ => return false,
        };
        out.push_str(&self.value(name).to_string());
        true
    }
}

/// The global id of something in a repository.
pub(crate) fn node_id(prefix: &str, repo: &Repo, id: u64) -> Value {
    let mut text = String::new();
    node::within(prefix, repo.id, id, &mut text);
    serde_json::from_str(&text).unwrap_or_default()
}

pub(crate) fn instant(seconds: u32) -> Value {
    let mut text = String::new();
    bare_instant(seconds, &mut text);
    text.into()
}
