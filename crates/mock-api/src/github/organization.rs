//! An organization's own page.

use std::sync::LazyLock;

use super::account::Account;
use super::json;
use super::seed::Dice;
use super::template::{Fill, Template, shape};
use super::world::{Owner, World};

static ORGANIZATION: LazyLock<Template> = shape!("organization");

/// An owner with what only its own page shows.
pub(crate) struct Organization<'a> {
    pub(crate) world: &'a World,
    pub(crate) owner: &'a Owner,
}

impl Organization<'_> {
    pub(crate) fn render(&self) -> String {
        let mut out = String::new();
        ORGANIZATION.render(self, &mut out);
        out
    }
}

impl Fill for Organization<'_> {
    fn fill(&self, slot: &str, out: &mut String) -> bool {
        let owner = self.owner;
        match slot {
            "description" => json::text(&format!("{} makes things", owner.login), out),
            "public_repos" => {
                let repos = self.world.repos.iter().filter(|repo| repo.owner_id == owner.id);
                json::number(repos.count() as u64, out);
            }
            "followers" => json::number(Dice::new(&[owner.id]).pick(1, 500), out),
            "created_at" => json::instant(owner.created, out),
            "updated_at" => json::instant(owner.updated, out),
            _ => return Account::from(owner).fill(slot, out),
        }
        true
    }
}
