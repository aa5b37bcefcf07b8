//! Credentials, permissions, limits, clocks.

use serde_json::{Value, json};
use singer_tap::Outcome;

use super::{Made, Row, healed, lost, not};
use crate::fault::Ground;

use Outcome::{Auth, Limited, Partial, Unavailable};

pub(super) const ROWS: &[Row] = &[
    not(20, "401 for a token that can be renewed", "singer-http: one renewal for all who wait"),
    lost(21, "401", Made::Always(|_| status(401)), Auth, "AUTH01"),
    not(22, "Salesforce: 400 for a session that is over", "tests of tap-salesforce, org/bulk"),
    not(23, "the token endpoint fails", "tests of singer-http, auth (AUTH04)"),
    not(24, "a rotated token cannot be stored", "tests of singer-http, auth/store (AUTH03)"),
    lost(25, "403: no permission", Made::Always(|_| status(403)), Partial, "PERM01"),
    healed(26, "403, nothing is left of the quota", Made::Once(spent), "RATE01"),
    healed(27, "the limit on bursts, once", Made::Once(burst), "RATE02"),
    lost(27, "the limit on bursts, for ever", Made::Always(burst), Limited, "RATE02"),
    lost(28, "403: access policy", Made::Always(policy), Partial, "PERM02"),
    lost(29, "404", Made::Always(|_| status(404)), Partial, "PERM03"),
    lost(29, "410", Made::Always(|_| status(410)), Partial, "PERM03"),
    healed(29, "404, once", Made::Once(|_| status(404)), ""),
    lost(30, "451", Made::Always(|_| status(451)), Partial, "PERM04"),
    lost(33, "429, for ever", Made::Always(|_| status(429)), Limited, ""),
    healed(33, "429, once", Made::Once(|_| status(429)), ""),
    lost(34, "503 and a header against retries", Made::Always(no_retry), Unavailable, "API02"),
    not(35, "Salesforce: the daily limit", "tests of tap-salesforce, org/quotas (RATE04, RATE08)"),
    not(36, "Salesforce: too many long requests", "tests of tap-salesforce, org/quotas (RATE05)"),
    not(38, "Salesforce: a bulk job fails", "tests of tap-salesforce, org/bulk (JOB01)"),
    not(39, "Salesforce: a result is lost", "tests of tap-salesforce, org/bulk (BULK02)"),
    healed(40, "a quota that frees in 2099", Made::Once(|to| quota(to, "4070908800")), "RATE06"),
    healed(40, "a quota that freed in 1970", Made::Once(|to| quota(to, "0")), "RATE06"),
    healed(40, "a quota that frees at no time", Made::Once(|to| quota(to, "soon")), "RATE06"),
    lost(41, "Retry-After of 30 years", Made::Always(|_| later("1000000000")), Limited, ""),
    healed(41, "Retry-After below zero", Made::Once(|_| later("-5")), ""),
    healed(41, "Retry-After as a date", Made::Once(|_| later("Tue, 24 Nov 2026 15:00:30 GMT")), ""),
    healed(67, "the server is a day ahead", Made::Throughout(|_| clock("Wed, 25")), "CLK01"),
    healed(67, "the server is a day behind", Made::Throughout(|_| clock("Mon, 23")), "CLK01"),
];

fn status(status: u16) -> Option<Value> {
    Some(json!({"kind": "status", "status": status, "body": "{}"}))
}

fn later(after: &str) -> Option<Value> {
    Some(json!({"kind": "status", "status": 429, "body": "{}", "headers": {"retry-after": after}}))
}

fn clock(day: &str) -> Option<Value> {
    Some(json!({"kind": "headers", "set": {"date": format!("{day} Nov 2026 15:00:00 GMT")}}))
}

/// It frees a minute after the start of the run.
fn spent(ground: &Ground) -> Option<Value> {
    quota(ground, "1795532460")
}

fn quota(ground: &Ground, reset: &str) -> Option<Value> {
    let names = ground.rules.quota.as_ref()?;
    let headers = json!({
        names.limit: "5000", names.remaining: "0", names.reset: reset,
        "date": "Tue, 24 Nov 2026 15:00:00 GMT",
    });
    Some(json!({"kind": "status", "status": 403, "body": "{}", "headers": headers}))
}

fn burst(ground: &Ground) -> Option<Value> {
    marked(ground.rules.secondary.as_ref()?.marks)
}

fn policy(ground: &Ground) -> Option<Value> {
    marked(ground.rules.policy_marks)
}

/// A 403 with words that the tap knows.
fn marked(marks: &[&str]) -> Option<Value> {
    let body = json!({"message": marks.first()?}).to_string();
    Some(json!({"kind": "status", "status": 403, "body": body}))
}

fn no_retry(ground: &Ground) -> Option<Value> {
    let header = ground.rules.retry_header?;
    Some(json!({"kind": "status", "status": 503, "body": "{}", "headers": {header: "false"}}))
}
