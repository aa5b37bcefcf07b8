//! An error in an answer, and what it means.
//!
//! GraphQL itself gives an error a message, and a path if data were being made; its kind is the
//! API's own, in `type` (GitHub) or `extensions.code` (most servers).
//! Source: <https://spec.graphql.org/October2021/#sec-Errors>.

use serde_json::Value;

use crate::refusal::{Refusal, Refused};

/// One error of an answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fault {
    pub(super) meaning: Meaning,
    /// The way in `data` to what failed; empty if it is all of it.
    pub(super) path: Vec<Value>,
    /// Kind and message.
    pub(super) cause: String,
}

/// What an error means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The limit is used up.
    Limited,
    /// It was too much, or took too long; or the API is not well.
    Heavy,
    /// It will not be otherwise next time.
    Refused(Refused),
}

use Meaning::{Heavy, Limited};

/// Kinds, in capitals. Sources: <https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api>,
/// <https://www.apollographql.com/docs/apollo-server/data/errors>,
/// <https://shopify.dev/docs/api/admin-graphql#status_and_error_codes>.
#[rustfmt::skip]
const KINDS: [(Meaning, &[&str]); 6] = [
    (Limited, &["RATE_LIMITED", "RATE_LIMIT", "RATELIMITED", "THROTTLED"]),
    (Heavy, &["MAX_NODE_LIMIT_EXCEEDED", "RESOURCE_LIMITS_EXCEEDED", "MAX_COST_EXCEEDED", "SERVICE_UNAVAILABLE", "INTERNAL_SERVER_ERROR", "INTERNAL", "TIMEOUT", "LOADING"]),
    (Meaning::Refused(Refused::Unauthorized), &["UNAUTHENTICATED", "AUTHENTICATION_ERROR"]),
    (Meaning::Refused(Refused::Forbidden), &["FORBIDDEN", "INSUFFICIENT_SCOPES", "ACCESS_DENIED", "UNAUTHORIZED"]),
    (Meaning::Refused(Refused::Missing), &["NOT_FOUND"]),
    (Meaning::Refused(Refused::Wrong), &["GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT", "UNPROCESSABLE", "EXCESSIVE_PAGINATION", "MISSING_PAGINATION_BOUNDARIES", "ARGUMENTLITERALSINCOMPATIBLE", "UNDEFINEDFIELD"]),
];

/// Texts in a message without a known kind, in small letters.
const HEAVY: [&str; 6] =
    ["something went wrong", "timeout", "timed out", "timedout", "in time", "unavailable"];
const LIMITED: [&str; 2] = ["rate limit", "abuse detection"];
const POLICY: [&str; 3] = ["saml", "single sign-on", "ip allow list"];

impl Fault {
    /// Reads an element of `errors`; one that is no error by the specification is an unknown one.
    pub(super) fn of(error: &Value) -> Fault {
        let message = error["message"].as_str().unwrap_or("an error without a message");
        let code = &error["extensions"]["code"];
        let kind = [&error["type"], code].into_iter().find_map(Value::as_str);
        let path = error["path"].as_array().cloned().unwrap_or_default();
        Fault {
            meaning: meaning(kind, message, error),
            cause: kind.map_or_else(|| message.to_owned(), |kind| format!("{kind}: {message}")),
            path,
        }
    }

    /// An answer without data that names no error.
    pub(super) fn no_data(what: &str) -> Fault {
        Fault { meaning: Heavy, path: Vec::new(), cause: what.to_owned() }
    }

    /// What it refuses, if it is of all that was asked for.
    pub(super) fn refusal(&self) -> Refusal {
        let refused = match self.meaning {
            Limited => Refused::Limited,
            Heavy => Refused::Heavy,
            Meaning::Refused(refused) => refused,
        };
        refused.because(&self.cause)
    }
}

fn meaning(kind: Option<&str>, message: &str, error: &Value) -> Meaning {
    let message = message.to_lowercase();
    let says = |marks: &[&str]| marks.iter().any(|mark| message.contains(mark));
    let kind = kind.map(str::to_uppercase);
    let known =
        KINDS.iter().find(|(_, kinds)| kinds.iter().any(|known| kind.as_deref() == Some(known)));
    match known {
        Some((Meaning::Refused(Refused::Forbidden), _))
            if says(&POLICY) || error["extensions"]["saml_failure"] == true =>
        {
            Meaning::Refused(Refused::Policy)
        }
        Some((meaning, _)) => *meaning,
        None if says(&LIMITED) => Limited,
        None if says(&HEAVY) => Heavy,
        // What has a place in the query and no kind was found before it was run.
        None if error["locations"].is_array() && error["type"].is_null() => {
            Meaning::Refused(Refused::Wrong)
        }
        None => Meaning::Refused(Refused::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(error: Value, expected: Meaning) {
        assert_eq!(Fault::of(&error).meaning, expected, "{error}");
    }

    #[test]
    fn an_error_means_what_its_kind_or_its_words_say() {
        use Refused::{Forbidden, Missing, Policy, Unauthorized, Unknown, Wrong};
        let refused = Meaning::Refused;
        let at = json!([{"line": 1, "column": 9}]);
        check(json!({"type": "RATE_LIMITED", "message": "API rate limit exceeded"}), Limited);
        check(json!({"message": "You have exceeded a secondary rate limit."}), Limited);
        check(json!({"message": "Throttled", "extensions": {"code": "THROTTLED"}}), Limited);
        check(
            json!({"type": "MAX_NODE_LIMIT_EXCEEDED", "message": "up to 1,000,100 nodes"}),
            Heavy,
        );
        check(json!({"message": "Something went wrong while executing your query."}), Heavy);
        check(json!({"message": "timedout", "path": ["repository"]}), Heavy);
        check(json!({"message": "We couldn't respond to your request in time."}), Heavy);
        check(json!({"type": "SERVICE_UNAVAILABLE", "message": "x", "path": ["a"]}), Heavy);
        check(json!({"message": "x", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}), Heavy);
        check(json!({"type": "NOT_FOUND", "message": "Could not resolve"}), refused(Missing));
        check(json!({"type": "FORBIDDEN", "message": "not accessible"}), refused(Forbidden));
        check(json!({"type": "INSUFFICIENT_SCOPES", "message": "x", "locations": at}), {
            refused(Forbidden)
        });
        check(json!({"type": "FORBIDDEN", "message": "protected by SAML"}), refused(Policy));
        let saml = json!({"type": "FORBIDDEN", "extensions": {"saml_failure": true}});
        check(saml, refused(Policy));
        let code = json!({"code": "UNAUTHENTICATED"});
        check(json!({"message": "x", "extensions": code}), refused(Unauthorized));
        let code = json!({"code": "undefinedField", "fieldName": "x"});
        let undefined =
            json!({"message": "Field 'x' doesn't exist", "locations": at, "extensions": code});
        check(undefined, refused(Wrong));
        check(json!({"message": "Parse error on \"}\"", "locations": at}), refused(Wrong));
        check(json!({"message": "Variable $first was invalid", "locations": at}), refused(Wrong));
        check(json!({"type": "NEW_KIND", "message": "x", "locations": at}), refused(Unknown));
        check(json!({"message": "x"}), refused(Unknown));
        check(json!("x"), refused(Unknown));
    }
}
