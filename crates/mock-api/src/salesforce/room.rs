//! The room itself: the data behind a lock, and the seam to the server.

use std::sync::{Mutex, MutexGuard, RwLock};

use serde_json::json;

use super::bulk::{self, Jobs};
use super::cursor::Cursors;
use super::error::Problem;
use super::login::{self, Credentials};
use super::options::{ErrorShape, SalesforceOptions};
use super::org::Org;
use super::query::Asked;
use super::route::{self, Place};
use super::session::Sessions;
use super::usage::Usage;
use super::{admin, batch, change, live, resource, soap, truth};
use crate::Error;
use crate::key::Key;
use crate::quota::{Pool, Standing};
use crate::server::{Answer, Api, Caller, Refusal, Request};

/// The longest address, in bytes.
const LONGEST: usize = 16_384;
/// The header that tells how much of the day's requests is used.
const USAGE: &str = "sforce-limit-info";
/// Nobody has changed the data after this instant, unless the options say so: 2026-11-01.
const LAST_CHANGE: u32 = 1_793_491_200;

/// Salesforce's API over seeded data.
#[derive(Debug)]
pub struct Salesforce {
    org: RwLock<Org>,
    options: SalesforceOptions,
    credentials: Credentials,
    sessions: Mutex<Sessions>,
    usage: Mutex<Usage>,
    cursors: Mutex<Cursors>,
    jobs: Mutex<Jobs>,
}

impl Salesforce {
    /// The data of these options; `now` is the server's time, in seconds of the epoch.
    ///
    /// # Errors
    /// The key of assertions cannot be read.
    pub fn new(options: &SalesforceOptions, now: u64) -> Result<Self, Error> {
        let last = options.now.unwrap_or(LAST_CHANGE.min(seconds(now)));
        let key = options.jwt_key.as_deref().map(|path| Key::read(path, "--jwt-key"));
        Ok(Self {
            org: RwLock::new(Org::new(options, last)),
            credentials: Credentials::new(options, key.transpose()?),
            sessions: Mutex::new(Sessions::new(options)),
            usage: Mutex::new(Usage::new(options, now)),
            cursors: Mutex::new(Cursors::new(options.cursor_requests)),
            jobs: Mutex::new(Jobs::new(options)),
            options: options.clone(),
        })
    }

    /// Answers what needs a session, and tells what is used of the day's requests.
    fn counted(&self, request: &Request, place: &Place<'_>, now: u64) -> Answer {
        let credential = request.credential();
        if !lock(&self.sessions).admit(&credential, now) {
            return self.ended(place);
        }
        let mut answer = self.one(request, place, now);
        answer.set(USAGE, lock(&self.usage).told());
        answer
    }

    /// Answers a request, or a part of a batch, if there is one left today. Of a batch the parts count.
    fn one(&self, request: &Request, place: &Place<'_>, now: u64) -> Answer {
        let is_batch = place.rest.first() == Some(&"composite");
        let mut usage = lock(&self.usage);
        let is_granted = if is_batch { usage.has_left() } else { usage.take(now) };
        drop(usage);
        if !is_granted {
            return Problem::limit().answer();
        }
        self.decide(request, place, now).unwrap_or_else(|problem| problem.answer())
    }

    fn ended(&self, place: &Place<'_>) -> Answer {
        let shape = self.options.session_400.filter(|_| place.rest.first() == Some(&"jobs"));
        let (code, message) = ("InvalidSessionId", "Invalid session id");
        match shape {
            None => Problem::session().answer(),
            Some(ErrorShape::List) => Problem::new(400, code, message).answer(),
            Some(ErrorShape::Object) => {
                let body = json!({"exceptionCode": code, "exceptionMessage": message});
                Answer::value(400, &body)
            }
        }
    }

    fn decide(&self, request: &Request, place: &Place<'_>, now: u64) -> Result<Answer, Problem> {
        if place.rest == ["composite", "batch"] && request.method == "POST" {
            return batch::answer(request, |part| self.part(part, place, now));
        }
        let org = self.org.read().expect("no holder of this lock panics");
        if place.rest.get(..2) == Some(&["jobs", "query"]) {
            return bulk::answer(&org, &self.options, &self.jobs, (request, place), seconds(now));
        }
        if !matches!(request.method.as_str(), "GET" | "HEAD") {
            let text = format!("HTTP Method '{}' not allowed", request.method);
            return Err(Problem::new(405, "METHOD_NOT_ALLOWED", text));
        }
        if place.rest == ["limits"] {
            let jobs = lock(&self.jobs).made();
            return Ok(Answer::value(200, &lock(&self.usage).limits(jobs.into())));
        }
        let asked = Asked {
            org: &org,
            options: &self.options,
            cursors: &self.cursors,
            version: place.version,
            now: seconds(now),
        };
        resource::answer(&asked, request, &place.rest)
    }

