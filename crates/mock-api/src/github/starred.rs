//! The repositories that a user starred.

use super::account::Account;
use super::list;
use super::repository::Repository;
use super::table::Row;
use super::world::{Repo, World};
use super::{json, message};
use crate::server::{Answer, Request};

/// The answer of `/users/{username}/starred`: newest first, if nothing else is asked for.
pub(crate) fn answer(world: &World, login: &str, request: &Request) -> Answer {
    let Some(user) = Account::find(login) else { return message::not_found() };
    // A star stands in the repository's list, under the number of its user.
    let star = |repo: &'_ Repo| repo.stars.find(user.number?).copied();
    let mut stars: Vec<(Row, &Repo)> =
        world.repos.iter().filter_map(|repo| Some((star(repo)?, repo))).collect();
    match request.param("sort") {
        Some("updated") => stars.sort_by_key(|(_, repo)| (repo.updated, repo.id)),
        _ => stars.sort_by_key(|(row, repo)| (row.created, repo.id)),
    }
    if list::is_descending(request, true) {
        stars.reverse();
    }
    let accept = request.header("accept").unwrap_or_default();
    let path = format!("/user/{}/starred", user.id);
    list::numbered(request, &path, &stars, |(row, repo), out| {
        if !accept.contains("star+json") {
            return Repository(repo).nested(out);
        }
        out.push_str("{\"starred_at\":");
        json::instant(row.created, out);
        out.push_str(",\"repo\":");
        Repository(repo).nested(out);
        out.push('}');
    })
}
