//! Who may read what, how fast, and the headers of every answer.

use super::error::Problem;
use super::kind::Kind;
use super::options::{StripeOptions, refused};
use super::route::Route;
use super::scene::Scene;
use crate::Error;
use crate::quota::{Pool, Taken};
use crate::seed::mix;
use crate::server::{Answer, Caller, Refusal, Request};

/// The pool of an account.
const ACCOUNT: &str = "account";
/// Says which of the limits it was.
const REASON: &str = "stripe-rate-limited-reason";
/// What is no list and no object of one.
const REST: &str = "rest";

/// The limits, and the keys that may not read everything.
#[derive(Debug)]
pub(super) struct Gate {
    rate: u64,
    endpoint_rate: u64,
    restricted: Vec<(String, Vec<Endpoint>)>,
}

/// A list, or what there is beside lists, by the name of its stream.
type Endpoint = &'static str;

/// Endpoints beside lists: names, paths, and the word in the names of permissions.
const OTHERS: [(Endpoint, &str, &str); 2] =
    [("events", "/v1/events", "event"), ("balance", "/v1/balance", "balance")];

impl Gate {
    /// # Errors
    /// A restricted key names no stream.
    pub(super) fn new(options: &StripeOptions) -> Result<Self, Error> {
        let endpoints = |names: &[String]| -> Result<Vec<Endpoint>, Error> {
            let endpoint = |name: &String| {
                let found = endpoints_all().find(|one| one == name);
                found.ok_or_else(|| refused("--restrict", format!("`{name}` is no list")))
            };
            names.iter().map(endpoint).collect()
        };
        let restricted = options.restricted.iter();
        let restricted = restricted.map(|one| Ok((one.key.clone(), endpoints(&one.names)?)));
        Ok(Self {
            rate: options.rate,
            endpoint_rate: options.endpoint_rate,
            restricted: restricted.collect::<Result<_, Error>>()?,
        })
    }

    /// A pool for each endpoint, of one second, and one for each account.
    pub(super) fn pools(&self) -> Vec<Pool> {
        let pool = |name, limit| Pool { name, limit, window: 1 };
        let endpoints = endpoints_all().chain([REST]);
        let endpoints = endpoints.map(|name| pool(name, self.endpoint_rate));
        std::iter::once(pool(ACCOUNT, self.rate)).chain(endpoints).collect()
    }

    /// Lets a request in, counted in the pool of its account.
    ///
    /// # Errors
    /// The account has had its requests of this second, or the key may not read this.
    pub(super) fn admit(
        &self,
        scene: &Scene<'_>,
        request: &Request,
        caller: &Caller<'_>,
    ) -> Result<(), Problem> {
        if let Taken::Spent(_) = caller.quotas.take(&scene.account.id, ACCOUNT, 1, caller.now) {
            return Err(too_many());
        }
        let restricted = self.restricted.iter().find(|(key, _)| key == caller.credential);
        if let (Some((key, endpoints)), Some((endpoint, object))) =
            (restricted, endpoint(&request.path))
            && endpoints.contains(&endpoint)
        {
            return Err(no_permission(key, &scene.account.id, object));
        }
        Ok(())
    }
}

/// The pool of a request.
pub(super) fn pool(request: &Request) -> &'static str {
    endpoint(&request.path).map_or(REST, |(endpoint, _)| endpoint)
}

/// All endpoints that have a name.
fn endpoints_all() -> impl Iterator<Item = Endpoint> {
    Kind::ALL.iter().map(|kind| kind.name()).chain(OTHERS.iter().map(|(name, ..)| *name))
}

/// What a path leads to, and the word in the name of the permission for it.
fn endpoint(path: &str) -> Option<(Endpoint, &'static str)> {
    if let Some(route) = Route::parse(path) {
        return Some((route.resource.kind.name(), route.resource.object));
    }
    let is_in = |whole: &str| {
        path.strip_prefix(whole).is_some_and(|rest| matches!(rest.as_bytes(), [] | [b'/', ..]))
    };
    OTHERS.iter().find(|(_, path, _)| is_in(path)).map(|(name, _, object)| (*name, *object))
}

/// A path with `{id}` for segments that look like ids.
pub(super) fn pattern(path: &str) -> String {
    let is_id = |segment: &str| segment.split_once('_').is_some_and(|(_, rest)| rest.len() > 12);
    let named = path.split('/').map(|segment| if is_id(segment) { "{id}" } else { segment });
    named.collect::<Vec<_>>().join("/")
}

/// The answer to a refused request.
pub(super) fn refuse(refusal: Refusal, caller: &Caller<'_>) -> Answer {
    match refusal {
        Refusal::Credential if caller.credential.is_empty() => {
            let text = "You did not provide an API key. You need to provide your API key in the \
                Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').";
            Problem::new(401, text).answer()
        }
        Refusal::Credential => {
            let key = masked(caller.credential);
            Problem::new(401, format!("Invalid API Key provided: {key}")).answer()
        }
        Refusal::Quota => limited("endpoint-rate"),
        Refusal::Secondary { .. } => limited("endpoint-concurrency"),
    }
}

fn limited(reason: &str) -> Answer {
    let mut answer = too_many().answer();
    answer.set(REASON, reason);
    answer
}

/// The answer to a request that cannot be answered.
pub(super) fn tell(problem: &Problem) -> Answer {
    let mut answer = problem.answer();
    if problem.status == 429 {
        answer.set(REASON, "global-rate");
    }
    answer
}

fn too_many() -> Problem {
    let text = "Request rate limit exceeded. Learn more about rate limits here \
        https://stripe.com/docs/rate-limits.";
    Problem::new(429, text).code("rate_limit")
}

/// An account is none of those that the key reaches.
pub(super) fn no_account(key: &str, id: &str) -> Problem {
    let key = masked(key);
    let text = format!(
        "The provided key '{key}' does not have access to account '{id}' (or that account does not \
         exist). Application access may have been revoked."
    );
    Problem::new(403, text).code("account_invalid")
}

fn no_permission(key: &str, account: &str, object: &str) -> Problem {
    let (key, object) = (masked(key), object.replace('.', "_"));
    let text = format!(
        "The provided key '{key}' does not have the required permissions for this endpoint on account \
         '{account}'. Having the 'rak_{object}_read' permission would allow this request to continue."
    );
    Problem::new(403, text)
}

/// A key of which only the beginning and the end are told.
fn masked(key: &str) -> String {
    let letters: Vec<char> = key.chars().collect();
    if letters.len() < 14 {
        return "*".repeat(letters.len());
    }
    let (start, end) = (8, letters.len() - 4);
    let shown = |at: usize| at < start || at >= end;
    letters.iter().enumerate().map(|(at, letter)| if shown(at) { *letter } else { '*' }).collect()
}

/// Adds the headers of every answer.
pub(super) fn sign(answer: &mut Answer, serial: u64) {
    let mut id = "req_".to_owned();
    super::id::letters(mix(&[serial, 0x5e9]), 13, &mut id);
    id.push('0');
    answer.set("server", "mock-api");
    answer.set("cache-control", "no-cache, no-store");
    answer.set("request-id", id);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_a_key_is_never_told() {
        assert_eq!(masked("sk_test_0123456789abcd"), "sk_test_**********abcd");
        assert_eq!(masked("short"), "*****");
    }
}
