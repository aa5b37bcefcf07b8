//! A user's own page.

use std::sync::LazyLock;

use super::account::Account;
use super::seed::Dice;
use super::template::{Fill, Template, shape};
use super::{json, text};

static USER: LazyLock<Template> = shape!("user");

const PLACES: &[&str] = &["Lisbon", "Nairobi", "Osaka", "Bogotá", "Tromsø", "Perth", "Pune"];

/// An account with what only its own page shows.
pub(crate) struct User<'a> {
    pub(crate) account: &'a Account,
    /// The data's time.
    pub(crate) now: u32,
}

impl User<'_> {
    pub(crate) fn render(&self) -> String {
        let mut out = String::new();
        USER.render(self, &mut out);
        out
    }

    fn created(&self) -> u32 {
        self.now - 86_400 * (400 + self.dice().pick(1, 3_600) as u32)
    }

    fn dice(&self) -> Dice {
        Dice::new(&[self.account.id, 12])
    }
}

impl Fill for User<'_> {
    fn fill(&self, slot: &str, out: &mut String) -> bool {
        let dice = self.dice();
        let mut maybe = |purpose, value: &str| {
            if dice.chance(purpose, 60) { json::text(value, out) } else { out.push_str("null") }
        };
        match slot {
            "account" => self.account.fields(out),
            "name" => maybe(2, &self.account.login.replace('-', " ")),
            "company" => maybe(3, "@acme"),
            "location" => maybe(4, dice.of(5, PLACES)),
            "bio" => maybe(6, &text::title(dice, 7)),
            "twitter_username" => maybe(8, &self.account.login.replace('-', "_")),
            "email" => maybe(9, &format!("{}@users.example", self.account.slug())),
            "blog" => {
                json::text(if dice.chance(10, 30) { "https://blog.example" } else { "" }, out)
            }
            "hireable" => out.push_str(if dice.chance(11, 20) { "true" } else { "null" }),
            "public_repos" => json::number(dice.pick(12, 80), out),
            "public_gists" => json::number(dice.pick(13, 20), out),
            "followers" => json::number(dice.pick(14, 900), out),
            "following" => json::number(dice.pick(15, 90), out),
            "created_at" => json::instant(self.created(), out),
            "updated_at" => {
                json::instant(dice.soon_after(16, self.created(), self.now - 3_600), out);
            }
            _ => return false,
        }
        true
    }
}
