//! Commits of the default branch.

use std::fmt::Write;
use std::sync::LazyLock;

use super::account::Account;
use super::seed::{Dice, mix};
use super::table::Row;
use super::template::{Fill, Template, shape};
use super::world::{Kind, Repo};
use super::{base64, json, text};

pub(crate) static COMMIT: LazyLock<Template> = shape!("commit");

pub(crate) const UNSIGNED: &str =
    r#"{"verified":false,"reason":"unsigned","signature":null,"payload":null,"verified_at":null}"#;

/// A commit.
pub(crate) struct Commit<'a> {
    pub(crate) repo: &'a Repo,
    pub(crate) row: &'a Row,
}

impl Commit<'_> {
    pub(crate) fn object(&self, out: &mut String) {
        COMMIT.render(self, out);
    }

    fn dice(&self) -> Dice {
        self.repo.dice(Kind::Commit, self.row.number)
    }

    fn author(&self) -> Account {
        Account::user(1 + self.dice().pick(1, 60) as u32)
    }

    fn committer(&self) -> Account {
        // What is merged on the web site is committed by one account.
        if self.dice().chance(2, 40) { Account::user(1) } else { self.author() }
    }

    fn message(&self) -> String {
        let title = text::title(self.dice(), 3);
        if self.dice().chance(6, 50) {
            return title;
        }
        format!("{title}\n\n{}", text::body(self.dice(), 300, 4))
    }

    fn parents(&self, out: &mut String) {
        let number = self.row.number;
        let merge = number > 2 && self.dice().chance(7, 10);
        let parents = [number - 1, if merge { number - 2 } else { 0 }];
        out.push('[');
        for (at, parent) in parents.into_iter().filter(|&parent| parent > 0).enumerate() {
            let (repo, sha) = (self.repo.full_name(), sha(self.repo, parent));
            let comma = if at > 0 { "," } else { "" };
            write!(
                out,
                "{comma}{{\"sha\":\"{sha}\",\
                 \"url\":\"https://api.github.com/repos/{repo}/commits/{sha}\",\
                 \"html_url\":\"https://github.com/{repo}/commit/{sha}\"}}"
            )
            .expect("a `String` takes any text");
        }
        out.push(']');
    }

    fn verification(&self, out: &mut String) {
        if !self.dice().chance(8, 30) {
            out.push_str(UNSIGNED);
            return;
        }
        out.push_str(r#"{"verified":true,"reason":"valid","signature":"#);
        json::text(
            "-----BEGIN PGP SIGNATURE-----\n\nwsFcBAABCAAQ\n-----END PGP SIGNATURE-----\n",
            out,
        );
        out.push_str(r#","payload":"#);
        json::text(
            &format!("tree {}\n\n{}", tree(self.repo, self.row.number), self.message()),
            out,
        );
        out.push_str(r#","verified_at":"#);
        json::instant(self.row.created, out);
        out.push('}');
    }

    fn name(account: &Account, out: &mut String) {
        json::text(&account.login.replace('-', " "), out);
    }

    fn email(account: &Account, out: &mut String) {
        json::text(&format!("{}@users.example", account.login), out);
    }

    /// Appends an account, or null where its address belongs to nobody.
    fn known(&self, account: &Account, purpose: u64, out: &mut String) {
        if self.dice().chance(purpose, 5) { out.push_str("null") } else { account.object(out) }
    }
}

impl Fill for Commit<'_> {
    fn fill(&self, slot: &str, out: &mut String) -> bool {
        let (repo, row, dice) = (self.repo, self.row, self.dice());
        match slot {
            "repo" => repo.push_full_name(out),
            "sha" => json::text(&sha(repo, row.number), out),
            "bare_sha" => out.push_str(&sha(repo, row.number)),
            "node_id" => {
                out.push_str("\"C_kwDO");
                base64::encode(format!("{}:{}", repo.id, sha(repo, row.number)).as_bytes(), out);
                out.push('"');
            }
            "tree" => out.push_str(&tree(repo, row.number)),
            "author_name" => Self::name(&self.author(), out),
            "author_email" => Self::email(&self.author(), out),
            "author_date" => json::instant(row.created - dice.pick(9, 86_400) as u32, out),
            "committer_name" => Self::name(&self.committer(), out),
            "committer_email" => Self::email(&self.committer(), out),
            "committer_date" => json::instant(row.created, out),
            "message" => json::text(&self.message(), out),
            "comment_count" => json::number(dice.pick(10, 20).saturating_sub(17), out),
            "verification" => self.verification(out),
            "author" => self.known(&self.author(), 11, out),
            "committer" => self.known(&self.committer(), 12, out),
            "parents" => self.parents(out),
            _ => return false,
        }
        true
    }
}

/// The name of a commit: 40 hexadecimal digits.
pub(crate) fn sha(repo: &Repo, number: u32) -> String {
    digest(&[repo.seed, Kind::Commit as u64, number.into()])
}

/// The commit of the default branch that has this name.
pub(crate) fn find<'a>(repo: &'a Repo, name: &str) -> Option<&'a Row> {
    let start = u64::from_str_radix(name.get(..16)?, 16).ok()?;
    let is_meant = |row: &&Row| mix(&[repo.seed, Kind::Commit as u64, row.number.into()]) == start;
    repo.commits.rows().iter().find(is_meant).filter(|row| sha(repo, row.number) == name)
}

fn tree(repo: &Repo, number: u32) -> String {
    digest(&[repo.seed, 77, number.into()])
}

/// 40 hexadecimal digits that follow from numbers.
pub(crate) fn digest(parts: &[u64]) -> String {
    let first = mix(parts);
    let second = mix(&[first, 1]);
    format!("{first:016x}{second:016x}{:08x}", mix(&[second, 2]) as u32)
}
