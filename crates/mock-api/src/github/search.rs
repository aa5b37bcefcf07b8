//! Repository search: qualifiers, and the cap of 1,000 results.

use super::link::{self, Pages};
use super::list::{self, Page};
use super::message;
use super::repository::Repository;
use super::world::{Repo, World};
use crate::clock::parse_instant;
use crate::server::{Answer, Request};

/// The API shows no more results than that.
const CAP: usize = 1_000;

/// What a query asks for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Query {
    owners: Vec<String>,
    repos: Vec<String>,
    words: Vec<String>,
    created: Option<(u32, u32)>,
}

impl Query {
    /// Reads a query; qualifiers that do not concern this data are left out.
    fn parse(text: &str) -> Result<Self, String> {
        let mut query = Self::default();
        for word in text.split_whitespace() {
            match word.split_once(':') {
                Some(("org" | "user", owner)) => query.owners.push(owner.to_ascii_lowercase()),
                Some(("repo", name)) => query.repos.push(name.to_ascii_lowercase()),
                Some(("created", range)) => query.created = Some(parse_range(range)?),
                Some(_) => {}
                None => query.words.push(word.to_ascii_lowercase()),
            }
        }
        Ok(query)
    }

    fn matches(&self, repo: &Repo) -> bool {
        let full_name = repo.full_name().to_ascii_lowercase();
        let owner = full_name.split('/').next().unwrap_or_default();
        let scoped = self.owners.is_empty() && self.repos.is_empty();
        let named = self.owners.iter().any(|one| one == owner) || self.repos.contains(&full_name);
        let in_range = self.created.is_none_or(|(from, to)| (from..=to).contains(&repo.created));
        (scoped || named) && in_range && self.words.iter().all(|word| full_name.contains(word))
    }
}

/// Reads `A..B`, `>A`, `>=A`, `<B`, `<=B` or a day.
fn parse_range(text: &str) -> Result<(u32, u32), String> {
    let last = |text: &str| -> Result<u32, String> {
        Ok(parse_instant(text)? + if text.len() == 10 { 86_399 } else { 0 })
    };
    if let Some((from, to)) = text.split_once("..") {
        let from = if from == "*" { 0 } else { parse_instant(from)? };
        return Ok((from, if to == "*" { u32::MAX } else { last(to)? }));
    }
    if let Some(from) = text.strip_prefix(">=") {
        return Ok((parse_instant(from)?, u32::MAX));
    }
    if let Some(from) = text.strip_prefix('>') {
        return Ok((last(from)? + 1, u32::MAX));
    }
    if let Some(to) = text.strip_prefix("<=") {
        return Ok((0, last(to)?));
    }
    if let Some(to) = text.strip_prefix('<') {
        return Ok((0, parse_instant(to)?.saturating_sub(1)));
    }
    Ok((parse_instant(text)?, last(text)?))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_in_all_their_forms() {
        let day = parse_instant("2026-01-02").unwrap();
        for (text, range) in [
            ("2026-01-02", (day, day + 86_399)),
            ("2026-01-02..2026-01-03", (day, day + 2 * 86_400 - 1)),
            (">2026-01-02", (day + 86_400, u32::MAX)),
            (">=2026-01-02T00:00:05Z", (day + 5, u32::MAX)),
            ("<2026-01-02", (0, day - 1)),
            ("*..2026-01-02", (0, day + 86_399)),
        ] {
            assert_eq!(parse_range(text), Ok(range), "{text}");
        }
        assert!(parse_range("soon").is_err());
    }
}
