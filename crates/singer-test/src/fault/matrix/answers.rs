//! Answers that are no pages, links that lead astray.

use serde_json::{Value, json};
use singer_tap::Outcome;

use super::{Made, Next, Row, healed, lost, not};
use crate::fault::Ground;

use Outcome::{Bug, Partial, Refused, Unavailable};

pub(super) const ROWS: &[Row] = &[
    lost(8, "a body shorter than told", Made::Always(short), Unavailable, "BODY01"),
    healed(8, "the same, once", Made::Once(short), ""),
    lost(8, "a chunked body without its end", Made::Always(unended), Unavailable, "BODY01"),
    healed(8, "the same, once", Made::Once(unended), ""),
    healed(8, "a body longer than told", Made::Once(long), ""),
    lost(8, "a compressed body, cut", Made::Always(packed), Unavailable, "BODY01"),
    healed(8, "the same, once", Made::Once(packed), ""),
    lost(9, "a body cut, its length untold", Made::Always(closed), Unavailable, "BODY02"),
    healed(9, "the same, once", Made::Once(closed), ""),
    lost(10, "HTML with status 200", Made::Always(html), Unavailable, "BODY03"),
    healed(10, "the same, once", Made::Once(html), ""),
    lost(11, "an empty body with status 200", Made::Always(empty), Unavailable, "BODY04"),
    healed(11, "the same, once", Made::Once(empty), ""),
    lost(12, "204, which nobody declared", Made::Always(|_| status(204)), Unavailable, "BODY04"),
    lost(13, "202: not ready, for ever", Made::Always(|_| status(202)), Partial, "WAIT01"),
    lost(14, "304, which nobody asked for", Made::Always(|_| status(304)), Unavailable, "BODY04"),
    lost(15, "an error with status 200", Made::Always(blame), Unavailable, "BODY02"),
    lost(16, "GraphQL: errors in place of data", Made::Always(errors), Refused, "GQL01"),
    lost(
        16,
        "GraphQL: no permission",
        Made::Always(|to| error(to, "FORBIDDEN")),
        Partial,
        "PERM01",
    ),
    healed(16, "GraphQL: the limit, once", Made::Once(|to| error(to, "RATE_LIMITED")), ""),
    lost(17, "GraphQL: an error about a row", Made::Once(some), Partial, "GQL02"),
    lost(18, "GraphQL: every page is too big", Made::Always(heavy), Unavailable, "GQL03"),
    lost(19, "400", Made::Always(|_| status(400)), Bug, "API01"),
    lost(19, "422", Made::Always(|_| status(422)), Bug, "API01"),
    lost(31, "redirects in a circle", Made::Always(circle), Refused, "API03"),
    lost(32, "a redirect to another origin", Made::Always(abroad), Refused, "SEC01"),
    lost(32, "a next link to another origin", Made::Always(foreign_next), Refused, "SEC01"),
    lost(37, "503", Made::Always(|_| status(503)), Unavailable, "API02"),
    healed(37, "the same, once", Made::Once(|_| status(503)), ""),
    Row {
        next: Next::Other,
        ..lost(42, "the page before again", Made::Always(earlier), Refused, "PAGE01")
    },
    lost(43, "empty pages without end", Made::Always(empty_pages), Refused, "PAGE02"),
    not(44, "a list longer than the API shows", "tests of the streams that are capped (PAGE03)"),
    lost(51, "NaN", Made::Always(nan), Unavailable, "BODY02"),
    lost(55, "nested deeper than 128", Made::Always(deep), Unavailable, "BODY02"),
    lost(56, "a decompression bomb", Made::Always(bomb), Refused, "CAP02"),
    not(57, "CSV that is broken", "no source reads CSV yet"),
];

fn status(status: u16) -> Option<Value> {
    Some(json!({"kind": "status", "status": status, "body": "{}"}))
}

fn errors(ground: &Ground) -> Option<Value> {
    error(ground, "OUT_OF_ORDER")
}

fn error(ground: &Ground, kind: &str) -> Option<Value> {
    let errors = json!([{"type": kind, "message": "not now"}]);
    let value = json!({"data": null, "errors": errors});
    ground.is_graphql().then(|| json!({"kind": "mangle", "pointer": "", "value": value}))
}

fn some(ground: &Ground) -> Option<Value> {
    let pointer = ground.is_graphql().then(|| ground.text())??.0;
    Some(json!({"kind": "partial", "pointer": pointer, "error": "FORBIDDEN"}))
}

fn heavy(ground: &Ground) -> Option<Value> {
    let body = r#"{"data":"null","errors":[{"message":"timeout"}]}"#;
    ground.is_graphql().then(|| json!({"kind": "status", "status": 502, "body": body}))
}

fn short(_: &Ground) -> Option<Value> {
    Some(json!({"kind": "cut", "at": 60}))
}

fn unended(_: &Ground) -> Option<Value> {
    Some(json!({"kind": "cut", "at": 60, "framing": "chunked"}))
}

/// Small pages are not compressed.
fn packed(ground: &Ground) -> Option<Value> {
    let is_large = ground.page.to_string().len() > 500;
    is_large.then(|| json!({"kind": "cut", "at": 60, "framing": "close"}))
}

fn closed(_: &Ground) -> Option<Value> {
    Some(json!({"kind": "cut", "at": 60, "framing": "close", "plain": true}))
}

fn long(_: &Ground) -> Option<Value> {
    Some(json!({"kind": "wrong_length", "delta": -7}))
}

fn html(_: &Ground) -> Option<Value> {
    Some(json!({"kind": "html"}))
}

fn empty(_: &Ground) -> Option<Value> {
    Some(json!({"kind": "empty"}))
}

fn blame(ground: &Ground) -> Option<Value> {
    rest(ground, json!({"kind": "mangle", "pointer": "", "value": {"error": "no"}}))
}

fn circle(_: &Ground) -> Option<Value> {
    Some(json!({"kind": "redirect", "location": "/a-circle", "status": 301}))
}

fn abroad(ground: &Ground) -> Option<Value> {
    rest(ground, json!({"kind": "redirect", "location": "https://evil.example/", "status": 302}))
}

fn earlier(ground: &Ground) -> Option<Value> {
    rest(ground, json!({"kind": "earlier"}))
}

fn bomb(ground: &Ground) -> Option<Value> {
    rest(ground, json!({"kind": "bomb", "mebibytes": 64}))
}

/// A fault that ends otherwise with GraphQL, where a smaller page may help and no link is followed.
fn rest(ground: &Ground, fault: Value) -> Option<Value> {
    (!ground.is_graphql()).then_some(fault)
}

/// Only where the next page is told by a link in the head.
fn foreign_next(ground: &Ground) -> Option<Value> {
    ground.is_linked.then(|| json!({"kind": "foreign_next", "host": "evil.example"}))
}

fn empty_pages(ground: &Ground) -> Option<Value> {
    ground.is_linked.then(|| json!({"kind": "empty_pages", "body": ground.empty()}))
}

fn nan(ground: &Ground) -> Option<Value> {
    before_text(ground, "NaN")
}

fn deep(ground: &Ground) -> Option<Value> {
    before_text(ground, &format!("{}1{}", "[".repeat(200), "]".repeat(200)))
}

/// A value in a field of its own in the first record.
fn before_text(ground: &Ground, value: &str) -> Option<Value> {
    let (_, name) = ground.text()?;
    let head = format!("\"{name}\":");
    Some(json!({"kind": "replace", "find": head, "with": format!("\"_\":{value},{head}")}))
}
