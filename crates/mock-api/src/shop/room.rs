//! The room itself: the data behind a lock, and the seam to the server.

use std::sync::RwLock;

use super::data::Data;
use super::list::error;
use super::record::instant;
use super::{ShopOptions, change, list};
use crate::quota::{Pool, Standing};
use crate::server::{Answer, Api, Caller, Refusal, Request};

/// The shop's API over seeded data.
#[derive(Debug)]
pub struct Shop {
    data: RwLock<Data>,
    pool: Pool,
}

impl Shop {
    /// The data of these options.
    pub fn new(options: &ShopOptions) -> Self {
        let pool = Pool { name: "shop", limit: options.quota, window: options.quota_window };
        Self { data: RwLock::new(Data::new(options)), pool }
    }
}

impl Api for Shop {
    fn pools(&self) -> Vec<Pool> {
        vec![self.pool]
    }

    fn pool(&self, _: &Request) -> Option<&'static str> {
        Some(self.pool.name)
    }

    fn pattern(&self, path: &str) -> String {
        let is_number = |segment: &str| segment.bytes().all(|byte| byte.is_ascii_digit());
        let segments = path.split('/');
        let named =
            segments.map(|part| if part.is_empty() || !is_number(part) { part } else { "{id}" });
        named.collect::<Vec<_>>().join("/")
    }

    fn answer(&self, request: &Request, _: &Caller<'_>) -> Answer {
        if !matches!(request.method.as_str(), "GET" | "HEAD") {
            return error(405, "this API is read only");
        }
        list::answer(&self.data.read().expect("no holder of this lock panics"), request)
    }

    fn refuse(&self, refusal: Refusal, _: &str, caller: &Caller<'_>) -> Answer {
        let wait = match refusal {
            Refusal::Credential => return error(401, "the key is not valid"),
            Refusal::Quota => {
                let reset = caller.standing(self.pool.name).reset;
                reset.saturating_sub(caller.now)
            }
            Refusal::Secondary { retry_after } => retry_after,
        };
        let mut answer = error(429, "too many requests");
        answer.set("retry-after", wait.to_string());
        answer
    }

    fn sign(&self, answer: &mut Answer, standing: Option<&Standing>, serial: u64) {
        answer.set("server", "mock-api");
        answer.set("x-request-id", format!("shop-{serial}"));
        if let Some(standing) = standing {
            answer.set("x-ratelimit-limit", standing.limit.to_string());
            answer.set("x-ratelimit-remaining", standing.remaining().to_string());
            answer.set("x-ratelimit-reset", standing.reset.to_string());
        }
    }

    fn admin(&self, action: &str, request: &Request, _: u64) -> Option<Answer> {
        match (request.method.as_str(), action) {
            ("GET", "truth") => Some(change::truth(
                &self.data.read().expect("no holder of this lock panics"),
                request,
            )),
            ("POST", _) => {
                let mut data = self.data.write().expect("no holder of this lock panics");
                change::answer(&mut data, action, request)
            }
            _ => None,
        }
    }

    fn advance(&self, seconds: u64, _: u64) -> String {
        let mut data = self.data.write().expect("no holder of this lock panics");
        data.now = data.now.saturating_add(u32::try_from(seconds).unwrap_or(u32::MAX));
        instant(data.now)
    }
}
