//! Milestones of a repository.

use std::sync::LazyLock;

use super::account::Account;
use super::seed::Dice;
use super::table::Row;
use super::template::{Fill, Template, shape};
use super::world::{Kind, Repo};
use super::{json, node, text};

static MILESTONE: LazyLock<Template> = shape!("milestone");

/// A milestone.
pub(crate) struct Milestone<'a> {
    pub(crate) repo: &'a Repo,
    pub(crate) row: &'a Row,
}

impl Milestone<'_> {
    pub(crate) fn object(&self, out: &mut String) {
        MILESTONE.render(self, out);
    }

    fn dice(&self) -> Dice {
        self.repo.dice(Kind::Milestone, self.row.number)
    }

    /// When it is due; 0 if no day was set.
    pub(crate) fn due(&self) -> u32 {
        let dice = self.dice();
        if dice.chance(1, 20) {
            return 0;
        }
        let day = self.row.created / 86_400 + 30 + dice.pick(2, 300) as u32;
        // The API keeps the day as midnight on the west coast.
        day * 86_400 + 8 * 3_600
    }

    /// The share of closed issues, in a thousand.
    pub(crate) fn completeness(&self) -> u64 {
        let (open, closed) = (self.open(), self.closed());
        closed * 1_000 / (open + closed).max(1)
    }

    fn open(&self) -> u64 {
        if self.row.closed == 0 { self.dice().pick(3, 40) } else { 0 }
    }

    fn closed(&self) -> u64 {
        self.dice().pick(4, 60)
    }
}

impl Fill for Milestone<'_> {
    fn fill(&self, slot: &str, out: &mut String) -> bool {
        let (row, dice) = (self.row, self.dice());
        let id = || self.repo.id_of(Kind::Milestone, row.number);
        match slot {
            "repo" => self.repo.push_full_name(out),
            "number" => json::number(row.number.into(), out),
            "id" => json::number(id(), out),
            "node_id" => node::within("MI", self.repo.id, id(), out),
            "title" if row.version == 0 => json::text(&format!("v{}.0", row.number), out),
            "title" => json::text(&format!("v{}.0 (edit {})", row.number, row.version), out),
            "description" if dice.chance(5, 25) => out.push_str("null"),
            "description" => json::text(&text::body(dice, 300, 3), out),
            "creator" => Account::user(1 + dice.pick(6, 40) as u32).object(out),
            "open_issues" => json::number(self.open(), out),
            "closed_issues" => json::number(self.closed(), out),
            "state" => out.push_str(row.state()),
            "created_at" => json::instant(row.created, out),
            "updated_at" => json::instant(row.updated, out),
            "due_on" => json::instant_or_null(self.due(), out),
            "closed_at" => json::instant_or_null(row.closed, out),
            _ => return false,
        }
        true
    }
}
