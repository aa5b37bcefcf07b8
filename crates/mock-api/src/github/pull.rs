//! Pull requests, as their own list shows them.

use std::sync::LazyLock;

use super::account::Account;
use super::commit::digest;
use super::issue::{Issue, accounts};
use super::repository::Repository;
use super::template::{Fill, Template, shape};
use super::world::Kind;
use super::{json, node, text};

static PULL: LazyLock<Template> = shape!("pull");

/// A pull request: the issue of the same number, and more.
pub(crate) struct Pull<'a>(pub(crate) Issue<'a>);

impl Pull<'_> {
    pub(crate) fn object(&self, out: &mut String) {
        PULL.render(self, out);
    }

    fn sha(&self, purpose: u64) -> String {
        let Issue { repo, row } = &self.0;
        digest(&[repo.seed, Kind::Pull as u64, row.number.into(), purpose])
    }

    fn auto_merge(&self, out: &mut String) {
        let dice = self.0.dice();
        if self.0.row.closed != 0 || !dice.chance(40, 8) {
            out.push_str("null");
            return;
        }
        out.push_str("{\"enabled_by\":");
        Account::user(1 + dice.pick(41, 30) as u32).object(out);
        out.push_str(r#","merge_method":"squash","commit_title":null,"commit_message":null}"#);
    }

    fn reviewers(&self) -> impl Iterator<Item = Account> {
        let dice = self.0.dice();
        let count = if self.0.row.closed == 0 { dice.pick(42, 3) } else { 0 };
        let first = dice.pick(43, 60) as u32;
        (0..count).map(move |at| Account::user(1 + first + at as u32 * 11))
    }
}

impl Fill for Pull<'_> {
    fn fill(&self, slot: &str, out: &mut String) -> bool {
        let Issue { repo, row } = &self.0;
        let dice = self.0.dice();
        let id = || repo.id_of(Kind::Pull, row.number);
        match slot {
            "id" => json::number(id(), out),
            "node_id" => node::within("PR", repo.id, id(), out),
            "merge_commit_sha" if self.0.merged() == 0 && dice.chance(44, 20) => {
                out.push_str("null");
            }
            "merge_commit_sha" => json::text(&self.sha(1), out),
            "requested_reviewers" => accounts(self.reviewers(), out),
            "requested_teams" => out.push_str("[]"),
            "head_sha" => out.push_str(&self.sha(2)),
            "base_sha" => out.push_str(&self.sha(3)),
            "owner" => out.push_str(&repo.owner),
            "branch" => {
                out.push_str(&text::word(dice, 45));
                out.push('-');
                json::number(row.number.into(), out);
            }
            "owner_account" => Account::owner(&repo.owner, repo.owner_id).object(out),
            "head_repo" if dice.chance(46, 3) => out.push_str("null"),
            "head_repo" | "base_repo" => Repository(repo).nested(out),
            "auto_merge" => self.auto_merge(out),
            _ => return self.0.fill(slot, out),
        }
        true
    }
}
