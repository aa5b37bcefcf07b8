use super::*;

fn issue() -> Setup {
    let mut setup = Setup::new(json!({
        "id": {"type": "integer"}, "title": string(), "updated_at": date_time(),
        "user": object(json!({"id": integer(), "login": string()})),
        "labels": list(object(json!({"name": string(), "by": object(json!({"id": integer()}))}))),
        "tags": list(string()), "free": {"type": ["object", "null"]},
    }));
    setup.key = names(&["id"]);
    setup.cursor = Some(("updated_at", CursorKind::Instant));
    setup.frame =
        Frame { records_at: "/data".into(), needs: names(&["/next"]), ..Frame::default() };
    setup
}

const PAGE: &str = r#"{"next":"abc","data":[
  {"id":1,"title":"a \"b\" \u00e9\ud83e\udd80","updated_at":"2026-11-24T15:00:00Z","user":{"id":7,"login":"x","n":[1]}},
  {"id":2,"labels":[{"name":"bug","by":{"id":1}},null],"tags":["a","b"],"free":{"k":[1.50,{}]},"new":{"a":[]},"updated_at":"2026-11-24T15:00:00.5+02:00"},
  {"id":null,"updated_at":"2026-11-24T15:00:00Z"}
],"total":3}"#;

#[test]
fn a_body_cut_at_any_byte_leaves_nothing_behind() {
    let setup = issue();
    let mut out = Output::default();
    let whole = setup.encode_into(PAGE.as_bytes(), &mut out).unwrap();
    assert_eq!((whole.records, out.emitted, out.rejects.len()), (3, 2, 1));
    let before = out.clone();
    for cut in 0..PAGE.len() {
        let error = setup.encode_into(&PAGE.as_bytes()[..cut], &mut out).unwrap_err();
        // A cut inside a character leaves its replacement, and then the body is longer.
        assert!(error.offset <= cut + 3, "{cut}: {error}");
        assert_eq!(error.fault, BodyFault::Cut, "{cut}: {error}");
        assert_eq!(out.lines, before.lines, "{cut}");
        assert_eq!((out.emitted, out.dropped), (before.emitted, before.dropped), "{cut}");
        assert_eq!((&out.rejects, &out.misfits), (&before.rejects, &before.misfits), "{cut}");
    }
}

