//! What GitHub found out about a commit's signature, in the shape that REST gives it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// What the queries ask of a signature.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Signature<'a> {
    is_valid: bool,
    #[serde(borrow)]
    state: Cow<'a, str>,
    #[serde(borrow)]
    signature: &'a RawValue,
    #[serde(borrow)]
    payload: &'a RawValue,
    #[serde(borrow)]
    verified_at: Option<&'a RawValue>,
}

/// The object `verification` of a commit.
#[derive(Serialize)]
pub(super) struct Verification<'a> {
    verified: bool,
    reason: &'static str,
    signature: Option<&'a RawValue>,
    payload: Option<&'a RawValue>,
    verified_at: Option<&'a RawValue>,
}

/// GraphQL's states and REST's reasons, those that both document.
///
/// Sources: <https://docs.github.com/en/graphql/reference/enums#gitsignaturestate>,
/// <https://docs.github.com/en/rest/commits/commits#list-commits>.
const REASONS: [(&str, &str); 13] = [
    ("BAD_EMAIL", "bad_email"),
    ("EXPIRED_KEY", "expired_key"),
    ("GPGVERIFY_ERROR", "gpgverify_error"),
    ("GPGVERIFY_UNAVAILABLE", "gpgverify_unavailable"),
    ("INVALID", "invalid"),
    ("MALFORMED_SIG", "malformed_signature"),
    ("NOT_SIGNING_KEY", "not_signing_key"),
    ("NO_USER", "no_user"),
    ("UNKNOWN_KEY", "unknown_key"),
    ("UNKNOWN_SIG_TYPE", "unknown_signature_type"),
    ("UNSIGNED", "unsigned"),
    ("UNVERIFIED_EMAIL", "unverified_email"),
    ("VALID", "valid"),
];

impl<'a> Verification<'a> {
    /// That of a commit, which may have no signature; none for a state without a known reason.
    pub(super) fn of(signature: Option<&Signature<'a>>) -> Option<Verification<'a>> {
        let Some(signature) = signature else {
            let (signature, payload, verified_at) = (None, None, None);
            let reason = "unsigned";
            return Some(Verification { verified: false, reason, signature, payload, verified_at });
        };
        let (_, reason) = REASONS.iter().find(|(state, _)| *state == signature.state)?;
        Some(Verification {
            verified: signature.is_valid,
            reason,
            signature: Some(signature.signature),
            payload: Some(signature.payload),
            verified_at: signature.verified_at,
        })
    }
}
