//! Commits of pull requests, made when they are asked for.

use serde_json::{Value, json};

use super::account::Account;
use super::commit::digest;
use super::review::{instant, node_id};
use super::seed::Dice;
use super::table::Row;
use super::text;
use super::world::{Kind, Repo};

/// Seconds within which the commits of a pull request were made.
const SPAN: u64 = 7 * 86_400;

/// A commit of a pull request.
#[derive(Debug, Clone)]
pub(crate) struct PullCommit<'a> {
    repo: &'a Repo,
    pull: &'a Row,
    index: u32,
    committed: u32,
}

impl<'a> PullCommit<'a> {
    /// The commits of a pull request, oldest first; there is one at least.
    pub(crate) fn all(repo: &'a Repo, pull: &'a Row) -> Vec<PullCommit<'a>> {
        let dice = repo.dice(Kind::PullCommit, pull.number);
        let most = u64::from(repo.commits_per_pull) * 2;
        let count = 1 + dice.pick(1, most) as u32;
        let mut times: Vec<u32> = (0..count)
            .map(|at| repo.later(pull.created, dice.pick(100 + u64::from(at), SPAN)))
            .collect();
        times.sort_unstable();
        let commit = |(index, committed)| PullCommit { repo, pull, index: index as u32, committed };
        times.into_iter().enumerate().map(commit).collect()
    }

    pub(crate) fn author(&self) -> Account {
        Account::user(1 + self.dice().pick(1, 60) as u32)
    }

    /// The commit before it in the pull request, if there is one.
    pub(crate) fn parents(&self) -> Vec<PullCommit<'a>> {
        PullCommit::all(self.repo, self.pull)
            .into_iter()
            .take(self.index as usize)
            .last()
            .into_iter()
            .collect()
    }

    /// A field of the pull request's commit.
    pub(crate) fn value(&self, name: &str) -> Value {
        let id = self.repo.id_within(Kind::PullCommit, self.pull.number, self.index);
        match name {
            "id" => node_id("PURC", self.repo, id),
            "url" => self.url(),
            _ => Value::Null,
        }
    }

    /// A field of the commit itself.
    pub(crate) fn value_of_commit(&self, name: &str) -> Value {
        let title = text::title(self.dice(), 3);
        match name {
            "id" => json!(format!("C_{}", self.oid())),
            "oid" => self.oid().into(),
            "messageHeadline" => title.into(),
            "message" => format!("{title}\n\n{}", text::body(self.dice(), 300, 3)).into(),
            "committedDate" | "authoredDate" => instant(self.committed),
            "url" => self.url(),
            "additions" => self.dice().pick(10, 300).into(),
            "deletions" => self.dice().pick(11, 200).into(),
            _ => Value::Null,
        }
    }

    /// A field of its author or committer.
    pub(crate) fn value_of_actor(&self, name: &str) -> Value {
        let account = self.author();
        match name {
            "name" => account.login.replace('-', " ").into(),
            "email" => format!("{}@users.example", account.login).into(),
            _ => instant(self.committed),
        }
    }

    fn url(&self) -> Value {
        json!(format!("https://github.com/{}/commit/{}", self.repo.full_name(), self.oid()))
    }

    fn oid(&self) -> String {
        let numbers = [self.pull.number.into(), self.index.into()];
        digest(&[self.repo.seed, Kind::PullCommit as u64, numbers[0], numbers[1]])
    }

    fn dice(&self) -> Dice {
        Dice::new(&[
            self.repo.seed,
            Kind::PullCommit as u64,
            self.pull.number.into(),
            self.index.into(),
        ])
    }
}
