//! Changes of the data: rows that are touched, made, deleted, and repositories that are renamed.

use serde_json::{Value, json};

use super::json::bare_instant;
use super::message;
use super::seed::mix;
use super::small::{self, List};
use super::table::{Row, Table};
use super::truth::Resource;
use super::world::{Repo, World};
use crate::server::{Answer, Request};

/// Seconds that pass before a change.
const PAUSE: u32 = 60;

/// Answers a change; `None` if there is no such action.
pub(crate) fn answer(world: &mut World, action: &str, request: &Request) -> Option<Answer> {
    let list = request.param("resource").and_then(List::named);
    if let (Some(list), "touch" | "create" | "delete") = (list, action) {
        return Some(match small::change(world, list, action, request) {
            Ok(value) => Answer::value(200, &value),
            Err(text) => message::error(400, &text),
        });
    }
    let change = match action {
        "touch" => touch,
        "create" => create,
        "delete" => delete,
        "rename" => rename,
        _ => return None,
    };
    Some(match change(world, request) {
        Ok(value) => Answer::value(200, &value),
        Err(text) => message::error(400, &text),
    })
}

/// What a change is to be made to.
struct Aim<'a> {
    repo: &'a mut Repo,
    resource: Resource,
    count: usize,
    /// One row only.
    number: Option<u32>,
    now: u32,
}

impl<'a> Aim<'a> {
    /// Reads the query, and lets time pass.
    fn take(world: &'a mut World, request: &Request) -> Result<Self, String> {
        let name = request.param("repo").unwrap_or_default();
        let (owner, short) = name.split_once('/').unwrap_or((name, ""));
        let resource = request.param("resource").unwrap_or("issues");
        let resource =
            Resource::parse(resource).ok_or_else(|| format!("there is no list `{resource}`"))?;
        let count = request.number("count").unwrap_or(1) as usize;
        world.clock += PAUSE;
        let now = world.clock;
        // The next change comes after the last row of this one.
        world.clock += u32::try_from(count).unwrap_or(0);
        let repo = world.repos.iter_mut().find(|repo| repo.is(owner, short));
        let repo = repo.ok_or_else(|| format!("there is no repository `{name}`"))?;
        let number = request.number("number").map(|number| number as u32);
        Ok(Self { repo, resource, count, number, now })
    }

    fn table(&mut self) -> Result<&mut Table, String> {
        Ok(match self.resource {
            Resource::Issues | Resource::Pulls => &mut self.repo.issues,
            Resource::Comments => &mut self.repo.comments,
            Resource::Commits => &mut self.repo.commits,
            Resource::Labels => &mut self.repo.labels,
            Resource::Milestones => &mut self.repo.milestones,
            Resource::Releases => &mut self.repo.releases,
            Resource::Stargazers => &mut self.repo.stars,
            Resource::Discussions => &mut self.repo.discussions,
            Resource::Reviews => return Err("touch the pull requests instead".to_owned()),
            Resource::Repositories => return Err("name a list of the repository".to_owned()),
        })
    }

    /// The numbers of the rows that are meant, spread evenly over the list.
    fn chosen(&self) -> Vec<u32> {
        let rows = self.resource.rows(self.repo).iter().filter(|row| self.resource.holds(row));
        let numbers: Vec<u32> = rows.map(|row| row.number).collect();
        if let Some(number) = self.number {
            return numbers.into_iter().filter(|&one| one == number).collect();
        }
        let (length, count) = (numbers.len(), self.count.min(numbers.len()));
        let first = mix(&[self.now.into()]) as usize % length.max(1);
        let mut chosen: Vec<u32> =
            (0..count).map(|at| numbers[(first + at * length / count) % length]).collect();
        chosen.sort_unstable();
        chosen
    }

    fn done(&self, verb: &str, numbers: &[u32]) -> Value {
        let mut now = String::new();
        bare_instant(self.now, &mut now);
        json!({verb: numbers.len(), "first_at": now, "numbers": numbers})
    }
}

/// Gives rows a new version and a later `updated_at`.
fn touch(world: &mut World, request: &Request) -> Result<Value, String> {
    let mut aim = Aim::take(world, request)?;
    let now = aim.now;
    match aim.resource {
        Resource::Repositories => {
            aim.repo.updated = now;
            aim.repo.version += 1;
            return Ok(aim.done("touched", &[]));
        }
        Resource::Commits | Resource::Stargazers => {
            return Err("rows of this list do not change; they are made and deleted".to_owned());
        }
        _ => {}
    }
    let chosen = aim.chosen();
    aim.table()?.edit(|rows| {
        for (at, number) in chosen.iter().enumerate() {
            if let Ok(found) = rows.binary_search_by_key(number, |row| row.number) {
                rows[found].updated = now + at as u32;
                rows[found].version += 1;
            }
        }
    });
    Ok(aim.done("touched", &chosen))
}

