//! How the API words its limits, and the headers of every answer.

use std::fmt::Write;

use serde_json::json;

use super::{graphql, message};
use crate::quota::{Pool, Standing};
use crate::server::{Answer, Caller, Refusal, Request};

/// The quota of everything else.
pub(crate) const CORE: &str = "core";
/// The quota of searches.
pub(crate) const SEARCH: &str = "search";

const LIMITS: &str = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api";

/// The pool of a request; asking for the limits themselves is free.
pub(crate) fn pool(request: &Request) -> Option<&'static str> {
    match request.path.as_str() {
        "/rate_limit" => None,
        path if path.starts_with("/search/") => Some(SEARCH),
        path if graphql::PATHS.contains(&path) => Some(graphql::POOL),
        _ => Some(CORE),
    }
}

/// The answer to a refused request.
pub(crate) fn refuse(refusal: Refusal, caller: &Caller<'_>, limit_status: u16) -> Answer {
    match refusal {
        Refusal::Credential => message::error(401, "Bad credentials"),
        Refusal::Quota => {
            let who = if caller.credential.is_empty() { "127.0.0.1" } else { "user ID 1" };
            let text = format!(
                "API rate limit exceeded for {who}. If you reach out to GitHub Support for help, \
                 please include the request ID and timestamp."
            );
            Answer::value(limit_status, &json!({"message": text, "documentation_url": LIMITS}))
        }
        Refusal::Secondary { retry_after } => {
            let text = "You have exceeded a secondary rate limit. Please wait a few minutes before \
                        you try again.";
            let docs = format!("{LIMITS}#about-secondary-rate-limits");
            let body = json!({"documentation_url": docs, "message": text});
            let mut answer = Answer::value(limit_status, &body);
            answer.set("retry-after", retry_after.to_string());
            answer
        }
    }
}

/// Adds the headers of every answer.
pub(crate) fn sign(answer: &mut Answer, standing: Option<&Standing>, serial: u64) {
    for (name, value) in [
        ("cache-control", "public, max-age=60, s-maxage=60"),
        ("vary", "Accept,Accept-Encoding, Accept, X-Requested-With"),
        ("x-github-media-type", "github.v3; format=json"),
        ("x-github-api-version-selected", "2022-11-28"),
        ("server", "mock-api"),
    ] {
        answer.set(name, value);
    }
    answer.set("x-github-request-id", format!("C0DE:{:X}:{serial:X}", serial % 65_536));
    if let Some(standing) = standing {
        answer.set("x-ratelimit-limit", standing.limit.to_string());
        answer.set("x-ratelimit-remaining", standing.remaining().to_string());
        answer.set("x-ratelimit-reset", standing.reset.to_string());
        answer.set("x-ratelimit-used", standing.used.to_string());
        answer.set("x-ratelimit-resource", standing.pool);
    }
}

/// The answer of `/rate_limit`.
pub(crate) fn overview(caller: &Caller<'_>, pools: &[Pool]) -> Answer {
    let mut resources = String::new();
    for pool in pools {
        let standing = caller.standing(pool.name);
        write!(resources, "\"{}\":{},", pool.name, numbers(&standing))
            .expect("a `String` takes any text");
    }
    let rate = numbers(&caller.standing(CORE));
    let resources = resources.trim_end_matches(',');
    Answer::json(200, format!("{{\"resources\":{{{resources}}},\"rate\":{rate}}}"))
}

fn numbers(standing: &Standing) -> String {
    format!(
        "{{\"limit\":{},\"used\":{},\"remaining\":{},\"reset\":{}}}",
        standing.limit,
        standing.used,
        standing.remaining(),
        standing.reset
    )
}
