//! Records that are not as declared: none vanishes without a word.

use serde_json::{Value, json};
use singer_tap_tests::{Mock, Run, Tap, missing};

const REPOS: [&str; 1] = ["acme/widgets"];

/// Runs with faults on every page.
fn read(mock: &Mock, faults: &[Value]) -> Run {
    let rules = faults.iter().map(|fault| {
        let page = fault["page"].clone();
        let mut fault = fault.clone();
        fault.as_object_mut().unwrap().remove("page");
        json!({"match": {"path": "**/issues", "page": page}, "fault": fault})
    });
    mock.faults(&rules.collect());
    Tap::of(mock, &REPOS).args("--select issues").run()
}

#[test]
fn a_record_without_a_usable_key_goes_to_the_rejects() {
    let mock = Mock::start("--repos 1 --issues 250");
    for fault in [
        json!({"value": "x"}),
        json!({"value": {"deep": 1}}),
        json!({"value": 1.5}),
        json!({"value": null}),
        json!({"remove": true}),
    ] {
        let mut fault = fault;
        fault["kind"] = json!("mangle");
        fault["pointer"] = json!("/3/id");
        fault["page"] = json!(2);
        let run = read(&mock, &[fault.clone()]).ends_with(6);
        let output = run.output();
        let rejects = output.records("tap_github_rejects");
        assert_eq!(rejects.len(), 1, "{fault}: {}", run.log());
        assert_eq!(
            (&rejects[0]["stream"], &rejects[0]["partition"]),
            (&json!("issues"), &json!("acme/widgets"))
        );
        assert_eq!(rejects[0]["pointer"], "/id", "{fault}: {}", rejects[0]);
        let told = run.told("WARNING [DATA02] a record of `issues` is rejected");
        assert!(told.len() == 1 && told[0].contains("at `/id`"), "{}", run.log());
        let kept: Value = serde_json::from_str(rejects[0]["record"].as_str().unwrap()).unwrap();
        assert!(kept["title"].is_string(), "the record is kept whole");
        assert_eq!(output.records("issues").len(), 249);
        assert_eq!(missing(&mock, "issues", &REPOS, &[&output]).len(), 1);
        assert_eq!(run.summary("rejected"), 1, "{}", run.log());
        let full = output.bookmark("issues", "acme/widgets");
        assert!(full.is_some(), "a reject is delivered, so the bookmark moves on");
    }
}

#[test]
fn a_record_without_a_usable_replication_key_goes_to_the_rejects() {
    let mock = Mock::start("--repos 1 --issues 250");
    for value in [json!("soon"), json!(null), json!({})] {
        let fault =
            json!({"kind": "mangle", "pointer": "/3/updated_at", "value": value, "page": 1});
        let run = read(&mock, &[fault]).ends_with(6);
        let output = run.output();
        assert_eq!(output.records("tap_github_rejects").len(), 1, "{value}: {}", run.log());
        assert_eq!(output.records("issues").len(), 249);
    }
}

#[test]
fn too_many_rejects_end_the_stream_and_each_is_kept() {
    let mock = Mock::start("--repos 1 --issues 250");
    let nameless = |number: u32| json!({"number": number, "updated_at": "2026-01-01T00:00:00Z"});
    let page: Vec<Value> = (0..101).map(nameless).collect();
    let run = read(&mock, &[json!({"kind": "mangle", "pointer": "", "value": page, "page": 2})]);
    let run = run.ends_with(7);
    assert_eq!(run.given_up("DATA03").len(), 1, "{}", run.log());
    let output = run.output();
    assert_eq!(output.records("issues").len(), 100);
    assert_eq!(output.records("tap_github_rejects").len(), 101);
    assert_eq!(run.told("[DATA02]").len(), 1, "told once: {}", run.log());
}

#[test]
fn a_value_of_another_type_is_null_and_told_once() {
    let mock = Mock::start("--repos 1 --issues 250");
    let mangled = |page: u32, at: u32| json!({"kind": "mangle", "pointer": format!("/{at}/comments"), "value": {"many": true}, "page": page});
    let run = read(&mock, &[mangled(1, 3), mangled(2, 4), mangled(3, 5)]).ends_with(0);
    let told = run.told("WARNING [DRIFT02]");
    assert_eq!(told.len(), 1, "{}", run.log());
    assert!(told[0].contains("`issues`") && told[0].contains("/comments"), "{}", told[0]);
    let output = run.output();
    let nulls =
        output.records("issues").iter().filter(|record| record["comments"].is_null()).count();
    assert_eq!(nulls, 3);
    assert_eq!(missing(&mock, "issues", &REPOS, &[&output]), [""; 0]);
}

#[test]
fn a_value_that_can_be_converted_without_loss_is_and_is_told_once() {
    let mock = Mock::start("--repos 1 --issues 50");
    let run = read(
        &mock,
        &[json!({"kind": "mangle", "pointer": "/3/comments", "value": "12", "page": 1})],
    )
    .ends_with(0);
    assert_eq!(run.told("WARNING [DRIFT02]").len(), 1, "{}", run.log());
    assert_eq!(run.output().records("issues")[3]["comments"], json!(12));
}

#[test]
fn a_field_that_the_schema_lacks_is_left_out_and_told_once() {
    let mock = Mock::start("--repos 1 --issues 250");
    let added = |page: u32| json!({"kind": "mangle", "pointer": "/3/brand_new", "value": [1, 2], "page": page});
    let run = read(&mock, &[added(1), added(2)]).ends_with(0);
    assert_eq!(
        run.told("INFO [DRIFT01]").iter().filter(|line| line.contains("/brand_new")).count(),
        1,
        "{}",
        run.log()
    );
    assert!(run.output().records("issues").iter().all(|record| record.get("brand_new").is_none()));
}

#[test]
fn numbers_and_texts_arrive_as_they_were_sent() {
    let mock = Mock::start("--repos 1 --issues 3");
    mock.faults(&json!([
        {"match": {"path": "**/issues"}, "fault": {"kind": "replace",
            "find": "\"comments\":", "with": "\"comments\":12345678901234567890123,\"was\":"}}
    ]));
    let run = Tap::of(&mock, &REPOS).args("--select issues").run().ends_with(0);
    assert!(run.text().contains("\"comments\":12345678901234567890123"), "{}", run.log());
}
