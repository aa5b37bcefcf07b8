//! Repository search: qualifiers, and the cap of 1,000 results.

use super::link::{self, Pages};
use super::list::{self, Page};
use super::message;
use super::range::Range;
use super::repository::Repository;
use super::world::{Repo, World};
use crate::server::{Answer, Request};

/// The API shows no more results than that.
const CAP: usize = 1_000;

/// What a query says of forks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Forks {
    #[default]
    Left,
    Too,
    Only,
}

/// What a query asks for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Query {
    owners: Vec<String>,
    repos: Vec<String>,
    words: Vec<String>,
    /// What no result may be.
    not: Vec<String>,
    created: Option<Range>,
    pushed: Option<Range>,
    archived: Option<bool>,
    forks: Forks,
}

impl Query {
    /// Reads a query; qualifiers that do not concern this data are left out.
    fn parse(text: &str) -> Result<Self, String> {
        let mut query = Self::default();
        for word in text.split_whitespace() {
            match word.split_once(':') {
                Some(("org" | "user", owner)) => query.owners.push(owner.to_ascii_lowercase()),
                Some(("repo", name)) => query.repos.push(name.to_ascii_lowercase()),
                Some(("-repo", name)) => query.not.push(name.to_ascii_lowercase()),
                Some(("created", range)) => query.created = Some(Range::parse(range)?),
                Some(("pushed", range)) => query.pushed = Some(Range::parse(range)?),
                Some(("archived", text)) => query.archived = text.parse().ok(),
                Some(("fork", "true")) => query.forks = Forks::Too,
                Some(("fork", "only")) => query.forks = Forks::Only,
                Some(_) => {}
                None => query.words.push(word.to_ascii_lowercase()),
            }
        }
        Ok(query)
    }

    fn matches(&self, repo: &Repo) -> bool {
        let full_name = repo.full_name().to_ascii_lowercase();
        let owner = full_name.split('/').next().unwrap_or_default();
        let anywhere = self.owners.is_empty() && self.repos.is_empty();
        let scoped = anywhere
            || self.owners.iter().any(|one| one == owner)
            || self.repos.contains(&full_name);
        let named = scoped && !self.not.contains(&full_name);
        let in_range = self.created.is_none_or(|range| range.holds(repo.created))
            && self.pushed.is_none_or(|range| range.holds(repo.pushed));
        let in_state = self.archived.is_none_or(|archived| archived == repo.archived)
            && match self.forks {
                Forks::Left => !repo.fork,
                Forks::Too => true,
                Forks::Only => repo.fork,
            };
        named && in_range && in_state && self.words.iter().all(|word| full_name.contains(word))
    }
}

/// The answer of `/search/repositories`.
pub(crate) fn answer(world: &World, request: &Request) -> Answer {
    let text = request.param("q").unwrap_or_default();
    if text.trim().is_empty() {
        return message::invalid("Validation Failed");
    }
    let query = match Query::parse(text) {
        Ok(query) => query,
        Err(error) => return message::invalid(&error),
    };
    let page = Page::of(request);
    if page.start() >= CAP {
        return message::invalid("Only the first 1000 search results are available");
    }
    let mut found: Vec<&Repo> = world.repos.iter().filter(|repo| query.matches(repo)).collect();
    match request.param("sort") {
        Some("stars") => found.sort_by_key(|repo| repo.stars.len()),
        Some("updated") => found.sort_by_key(|repo| repo.updated),
        _ => found.sort_by_key(|repo| std::cmp::Reverse(repo.id)),
    }
    if request.param("order") != Some("asc") {
        found.reverse();
    }
    let shown = &found[..found.len().min(CAP)];
    let from = page.start().min(shown.len());
    let to = (from + page.size).min(shown.len());
    let items = list::array(&shown[from..to], |repo, out| Repository(repo).found(out));
    let total = found.len();
    let body =
        format!("{{\"total_count\":{total},\"incomplete_results\":false,\"items\":{items}}}");
    let mut answer = Answer::json(200, body);
    let pages = Pages { current: page.number, last: shown.len().div_ceil(page.size) };
    if let Some(link) = link::numbered(request, "/search/repositories", pages) {
        answer.set("link", link);
    }
    answer
}
