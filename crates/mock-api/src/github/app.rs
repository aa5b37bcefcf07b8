//! The app on whose behalf some issues and comments were made.

use std::sync::LazyLock;

use super::account::Account;
use super::template::{Fill, Template, shape};
use super::world::Repo;

static APP: LazyLock<Template> = shape!("app");

/// An app of the owner of a repository.
struct App<'a>(&'a Repo);

impl Fill for App<'_> {
    fn fill(&self, slot: &str, out: &mut String) -> bool {
        let known = slot == "owner";
        if known {
            Account::owner(&self.0.owner, self.0.owner_id).object(out);
        }
        known
    }
}

/// Appends the app, or null.
pub(crate) fn object_or_null(repo: &Repo, via_app: bool, out: &mut String) {
    if via_app { APP.render(&App(repo), out) } else { out.push_str("null") }
}
