//! Repositories, or parts of them, that are not to be had.

use std::str::FromStr;

use serde_json::json;

use super::message;
use super::world::World;
use crate::graphql::Problem;
use crate::server::{Answer, reason};

/// A repository, or a path within it, and the status that it is answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedPath {
    /// `owner/name`, or `owner/name/path`.
    pub path: String,
    /// The status.
    pub status: u16,
}

impl FromStr for RefusedPath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (path, status) = text.split_once('=').unwrap_or((text, ""));
        let status = status.parse().ok().filter(|status| (202..600).contains(status));
        let status = status.ok_or_else(|| format!("`{text}` is not OWNER/NAME[/PATH]=STATUS"))?;
        if path.matches('/').count() == 0 {
            return Err(format!("`{path}` is no repository (owner/name)"));
        }
        Ok(Self { path: path.to_owned(), status })
    }
}

/// The answer to what is refused; `None` if it is not.
pub(crate) fn answer(world: &World, path: &str) -> Option<Answer> {
    if world.refused.is_empty() {
        return None;
    }
    let asked = match *path.trim_matches('/').split('/').collect::<Vec<_>>().as_slice() {
        ["repos", ref rest @ ..] => rest.join("/"),
        ["repositories", id, ref rest @ ..] => {
            let id: u64 = id.parse().ok()?;
            let full_name = world.repos.iter().find(|repo| repo.id == id)?.full_name();
            [&[full_name.as_str()], rest].concat().join("/")
        }
        _ => return None,
    };
    status(world, &asked).map(refuse)
}

/// The same of GraphQL, which knows of whole repositories only.
pub(crate) fn problem(world: &World, full_name: &str) -> Option<Problem> {
    Some(match status(world, full_name)? {
        404 => {
            let by = format!("the name '{full_name}'");
            Problem::kind("NOT_FOUND", format!("Could not resolve to a Repository with {by}."))
        }
        451 => Problem::kind("FORBIDDEN", "Repository access blocked"),
        _ => Problem::kind("FORBIDDEN", "Resource not accessible by personal access token"),
    })
}

/// The status of `owner/name/path`, if it or what it is in is refused.
fn status(world: &World, asked: &str) -> Option<u16> {
    let within = |one: &&RefusedPath| {
        let start = asked.get(..one.path.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(&one.path))
            && matches!(asked.as_bytes().get(one.path.len()), None | Some(b'/'))
    };
    world.refused.iter().find(within).map(|one| one.status)
}

fn refuse(status: u16) -> Answer {
    match status {
        202 => Answer::json(202, "{}"),
        204 => Answer { status, ..Answer::default() },
        403 => message::error(403, "Resource not accessible by personal access token"),
        404 => message::not_found(),
        410 => message::error(410, "Issues has been disabled in this repository."),
        451 => Answer::value(
            451,
            &json!({
                "message": "Repository access blocked",
                "block": {
                    "reason": "dmca",
                    "created_at": "2026-01-02T03:04:05Z",
                    "html_url": "https://github.com/github/dmca",
                },
            }),
        ),
        _ => message::error(status, reason(status)),
    }
}
