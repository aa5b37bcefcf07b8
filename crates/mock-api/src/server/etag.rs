//! Validators and conditional requests.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::server::{Answer, Request};

/// Gives a success its weak validator, and turns it into a 304 if the client has that version.
pub(crate) fn validate(request: &Request, answer: Answer) -> Answer {
    if answer.status != 200 {
        return answer;
    }
    let mut answer = answer;
    let tag = tag(&answer);
    let known = request.header("if-none-match").is_some_and(|tags| matches_any(tags, &tag));
    answer.set("etag", format!("W/{tag}"));
    if known {
        answer.status = 304;
        answer.body.clear();
        answer.unset("content-type");
    }
    answer
}

fn tag(answer: &Answer) -> String {
    let mut hasher = DefaultHasher::new();
    answer.body.hash(&mut hasher);
    // The next link is part of what a client remembers of a page.
    answer.header("link").hash(&mut hasher);
    let first = hasher.finish();
    first.hash(&mut hasher);
    format!("\"{first:016x}{:016x}\"", hasher.finish())
}

fn matches_any(tags: &str, tag: &str) -> bool {
    tags.split(',').map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_body_is_not_sent_twice_and_another_is() {
        let first = validate(&Request::new("GET", "/"), Answer::json(200, "[1]"));
        let mut request = Request::new("GET", "/");
        request.headers.push(("if-none-match".into(), first.header("etag").unwrap().into()));
        assert_eq!(validate(&request, Answer::json(200, "[1]")).status, 304);
        assert_eq!(validate(&request, Answer::json(200, "[2]")).status, 200);
        assert_eq!(validate(&request, Answer::json(404, "[1]")).status, 404);
    }
}
