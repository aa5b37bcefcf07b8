use super::*;

fn things() -> Setup {
    Setup::new(json!({"id": integer()}))
}

fn frame(records_at: &str, needs: &[&str]) -> Frame {
    Frame { records_at: records_at.into(), needs: names(needs), ..Frame::default() }
}

#[test]
fn records_are_found_wherever_they_stand() {
    let mut setup = things();
    for (records_at, body) in [
        ("", r#"[{"id":1}]"#),
        ("/data", r#"{"a":[{"id":9}],"data":[{"id":1}],"b":{"data":[]}}"#),
        ("/a~1b/c/1/d", r#"{"a/b":{"c":[{"d":[{"id":9}]},{"d":[{"id":1}],"e":{}},7]}}"#),
        ("/d\u{e4}ta", r#"{"d\u00e4ta":[{"id":1}]}"#),
    ] {
        setup.frame = frame(records_at, &[]);
        assert_eq!(setup.record(body), r#"{"id":1}"#, "{body}");
    }
    setup.frame = Frame::one();
    assert_eq!(setup.record(r#" {"id":1} "#), r#"{"id":1}"#);
    setup.frame = Frame { rows: Rows::One, ..frame("/data/thing", &[]) };
    assert_eq!(setup.record(r#"{"data":{"thing":{"id":1}}}"#), r#"{"id":1}"#);
}

#[test]
fn a_record_that_the_api_sent_with_an_error_is_rejected_and_no_other() {
    let mut setup = Setup::new(json!({"id": integer(), "secret": string()}));
    setup.deselected = vec![&["properties", "secret"]];
    setup.frame.faulty = vec![(1, "/author/name".to_owned())];
    let page = setup.encode(r#"[{"id":1},{"id":2,"secret":"x"},{"id":3}]"#);
    assert_eq!(page.records(), [r#"{"id":1}"#, r#"{"id":3}"#]);
    let reject = &page.out.rejects[0];
    assert_eq!((reject.reason, reject.pointer.as_str()), (RejectReason::Faulty, "/author/name"));
    assert_eq!(reject.record, r#"{"id":2}"#);
    assert_eq!(page.facts.records, 3);
}

#[test]
fn an_empty_list_is_a_page_without_records() {
    let page = things().encode("[]");
    assert_eq!(page.facts, PageFacts { records: 0, needed: vec![], last_key: None });
    assert!(page.out.lines.is_empty());
}

#[test]
fn the_paginators_values_are_captured_before_and_after_the_records() {
    let mut setup = things();
    setup.frame = frame(
        "/data",
        &[
            "/next",
            "/has_more",
            "/page/cursor",
            "/page",
            "/absent",
            "/list/1",
            "/data/0/id",
            "/null",
            "/next",
        ],
    );
    let page = setup.encode(
        r#"{"next":"a\ud800","data":[{"id":1}],"page":{"cursor":"old","cursor":"c","n":1},"has_more":true,
            "list":[1,2],"null":null}"#,
    );
    assert_eq!(
        page.facts.needed,
        [
            Some(json!("a\u{fffd}")),
            Some(json!(true)),
            Some(json!("c")),
            Some(json!({"cursor": "c", "n": 1})),
            None,
            Some(json!(2)),
            None,
            Some(Value::Null),
            Some(json!("a\u{fffd}")),
        ]
    );
}

#[test]
fn the_last_key_is_that_of_the_last_record_whether_it_is_emitted_or_not() {
    let mut setup = Setup::new(json!({"id": integer(), "org": string()}));
    setup.key = names(&["org", "id"]);
    setup.transforms = vec![transform::from_parent("org")];
    setup.parent = vec![("org".into(), json!("acme"))];
    let mut out = Output::default();
    let facts =
        setup.encode_with(br#"[{"id":1},{"id":2}]"#, &mut |_| Keep::Drop, &mut out).unwrap();
    assert_eq!((facts.records, out.emitted, out.dropped), (2, 0, 2));
    assert_eq!(facts.last_key, Some(vec![json!("acme"), json!(2)]));
    assert!(out.lines.is_empty());
    assert_eq!(setup.encode(r#"[{"id":1},{"id":null}]"#).facts.last_key, None);
}

fn refused(setup: &Setup, body: &str, pointer: &str, fault: BodyFault) -> usize {
    let mut out = Output::default();
    let error = setup.encode_into(body.as_bytes(), &mut out).unwrap_err();
    assert_eq!((error.pointer.as_str(), &error.fault), (pointer, &fault), "{body}");
    assert!(out.lines.is_empty() && out.rejects.is_empty() && out.misfits.is_empty(), "{body}");
    assert_eq!((out.emitted, out.dropped), (0, 0), "{body}");
    assert!(error.offset <= body.len());
    error.offset
}

#[test]
fn a_body_of_another_shape_is_broken_and_never_an_empty_page() {
    let mut setup = things();
    refused(&setup, r#"{"message":"Not Found"}"#, "", BodyFault::NotAList(Found::Object));
    refused(&setup, "null", "", BodyFault::NotAList(Found::Null));
    refused(&setup, "\"x\"", "", BodyFault::NotAList(Found::String));
    refused(&setup, "17", "", BodyFault::NotAList(Found::Number));
    setup.frame = frame("/data/items", &[]);
    for body in
        ["{}", "[]", "7", r#"{"data":{}}"#, r#"{"data":null}"#, r#"{"data":[{"items":[]}]}"#]
    {
        refused(&setup, body, "/data/items", BodyFault::NoRecords);
    }
    refused(&setup, r#"{"data":{"items":null}}"#, "/data/items", BodyFault::NotAList(Found::Null));
    refused(&setup, r#"{"data":{"items":{}}}"#, "/data/items", BodyFault::NotAList(Found::Object));
    let twice = r#"{"data":{"items":[{"id":1}],"items":[{"id":2}]}}"#;
    refused(&setup, twice, "/data/items", BodyFault::Twice);
    setup.frame = Frame::one();
    refused(&setup, r#"[{"id":1}]"#, "", BodyFault::NotAnObject(Found::Array));
    refused(&setup, "null", "", BodyFault::NotAnObject(Found::Null));
}

#[test]
fn the_place_where_a_body_breaks_is_told_without_quoting_it() {
    let mut setup = Setup::new(json!({"id": integer(), "o": object(json!({"a": integer()}))}));
    setup.frame = frame("/data", &[]);
    let body = "{\"data\": [\n {\"id\": 1},\n {\"o\": {\"a\": secret}}\n]}";
    let rule = BodyFault::Syntax("a value is missing");
    let offset = refused(&setup, body, "/data/1/o/a", rule);
    assert_eq!(&body[offset..offset + 6], "secret");
    let marked = format!("\u{feff}{body}");
    assert_eq!(
        setup.encode_into(marked.as_bytes(), &mut Output::default()).unwrap_err().offset,
        offset + 3
    );
    let error = setup.encode_into(body.as_bytes(), &mut Output::default()).unwrap_err().to_string();
    assert!(!error.contains("secret"), "{error}");
    for (body, pointer) in [
        (r#"{"data":[]} x"#, ""),
        (r#"{"data":[]}{"data":[]}"#, ""),
        (r#"{"data":[{"id":1}{"id":2}]}"#, "/data"),
        (r#"{"data":[{"id":NaN}]}"#, "/data/0/id"),
        (r#"{"data":[{"id":01}]}"#, "/data/0/id"),
        (r#"{"data":[{"id":-Infinity}]}"#, "/data/0/id"),
        (r#"{"data":[{"x":"\q"}]}"#, "/data/0/x"),
        ("{\"data\":[{\"o\":{\"a\nb\":1}}]}", "/data/0/o"),
        ("{\"data\":[{\"x\":\"a\nb\"}]}", "/data/0/x"),
        ("<html>502 Bad Gateway</html>", ""),
        ("{'data':[]}", ""),
        (r#"{"data":[1,]}"#, "/data/1"),
    ] {
        let error = setup.encode_into(body.as_bytes(), &mut Output::default()).unwrap_err();
        assert!(matches!(error.fault, BodyFault::Syntax(_)), "{body} {error}");
        assert!(error.pointer.starts_with(pointer), "{body} {error}");
    }
    refused(&setup, "", "", BodyFault::Cut);
}
