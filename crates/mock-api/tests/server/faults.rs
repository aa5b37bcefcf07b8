//! Faults on the wire.

use std::io::Read;

use crate::site::{Reply, Site};
use serde_json::{Value, json};

const ISSUES: &str = "/repos/acme/widgets/issues?per_page=5&state=all";

/// The answer to one request under one fault.
fn under(fault: Value) -> Reply {
    let site = Site::new("--issues 50");
    let script = json!([{"match": {"path": "**/issues"}, "fault": fault}]);
    assert_eq!(site.post("/_mock/faults", &script.to_string())["rules"], 1);
    site.get(ISSUES)
}

fn told(reply: &Reply) -> usize {
    reply.header("content-length").unwrap().parse().unwrap()
}

#[test]
fn a_body_is_cut_at_the_byte_that_is_named() {
    let reply = under(json!({"kind": "cut", "at": 1234}));
    assert_eq!((reply.status, reply.body.len(), reply.reset), (200, 1234, false));
    assert!(told(&reply) > 10_000);
    let chunked = under(json!({"kind": "cut", "at": 10, "framing": "chunked"}));
    assert_eq!(chunked.header("transfer-encoding"), Some("chunked"));
    assert!(chunked.body.starts_with(b"a\r\n[{") && chunked.body.ends_with(b"\r\n"));
    let close = under(json!({"kind": "cut", "at": 10, "framing": "close"}));
    assert_eq!((close.header("content-length"), close.body.len()), (None, 10));
}

#[test]
fn a_length_is_told_that_is_not_true() {
    for delta in [-7, 7] {
        let reply = under(json!({"kind": "wrong_length", "delta": delta}));
        assert_eq!(told(&reply) as i64, reply.body.len() as i64 + delta);
    }
}

#[test]
fn a_connection_is_reset_before_and_in_the_middle_of_an_answer() {
    let before = under(json!({"kind": "reset"}));
    assert_eq!((before.status, before.reset), (0, true));
    let middle = under(json!({"kind": "reset", "after": 100}));
    assert!(middle.reset);
}

#[test]
fn an_answer_comes_late_but_comes() {
    let reply = under(json!({"kind": "stall", "ms": 20, "after": 100}));
    assert_eq!(reply.body.len(), told(&reply));
    assert_eq!(under(json!({"kind": "stall", "ms": 20})).status, 200);
}

#[test]
fn other_answers_take_the_place_of_the_honest_one() {
    let reply = under(
        json!({"kind": "status", "status": 502, "body": "bad", "headers": {"retry-after": "3"}}),
    );
    assert_eq!(
        (reply.status, &reply.body[..], reply.header("retry-after")),
        (502, &b"bad"[..], Some("3"))
    );
    let html = under(json!({"kind": "html"}));
    assert!(html.header("content-type").unwrap().starts_with("text/html"));
    let empty = under(json!({"kind": "empty"}));
    assert_eq!((empty.status, told(&empty)), (200, 0));
    let moved =
        under(json!({"kind": "redirect", "location": "http://evil.example/", "status": 307}));
    assert_eq!((moved.status, moved.header("location")), (307, Some("http://evil.example/")));
}

#[test]
fn the_next_link_leads_back_or_elsewhere() {
    let again = under(json!({"kind": "repeat_cursor"}));
    assert!(again.link("next").unwrap().ends_with(ISSUES));
    let foreign = under(json!({"kind": "foreign_next", "host": "evil.example"}));
    let next = foreign.link("next").unwrap();
    assert!(next.starts_with("http://evil.example/repositories/"), "{next}");
}

#[test]
fn a_field_is_not_what_it_should_be() {
    let reply = under(json!({"kind": "mangle", "pointer": "/0/id", "value": "x"}));
    assert_eq!(reply.json()[0]["id"], "x");
    let reply = under(json!({"kind": "mangle", "pointer": "/0/id", "remove": true}));
    assert!(reply.json()[0].get("id").is_none());
}

#[test]
fn a_bomb_is_small_until_it_is_opened() {
    let reply = under(json!({"kind": "bomb", "mebibytes": 4}));
    assert_eq!(reply.header("content-encoding"), Some("gzip"));
    assert!(reply.body.len() < 10_000);
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(&reply.body[..]).read_to_end(&mut text).unwrap();
    assert_eq!(text.len(), 4 * 1024 * 1024);
}

#[test]
fn a_rule_counts_its_requests_and_is_gone_when_it_is_cleared() {
    let site = Site::new("--issues 50");
    let script = json!([
        {"match": {"path": "/repos/acme/widgets/**"}, "nth": 2, "fault": {"kind": "status", "status": 500}},
        {"match": {"path": "/repositories/*/issues", "page": 2}, "times": 1, "fault": {"kind": "status", "status": 502}},
    ]);
    site.post("/_mock/faults", &script.to_string());
    let statuses: Vec<u16> = (0..3).map(|_| site.get(ISSUES).status).collect();
    assert_eq!(statuses, [200, 500, 200]);
    let next = site.get(ISSUES).link("next").unwrap();
    assert_eq!([site.get(&next).status, site.get(&next).status], [502, 200]);
    site.post("/_mock/faults", r#"[{"fault": {"kind": "empty"}}]"#);
    site.send("DELETE", "/_mock/faults", &[], "");
    assert!(!site.get(ISSUES).body.is_empty());
}

#[test]
fn a_body_is_compressed_only_when_that_is_asked_for() {
    let asks = [("accept-encoding", "gzip")];
    let site = Site::new("--issues 50");
    let packed = site.send("GET", ISSUES, &asks, "");
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(&packed.body[..]).read_to_end(&mut text).unwrap();
    assert_eq!(text, site.get(ISSUES).body);
    let never = Site::new("--issues 50 --no-gzip");
    assert_eq!(never.send("GET", ISSUES, &asks, "").header("content-encoding"), None);
}

#[test]
fn a_list_changes_while_it_is_read() {
    let site = Site::new("--labels 10");
    let labels = "/repos/acme/widgets/labels?per_page=5";
    let script = json!([{
        "match": {"path": "/repos/acme/widgets/labels"}, "nth": 1,
        "fault": {"kind": "change", "action": "delete", "query": "repo=acme/widgets&resource=labels&number=2"},
    }]);
    site.post("/_mock/faults", &script.to_string());
    let names = |target: &str| {
        let (rows, _) = site.walk(target);
        rows.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let torn = names(labels);
    // The first row of the second page has moved to the first, after that was read.
    assert_eq!((torn.len(), torn.contains(&"help wanted".to_owned())), (9, false));
    assert!(names(labels).contains(&"help wanted".to_owned()));
}

#[test]
fn a_rule_may_be_for_one_token() {
    let site = Site::new("");
    let script = json!([{"match": {"token": "a"}, "fault": {"kind": "status", "status": 403}}]);
    site.post("/_mock/faults", &script.to_string());
    let status = |token: &str| {
        site.send("GET", ISSUES, &[("authorization", &format!("Bearer {token}"))], "").status
    };
    assert_eq!([status("a"), status("b")], [403, 200]);
}
