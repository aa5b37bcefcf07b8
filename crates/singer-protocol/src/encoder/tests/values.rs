use super::*;

/// Encodes `{"v": value}` where `v` is declared as `schema`.
fn check(schema: Value, value: &str, written: &str, misfits: &[(&str, Misfit, u64)]) {
    let page = Setup::new(json!({"v": schema})).encode(format!("[{{\"v\":{value}}}]"));
    assert_eq!(page.records(), [format!("{{\"v\":{written}}}")], "{schema} {value}");
    assert_eq!(page.misfits(), misfits, "{schema} {value}");
}

#[test]
fn a_value_as_declared_is_not_counted() {
    let map = json!({"type": ["object", "null"]});
    for (schema, value) in [
        (integer(), "123456789012345678901234567890"),
        (json!({"type": ["number", "null"]}), "1.10"),
        (json!({"type": ["boolean", "null"]}), "false"),
        (string(), r#""a\u00e9\n\"é""#),
        (date_time(), r#""2026-11-24T15:00:00.120Z""#),
        (map.clone(), r#"{"a":[1.10,{}]}"#),
        (list(string()), r#"["a",null]"#),
        (list(map), r#"[{"a":1},{}]"#),
        (list(list(integer())), "[[1],[],[2,3]]"),
        (object(json!({"a": integer()})), r#"{"a":1}"#),
        (list(object(json!({"a": integer()}))), r#"[{"a":1},{},null,{"a":null}]"#),
    ] {
        check(schema.clone(), value, value, &[]);
        check(schema, "null", "null", &[]);
    }
}

#[test]
fn what_does_not_fit_becomes_null_and_is_counted_with_its_pointer() {
    let nested = object(json!({"a/b": object(json!({"c": integer()}))}));
    for (schema, value, written, pointer, found) in [
        (integer(), "1.5", "null", "/v", Found::Number),
        (date_time(), r#""2026-11-24""#, "null", "/v", Found::String),
        (object(json!({"a": integer()})), "[1]", "null", "/v", Found::Array),
        (object(json!({"a": integer()})), "\"x\"", "null", "/v", Found::String),
        (list(integer()), r#"{"a":1}"#, "null", "/v", Found::Object),
        (list(object(json!({"a": integer()}))), "1", "null", "/v", Found::Number),
        (json!({"type": "object"}), "true", "null", "/v", Found::Boolean),
        (list(integer()), "[1,\"x\",2]", "[1,null,2]", "/v/*", Found::String),
        (list(list(integer())), "[[1],2]", "[[1],null]", "/v/*", Found::Number),
        (
            list(object(json!({"a": integer()}))),
            "[{\"a\":1},7]",
            "[{\"a\":1},null]",
            "/v/*",
            Found::Number,
        ),
        (
            list(object(json!({"a": integer()}))),
            "[{\"a\":{}}]",
            "[{\"a\":null}]",
            "/v/*/a",
            Found::Object,
        ),
        (nested, r#"{"a/b":{"c":true}}"#, r#"{"a/b":{"c":null}}"#, "/v/a~1b/c", Found::Boolean),
    ] {
        check(schema, value, written, &[(pointer, Misfit::Nulled(found), 1)]);
    }
}

#[test]
fn items_that_may_not_be_null_are_left_out_instead() {
    let item = |found| ("/v/*", Misfit::Nulled(found), 1);
    let strings = list(json!({"type": "integer"}));
    check(strings, "[1,null,{},2]", "[1,2]", &[item(Found::Null), item(Found::Object)]);
    let objects = list(json!({"type": "object", "properties": {"a": integer()}}));
    check(objects, "[null,{\"a\":1},3]", "[{\"a\":1}]", &[item(Found::Null), item(Found::Number)]);
    let lists = list(json!({"type": "array", "items": object(json!({"a": integer()}))}));
    check(lists, "[[{}],null]", "[[{}]]", &[item(Found::Null)]);
}

#[test]
fn conversions_and_cleaned_texts_are_counted() {
    let coerced = |found| [("/v", Misfit::Coerced(found), 1)];
    check(integer(), "\"7\"", "7", &coerced(Found::String));
    check(string(), "1.10", "\"1.10\"", &coerced(Found::Number));
    check(string(), "{ \"a\": \"x\" }", r#""{\"a\":\"x\"}""#, &coerced(Found::Object));
    check(string(), r#""a\u0000\ud800""#, "\"a\u{fffd}\"", &[("/v", Misfit::Sanitised, 1)]);
    let map = json!({"type": "object"});
    check(map, r#"{"a": "\ud800"}"#, "{\"a\":\"\u{fffd}\"}", &[("/v", Misfit::Sanitised, 1)]);
    check(
        list(string()),
        r#"["\u0000", 1]"#,
        r#"["","1"]"#,
        &[("/v/*", Misfit::Coerced(Found::Number), 1), ("/v/*", Misfit::Sanitised, 1)],
    );
}

#[test]
fn counts_add_up_over_records_and_pages() {
    let setup = Setup::new(json!({"v": integer()}));
    let mut out = Output::default();
    for _ in 0..2 {
        setup.encode_into(br#"[{"v":"1"},{"v":"2"},{"v":{}},{"w":1}]"#, &mut out).unwrap();
    }
    let misfits: Vec<_> = out.misfits.iter().collect();
    assert_eq!(
        misfits,
        [
            ("/v", Misfit::Coerced(Found::String), 4),
            ("/v", Misfit::Nulled(Found::Object), 2),
            ("/w", Misfit::Undeclared, 2),
        ]
    );
    assert_eq!(out.emitted, 8);
    out.clear();
    assert!(out.misfits.is_empty() && out.lines.is_empty() && out.emitted == 0);
}

#[test]
fn fields_come_in_the_order_of_the_schema_and_absent_ones_stay_absent() {
    let setup = Setup::new(json!({
        "b": integer(), "a": integer(),
        "o": object(json!({"y": integer(), "x": integer()})),
        "l": list(object(json!({"q": integer(), "p": integer()}))),
    }));
    for (body, record) in [
        ("[{}]", "{}"),
        (r#"[{"a":1,"b":2}]"#, r#"{"b":2,"a":1}"#),
        (r#"[{"a":null}]"#, r#"{"a":null}"#),
        (r#"[{"o":{},"l":[]}]"#, r#"{"o":{},"l":[]}"#),
        (
            r#"[{"l":[{"p":1,"q":2},{"p":3}],"o":{"x":1,"y":null}}]"#,
            r#"{"o":{"y":null,"x":1},"l":[{"q":2,"p":1},{"p":3}]}"#,
        ),
        (
            "[ {\n\"o\" : { \"x\" :\t1 } ,\r\n \"l\" : [ { \"p\" : 1 } ] } ]",
            r#"{"o":{"x":1},"l":[{"p":1}]}"#,
        ),
        (r#"[{"\u0061":1}]"#, r#"{"a":1}"#),
    ] {
        assert_eq!(setup.record(body), record, "{body}");
    }
}

#[test]
fn deselected_fields_are_not_written_and_do_not_count_as_undeclared() {
    let mut setup = Setup::new(json!({
        "id": {"type": "integer"}, "a": integer(),
        "o": object(json!({"x": integer(), "y": object(json!({"z": integer()}))})),
        "l": list(object(json!({"p": integer(), "q": integer()}))),
        "m": object(json!({"n": integer()})),
        "k": list(object(json!({"p": integer()}))),
    }));
    setup.key = names(&["id"]);
    setup.deselected = vec![
        &["properties", "id"],
        &["properties", "a"],
        &["properties", "o", "properties", "y"],
        &["properties", "l", "items", "properties", "q"],
        &["properties", "m", "properties", "n"],
        &["properties", "k", "items", "properties", "p"],
    ];
    let body = r#"[{"id":1,"a":2,"o":{"x":3,"y":{"z":4}},"l":[{"p":5,"q":6}],"m":{"n":7},"k":[{"p":1}],"new":8}]"#;
    let page = setup.encode(body);
    assert_eq!(page.records(), [r#"{"id":1,"o":{"x":3},"l":[{"p":5}]}"#]);
    assert_eq!(page.misfits(), [("/new", Misfit::Undeclared, 1)]);
}

#[test]
fn undeclared_fields_are_counted_at_every_depth() {
    let setup = Setup::new(json!({
        "o": object(json!({"x": integer()})), "l": list(object(json!({"p": integer()}))),
        "free": {"type": "object"},
    }));
    let record = r#"{"o":{"x":1,"n/w":2},"l":[{"p":1,"new":[{}]},{"new":1}],"free":{"any":1},"new":"\ud800"}"#;
    let page = setup.encode(format!("[{record},{record}]"));
    assert_eq!(page.records()[1], r#"{"o":{"x":1},"l":[{"p":1},{}],"free":{"any":1}}"#);
    assert_eq!(
        page.misfits(),
        [
            ("/l/*/new", Misfit::Undeclared, 4),
            ("/new", Misfit::Undeclared, 2),
            ("/o/n~1w", Misfit::Undeclared, 2),
        ]
    );
}

#[test]
fn a_list_too_long_to_be_held_is_written_whole() {
    let inner = object(json!({"b": integer(), "c": list(object(json!({"d": integer()})))}));
    let setup = Setup::new(json!({"l": list(inner), "n": integer()}));
    for count in [0, 1, 1_000, 40_000] {
        let items: Vec<String> =
            (0..count).map(|item| format!(r#"{{"b":{item},"c":[{{"d":{item}}}]}}"#)).collect();
        let record = format!(r#"{{"l":[{}],"n":1}}"#, items.join(","));
        assert_eq!(
            setup.encode(format!("[{record},{record}]")).records(),
            [record.clone(), record]
        );
    }
}

#[test]
fn a_list_that_is_copied_is_written_in_both_places_as_each_is_declared() {
    let mut setup = Setup::new(json!({
        "labels": list(object(json!({"id": integer(), "name": string()}))),
        "names": list(object(json!({"name": string()}))), "ids": list(integer()),
    }));
    setup.transforms =
        vec![transform::copy("labels", "names"), transform::pluck("labels", "id", "ids")];
    let body = r#"[{"labels":[{"id":1,"name":"a"},{"id":2,"name":"b"}]}]"#;
    let record = r#"{"labels":[{"id":1,"name":"a"},{"id":2,"name":"b"}],"names":[{"name":"a"},{"name":"b"}],"ids":[1,2]}"#;
    assert_eq!(setup.record(body), record);
}

#[test]
fn names_that_need_escapes_are_found_and_written() {
    let setup =
        Setup::new(json!({"a\"b": integer(), "c\\d": integer(), "é": integer(), "": integer()}));
    let record = r#"{"a\"b":1,"c\\d":2,"é":3,"":4}"#;
    assert_eq!(setup.record(format!("[{record}]")), record);
    assert_eq!(setup.record(r#"[{"":4,"\u00e9":3,"c\u005cd":2,"\u0061\"b":1}]"#), record);
    assert!(setup.encode_into(br#"[{"a"b":1}]"#, &mut Output::default()).is_err());
}