/// Adds rows.
fn create(world: &mut World, request: &Request) -> Result<Value, String> {
    let mut aim = Aim::take(world, request)?;
    let (now, count, resource) = (aim.now, aim.count, aim.resource);
    let parents: Vec<u32> = aim.repo.issues.rows().iter().map(|row| row.number).collect();
    if resource == Resource::Comments && parents.is_empty() {
        return Err("there is no issue to comment on".to_owned());
    }
    let parent = |at: usize| match aim.number {
        Some(number) => number,
        None => parents[mix(&[now.into(), at as u64]) as usize % parents.len()],
    };
    let rows: Vec<Row> = (0..count)
        .map(|at| {
            let created = now + at as u32;
            let parent = if resource == Resource::Comments { parent(at) } else { 0 };
            let pull = resource == Resource::Pulls;
            Row { parent, created, updated: created, pull, ..Row::default() }
        })
        .collect();
    let table = aim.table()?;
    let first = table.next();
    rows.iter().for_each(|row| table.push(*row));
    let numbers: Vec<u32> = (first..table.next()).collect();
    if resource == Resource::Comments {
        count_comments(aim.repo, &rows, |comments| comments.saturating_add(1));
    }
    if resource == Resource::Commits {
        aim.repo.pushed = now + count as u32;
    }
    aim.repo.recount();
    Ok(aim.done("created", &numbers))
}

/// Removes rows, or a repository.
fn delete(world: &mut World, request: &Request) -> Result<Value, String> {
    let mut aim = Aim::take(world, request)?;
    if aim.resource == Resource::Repositories {
        let (done, id) = (aim.done("deleted", &[]), aim.repo.id);
        world.repos.retain(|repo| repo.id != id);
        return Ok(done);
    }
    let chosen = aim.chosen();
    let is_chosen = |number: u32| chosen.binary_search(&number).is_ok();
    let gone: Vec<Row> =
        aim.resource.rows(aim.repo).iter().filter(|row| is_chosen(row.number)).copied().collect();
    aim.table()?.remove(|row| is_chosen(row.number));
    match aim.resource {
        Resource::Issues | Resource::Pulls => {
            aim.repo.comments.remove(|comment| is_chosen(comment.parent));
        }
        Resource::Comments => {
            count_comments(aim.repo, &gone, |comments| comments.saturating_sub(1));
        }
        _ => {}
    }
    aim.repo.recount();
    Ok(aim.done("deleted", &chosen))
}

/// Gives a repository another name, and keeps the old one as a redirect.
fn rename(world: &mut World, request: &Request) -> Result<Value, String> {
    let name = request.param("repo").unwrap_or_default();
    let to = request.param("to").unwrap_or_default();
    let (owner, short) = name.split_once('/').unwrap_or((name, ""));
    let (_, new) = to.split_once('/').ok_or("`to` is no repository (owner/name)")?;
    let repo = world.repo_mut(owner, short);
    let repo = repo.ok_or_else(|| format!("there is no repository `{name}`"))?;
    repo.former.push(repo.full_name());
    repo.name = new.to_owned();
    Ok(json!({"renamed": 1, "full_name": repo.full_name()}))
}

/// Changes the counts of the issues that comments belong to.
fn count_comments(repo: &mut Repo, comments: &[Row], change: impl Fn(u16) -> u16) {
    repo.issues.edit(|issues| {
        for comment in comments {
            if let Ok(at) = issues.binary_search_by_key(&comment.parent, |issue| issue.number) {
                issues[at].comments = change(issues[at].comments);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::Options;

    fn world() -> World {
        let arguments = ["mock-api", "--issues", "50", "--pulls", "10"];
        World::new(&Options::parse_from(arguments).github).unwrap()
    }

    fn post(world: &mut World, action: &str, query: &str) -> Value {
        let request = Request::new("POST", &format!("/?repo=acme/widgets&{query}"));
        let answer = answer(world, action, &request).unwrap();
        serde_json::from_slice(&answer.body).unwrap()
    }

    #[test]
    fn touched_rows_are_later_than_all_others_and_have_a_new_version() {
        let mut world = world();
        let done = post(&mut world, "touch", "resource=issues&count=7");
        assert_eq!(done["touched"], 7);
        let rows = world.repos[0].issues.rows();
        let touched: Vec<&Row> = rows.iter().filter(|row| row.version == 1).collect();
        assert_eq!(touched.len(), 7);
        let rest = rows.iter().filter(|row| row.version == 0).map(|row| row.updated).max();
        assert!(touched.iter().all(|row| Some(row.updated) > rest && row.updated < world.clock));
    }

    #[test]
    fn only_pull_requests_are_touched_as_pull_requests() {
        let mut world = world();
        assert_eq!(post(&mut world, "touch", "resource=pull_requests&count=99")["touched"], 10);
        assert!(world.repos[0].issues.rows().iter().all(|row| row.pull == (row.version == 1)));
    }

    #[test]
    fn comments_are_counted_by_their_issues() {
        let mut world = world();
        post(&mut world, "create", "resource=issue_comments&count=5");
        post(&mut world, "delete", "resource=issue_comments&count=9");
        post(&mut world, "delete", "resource=issues&count=20");
        let repo = &world.repos[0];
        let counted: usize = repo.issues.rows().iter().map(|row| usize::from(row.comments)).sum();
        assert_eq!(repo.issues.len(), 30);
        assert_eq!(counted, repo.comments.len());
    }

    #[test]
    fn a_deleted_repository_is_gone_and_a_renamed_one_remembers_its_name() {
        let mut world = world();
        post(&mut world, "rename", "to=acme/things");
        assert_eq!(world.repos[0].former, ["acme/widgets"]);
        let request = Request::new("POST", "/?repo=acme/gadgets&resource=repositories");
        answer(&mut world, "delete", &request).unwrap();
        assert!(world.repo("acme", "gadgets").is_none());
        assert!(world.repo("acme", "things").is_some());
    }
}
