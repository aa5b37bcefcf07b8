//! Commits of pull requests, made when they are asked for.

use serde_json::{Value, json};

use super::account::Account;
use super::commit::{COMMIT, UNSIGNED, digest, sha};
use super::review::{instant, node_id};
use super::seed::{Dice, mix};
use super::table::Row;
use super::template::Fill;
use super::world::{Kind, Repo};
use super::{json, text};

/// Seconds within which the commits of a pull request were made.
const SPAN: u64 = 7 * 86_400;

/// A commit of a pull request.
#[derive(Debug, Clone)]
pub(crate) struct PullCommit<'a> {
    repo: &'a Repo,
    pull: &'a Row,
    index: u32,
    pub(crate) committed: u32,
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

    /// The commit of a pull request that has this name.
    pub(crate) fn find(repo: &'a Repo, name: &str) -> Option<PullCommit<'a>> {
        let start = u64::from_str_radix(name.get(..16)?, 16).ok()?;
        let most = u64::from(repo.commits_per_pull) * 2;
        let mut pulls = repo.issues.rows().iter().filter(|row| row.pull);
        let is_of = |pull: &&Row| {
            let word =
                |index: u64| mix(&[repo.seed, Kind::PullCommit as u64, pull.number.into(), index]);
            (0..=most).any(|index| word(index) == start)
        };
        let pull = pulls.find(is_of)?;
        PullCommit::all(repo, pull).into_iter().find(|commit| commit.oid() == name)
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

    pub(crate) fn oid(&self) -> String {
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

impl PullCommit<'_> {
    /// Appends it as REST shows it.
    pub(crate) fn object(&self, out: &mut String) {
        COMMIT.render(self, out);
    }

    fn tree(&self) -> String {
        digest(&[self.repo.seed, 78, self.pull.number.into(), self.index.into()])
    }

    fn parent(&self, out: &mut String) {
        let before = self.parents().first().map(Self::oid);
        // The first commit of a pull request follows one of the default branch.
        let sha = before.unwrap_or_else(|| sha(self.repo, 1));
        let repo = self.repo.full_name();
        let parent = json!([{
            "sha": sha,
            "url": format!("https://api.github.com/repos/{repo}/commits/{sha}"),
            "html_url": format!("https://github.com/{repo}/commit/{sha}"),
        }]);
        out.push_str(&parent.to_string());
    }
}

impl Fill for PullCommit<'_> {
    fn fill(&self, slot: &str, out: &mut String) -> bool {
        match slot {
            "repo" => self.repo.push_full_name(out),
            "sha" => json::text(&self.oid(), out),
            "bare_sha" => out.push_str(&self.oid()),
            "node_id" => json::text(&format!("C_{}", self.oid()), out),
            "tree" => out.push_str(&self.tree()),
            "author_name" | "committer_name" => {
                out.push_str(&self.value_of_actor("name").to_string());
            }
            "author_email" | "committer_email" => {
                out.push_str(&self.value_of_actor("email").to_string());
            }
            "author_date" | "committer_date" => json::instant(self.committed, out),
            "message" => out.push_str(&self.value_of_commit("message").to_string()),
            "comment_count" => out.push('0'),
            "verification" => out.push_str(UNSIGNED),
            "author" | "committer" => self.author().object(out),
            "parents" => self.parent(out),
            _ => return false,
        }
        true
    }
}
