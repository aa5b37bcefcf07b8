//! Accounts: users without number, made from their number alone, and organizations.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::seed::{Dice, mix};
use super::template::{Fill, Template, shape};
use super::world::Owner;
use super::{json, node};

static SIMPLE: LazyLock<Template> = shape!("account");

/// Ids of users begin here and are that far apart.
const FIRST_ID: u64 = 1_000_000;
const STEP: u64 = 13;
/// Every so many users one is a bot.
const BOTS: u32 = 40;

const FIRST: &[&str] = &[
    "quiet", "brave", "rapid", "mellow", "clever", "amber", "northern", "tiny", "lucky", "silver",
    "curious", "gentle", "salty", "early",
];
const LAST: &[&str] = &[
    "otter", "falcon", "maple", "comet", "badger", "harbor", "pixel", "river", "lantern", "walnut",
    "heron", "cactus", "tundra",
];

/// An account as other records hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) login: String,
    pub(crate) id: u64,
    /// Set for users: the number that everything about them follows from.
    pub(crate) number: Option<u32>,
}

impl Account {
    /// The user of a number; there is one for each.
    pub(crate) fn user(number: u32) -> Self {
        let dice = Dice::new(&[u64::from(number), 11]);
        let login = if number.is_multiple_of(BOTS) {
            format!("{}-{number}[bot]", dice.of(1, LAST))
        } else {
            format!("{}-{}-{number}", dice.of(0, FIRST), dice.of(1, LAST))
        };
        let id = FIRST_ID + u64::from(number) * STEP + mix(&[number.into()]) % STEP;
        Self { login, id, number: Some(number) }
    }

    /// The user of a number that counts people only: none is a bot.
    pub(crate) fn person(number: u32) -> Self {
        Self::user(number + (number.max(1) - 1) / (BOTS - 1))
    }

    /// The account that owns repositories.
    pub(crate) fn owner(login: &str, id: u64) -> Self {
        Self { login: login.to_owned(), id, number: None }
    }

    /// The user of a login.
    pub(crate) fn find(login: &str) -> Option<Self> {
        let number = login.trim_end_matches("[bot]").rsplit('-').next()?.parse().ok()?;
        Some(Self::user(number)).filter(|user| user.login.eq_ignore_ascii_case(login))
    }

    /// The user of an id.
    pub(crate) fn by_id(id: u64) -> Option<Self> {
        let number = u32::try_from(id.checked_sub(FIRST_ID)? / STEP).ok()?;
        Some(Self::user(number)).filter(|user| user.id == id)
    }

    /// Appends the account as an object.
    pub(crate) fn object(&self, out: &mut String) {
        out.push('{');
        SIMPLE.render(self, out);
        out.push('}');
    }

    /// Appends the fields of the account, without braces.
    pub(crate) fn fields(&self, out: &mut String) {
        SIMPLE.render(self, out);
    }

    /// The login as it stands in addresses.
    pub(crate) fn slug(&self) -> Cow<'_, str> {
        match self.login.strip_suffix("[bot]") {
            Some(name) => Cow::Owned(format!("{name}%5Bbot%5D")),
            None => Cow::Borrowed(&self.login),
        }
    }

    /// `User`, `Bot` or `Organization`.
    pub(crate) fn kind(&self) -> &'static str {
        match self.number {
            None => "Organization",
            Some(number) if number.is_multiple_of(BOTS) => "Bot",
            Some(_) => "User",
        }
    }
}

impl From<&Owner> for Account {
    fn from(owner: &Owner) -> Self {
        Self::owner(&owner.login, owner.id)
    }
}

impl Fill for Account {
    fn fill(&self, slot: &str, out: &mut String) -> bool {
        match slot {
            "login" => json::text(&self.login, out),
            "slug" => out.push_str(&self.slug()),
            "id" => json::number(self.id, out),
            "node_id" => node::of(if self.number.is_some() { "U" } else { "O" }, self.id, out),
            "type" => json::text(self.kind(), out),
            "site_admin" => {
                json::boolean(self.number.is_some_and(|number| number.is_multiple_of(97)), out)
            }
            _ => return false,
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_person_is_a_bot_and_no_two_are_the_same() {
        let people: Vec<Account> = (1..500).map(Account::person).collect();
        assert!(people.iter().all(|person| person.kind() == "User"));
        assert!(people.is_sorted_by(|one, next| one.id < next.id));
    }

    #[test]
    fn a_user_is_found_by_login_and_by_id() {
        for number in [1, 7, 40, 97, 12_345] {
            let user = Account::user(number);
            assert_eq!(Account::find(&user.login), Some(user.clone()));
            assert_eq!(Account::by_id(user.id), Some(user.clone()));
            assert_eq!(Account::by_id(user.id + 1).filter(|other| *other == user), None);
        }
        assert_eq!(Account::find("nobody"), None);
        assert_eq!(Account::find("brave-otter-x"), None);
    }
}
