//! Issues, pull requests among them, as the issue list shows them.

use std::sync::LazyLock;

use super::account::Account;
use super::label::Label;
use super::milestone::Milestone;
use super::reactions::Reactions;
use super::seed::Dice;
use super::table::Row;
use super::template::{Fill, Template, shape};
use super::world::{Kind, Repo};
use super::{app, json, node, text};

static ISSUE: LazyLock<Template> = shape!("issue");
static ISSUE_ONLY: LazyLock<Template> = shape!("issue_only");
static ISSUE_PULL: LazyLock<Template> = shape!("issue_pull");
static ISSUE_TYPE: LazyLock<Template> = shape!("issue_type");

/// Most issues come from that many people.
const PEOPLE: u64 = 300;
const ASSOCIATIONS: &[&str] =
    &["NONE", "NONE", "CONTRIBUTOR", "CONTRIBUTOR", "MEMBER", "COLLABORATOR", "OWNER"];

/// A row of the issue list.
pub(crate) struct Issue<'a> {
    pub(crate) repo: &'a Repo,
    pub(crate) row: &'a Row,
}

impl Issue<'_> {
    pub(crate) fn object(&self, out: &mut String) {
        ISSUE.render(self, out);
    }

    pub(crate) fn dice(&self) -> Dice {
        self.repo.dice(Kind::Issue, self.row.number)
    }

    /// When a pull request was merged; 0 if it was not.
    pub(crate) fn merged(&self) -> u32 {
        if self.row.pull && self.dice().chance(20, 70) { self.row.closed } else { 0 }
    }

    pub(crate) fn is_draft(&self) -> bool {
        self.row.closed == 0 && self.dice().chance(21, 12)
    }

    fn title(&self) -> String {
        let title = text::title(self.dice(), 1);
        match self.row.version {
            0 => title,
            version => format!("{title} (edit {version})"),
        }
    }

    fn assignees(&self) -> impl Iterator<Item = Account> {
        let dice = self.dice();
        let count = if dice.chance(4, 22) { 1 + dice.pick(5, 2) } else { 0 };
        let first = dice.pick(6, PEOPLE / 2);
        (0..count).map(move |at| Account::user(1 + first as u32 + at as u32 * 17))
    }

    fn labels(&self, out: &mut String) {
        let (dice, rows) = (self.dice(), self.repo.labels.rows());
        let count = dice.pick(7, 4).min(rows.len() as u64) as usize;
        let first = dice.pick(8, rows.len() as u64) as usize;
        out.push('[');
        for at in 0..count {
            if at > 0 {
                out.push(',');
            }
            let row = &rows[(first + at) % rows.len()];
            Label { repo: self.repo, row }.object(out);
        }
        out.push(']');
    }

    fn milestone(&self, out: &mut String) {
        let (dice, rows) = (self.dice(), self.repo.milestones.rows());
        match rows.get(dice.pick(10, rows.len() as u64) as usize) {
            Some(row) if dice.chance(9, 16) => Milestone { repo: self.repo, row }.object(out),
            _ => out.push_str("null"),
        }
    }

    fn state_reason(&self) -> Option<&'static str> {
        let dice = self.dice();
        match (self.row.pull, self.row.closed) {
            (true, _) => None,
            (false, 0) => dice.chance(22, 4).then_some("reopened"),
            _ => Some(
                dice.of(23, &["completed", "completed", "completed", "not_planned", "duplicate"]),
            ),
        }
    }

    /// The slots that only issues, or only pull requests have.
    fn fill_sort(&self, slot: &str, out: &mut String) -> bool {
        let dice = self.dice();
        let number = |purpose, below| dice.pick(purpose, below).saturating_sub(below * 3 / 4);
        let total = number(30, 16);
        let done = dice.pick(31, total + 1);
        match slot {
            "draft" => json::boolean(self.is_draft(), out),
            "merged_at" => json::instant_or_null(self.merged(), out),
            "sub_issues" => json::number(total, out),
            "sub_issues_done" => json::number(done, out),
            "sub_issues_percent" => json::number(done * 100 / total.max(1), out),
            "blocked_by" => json::number(number(32, 8), out),
            "blocking" => json::number(number(33, 8), out),
            "parent_issue_url" if self.row.number > 1 && dice.chance(34, 5) => {
                out.push_str("\"https://api.github.com/repos/");
                self.repo.push_full_name(out);
                out.push_str("/issues/");
                json::number(1 + dice.pick(35, u64::from(self.row.number) - 1), out);
                out.push('"');
            }
            "parent_issue_url" => out.push_str("null"),
            _ => return false,
        }
        true
    }
}

impl Fill for Issue<'_> {
    fn fill(&self, slot: &str, out: &mut String) -> bool {
        let (repo, row, dice) = (self.repo, self.row, self.dice());
        let id = || repo.id_of(Kind::Issue, row.number);
        let locked = dice.chance(11, 3);
        match slot {
            "repo" => repo.push_full_name(out),
            "word" => out.push_str(if row.pull { "pull" } else { "issues" }),
            "id" => json::number(id(), out),
            "node_id" => node::within(if row.pull { "PR" } else { "I" }, repo.id, id(), out),
            "number" => json::number(row.number.into(), out),
            "title" => json::text(&self.title(), out),
            "user" => Account::user(1 + dice.pick(12, PEOPLE) as u32).object(out),
            "labels" => self.labels(out),
            "state" => out.push_str(row.state()),
            "locked" => json::boolean(locked, out),
            "active_lock_reason" if locked => {
                json::text(dice.of(13, &["resolved", "too heated"]), out)
            }
            "active_lock_reason" => out.push_str("null"),
            "assignee" => match self.assignees().next() {
                Some(account) => account.object(out),
                None => out.push_str("null"),
            },
            "assignees" => accounts(self.assignees(), out),
            "milestone" => self.milestone(out),
            "comments" => json::number(row.comments.into(), out),
            "created_at" => json::instant(row.created, out),
            "updated_at" => json::instant(row.updated, out),
            "closed_at" => json::instant_or_null(row.closed, out),
            "author_association" => json::text(dice.of(14, ASSOCIATIONS), out),
            "type" if !row.pull && dice.chance(15, 12) => ISSUE_TYPE.render(self, out),
            "type" => out.push_str("null"),
            "sort" if row.pull => ISSUE_PULL.render(self, out),
            "sort" => ISSUE_ONLY.render(self, out),
            "body" if dice.chance(16, 3) => out.push_str("null"),
            "body" => json::text(&text::body(dice, 300, 12), out),
            "closed_by" if row.closed == 0 => out.push_str("null"),
            "closed_by" => Account::user(1 + dice.pick(17, 30) as u32).object(out),
            "reactions" => {
                let url = format!(
                    "https://api.github.com/repos/{}/issues/{}",
                    repo.full_name(),
                    row.number
                );
                Reactions { url: &url, dice }.object(out);
            }
            "app" => app::object_or_null(repo, dice.chance(18, 2), out),
            "state_reason" => match self.state_reason() {
                Some(reason) => json::text(reason, out),
                None => out.push_str("null"),
            },
            _ => return self.fill_sort(slot, out),
        }
        true
    }
}

/// Appends a list of accounts.
pub(crate) fn accounts(accounts: impl Iterator<Item = Account>, out: &mut String) {
    out.push('[');
    for (at, account) in accounts.enumerate() {
        if at > 0 {
            out.push(',');
        }
        account.object(out);
    }
    out.push(']');
}
