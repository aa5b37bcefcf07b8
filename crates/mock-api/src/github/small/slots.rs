//! Slots of the place, of the parent and of other rows, and those that choose or tell the time.

use super::place::{Held, Here};
use super::record::Record;
use super::registry::List;
use crate::github::issue::Issue;
use crate::github::pull::Pull;
use crate::github::repository::Repository;
use crate::github::table::Row;
use crate::github::template::Fill;
use crate::github::world::{Repo, text_seed};
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
            "with" => {
                let mut parts = about.splitn(3, ':');
                let (percent, field) = (parts.next().unwrap_or("50"), parts.next().unwrap_or(""));
                let slot = parts.next().unwrap_or("number");
                if dice.chance(purpose, percent.parse().unwrap_or(50)) {
                    json::text(field, out);
                    out.push(':');
                    let known = self.fill(slot, out);
                    out.push(',');
                    return known;
                }
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
        match name {
            "commit_sha" => {
                let of_parent = parents.find_map(|parent| match parent {
                    Held::Commit(row) => Some(commit::sha(repo, row.number)),
                    Held::PullCommit(commit) => Some(commit.oid()),
                    _ => None,
                });
                let any = || {
                    let rows = repo.commits.rows();
                    let row = rows.get(self.dice().pick(purpose, rows.len() as u64) as usize);
                    commit::sha(repo, row.map_or(1, |row| row.number))
                };
                json::text(&of_parent.unwrap_or_else(any), out);
            }
            "issue" | "pull" => {
                let purpose =
                    text_seed(if name == "issue" { "issue_number" } else { "pull_number" });
                let number = self.number_of(repo, name == "pull", purpose);
                let Some(row) = repo.issues.find(number) else {
                    out.push_str("null");
                    return true;
                };
                let issue = Issue { repo, row };
                if name == "pull" { Pull(issue).object(out) } else { issue.object(out) }
            }
            "issue_number" | "pull_number" => {
                let number = self.number_of(repo, name == "pull_number", purpose);
                json::number(number.into(), out);
            }
            _ => return false,
        }
        true
    }

    /// The number of the issue that a row is about, or of some issue.
    fn number_of(&self, repo: &Repo, pull: bool, purpose: u64) -> u32 {
        let mut parents = self.here.parents.iter().rev();
        let of_parent = parents.find_map(|parent| match parent {
            Held::Issue(row) | Held::Pull(row) => Some(row.number),
            Held::IssueComment(row) => Some(row.parent),
            _ => None,
        });
        of_parent.unwrap_or_else(|| {
            let rows: Vec<&Row> =
                repo.issues.rows().iter().filter(|row| row.pull == pull).collect();
            let at = self.dice().pick(purpose, rows.len() as u64) as usize;
            rows.get(at).map_or(1, |row| row.number)
        })
    }

    fn instant(&self, name: &str) -> u32 {
        match name {
            "updated_at" => self.row.updated,
            "closed_at" => self.row.closed,
            _ => self.row.created,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use serde_json::{Value, json};

    use super::super::list::{Parent, Small};
    use super::super::place::Root;
    use super::*;
    use crate::Options;
    use crate::github::world::World;

    /// The records of a shape: three rows of the repository, or of the first row of a parent.
    fn records(parent: Parent, shape: &str) -> Vec<Value> {
        let arguments = ["mock-api", "--issues", "6", "--pulls", "3", "--commits", "3"];
        let world = World::new(&Options::parse_from(arguments).github).unwrap();
        let path = "/repos/{owner}/{repo}/wishes/{wish_id}/stars";
        let small = Small::new("stars", path, shape.to_owned().leak(), 3).of(parent);
        let list: &'static List = Box::leak(Box::new(List::new(Box::leak(Box::new(small)))));
        let mut here = Here::new(&world, Root::Repository(&world.repos[0]));
        if let Some(first) = here.every(list).into_iter().next() {
            here = here.under(first);
        }
        let table = world.small.rows(list, &here);
        let record = |row| {
            let mut out = String::new();
            Record { list, here: &here, row }.object(&mut out);
            serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"))
        };
        table.rows().iter().map(record).collect()
    }

    fn check(parent: Parent, shape: &str, expected: Value) {
        assert_eq!(Value::from(records(parent, shape)), expected, "{shape}");
    }

    #[test]
    fn words_are_given_out_by_number_and_then_numbered() {
        check(Parent::Root, r#"{{each:main|next}}"#, json!(["main", "next", "next-3"]));
        check(Parent::Root, r#""{{owner}}: {{number}}""#, json!(["acme: 1", "acme: 2", "acme: 3"]));
        check(Parent::Root, "{{flag:100}}", json!([true, true, true]));
        check(
            Parent::Root,
            r#"[{ {{with:0:a:id}} {{with:100:b:owner}} "c": 1}]"#,
            json!([
                [{"b": "acme", "c": 1}], [{"b": "acme", "c": 1}], [{"b": "acme", "c": 1}]
            ]),
        );
        check(Parent::Root, "{{maybe:0:title}}", json!([null, null, null]));
        check(
            Parent::Root,
            "{{day}}",
            json!(["2026-10-31T00:00:00Z", "2026-10-30T00:00:00Z", "2026-10-29T00:00:00Z"]),
        );
        // Sundays before the first of November, which is one.
        check(Parent::Root, "{{week}}", json!([1_792_886_400, 1_792_281_600, 1_791_676_800]));
    }

    #[test]
    fn the_same_slot_has_the_same_value_and_a_person_one_name() {
        let shape = r#"[{{user:author}}, {{login:author}}, {{user_id:author}}, {{sha:a}}, "{{sha:a}}", {{sha:b}}]"#;
        for record in records(Parent::Root, shape) {
            assert_eq!(record[0]["login"], record[1]);
            assert_eq!(record[0]["id"], record[2]);
            assert_eq!(record[3], record[4]);
            assert_ne!(record[3], record[5]);
        }
        let shape = r#"[{{login:member}}, {{id}}, {{name}}]"#;
        let rows = records(Parent::Root, shape);
        let differ = |at: usize| rows[0][at] != rows[1][at] && rows[1][at] != rows[2][at];
        assert!((0..3).all(differ), "{rows:?}");
    }

    #[test]
    fn a_row_speaks_of_its_parent() {
        for (parent, number) in [(Parent::Issue, "issue_number"), (Parent::Pull, "pull_number")] {
            let shape = format!("[{{{{parent.number}}}}, {{{{{number}}}}}, {{{{parent}}}}]");
            for record in records(parent, &shape) {
                assert_eq!(record[0], record[1]);
                assert_eq!(record[0], record[2]["number"]);
            }
        }
        let shape = r#"{ {{parent_fields}}, "sha_too": {{commit_sha}}, "files": [] }"#;
        for record in records(Parent::Commit, shape) {
            assert_eq!(record["sha"], record["sha_too"]);
            assert!(record["commit"]["message"].is_string() && record["files"].is_array());
        }
        let shape = r#"[{{parent.id}}, {{parent.title}}, {{parent.row:workflows.id}}]"#;
        for record in records(Parent::Small("workflow_runs"), shape) {
            assert!(record[0].is_u64() && record[1].is_string() && record[2].is_u64());
        }
    }

    #[test]
    fn rows_of_other_lists_are_rows_that_are_there() {
        let shape =
            "[{{pull_number}}, {{issue_number}}, {{row:workflows.id}}, {{row:workflows.number}}]";
        for record in records(Parent::Root, shape) {
            assert!([2, 4, 6].map(Value::from).contains(&record[0]), "{record}");
            assert!([1, 3, 5].map(Value::from).contains(&record[1]), "{record}");
            assert_eq!(record[2].as_u64().map(|id| id & 0xff), record[3].as_u64(), "{record}");
        }
    }
}
