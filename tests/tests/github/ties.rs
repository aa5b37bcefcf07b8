//! Rows of one instant, apart by the end of a page: resuming there loses none of them.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use singer_tap_tests::{Mock, Output, Row, Tap, known};

const REPO: &str = "acme/widgets";

fn keys(stream: &str, outputs: &[&Output]) -> BTreeSet<String> {
    let records = outputs.iter().flat_map(|output| output.records(stream));
    records.map(|record| known(stream).unwrap().of_record(record).key).collect()
}

/// Gives the first row of the second page the instant of the last row of the first, kills the run
/// while the second page is waited for, and resumes.
fn check(stream: &str, path: &str, arrange: impl Fn(&mut Vec<Row>)) {
    let mock = Mock::start("--repo acme/widgets:issues=330,pulls=220");
    let mut rows = known(stream).unwrap().rows(&mock, REPO).unwrap();
    arrange(&mut rows);
    let page_2 = json!({"path": path, "page": 2});
    let instant = rows[99].at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let tie = json!({"match": page_2, "fault":
        {"kind": "mangle", "pointer": "/0/updated_at", "value": instant}});
    let stall = json!({"match": page_2, "fault": {"kind": "stall"}});
    let tap = |state: Option<&Value>| {
        Tap::of(&mock, &[REPO]).bent().args("--select").args(stream).state(state)
    };

    mock.faults(&json!([stall]));
    let mut running = tap(None).start();
    // Of the start, and of the first page.
    (0..2).for_each(|_| running.read_to_line("STATE"));
    let first = running.kill().output().until_last_state();
    assert_eq!(first.records(stream).len(), 100);

    mock.faults(&json!([tie]));
    let second = tap(first.last_state()).run().ends_with(0).output();
    let expected: BTreeSet<String> = rows.into_iter().map(|row| row.key).collect();
    assert_eq!(keys(stream, &[&first, &second]), expected);
}

#[test]
fn pull_requests_of_one_instant_on_two_pages_all_arrive() {
    check("pull_requests", "**/pulls", |rows| rows.sort_by_key(|row| std::cmp::Reverse(row.at)));
}

#[test]
fn issues_of_one_instant_on_two_pages_all_arrive() {
    check("issues", "**/issues", |rows| rows.sort_by_key(|row| row.at));
}
