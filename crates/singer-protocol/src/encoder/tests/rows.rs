use super::*;

/// Reads a body held in `rows` and compares its records.
fn check(setup: &Setup, body: &str, records: &[&str]) {
    let page = setup.encode(body);
    assert_eq!(page.records(), records, "{body}");
}

fn refused(setup: &Setup, body: &str, pointer: &str, fault: BodyFault) {
    let mut out = Output::default();
    let error = setup.encode_into(body.as_bytes(), &mut out).unwrap_err();
    assert_eq!((error.pointer.as_str(), error.fault), (pointer, fault), "{body}");
    assert!(out.lines.is_empty() && out.dropped == 0, "{body}");
}

fn languages() -> Setup {
    let mut setup = Setup::new(json!({"name": string(), "bytes": integer()}));
    setup.key = names(&["name"]);
    setup.transforms = vec![transform::rename("key", "name"), transform::rename("value", "bytes")];
    setup.frame = Frame { rows: Rows::Members, ..Frame::default() };
    setup
}

#[test]
fn the_members_of_an_object_are_records() {
    let mut setup = languages();
    let rust = r#"{"name":"Rust","bytes":12}"#;
    check(&setup, r#"{"Rust": 12, "C\u0000++": "7"}"#, &[rust, r#"{"name":"C++","bytes":7}"#]);
    check(&setup, "{}", &[]);
    setup.frame.records_at = "/all".to_owned();
    check(&setup, r#"{"n": 1, "all": {"Rust": 12}}"#, &[rust]);
    refused(&setup, r#"{"all": []}"#, "/all", BodyFault::NotAnObject(Found::Array));
    refused(&setup, "{}", "/all", BodyFault::NoRecords);
    refused(
        &setup,
        r#"{"all": {"Rust": 1, "C": x}}"#,
        "/all/C",
        BodyFault::Syntax("a value is missing"),
    );
}

#[test]
fn members_may_be_objects() {
    let mut setup = Setup::new(json!({"key": string(), "value": object(json!({"n": integer()}))}));
    setup.frame = Frame { rows: Rows::Members, ..Frame::default() };
    let records = [r#"{"key":"a","value":{"n":1}}"#, r#"{"key":"b","value":null}"#];
    check(&setup, r#"{"a":{"n":1},"b":null}"#, &records);
    setup.deselected = vec![&["properties", "value"]];
    check(&setup, r#"{"a":{"n":1}}"#, &[r#"{"key":"a"}"#]);
}

/// Weeks of authors: what is around them may stand before and behind.
fn weeks() -> Setup {
    let mut setup = Setup::new(json!({
        "week": integer(), "commits": integer(), "login": string(), "total": integer(),
        "at": date_time(), "tags": list(object(json!({"a": integer()})))
    }));
    setup.transforms = vec![
        transform::copy("weeks.w", "at"),
        transform::epoch("at"),
        transform::hoist("weeks.w", "week"),
        transform::hoist("weeks.c", "commits"),
        transform::hoist("author.login", "login"),
    ];
    setup.frame = Frame { rows: Rows::Each("weeks".to_owned()), ..Frame::default() };
    setup
}

#[test]
fn each_item_of_a_list_within_an_object_is_a_record_with_what_is_around_it() {
    let setup = weeks();
    let body = r#"[
        {"total":3,"weeks":[{"w":0,"c":1},{"w":86400,"c":2}],"author":{"login":"mona"}},
        {"weeks":[],"author":{"login":"hubot"}},
        {"weeks":null},
        {"author":{"login":"mira"}},
        {"weeks":[{"c":4}],"tags":[{"a":1}]}
    ]"#;
    let records = [
        r#"{"week":0,"commits":1,"login":"mona","total":3,"at":"1970-01-01T00:00:00Z"}"#,
        r#"{"week":86400,"commits":2,"login":"mona","total":3,"at":"1970-01-02T00:00:00Z"}"#,
        r#"{"commits":4,"tags":[{"a":1}]}"#,
    ];
    check(&setup, body, &records);
    assert_eq!(setup.encode(body).facts.records, 3);
    check(&setup, "[]", &[]);
    refused(&setup, r#"[{"weeks":{}}]"#, "/0/weeks", BodyFault::NotAList(Found::Object));
    refused(&setup, r#"[{"weeks":7}]"#, "/0/weeks", BodyFault::NotAList(Found::Number));
    refused(&setup, r#"{"weeks":[]}"#, "", BodyFault::NotAList(Found::Object));
}

#[test]
fn undeclared_fields_are_told_within_the_items_and_around_them() {
    let page = weeks().encode(r#"[{"weeks":[{"w":0,"new":1}],"other":1}]"#);
    let told: Vec<_> = page.misfits().into_iter().map(|(place, ..)| place).collect();
    assert_eq!(told, ["/other"]);
    let mut setup = weeks();
    setup.properties["weeks"] = object(json!({"w": integer()}));
    setup.transforms.clear();
    let page = setup.encode(r#"[{"weeks":[{"w":0,"new":1},{"w":1}]}]"#);
    assert_eq!(page.records(), [r#"{"weeks":{"w":0}}"#, r#"{"weeks":{"w":1}}"#]);
    assert_eq!(page.misfits(), [("/weeks/new", Misfit::Undeclared, 1)]);
}

#[test]
fn a_text_is_one_record() {
    let mut setup = Setup::new(json!({"html": string(), "org": string()}));
    setup.transforms = vec![transform::rename("text", "html"), transform::from_parent("org")];
    setup.parent = vec![("org".into(), json!("acme"))];
    setup.frame = Frame { rows: Rows::Text, ..Frame::default() };
    check(&setup, "<p>a\n\"b\"\0</p>", &[r#"{"html":"<p>a\n\"b\"</p>","org":"acme"}"#]);
    check(&setup, "", &[r#"{"html":"","org":"acme"}"#]);
}

#[test]
fn records_of_which_a_filter_does_not_hold_are_passed_over() {
    let mut setup = Setup::new(json!({"id": integer(), "kind": string(), "n": integer()}));
    setup.key = names(&["id"]);
    setup.transforms = vec![transform::rename("type", "kind")];
    setup.filters = vec![filter::is("kind", "Bot"), filter::any(["n", "more.list"])];
    let body = r#"[
        {"id":1,"type":"Bot","n":1}, {"id":2,"type":"User","n":1}, {"type":"User"},
        {"id":3,"type":"B\u006ft","n":0,"more":{"list":[1]}},
        {"id":4,"type":"Bot","n":0,"more":{"list":[]}}, {"id":5,"type":null,"n":1}, {"id":6,"n":1}
    ]"#;
    let page = setup.encode(body);
    let records = [r#"{"id":1,"kind":"Bot","n":1}"#, r#"{"id":3,"kind":"B\u006ft","n":0}"#];
    assert_eq!(page.records(), records);
    assert_eq!((page.facts.records, page.out.dropped, page.out.rejects.len()), (7, 5, 0));
    assert_eq!(page.facts.last_key, Some(vec![json!(6)]));
    setup.deselected = vec![&["properties", "kind"], &["properties", "n"]];
    check(&setup, body, &[r#"{"id":1}"#, r#"{"id":3}"#]);
}

#[test]
fn a_filter_asks_for_what_a_transform_made() {
    let mut setup = Setup::new(json!({"id": integer()}));
    setup.transforms = vec![transform::exists("pull", "kind", "pull", "issue")];
    setup.filters = vec![filter::is("kind", "issue")];
    check(&setup, r#"[{"id":1},{"id":2,"pull":{}}]"#, &[r#"{"id":1}"#]);
}

#[test]
fn fields_of_records_that_are_passed_over_are_no_news() {
    let mut setup = Setup::new(json!({"id": integer(), "type": string()}));
    setup.filters = vec![filter::is("type", "Bot")];
    let check = |body: &str, told: &[(&str, Misfit, u64)], news: &[&str]| {
        let page = setup.encode(body);
        assert_eq!(page.misfits(), told, "{body}");
        let names: Vec<_> = page.out.news.iter().map(|news| news.name.as_str()).collect();
        assert_eq!(names, news, "{body}");
    };
    check(r#"[{"type":"User","login":"a","\u0061":1},{"id":1,"type":"Bot"}]"#, &[], &[]);
    let (bot, user) = (r#"{"type":"Bot","login":"b"}"#, r#"{"type":"User","login":"a"}"#);
    let once = [("/login", Misfit::Undeclared, 1)];
    check(&format!("[{bot},{user}]"), &once, &["login"]);
    check(&format!("[{user},{bot},{user}]"), &once, &["login"]);
}

fn csv() -> Setup {
    let mut setup = Setup::new(json!({
        "id": {"type": "string"}, "n": {"type": ["null", "integer"]},
        "open": {"type": ["null", "boolean"]}, "text": {"type": ["null", "string"]}}));
    setup.frame = Frame { rows: Rows::Csv, ..Frame::default() };
    setup
}

#[test]
fn csv_has_a_record_a_line_with_the_types_of_the_schema() {
    let body =
        "\u{feff}text,id,n,open\r\n\" a, \"\"b\"\"\nc\",7,12,true\r\n,8,,\r\n x ,9,1.5,yes\r\n";
    let page = csv().encode(body);
    assert_eq!(
        page.records(),
        [
            r#"{"id":"7","n":12,"open":true,"text":" a, \"b\"\nc"}"#,
            r#"{"id":"8","n":null,"open":null,"text":null}"#,
            r#"{"id":"9","n":null,"open":null,"text":" x "}"#,
        ]
    );
    let misfits: Vec<&str> = page.out.misfits.iter().map(|(pointer, ..)| pointer).collect();
    assert_eq!(misfits, ["/n", "/open"], "what is written as the schema says is no misfit");
}

#[test]
fn csv_columns_may_come_in_any_order_and_with_none_that_is_declared() {
    assert_eq!(csv().record("more,id\n1,7\n"), r#"{"id":"7"}"#);
    assert_eq!(csv().encode("id,n\n").records(), [""; 0], "names alone are an empty page");
}

#[test]
fn csv_that_is_cut_or_bent_is_no_page() {
    let check = |body: &str, offset: usize, pointer: &str, fault: BodyFault| {
        let error = csv().encode_into(body.as_bytes(), &mut Output::default()).unwrap_err();
        assert_eq!(
            (error.offset, &*error.pointer, error.fault),
            (offset, pointer, fault),
            "{body}"
        );
    };
    check("", 0, "", BodyFault::NoRecords);
    check("id,n\n7,1\n8", 9, "/1", BodyFault::Columns { found: 1, of: 2 });
    check("id,n\n7,1,2\n", 5, "/0", BodyFault::Columns { found: 3, of: 2 });
    check("id,text\n7,\"a\n", 13, "", BodyFault::Cut);
    check("id,id\n7,7\n", 0, "", BodyFault::Twice);
}
