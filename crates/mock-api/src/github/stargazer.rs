//! Stars of a repository: who, and when.

use super::account::Account;
use super::json;
use super::table::Row;
use super::template::Fill;

/// A star; the person of the row's number gave it, as bots give none.
pub(crate) struct Stargazer<'a>(pub(crate) &'a Row);

impl Stargazer<'_> {
    pub(crate) fn user(&self) -> Account {
        Account::person(self.0.number)
    }

    /// Appends it with its time, as the media type `star+json` has it.
    pub(crate) fn object(&self, out: &mut String) {
        out.push_str("{\"starred_at\":");
        json::instant(self.0.created, out);
        out.push_str(",\"user\":");
        self.user().object(out);
        out.push('}');
    }
}

impl Fill for Stargazer<'_> {
    fn fill(&self, slot: &str, out: &mut String) -> bool {
        match slot {
            "starred_at" => json::instant(self.0.created, out),
            "user_id" => json::number(self.user().id, out),
            "user" => self.user().object(out),
            _ => return false,
        }
        true
    }
}