#[test]
fn any_byte_replaced_by_another_gives_valid_lines_or_an_error() {
    let check = |setup: &Setup, page: &str| {
        for at in 0..page.len() {
            for byte in [0, b'"', b'\\', b'{', b']', b'0', b'u', b' ', 0xff] {
                let mut body = page.as_bytes().to_vec();
                body[at] = byte;
                let mut out = Output::default();
                match setup.encode_into(&body, &mut out) {
                    Ok(facts) => {
                        let booked = out.emitted + out.dropped + out.rejects.len() as u64;
                        assert_eq!(facts.records, booked);
                        Page { facts, out }.records();
                    }
                    Err(_) => assert!(out.lines.is_empty() && out.rejects.is_empty()),
                }
            }
        }
    };
    let mut setup = issue();
    check(&setup, PAGE);
    setup.frame.rows = Rows::Each("labels".to_owned());
    check(&setup, PAGE);
    setup = Setup::new(json!({"key": {"type": "string"}, "value": list(string())}));
    setup.key = names(&["key"]);
    setup.frame = Frame { rows: Rows::Members, ..Frame::default() };
    check(&setup, r#"{"a":["x\u00e9", 1], "b":null, "":{"c":[]}}"#);
}

#[test]
fn marks_and_bytes_that_are_no_text_do_not_lose_the_page() {
    let setup = Setup::new(json!({"id": integer(), "s": string()}));
    let marked = setup.encode("\u{feff}[{\"id\":1}]");
    assert_eq!(marked.records(), [r#"{"id":1}"#]);
    assert!(marked.misfits().is_empty());
    let page = setup.encode(b"[{\"id\":1,\"s\":\"a\xffb\xe2\x82\"}]");
    assert_eq!(page.records(), ["{\"id\":1,\"s\":\"a\u{fffd}b\u{fffd}\"}"]);
    assert_eq!(page.misfits(), [("", Misfit::Sanitised, 1)]);
}

#[test]
fn lone_surrogates_and_huge_numbers_break_no_page_wherever_they_stand() {
    let setup = issue();
    let good = r#"{"id":1,"updated_at":"2026-11-24T15:00:00Z""#;
    for bad in
        [r#""\ud800""#, r#""\u0000""#, "1e400", "-1e999999999999", "123456789012345678901234567890"]
    {
        for (member, written) in [
            (format!(r#""user":{bad}"#), r#","user":null"#),
            (format!(r#""labels":{bad}"#), r#","labels":null"#),
            (
                format!(r#""labels":[{{"name":"a"}},{bad},{{"name":"b"}}]"#),
                r#","labels":[{"name":"a"},null,{"name":"b"}]"#,
            ),
            (
                format!(r#""labels":[{{"name":"a"}},{{"by":{bad}}},{{"name":"b"}}]"#),
                r#","labels":[{"name":"a"},{"by":null},{"name":"b"}]"#,
            ),
            (format!(r#""free":{bad}"#), r#","free":null"#),
            (format!(r#""tags":{bad}"#), r#","tags":null"#),
            (format!(r#""new":{bad}"#), ""),
            (format!(r#""user":{{"new":{bad}}}"#), r#","user":{}"#),
            (r#""n\ud800w":1"#.to_owned(), ""),
            (r#""user":{"\ud800":1}"#.to_owned(), r#","user":{}"#),
        ] {
            let body = format!("{{\"data\":[{good}}},{good},{member}}},{good}}}],\"next\":2}}");
            let mut told = Vec::new();
            let mut out = Output::default();
            let mut decide = |seen: &Seen<'_>| {
                told.push(seen.key.value(0));
                Keep::Emit
            };
            let facts = setup.encode_with(body.as_bytes(), &mut decide, &mut out).unwrap();
            assert_eq!(told.len(), 3, "each record is decided once: {body}");
            assert_eq!(facts.needed, [Some(json!(2))]);
            let counts: Vec<u64> = out.misfits.iter().map(|(_, _, count)| count).collect();
            assert!(counts.iter().all(|count| *count == 1), "{body} {:?}", out.misfits);
            let good = format!("{good}}}");
            let changed = good.replace('}', &format!("{written}}}"));
            assert_eq!(Page { facts, out }.records(), [good.clone(), changed, good], "{body}");
        }
    }
}

#[test]
fn nesting_is_bounded_wherever_it_stands() {
    let setup = issue();
    for (place, above) in [
        (r#"{"data":[{"free":@}],"next":1}"#, 3),
        (r#"{"data":[{"new":@}],"next":1}"#, 3),
        (r#"{"data":[{"id":@}],"next":1}"#, 3),
        (r#"{"data":[{"user":@}],"next":1}"#, 3),
        (r#"{"data":[{"user":{"login":@}}],"next":1}"#, 4),
        (r#"{"data":[{"labels":@}],"next":1}"#, 3),
        (r#"{"data":[{"labels":[{"by":{"id":@}}]}],"next":1}"#, 6),
        (r#"{"data":[{"tags":[@]}],"next":1}"#, 4),
        (r#"{"data":[],"next":@}"#, 1),
        (r#"{"data":[],"passed over":{"x":@}}"#, 2),
    ] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let read = |depth: usize| {
                let deep = open.repeat(depth - above) + "1" + &close.repeat(depth - above);
                setup.encode_into(place.replace('@', &deep).as_bytes(), &mut Output::default())
            };
            // The general parser, which reads what the paginator needs, stops one earlier.
            let deepest = if above == 1 { 127 } else { 128 };
            assert!(read(deepest).is_ok(), "{place} {open}");
            for depth in [129, 130, 100_000] {
                assert_eq!(read(depth).unwrap_err().fault, BodyFault::TooDeep, "{place} {open}");
            }
        }
    }
}

#[test]
fn of_repeated_names_the_last_is_kept_and_it_is_counted() {
    let setup = issue();
    let body = r#"{"data":[{"id":9,"updated_at":"x","user":{"id":1,"login":"gone"},"user":{"id":2,"id":3},
        "id":1,"updated_at":"2026-11-24T15:00:00Z","labels":[{"name":"a","name":"b"}]}]}"#;
    let page = setup.encode(body);
    assert_eq!(
        page.records(),
        [r#"{"id":1,"updated_at":"2026-11-24T15:00:00Z","user":{"id":3},"labels":[{"name":"b"}]}"#]
    );
    let repeated = |pointer| (pointer, Misfit::Repeated, 1);
    assert_eq!(
        page.misfits(),
        [
            repeated("/id"),
            repeated("/labels/*/name"),
            repeated("/updated_at"),
            repeated("/user"),
            repeated("/user/id"),
        ]
    );
}

#[test]
fn a_flood_of_undeclared_names_is_counted_in_bounded_memory() {
    let setup = Setup::new(json!({"id": integer()}));
    let fields: Vec<String> = (0..5_000).map(|field| format!("\"f{field}\":{field}")).collect();
    let page = setup.encode(format!("[{{{},\"id\":1}}]", fields.join(",")));
    assert_eq!(page.records(), [r#"{"id":1}"#]);
    assert_eq!(page.misfits().len(), 257);
    assert!(page.misfits().contains(&("/*", Misfit::Undeclared, 5_000 - 256)));
}

#[test]
fn a_record_with_a_bad_key_or_cursor_is_rejected_with_what_was_selected() {
    let mut setup = issue();
    setup.frame = Frame::list();
    setup.deselected = vec![&["properties", "title"]];
    let at = r#""updated_at":"2026-11-24T15:00:00Z""#;
    for (record, reason, pointer, written) in [
        (format!(r#"{{{at},"title":"t"}}"#), RejectReason::KeyMissing, "/id", format!("{{{at}}}")),
        (
            format!(r#"{{"id":null,{at}}}"#),
            RejectReason::KeyNull,
            "/id",
            format!(r#"{{"id":null,{at}}}"#),
        ),
        (
            format!(r#"{{"id":"1",{at}}}"#),
            RejectReason::KeyUnfit(Found::String),
            "/id",
            format!(r#"{{"id":1,{at}}}"#),
        ),
        (
            format!(r#"{{"id":1.0,{at}}}"#),
            RejectReason::KeyUnfit(Found::Number),
            "/id",
            format!(r#"{{"id":1,{at}}}"#),
        ),
        (
            format!(r#"{{"id":[],{at}}}"#),
            RejectReason::KeyUnfit(Found::Array),
            "/id",
            format!(r#"{{"id":null,{at}}}"#),
        ),
        (r#"{"id":1}"#.into(), RejectReason::CursorMissing, "/updated_at", r#"{"id":1}"#.into()),
        (
            r#"{"id":1,"updated_at":null}"#.into(),
            RejectReason::CursorNull,
            "/updated_at",
            r#"{"id":1,"updated_at":null}"#.into(),
        ),
        (
            r#"{"id":1,"updated_at":"soon"}"#.into(),
            RejectReason::CursorUnfit(Found::String),
            "/updated_at",
            r#"{"id":1,"updated_at":null}"#.into(),
        ),
        (
            r#"{"id":1,"updated_at":17}"#.into(),
            RejectReason::CursorUnfit(Found::Number),
            "/updated_at",
            r#"{"id":1,"updated_at":null}"#.into(),
        ),
        ("[1]".into(), RejectReason::NotAnObject(Found::Array), "", "null".into()),
        ("null".into(), RejectReason::NotAnObject(Found::Null), "", "null".into()),
        (r#""\ud800""#.into(), RejectReason::NotAnObject(Found::String), "", "null".into()),
    ] {
        let good = format!(r#"{{"id":5,{at}}}"#);
        let page = setup.encode(format!("[{good}, {record} ,{good}]"));
        assert_eq!(page.records().len(), 2, "{record}");
        let expected = Reject {
            reason,
            pointer: pointer.into(),
            record: written,
            hash: super::super::reject::hash(&record),
        };
        assert_eq!(page.out.rejects, [expected], "{record}");
        assert!(!reason.to_string().is_empty());
    }
}

#[test]
fn cursors_of_other_kinds_are_read_too() {
    for (schema, kind, value, cursor) in [
        (integer(), CursorKind::Integer, "17", Some("17")),
        (integer(), CursorKind::Integer, "18446744073709551616", None),
        (string(), CursorKind::Text, r#""a\nb""#, Some("a\nb")),
        (string(), CursorKind::Text, r#""é""#, Some("é")),
    ] {
        let mut setup = Setup::new(json!({"c": schema}));
        setup.cursor = Some(("c", kind));
        let mut told = Vec::new();
        let mut out = Output::default();
        let mut decide = |seen: &Seen<'_>| {
            told.push(seen.cursor.unwrap().to_string());
            Keep::Emit
        };
        setup
            .encode_with(format!("[{{\"c\":{value}}}]").as_bytes(), &mut decide, &mut out)
            .unwrap();
        assert_eq!(told.first().map(String::as_str), cursor, "{value}");
        assert_eq!(out.rejects.len(), usize::from(cursor.is_none()));
    }
}
