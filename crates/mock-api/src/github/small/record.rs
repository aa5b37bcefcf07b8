//! A row of a small list as a record: what the slots of its shape are filled with.
//!
//! A slot is a name, or a name and what it is about: `{{user:author}}`. The same text gives the same
//! value everywhere in a record. Within a string a value stands without its quotes.
//!
//! | slot | value |
//! |---|---|
//! | `id` `node_id` `number` | the row's; ids ascend with the numbers |
//! | `repo` `repo_name` `repo_id` `repo_node_id` `owner` `org` `org_id` | strings and numbers of the place; `repo` is `owner/name` |
//! | `repository` `full_repository` `owner_account` | objects |
//! | `created_at` `updated_at` `closed_at` | instants; `closed_at` may be null |
//! | `later:SECONDS` | an instant up to so long after `created_at` |
//! | `date:…` | `created_at`, `updated_at` as `2026-11-01` |
//! | `epoch:created_at` | an instant as a number |
//! | `day` `week` | midnight, or the start of the week, so many days or weeks ago as the row's number |
//! | `state` `state:A\|B` | `open` or `closed`, or other words for them |
//! | `user:X` `login:X` `user_id:X` `user_node_id:X` `user_fields:X` | a user; of `member` the one of the row's number, so that no two rows have the same |
//! | `title:X` `body:X` `word:X` | texts; `title` and `body` tell of changes |
//! | `name` `slug` | unique in the list, such as `parser-3` |
//! | `sha` `sha:X` `hex:N` | 40, or N, digits |
//! | `commit_sha:X` `issue_number:X` `pull_number:X` | of a row that is there; of the parent if it is one |
//! | `row:LIST.SLOT` | the slot of some row of another small list of the same repository, organization or user |
//! | `issue` `pull` | the whole record of `issue_number`, `pull_number` |
//! | `one_of:A\|B` | one of the words |
//! | `each:A\|B` | the word of the row's number; of later rows with a number behind it |
//! | `flag:PERCENT` | `true` or `false` |
//! | `count:N` `count:N:X` | a number below N |
//! | `maybe:PERCENT:SLOT` | the slot, or null |
//! | `with:PERCENT:FIELD:SLOT` | a field and its comma, before another field; or nothing |
//! | `reactions:PATH` | the reactions of `repos/…/PATH/ID` |
//! | `parent` `parent_fields` | the whole record of the parent, with and without braces |
//! | `parent.SLOT` | a slot of the parent, which may be `parent.SLOT` again |

use super::place::{Here, Root};
use super::registry::List;
use crate::github::account::Account;
use crate::github::commit;
use crate::github::reactions::Reactions;
use crate::github::seed::{Dice, mix};
use crate::github::table::Row;
use crate::github::template::Fill;
use crate::github::world::text_seed;
use crate::github::{json, node, text};

/// Most records are made by that many people.
const PEOPLE: u64 = 60;
/// Bits of the number in the id of a row of a root.
const NUMBER: u32 = 21;
/// Bits of the number in the id of a row of a parent.
const CHILD: u32 = 10;

/// A row, and where it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Record<'a> {
    pub(crate) list: &'static List,
    pub(crate) here: &'a Here<'a>,
    pub(crate) row: &'a Row,
}

impl Record<'_> {
    pub(crate) fn object(&self, out: &mut String) {
        self.list.record.render(self, out);
    }

    /// The id; it stays below 2^53.
    pub(crate) fn id(&self) -> u64 {
        let (name, number) = (text_seed(self.list.small.name), u64::from(self.row.number));
        if self.here.parents.is_empty() {
            let serial = self.here.serial() & 0x7_ffff;
            return ((name % 4_095 + 1) << 40) | (serial << NUMBER) | number;
        }
        let place = mix(&[name, self.here.seed()]) >> 22;
        (place << CHILD) | number
    }

    /// The choices for this row.
    pub(crate) fn dice(&self) -> Dice {
        let name = text_seed(self.list.small.name);
        Dice::new(&[self.here.seed(), name, self.row.number.into()])
    }

    fn user(&self, about: &str) -> Account {
        match about {
            "member" => Account::person(self.row.number),
            _ => Account::user(1 + self.dice().pick(text_seed(about), PEOPLE) as u32),
        }
    }

    /// A text, and how often the row was changed.
    fn edited(&self, words: String, out: &mut String) {
        match self.row.version {
            0 => json::text(&words, out),
            version => json::text(&format!("{words} (edit {version})"), out),
        }
    }
}

impl Fill for Record<'_> {
    fn fill(&self, slot: &str, out: &mut String) -> bool {
        if self.list.small.slots.is_some_and(|own| own(self, slot, out)) {
            return true;
        }
        if slot.starts_with("parent") {
            return self.of_parent(slot, out);
        }
        let (name, about) = slot.split_once(':').unwrap_or((slot, ""));
        let (dice, purpose) = (self.dice(), text_seed(slot));
        let number = self.row.number;
        match name {
            "id" => json::number(self.id(), out),
            "number" => json::number(number.into(), out),
            "node_id" => {
                let root = match &self.here.root {
                    Root::Repository(repo) => repo.id,
                    _ => self.here.owner().id,
                };
                node::within(self.list.small.node, root, self.id(), out);
            }
            "user" => self.user(about).object(out),
            "user_fields" => self.user(about).fields(out),
            "login" => json::text(&self.user(about).login, out),
            "user_id" => json::number(self.user(about).id, out),
            "user_node_id" => node::of("U", self.user(about).id, out),
            "title" => self.edited(text::title(dice, purpose), out),
            "body" => self.edited(text::body(dice, purpose, 4), out),
            "word" => json::text(&text::word(dice, purpose), out),
            "name" | "slug" => json::text(&format!("{}-{number}", text::word(dice, 7)), out),
            "sha" => json::text(&commit::digest(&[dice.pick(purpose, u64::MAX), purpose]), out),
            "hex" => {
                let digits = commit::digest(&[dice.pick(purpose, u64::MAX), purpose]);
                json::text(&digits[..about.parse().unwrap_or(8).min(digits.len())], out);
            }
            "reactions" => {
                let repo = self.here.repo().map(|repo| repo.full_name()).unwrap_or_default();
                let url = format!("https://api.github.com/repos/{repo}/{about}/{}", self.id());
                Reactions { url: &url, dice }.object(out);
            }
            "row" => return self.of_other(about, out),
            _ => {
                return self.of_place(slot, out)
                    || self.chosen(name, about, purpose, out)
                    || self.when(name, about, purpose, out)
                    || self.of_repository(name, purpose, out);
            }
        }
        true
    }
}
