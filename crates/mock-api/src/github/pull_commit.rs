//! Commits of pull requests, made when they are asked for.

use serde_json::{Value, json};

use super::account::Account;
use super::commit::{COMMIT, digest};
use super::review::{instant, node_id};
use super::seed::{Dice, mix};
use super::table::Row;
use super::template::Fill;
use super::world::{Kind, Repo};
use super::{base64, text};

/// With what the web site commits.
const WEB: (&str, &str) = ("GitHub", "noreply@github.com");
const SIGNATURE: &str =
    "-----BEGIN PGP SIGNATURE-----\n\nwsFcBAABCAAQ\n-----END PGP SIGNATURE-----\n";

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

    /// Appends it as the list of its pull request shows it.
    pub(crate) fn object(&self, out: &mut String) {
        COMMIT.render(self, out);
    }

    pub(crate) fn author(&self) -> Account {
        Account::user(1 + self.dice().pick(1, 60) as u32)
    }

    /// The account of its author, if the address belongs to one.
    fn known_author(&self) -> Option<Account> {
        Some(self.author()).filter(|_| !self.dice().chance(12, 5))
    }

    /// Whether it was made on the web site, whose account commits then.
    fn is_of_web(&self) -> bool {
        self.dice().chance(13, 3)
    }

    fn is_signed(&self) -> bool {
        self.dice().chance(14, 30)
    }

    /// The account of its author or committer, as GraphQL has it: there the web site is nobody.
    pub(crate) fn account(&self, role: Role) -> Option<Account> {
        if role == Role::Committer && self.is_of_web() { None } else { self.known_author() }
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
            "id" => {
                let mut id = "C_kwDO".to_owned();
                base64::encode(format!("{}:{}", self.repo.id, self.oid()).as_bytes(), &mut id);
                id.into()
            }
            "oid" => self.oid().into(),
            "messageHeadline" => title.into(),
            "message" => format!("{title}\n\n{}", text::body(self.dice(), 300, 3)).into(),
            "committedDate" => instant(self.committed),
            "authoredDate" => instant(self.committed - self.dice().pick(9, 86_400) as u32),
            "committedViaWeb" => self.is_of_web().into(),
            "url" => self.url(),
            "additions" => self.dice().pick(10, 300).into(),
            "deletions" => self.dice().pick(11, 200).into(),
            _ => Value::Null,
        }
    }

    /// A field of its author or committer.
    pub(crate) fn value_of_actor(&self, role: Role, name: &str) -> Value {
        let (person, address) = match role {
            Role::Committer if self.is_of_web() => (WEB.0.to_owned(), WEB.1.to_owned()),
            _ => {
                let login = self.author().login;
                (login.replace('-', " "), format!("{login}@users.example"))
            }
        };
        match (name, role) {
            ("name", _) => person.into(),
            ("email", _) => address.into(),
            (_, Role::Author) => self.value_of_commit("authoredDate"),
            (_, Role::Committer) => self.value_of_commit("committedDate"),
        }
    }

    /// A field of its tree.
    pub(crate) fn value_of_tree(&self, name: &str) -> Value {
        match name {
            "oid" => self.tree().into(),
            _ => Value::Null,
        }
    }

    /// A field of its signature; null where it has none.
    pub(crate) fn value_of_signature(&self, name: &str) -> Value {
        match name {
            _ if !self.is_signed() => Value::Null,
            "isValid" => true.into(),
            "state" => "VALID".into(),
            "signature" => SIGNATURE.into(),
            "payload" => format!("tree {}\n", self.tree()).into(),
            _ => self.value_of_commit("committedDate"),
        }
    }

    /// Whether there is a signature.
    pub(crate) fn has_signature(&self) -> bool {
        self.is_signed()
    }

    fn tree(&self) -> String {
        digest(&[self.repo.seed, 78, self.pull.number.into(), self.index.into()])
    }

    fn verification(&self) -> Value {
        let of = |name| self.value_of_signature(name);
        json!({
            "verified": self.is_signed(),
            "reason": if self.is_signed() { "valid" } else { "unsigned" },
            "signature": of("signature"),
            "payload": of("payload"),
            "verified_at": of("verifiedAt"),
        })
    }

    pub(crate) fn url(&self) -> Value {
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

/// What somebody is to a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Author,
    Committer,
}

impl Fill for PullCommit<'_> {
    fn fill(&self, slot: &str, out: &mut String) -> bool {
        let actor = |role, name| self.value_of_actor(role, name);
        let account = |account: Option<Account>| {
            let mut out = String::new();
            match account {
                Some(account) => account.object(&mut out),
                None => out.push_str("null"),
            }
            out
        };
        let text = match slot {
            "repo" => self.repo.full_name(),
            "sha" => self.value_of_commit("oid").to_string(),
            "bare_sha" => self.oid(),
            "node_id" => self.value_of_commit("id").to_string(),
            "tree" => self.tree(),
            "author_name" => actor(Role::Author, "name").to_string(),
            "author_email" => actor(Role::Author, "email").to_string(),
            "author_date" => actor(Role::Author, "date").to_string(),
            "committer_name" => actor(Role::Committer, "name").to_string(),
            "committer_email" => actor(Role::Committer, "email").to_string(),
            "committer_date" => actor(Role::Committer, "date").to_string(),
            "message" => self.value_of_commit("message").to_string(),
            "comment_count" => "0".to_owned(),
            "verification" => self.verification().to_string(),
            "author" => account(self.known_author()),
            "committer" if self.is_of_web() => account(Some(Account::user(1))),
            "committer" => account(self.known_author()),
            "parents" => Value::from_iter(self.parents().iter().map(|parent| {
                let (repo, sha) = (self.repo.full_name(), parent.oid());
                let url = format!("https://api.github.com/repos/{repo}/commits/{sha}");
                json!({"sha": sha, "url": url, "html_url": parent.url()})
            }))
            .to_string(),
            _ => return false,
        };
        out.push_str(&text);
        true
    }
}
