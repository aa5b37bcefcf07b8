//! Slots of the place, of the parent and of other rows, and those that choose or tell the time.

use super::place::{Held, Here};
use super::record::Record;
use super::registry::List;
use crate::github::repository::Repository;
use crate::github::table::Row;
use crate::github::template::Fill;
use crate::github::world::text_seed;
use crate::github::{commit, json, node};

const DAY: u32 = 86_400;

impl Record<'_> {
    /// Slots of the place.
    pub(super) fn of_place(&self, slot: &str, out: &mut String) -> bool {
        let owner = self.here.owner();
        match slot {
            "owner" | "org" => json::text(&owner.login, out),
            "org_id" => json::number(owner.id, out),
            "owner_account" => owner.object(out),
            _ => {
                let Some(repo) = self.here.repo() else { return false };
                match slot {
                    "repo" => json::text(&repo.full_name(), out),
                    "repo_name" => json::text(&repo.name, out),
                    "repo_id" => json::number(repo.id, out),
                    "repo_node_id" => node::of("R", repo.id, out),
                    "repository" => Repository(repo).minimal(out),
                    "full_repository" => Repository(repo).nested(out),
                    _ => return false,
                }
            }
        }
        true
    }

    /// Slots of the parent.
    pub(super) fn of_parent(&self, slot: &str, out: &mut String) -> bool {
        let Some((parent, above)) = self.here.parents.split_last() else { return false };
        let above = Here { parents: above.to_vec(), ..self.here.clone() };
        match slot.strip_prefix("parent") {
            Some("") => parent.object(&above, out),
            Some("_fields") => {
                let mut object = String::new();
                parent.object(&above, &mut object);
                out.push_str(&object[1..object.len() - 1]);
            }
            Some(slot) if slot.starts_with('.') => return parent.fill(&above, &slot[1..], out),
            _ => return false,
        }
        true
    }

    /// Slots that choose.
    pub(super) fn chosen(&self, name: &str, about: &str, purpose: u64, out: &mut String) -> bool {
        let dice = self.dice();
        match name {
            "one_of" => {
                let words: Vec<&str> = about.split('|').collect();
                json::text(dice.of(purpose, &words), out);
            }
            "each" => {
                let words: Vec<&str> = about.split('|').collect();
                match words.get(self.row.number as usize - 1) {
                    Some(word) => json::text(word, out),
                    None => {
                        let number = self.row.number;
                        let word = words[number as usize % words.len()];
                        json::text(&format!("{word}-{number}"), out);
                    }
                }
            }
            "flag" => json::boolean(dice.chance(purpose, about.parse().unwrap_or(50)), out),
            "count" => {
                let below = about.split(':').next().and_then(|below| below.parse().ok());
                json::number(dice.pick(purpose, below.unwrap_or(100)), out);
            }
            "maybe" => {
                let (percent, slot) = about.split_once(':').unwrap_or(("50", about));
                if dice.chance(purpose, percent.parse().unwrap_or(50)) {
                    return self.fill(slot, out);
                }
                out.push_str("null");
            }
            "state" => {
                let (open, closed) = about.split_once('|').unwrap_or(("open", "closed"));
                json::text(if self.row.closed == 0 { open } else { closed }, out);
            }
            _ => return false,
        }
        true
    }

    /// Slots that are instants.
    pub(super) fn when(&self, name: &str, about: &str, purpose: u64, out: &mut String) -> bool {
        let row = self.row;
        let today = self.here.world.clock / DAY * DAY;
        match name {
            "created_at" => json::instant(row.created, out),
            "updated_at" => json::instant(row.updated, out),
            "closed_at" => json::instant_or_null(row.closed, out),
            "later" => {
                let most = about.parse().unwrap_or(3_600);
                json::instant(row.created + self.dice().pick(purpose, most) as u32, out);
            }
            "date" => {
                let mut instant = String::new();
                json::bare_instant(self.instant(about), &mut instant);
                json::text(&instant[..10], out);
            }
            "epoch" => json::number(self.instant(about).into(), out),
            "day" => json::instant(today - DAY * row.number, out),
            // The first day of the epoch was a Thursday; weeks begin on Sunday.
            "week" => {
                let sunday = today - (today / DAY + 4) % 7 * DAY;
                json::number((sunday - 7 * DAY * row.number).into(), out);
            }
            _ => return false,
        }
        true
    }

    /// A slot of some row of another list; of the same row whatever the slot.
    pub(super) fn of_other(&self, about: &str, out: &mut String) -> bool {
        let Some((name, slot)) = about.split_once('.') else { return false };
        let Some(list) = List::named(name) else { return false };
        let here = Here::new(self.here.world, self.here.root.clone());
        let table = here.world.small.rows(list, &here);
        let at = self.dice().pick(text_seed(name), table.len() as u64) as usize;
        match table.rows().get(at) {
            Some(row) => return Record { list, here: &here, row }.fill(slot, out),
            None => out.push_str("null"),
        }
        true
    }

    /// Slots that name rows of the repository.
    pub(super) fn of_repository(&self, name: &str, purpose: u64, out: &mut String) -> bool {
        let Some(repo) = self.here.repo() else { return false };
        let mut parents = self.here.parents.iter().rev();
        let any = |count: usize| self.dice().pick(purpose, count as u64) as usize;
        match name {
            "commit_sha" => {
                let of_parent = parents.find_map(|parent| match parent {
                    Held::Commit(row) => Some(commit::sha(repo, row.number)),
                    Held::PullCommit(commit) => Some(commit.oid()),
                    _ => None,
                });
                let row = repo.commits.rows().get(any(repo.commits.len()));
                let any = || commit::sha(repo, row.map_or(1, |row| row.number));
                json::text(&of_parent.unwrap_or_else(any), out);
            }
            "issue_number" | "pull_number" => {
                let of_parent = parents.find_map(|parent| match parent {
                    Held::Issue(row) | Held::Pull(row) => Some(row.number),
                    Held::IssueComment(row) => Some(row.parent),
                    _ => None,
                });
                let is_meant = |row: &&Row| row.pull == (name == "pull_number");
                let number = of_parent.unwrap_or_else(|| {
                    let rows: Vec<&Row> = repo.issues.rows().iter().filter(is_meant).collect();
                    rows.get(any(rows.len())).map_or(1, |row| row.number)
                });
                json::number(number.into(), out);
            }
            _ => return false,
        }
        true
    }

    fn instant(&self, name: &str) -> u32 {
        match name {
            "updated_at" => self.row.updated,
            "closed_at" => self.row.closed,
            _ => self.row.created,
        }
    }
}
