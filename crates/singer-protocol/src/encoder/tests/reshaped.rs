use super::transform::*;
use super::*;

fn check(setup: &Setup, body: &str, record: &str, misfits: &[(&str, Misfit, u64)]) {
    let page = setup.encode(format!("[{body}]"));
    assert_eq!(page.records(), [record], "{body}");
    assert_eq!(page.misfits(), misfits, "{body}");
}

#[test]
fn fields_are_renamed_and_hoisted() {
    let mut setup = Setup::new(json!({
        "type": string(), "issue_type": object(json!({"name": string()})), "org": string(),
        "owner": object(json!({"login": string(), "id": integer()})),
        "reactions": object(json!({"plus_one": integer(), "total": integer()})),
    }));
    setup.transforms = vec![
        rename("type", "issue_type"),
        exists("pull_request", "type", "pull_request", "issue"),
        hoist("owner.login", "org"),
        rename("reactions.+1", "reactions.plus_one"),
    ];
    check(
        &setup,
        r#"{"type":{"name":"bug"},"owner":{"login":"acme","id":1},"reactions":{"total":3,"+1":2}}"#,
        r#"{"type":"issue","issue_type":{"name":"bug"},"org":"acme","owner":{"id":1},"reactions":{"plus_one":2,"total":3}}"#,
        &[],
    );
    check(
        &setup,
        r#"{"pull_request":{"url":"x"},"issue_type":"gone"}"#,
        r#"{"type":"pull_request"}"#,
        &[],
    );
    check(&setup, r#"{"pull_request":null,"owner":null}"#, r#"{"type":"issue","owner":null}"#, &[]);
    check(
        &setup,
        r#"{"pull_request":false,"owner":7}"#,
        r#"{"type":"pull_request","owner":null}"#,
        &[("/owner", Misfit::Nulled(Found::Number), 1)],
    );
}

#[test]
fn a_boolean_tells_whether_there_is_something() {
    let mut setup = Setup::new(json!({"diff": string(), "success": {"type": ["boolean", "null"]}}));
    setup.transforms = vec![has("diff", "success")];
    check(&setup, r#"{"diff":""}"#, r#"{"diff":"","success":true}"#, &[]);
    check(&setup, r#"{"diff":null}"#, r#"{"diff":null,"success":false}"#, &[]);
    check(&setup, "{}", r#"{"success":false}"#, &[]);
}

#[test]
fn scalars_are_joined_to_a_key_for_records_of_many_shapes() {
    let mut setup = Setup::new(json!({"key": string(), "id": integer(), "at": string()}));
    setup.transforms = vec![joined(["node", "id", "source.id", "at"], "key")];
    let made = |body, record| check(&setup, body, record, &[]);
    made(r#"{"node":"a\"b","id":1}"#, r#"{"key":"a\"b/1","id":1}"#);
    made(r#"{"source":{"id":7},"node":null,"at":"x"}"#, r#"{"key":"7/x","at":"x"}"#);
    made("{}", r#"{"key":null}"#);
    check(
        &setup,
        r#"{"node":{}}"#,
        r#"{"key":null}"#,
        &[("/key", Misfit::Nulled(Found::Object), 1)],
    );
    setup.key = names(&["key"]);
    check(&setup, r#"{"at":"x"}"#, r#"{"key":"x","at":"x"}"#, &[]);
}

#[test]
fn what_a_transform_would_read_is_not_undeclared_when_its_result_is_not_selected() {
    let mut setup = Setup::new(json!({"id": integer(), "type": string(), "number": integer()}));
    setup.transforms = vec![
        exists("pull_request.url", "type", "pull_request", "issue"),
        url_id("issue_url", "number"),
        rename("old", "unwritten"),
    ];
    setup.deselected = vec![&["properties", "type"], &["properties", "number"]];
    let body = r#"{"id":1,"pull_request":{"url":"x"},"issue_url":"/7","old":1,"new":2}"#;
    check(&setup, body, r#"{"id":1}"#, &[("/new", Misfit::Undeclared, 1)]);
}

#[test]
fn what_is_left_out_on_purpose_is_not_undeclared() {
    let mut setup = Setup::new(json!({"id": integer(), "owner": object(json!({"id": integer()}))}));
    setup.omit = names(&["token", "owner.secret"]);
    let body = r#"{"id":1,"token":"t","owner":{"id":2,"secret":{"a":1},"new":3}}"#;
    check(&setup, body, r#"{"id":1,"owner":{"id":2}}"#, &[("/owner/new", Misfit::Undeclared, 1)]);
}

#[test]
fn a_hoisted_path_need_not_be_in_the_schema() {
    let mut setup = Setup::new(json!({"at": date_time(), "login": string()}));
    setup.transforms = vec![hoist("commit.committer.date", "at"), hoist("commit.login", "login")];
    let body =
        r#"{"commit":{"x":1,"committer":{"date":"2026-11-24T15:00:00+01:00","n":2},"login":"a"}}"#;
    check(&setup, body, r#"{"at":"2026-11-24T14:00:00Z","login":"a"}"#, &[]);
    check(&setup, r#"{"commit":{"committer":null}}"#, "{}", &[]);
    setup.deselected = vec![&["properties", "at"]];
    check(&setup, body, r#"{"login":"a"}"#, &[]);
    setup.deselected.push(&["properties", "login"]);
    check(&setup, body, "{}", &[]);
}

#[test]
fn a_copied_value_stands_in_both_places() {
    let mut setup = Setup::new(json!({
        "owner": object(json!({"login": string()})), "org": string(), "maker": object(json!({"id": integer()})),
    }));
    setup.transforms = vec![copy("owner.login", "org"), copy("owner", "maker")];
    check(
        &setup,
        r#"{"owner":{"login":"a","id":1},"org":"gone"}"#,
        r#"{"owner":{"login":"a"},"org":"a","maker":{"id":1}}"#,
        &[],
    );
}

#[test]
fn a_free_object_is_copied_whole_though_a_path_is_taken_out_of_it() {
    let mut setup = Setup::new(json!({"owner": {"type": "object"}, "org": string()}));
    setup.transforms = vec![hoist("owner.login", "org")];
    check(&setup, r#"{"owner":{"login": "a"}}"#, r#"{"owner":{"login":"a"},"org":"a"}"#, &[]);
}

#[test]
fn values_come_from_the_parent() {
    let mut setup = Setup::new(json!({"org": string(), "repo_id": integer(), "other": string()}));
    setup.transforms = vec![from_parent("org"), from_parent("repo_id"), from_parent("other")];
    setup.parent = vec![("org".into(), json!("ac\"me")), ("repo_id".into(), json!(17))];
    check(&setup, r#"{"org":"from the body"}"#, r#"{"org":"ac\"me","repo_id":17}"#, &[]);
}

#[test]
fn milliseconds_become_date_times() {
    let mut setup = Setup::new(json!({"at": date_time()}));
    setup.transforms = vec![epoch_millis("at")];
    check(&setup, r#"{"at":1606929874512}"#, r#"{"at":"2020-12-02T17:24:34.512Z"}"#, &[]);
}

#[test]
fn objects_and_lists_become_texts_and_texts_stay() {
    let mut setup = Setup::new(json!({"payload": string()}));
    setup.transforms = vec![json_text("payload")];
    for (value, written) in [
        (r#"{"a": [1, "x"]}"#, r#""{\"a\":[1,\"x\"]}""#),
        ("[ ]", r#""[]""#),
        (r#""build 17""#, r#""build 17""#),
        ("null", "null"),
    ] {
        let body = format!(r#"{{"payload":{value}}}"#);
        check(&setup, &body, &format!(r#"{{"payload":{written}}}"#), &[]);
    }
}

#[test]
fn seconds_become_date_times() {
    let mut setup = Setup::new(json!({
        "created": date_time(), "period": object(json!({"end": date_time()})),
    }));
    setup.transforms = vec![epoch("created"), epoch("period.end")];
    let nulled = |pointer, found| (pointer, Misfit::Nulled(found), 1);
    for (value, written, misfits) in [
        ("1764000000", "\"2025-11-24T16:00:00Z\"", vec![]),
        ("1764000000.5", "\"2025-11-24T16:00:00.5Z\"", vec![]),
        ("1.764e9", "\"2025-11-24T16:00:00Z\"", vec![]),
        ("null", "null", vec![]),
        ("\"2025-11-24T16:00:00Z\"", "\"2025-11-24T16:00:00Z\"", vec![]),
        (
            "1e300",
            "null",
            vec![nulled("/created", Found::Number), nulled("/period/end", Found::Number)],
        ),
        (
            "{}",
            "null",
            vec![nulled("/created", Found::Object), nulled("/period/end", Found::Object)],
        ),
    ] {
        let body = format!(r#"{{"created":{value},"period":{{"end":{value}}}}}"#);
        let record = format!(r#"{{"created":{written},"period":{{"end":{written}}}}}"#);
        check(&setup, &body, &record, &misfits);
    }
    check(&setup, "{\"period\":{}}", "{\"period\":{}}", &[]);
    check(&setup, "{\"period\":null}", "{\"period\":null}", &[]);
}

#[test]
fn wrapped_lists_become_bare_at_any_depth() {
    let item = object(
        json!({"id": integer(), "tags": list(string()), "subs": list(object(json!({"n": integer()})))}),
    );
    let setup = Setup::new(json!({"lines": list(item)}));
    let wrapped = |data: &str| format!(r#"{{"object":"list","data":{data},"has_more":false}}"#);
    let lines = |data: &str| format!(r#"{{"lines":{}}}"#, wrapped(data));
    check(
        &setup,
        &lines(r#"[{"id":1,"x":[]}, {"id":2}]"#),
        r#"{"lines":[{"id":1},{"id":2}]}"#,
        &[("/lines/*/x", Misfit::Undeclared, 1)],
    );
    let deep = format!(
        r#"[{{"id":1,"tags":{},"subs":{}}}]"#,
        wrapped(r#"["a"]"#),
        wrapped(r#"[{"n": 7}]"#)
    );
    check(&setup, &lines(&deep), r#"{"lines":[{"id":1,"tags":["a"],"subs":[{"n":7}]}]}"#, &[]);
    check(&setup, &lines("[]"), r#"{"lines":[]}"#, &[]);
    check(&setup, r#"{"lines":[{"id":1}]}"#, r#"{"lines":[{"id":1}]}"#, &[]);
    check(&setup, r#"{"lines":null}"#, r#"{"lines":null}"#, &[]);
    for (value, found) in
        [(r#"{"data":[]}"#, Found::Object), ("{}", Found::Object), ("7", Found::Number)]
    {
        let body = format!("{{\"lines\":{value}}}");
        check(&setup, &body, "{\"lines\":null}", &[("/lines", Misfit::Nulled(found), 1)]);
    }
}

#[test]
fn the_first_field_that_has_a_value_is_taken() {
    let mut setup = Setup::new(json!({"updated": integer(), "created": integer()}));
    setup.transforms = vec![first_of(["changed", "created"], "updated")];
    let check = |body: &str, record: &str| check(&setup, body, record, &[]);
    check(r#"{"created":1,"changed":2}"#, r#"{"updated":2,"created":1}"#);
    check(r#"{"created":1,"changed":null}"#, r#"{"updated":1,"created":1}"#);
    check(r#"{"created":1,"updated":9}"#, r#"{"updated":1,"created":1}"#);
    check("{}", r#"{"updated":null}"#);
}

#[test]
fn one_field_is_plucked_from_a_list() {
    let mut setup = Setup::new(json!({
        "logins": list(string()), "assignees": list(object(json!({"id": integer()}))),
    }));
    setup.transforms = vec![pluck("assignees", "login", "logins")];
    check(
        &setup,
        r#"{"assignees":[{"login":"a","id":1},{"id":2},{"login":null},null,{"id":3,"login":"b\u0000"}]}"#,
        r#"{"logins":["a","b"],"assignees":[{"id":1},{"id":2},{},null,{"id":3}]}"#,
        &[("/assignees/*/login", Misfit::Undeclared, 3), ("/logins/*", Misfit::Sanitised, 1)],
    );
    check(&setup, r#"{"assignees":[]}"#, r#"{"logins":[],"assignees":[]}"#, &[]);
    check(&setup, r#"{"assignees":null}"#, r#"{"logins":null,"assignees":null}"#, &[]);
    check(&setup, "{}", "{}", &[]);
}

#[test]
fn the_last_segment_of_a_url_becomes_a_number() {
    let mut setup = Setup::new(json!({"number": integer()}));
    setup.transforms = vec![url_id("issue_url", "number")];
    for (value, written) in [
        (r#""https://api.github.com/repos/a/b/issues/17""#, "17"),
        (r#""https:\/\/api.github.com\/issues\/0017\/?page=3#4""#, "17"),
        (r#""/0""#, "0"),
        ("null", "null"),
    ] {
        let written = format!("{{\"number\":{written}}}");
        check(&setup, &format!("{{\"issue_url\":{value}}}"), &written, &[]);
    }
    for value in [r#""https://x/issues/a7""#, "\"\"", "\"///\""] {
        let body = format!("{{\"issue_url\":{value}}}");
        let misfit = ("/number", Misfit::Nulled(Found::String), 1);
        check(&setup, &body, "{\"number\":null}", &[misfit]);
    }
    check(&setup, "{}", "{}", &[]);
}

#[test]
fn transforms_follow_each_other() {
    let mut setup =
        Setup::new(json!({"ids": list(integer()), "made_at": date_time(), "n": integer()}));
    setup.transforms = vec![
        pluck("items", "url", "urls"),
        pluck("items", "id", "ids"),
        epoch("created"),
        rename("created", "made_at"),
        url_id("self", "n"),
        rename("n", "n"),
    ];
    check(
        &setup,
        r#"{"items":[{"id":1},{"id":2}],"created":0,"self":"/x/3"}"#,
        r#"{"ids":[1,2],"made_at":"1970-01-01T00:00:00Z","n":3}"#,
        &[],
    );
}

#[test]
fn what_is_needed_for_key_cursor_or_children_is_read_though_it_is_not_selected() {
    let mut setup = Setup::new(json!({
        "id": {"type": "integer"}, "updated_at": date_time(), "full_name": string(),
    }));
    setup.key = names(&["id"]);
    setup.cursor = Some(("updated_at", CursorKind::Instant));
    setup.context = names(&["full_name", "owner.login", "size", "missing"]);
    setup.deselected = vec![&["properties", "updated_at"], &["properties", "full_name"]];
    let body = br#"[{"id":1,"updated_at":"2026-11-24T15:00:00+01:00","full_name":"a\/b","owner":{"login":"a"},"size":null}]"#;
    let mut told = Vec::new();
    let mut out = Output::default();
    let mut decide = |seen: &Seen<'_>| {
        let cursor = seen.cursor.map(ToString::to_string);
        told.push((cursor, seen.key.values(), seen.context.values()));
        Keep::Emit
    };
    let facts = setup.encode_with(body, &mut decide, &mut out).unwrap();
    let context = vec![Some(json!("a/b")), Some(json!("a")), Some(Value::Null), None];
    let cursor = Some("2026-11-24T14:00:00Z".to_owned());
    assert_eq!(told, [(cursor, vec![Some(json!(1))], context)]);
    assert_eq!(facts.last_key, Some(vec![json!(1)]));
    let record = r#"{"id":1,"updated_at":"2026-11-24T14:00:00Z"}"#;
    assert_eq!(Page { facts, out }.records(), [record], "key and cursor are written all the same");
}

#[test]
fn a_description_that_contradicts_itself_is_refused() {
    let refused = |change: fn(&mut Setup), words: &str| {
        let mut setup = Setup::new(json!({
            "id": integer(), "o": object(json!({"x": integer()})), "l": list(object(json!({"x": integer()}))),
        }));
        change(&mut setup);
        let error = setup.encoder().unwrap_err().to_string();
        assert!(error.contains("`things`") && error.contains(words), "{error}");
    };
    refused(|setup| setup.key = names(&["absent"]), "key `absent`");
    refused(|setup| setup.key = names(&["o"]), "key `o`");
    refused(|setup| setup.cursor = Some(("l", CursorKind::Text)), "cursor `l`");
    refused(|setup| setup.transforms = vec![from_parent("o")], "`o`");
    refused(|setup| setup.transforms = vec![pluck("a", "b", "l")], "`l`");
    refused(
        |setup| {
            setup.key = names(&["id"]);
            setup.transforms = vec![rename("id", "other")];
        },
        "takes its key `id` away",
    );
}

#[test]
fn values_that_stand_apart_are_gathered_to_an_object() {
    let address = object(json!({"city": string(), "lat": {"type": ["number", "null"]}}));
    let mut setup = Setup::new(json!({
        "BillingCity": string(), "BillingLat": {"type": ["number", "null"]}, "BillingAddress": address,
    }));
    setup.transforms =
        vec![gather("BillingAddress", [("city", "BillingCity"), ("lat", "BillingLat")])];
    let made = |setup: &Setup, body, record| check(setup, body, record, &[]);
    made(
        &setup,
        r#"{"BillingCity":"Rome","BillingLat":1.50}"#,
        r#"{"BillingCity":"Rome","BillingLat":1.50,"BillingAddress":{"city":"Rome","lat":1.50}}"#,
    );
    made(
        &setup,
        r#"{"BillingCity":null,"BillingLat":2}"#,
        r#"{"BillingCity":null,"BillingLat":2,"BillingAddress":{"city":null,"lat":2}}"#,
    );
    made(
        &setup,
        r#"{"BillingCity":null,"BillingLat":null}"#,
        r#"{"BillingCity":null,"BillingLat":null,"BillingAddress":null}"#,
    );
    // One that is sent all the same is not believed.
    made(&setup, r#"{"BillingAddress":{"city":"x"}}"#, r#"{"BillingAddress":null}"#);
    check(
        &setup,
        r#"{"BillingCity":"Rome","BillingLat":"north"}"#,
        r#"{"BillingCity":"Rome","BillingLat":null,"BillingAddress":{"city":"Rome","lat":null}}"#,
        &[
            ("/BillingAddress/lat", Misfit::Nulled(Found::String), 1),
            ("/BillingLat", Misfit::Nulled(Found::String), 1),
        ],
    );
    setup.deselected = vec![
        &["properties", "BillingCity"],
        &["properties", "BillingLat"],
        &["properties", "BillingAddress", "properties", "lat"],
    ];
    made(
        &setup,
        r#"{"BillingCity":"Rome","BillingLat":1}"#,
        r#"{"BillingAddress":{"city":"Rome"}}"#,
    );
}