    /// Answers a part of a batch; none may be of a newer version than the whole.
    fn part(&self, part: &Request, whole: &Place<'_>, now: u64) -> Answer {
        let path = part.path.strip_prefix("/services/data/");
        match path.and_then(Place::parse) {
            Some(place) if place.number > whole.number => {
                let text = "a part is of a newer version than the batch";
                Problem::new(400, "UNSUPPORTED_API_VERSION", text).answer()
            }
            Some(place) if place.rest.first() != Some(&"composite") => self.one(part, &place, now),
            _ => Problem::not_found().answer(),
        }
    }

    /// Answers what is no part of a version of the API.
    fn outside(&self, request: &Request, now: u64) -> Option<Answer> {
        let path = request.path.as_str();
        let (credentials, method) = (&self.credentials, request.method.as_str());
        match (method, path) {
            ("POST", "/services/oauth2/token") => {
                Some(login::answer(credentials, &mut lock(&self.sessions), request, now))
            }
            ("POST", _) if path.starts_with("/services/Soap/u/") => {
                Some(soap::answer(credentials, &mut lock(&self.sessions), request, now))
            }
            ("GET" | "HEAD", "/services/data" | "/services/data/") => {
                Some(Answer::value(200, &route::versions()))
            }
            _ => None,
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no holder of this lock panics")
}

/// Seconds of the epoch, to the end of what rows can tell.
fn seconds(now: u64) -> u32 {
    u32::try_from(now).unwrap_or(u32::MAX)
}

/// The answer to an address that is too long, which the API does not see.
fn too_long() -> Answer {
    let body = "<html><head><title>414</title></head><body>URI Too Long</body></html>\n";
    let mut answer = Answer { status: 414, body: body.into(), ..Answer::default() };
    answer.set("content-type", "text/html; charset=utf-8");
    answer
}

impl Api for Salesforce {
    fn pools(&self) -> Vec<Pool> {
        Vec::new()
    }

    fn pool(&self, _: &Request) -> Option<&'static str> {
        None
    }

    fn knows(&self, _: &Request, _: u64) -> Option<bool> {
        // Which sessions are good is told by the room, as it depends on the path how it is said.
        Some(true)
    }

    fn pattern(&self, path: &str) -> String {
        route::pattern(path)
    }

    fn answer(&self, request: &Request, caller: &Caller<'_>) -> Answer {
        if request.target.len() > LONGEST {
            return too_long();
        }
        if let Some(answer) = self.outside(request, caller.now) {
            return answer;
        }
        let path = request.path.strip_prefix("/services/data/");
        match path.and_then(Place::parse) {
            Some(place) => self.counted(request, &place, caller.now),
            None => Problem::not_found().answer(),
        }
    }

    fn refuse(&self, _: Refusal, _: &str, _: &Caller<'_>) -> Answer {
        Problem::session().answer()
    }

    fn sign(&self, answer: &mut Answer, _: Option<&Standing>, _: u64) {
        answer.set("server", "mock-api");
    }

    fn admin(&self, action: &str, request: &Request, now: u64) -> Option<Answer> {
        let now = seconds(now);
        let done = match (request.method.as_str(), action) {
            ("GET", "truth") => {
                let org = self.org.read().expect("no holder of this lock panics");
                truth::answer(&org, request, now)
            }
            ("POST", "expire") => {
                lock(&self.sessions).expire(request.number("after").unwrap_or(0));
                Ok(Answer::value(200, &json!({})))
            }
            ("POST", "expire_cursors") => {
                lock(&self.cursors).expire();
                Ok(Answer::value(200, &json!({})))
            }
            ("POST", "lose_locators") => {
                lock(&self.jobs).lose_locators();
                Ok(Answer::value(200, &json!({})))
            }
            ("POST", _) => {
                let mut org = self.org.write().expect("no holder of this lock panics");
                change::answer(&mut org, action, request, now)?
            }
            _ => return None,
        };
        Some(done.unwrap_or_else(|text| admin::complain(&text)))
    }

    fn live(&self, days: u32, now: u64) -> Option<Answer> {
        let mut org = self.org.write().expect("no holder of this lock panics");
        Some(Answer::value(200, &live::live(&mut org, days, seconds(now))))
    }

    fn advance(&self, _: u64, now: u64) -> String {
        now.to_string()
    }
}
