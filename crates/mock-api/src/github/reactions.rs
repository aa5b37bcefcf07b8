//! The reactions of an issue, a comment or a release.

use std::sync::LazyLock;

use super::json;
use super::seed::Dice;
use super::template::{Fill, Template, shape};

static REACTIONS: LazyLock<Template> = shape!("reactions");

const KINDS: [&str; 8] =
    ["plus_one", "minus_one", "laugh", "hooray", "confused", "heart", "rocket", "eyes"];

/// The counts of reactions.
pub(crate) struct Reactions<'a> {
    /// The address of what they are for.
    pub(crate) url: &'a str,
    pub(crate) dice: Dice,
}

impl Reactions<'_> {
    pub(crate) fn object(&self, out: &mut String) {
        REACTIONS.render(self, out);
    }

    /// Most rows have none.
    fn count(&self, kind: u64) -> u64 {
        if self.dice.chance(60, 70) { 0 } else { self.dice.pick(61 + kind, 12).saturating_sub(6) }
    }
}

impl Fill for Reactions<'_> {
    fn fill(&self, slot: &str, out: &mut String) -> bool {
        match slot {
            "url" => out.push_str(self.url),
            "total_count" => json::number((0..8).map(|kind| self.count(kind)).sum(), out),
            _ => match KINDS.iter().position(|&kind| kind == slot) {
                Some(kind) => json::number(self.count(kind as u64), out),
                None => return false,
            },
        }
        true
    }
}
