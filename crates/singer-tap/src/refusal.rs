//! What an API refuses in the body of an answer that is a success by its status.

use std::fmt;

use singer_http::Scope;

use crate::outcome::Outcome;

/// An API said in an answer's body that it will not give what was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} ({cause}); {}", refused.facts().happened, refused.facts().remedy)]
pub struct Refusal {
    /// What it refuses.
    pub refused: Refused,
    /// Its own words, cleaned and cut.
    pub cause: String,
}

/// What an API can refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The credential.
    Unauthorized,
    /// Something for which the credential lacks the permission.
    Forbidden,
    /// Something that access policy keeps closed: single sign-on, an address list.
    Policy,
    /// Something that is not there.
    Missing,
    /// A query that is wrong.
    Wrong,
    /// More work: its limit is used up, and stays so.
    Limited,
    /// A query that is too much for it, with the smallest pages too.
    Heavy,
    /// Something else.
    Unknown,
}

pub(crate) struct Facts {
    pub(crate) id: &'static str,
    pub(crate) scope: Scope,
    pub(crate) outcome: Outcome,
    happened: &'static str,
    remedy: &'static str,
}

impl Refused {
    #[rustfmt::skip]
    pub(crate) fn facts(self) -> Facts {
        use Scope::{Partition, Run, Stream};
        let (id, scope, outcome, happened, remedy) = match self {
            Refused::Unauthorized => ("AUTH01", Run, Outcome::Auth, "the API rejects the credential", "create a new credential or name another"),
            Refused::Forbidden => ("PERM01", Partition, Outcome::Partial, "the credential has no permission for this", "grant the permission or de-select it"),
            Refused::Policy => ("PERM02", Partition, Outcome::Partial, "access policy stands against this", "authorise the credential for single sign-on, or this address in the organisation's list"),
            Refused::Missing => ("PERM03", Partition, Outcome::Partial, "this does not exist, or is hidden from us", "remove it from the configuration or grant access"),
            Refused::Wrong => ("API01", Stream, Outcome::Bug, "the API rejects the query as wrong", "this is a defect of the tap or of a setting that it passes on; please report it"),
            Refused::Limited => ("RATE01", Run, Outcome::Limited, "the API keeps saying that its limit is used up", "run again later"),
            Refused::Heavy => ("GQL03", Stream, Outcome::Unavailable, "the API cannot answer the query, with the smallest pages either", "look at the service's status page and run again later"),
            Refused::Unknown => ("GQL01", Stream, Outcome::Refused, "the API answers with an error in place of data", "look at what it says; report it if it makes no sense"),
        };
        Facts { id, scope, outcome, happened, remedy }
    }

    /// The refusal of this, with the API's words.
    pub(crate) fn because(self, cause: impl fmt::Display) -> Refusal {
        Refusal { refused: self, cause: singer_http::clean(&cause.to_string()) }
    }
}
