//! A record in the place of one that the API will not give: it tells why.

use serde_json::{Map, Value};
use singer_http::Kind;

use crate::error::Error;

/// How often something is asked for that the API may not be able to make.
pub(crate) const ATTEMPTS: u32 = 3;

/// How the reason becomes a record.
#[derive(Clone, Debug)]
pub(crate) struct Refusals {
    /// Statuses that speak of this one thing, and will not change.
    pub(crate) statuses: Vec<u16>,
    /// The field that gets the reason.
    pub(crate) field: &'static str,
}

impl Refusals {
    /// The record that tells why there is none, if that is all that can be had; `again` says that an
    /// earlier run could not read it either.
    pub(crate) fn record(&self, error: &Error, again: bool) -> Option<Vec<u8>> {
        let Error::Http(error) = error else { return None };
        let is_final = match error.kind() {
            Kind::TooLarge(_) => true,
            Kind::Rejected | Kind::Missing | Kind::Withheld => again || self.knows(error),
            Kind::Unavailable | Kind::TimedOut(_) | Kind::Dropped(_) | Kind::Body(_) => again,
            _ => false,
        };
        if !is_final {
            return None;
        }
        tracing::info!("[API04] {error}; its record says so");
        let reason = error.site().cause.clone().unwrap_or_else(|| untold(error));
        let record = Map::from_iter([(self.field.to_owned(), Value::from(reason))]);
        Some(Value::Object(record).to_string().into_bytes())
    }

    fn knows(&self, error: &singer_http::Error) -> bool {
        error.status().is_some_and(|status| self.statuses.contains(&status.as_u16()))
    }
}

/// The reason where the API gives none in words.
fn untold(error: &singer_http::Error) -> String {
    match (error.kind(), error.status()) {
        (Kind::TooLarge(_), _) => "the answer is too large".to_owned(),
        (Kind::TimedOut(_), _) => "the answer took too long".to_owned(),
        (Kind::Dropped(_) | Kind::Body(_), _) | (_, None) => "the answer kept breaking".to_owned(),
        (_, Some(status)) => format!("status {}", status.as_u16()),
    }
}
