use super::*;

fn setup(map: Value) -> Setup {
    let mut setup = Setup::new(json!({
        "id": {"type": "integer"}, "title": string(), "email": string(), "open": {"type": ["boolean", "null"]},
        "at": date_time(), "owner": object(json!({"login": string(), "id": integer()})),
        "tags": list(string()),
    }));
    setup.key = names(&["id"]);
    setup.cursor = Some(("at", CursorKind::Instant));
    setup.map = Some(map);
    setup
}

const BODY: &str = r#"{"id":1,"title":"a","email":"a@b.c","open":true,"at":"2026-11-24T15:00:00+01:00","owner":{"login":"x","id":"7"},"tags":["t"]}"#;

fn check(setup: &Setup, record: &str) {
    assert_eq!(setup.record(format!("[{BODY}]")), record, "{:?}", setup.map);
    let encoder = setup.encoder().unwrap();
    let Emitted { schema, key, bookmarks, .. } = encoder.emitted();
    let line: Value = serde_json::from_str(record).unwrap();
    assert!(jsonschema::is_valid(schema, &line), "{record} {schema}");
    let declared: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    let written: Vec<&String> = line.as_object().unwrap().keys().collect();
    assert_eq!(declared, written, "{schema}");
    assert_eq!(crate::lint::lint(schema, key), []);
    assert!(bookmarks.iter().all(|bookmark| declared.contains(&bookmark)), "{bookmarks:?}");
}

#[test]
fn fields_are_renamed_made_and_dropped() {
    check(
        &setup(json!({
            "subject": "title", "email": "md5(email)", "owner": null, "id": "id",
            "region": "'EU'", "maker": "record['owner']", "is_new": "open and title == 'a'",
        })),
        r#"{"id":1,"title":"a","email":"5d60d4e28066df254d5452f92c910092","open":true,"at":"2026-11-24T14:00:00Z","tags":["t"],"subject":"a","region":"EU","maker":{"login":"x","id":7},"is_new":true}"#,
    );
    check(
        &setup(json!({"__else__": null, "tags": "tags", "n": "2", "hash": "sha256(email)"})),
        r#"{"id":1,"tags":["t"],"n":2,"hash":"d648b243a3e817eaa3309e00e183483f2867baadf522099f0c2121770536b25a"}"#,
    );
    // Each expression sees the record as it came, whatever the others make.
    check(
        &setup(json!({"__else__": null, "title": "email", "email": "title", "changed": "at"})),
        r#"{"id":1,"title":"a@b.c","email":"a","changed":"2026-11-24T14:00:00Z"}"#,
    );
}

#[test]
fn selection_comes_after_the_map_and_flattening_after_both() {
    let mut setup = setup(json!({"hash": "md5(email)", "title": "md5(title)", "maker": "owner"}));
    setup.deselected = vec![
        &["properties", "email"],
        &["properties", "title"],
        &["properties", "tags"],
        &["properties", "owner", "properties", "login"],
    ];
    check(
        &setup,
        r#"{"id":1,"open":true,"at":"2026-11-24T14:00:00Z","owner":{"id":7},"hash":"5d60d4e28066df254d5452f92c910092","maker":{"id":7}}"#,
    );
    setup.flattening =
        Some(Flattening { max_depth: 1, separator: "__".into(), max_key_length: 255 });
    check(
        &setup,
        r#"{"id":1,"open":true,"at":"2026-11-24T14:00:00Z","owner__id":7,"hash":"5d60d4e28066df254d5452f92c910092","maker__id":7}"#,
    );
    setup.deselected.push(&["properties", "owner"]);
    check(
        &setup,
        r#"{"id":1,"open":true,"at":"2026-11-24T14:00:00Z","hash":"5d60d4e28066df254d5452f92c910092"}"#,
    );
}

#[test]
fn a_record_that_is_filtered_out_is_dropped_and_seen() {
    let setup = setup(json!({"__filter__": "title != 'b' and id < 3"}));
    let record = |id: u32, title: &str| {
        format!(r#"{{"id":{id},"title":"{title}","at":"2026-11-24T15:00:0{id}Z"}}"#)
    };
    let body = format!("[{},{},{}]", record(1, "a"), record(2, "b"), record(3, "a"));
    let (mut out, mut seen) = (Output::default(), Vec::new());
    let mut decide = |record: &Seen<'_>| {
        seen.push(record.cursor.map(ToString::to_string));
        Keep::Emit
    };
    let facts = setup.encode_with(body.as_bytes(), &mut decide, &mut out).unwrap();
    assert_eq!((facts.records, out.emitted, out.dropped), (3, 1, 2));
    assert_eq!(seen.len(), 3, "a bookmark moves past what is filtered out");
    let all = Setup { map: Some(json!({"__filter__": null})), ..setup };
    assert_eq!(all.encode(&body).records().len(), 3);
}

#[test]
fn a_key_may_be_another_and_is_never_null() {
    let mut keyed =
        setup(json!({"id": "md5(id)", "name": "title", "__key_properties__": ["id", "name"]}));
    check(
        &keyed,
        r#"{"id":"c4ca4238a0b923820dcc509a6f75849b","title":"a","email":"a@b.c","open":true,"at":"2026-11-24T14:00:00Z","owner":{"login":"x","id":7},"tags":["t"],"name":"a"}"#,
    );
    let emitted = keyed.encoder().unwrap().emitted().clone();
    assert_eq!(emitted.key, ["id", "name"]);
    assert_eq!(emitted.schema["properties"]["name"]["type"], "string");
    let page =
        keyed.encode(r#"[{"id":1,"at":"2026-11-24T15:00:00Z","title":null,"email":"a@b.c"}]"#);
    let [reject] = &page.out.rejects[..] else { panic!("{:?}", page.out.rejects) };
    assert_eq!((reject.reason, &*reject.pointer), (RejectReason::KeyNull, "/name"));
    keyed.map = Some(json!({"__key_properties__": null, "id": null}));
    let emitted = keyed.encoder().unwrap().emitted().clone();
    assert!(emitted.key.is_empty() && emitted.schema["properties"].get("id").is_none());
    assert_eq!(emitted.bookmarks, ["at"]);
    keyed.map = Some(json!({"at": "title"}));
    assert!(keyed.encoder().unwrap().emitted().bookmarks.is_empty(), "another value has its name");
}

#[test]
fn a_rejected_record_shows_nothing_that_the_map_hides() {
    let setup = setup(json!({"email": "md5(email)", "title": null}));
    let page = setup.encode(r#"[{"id":null,"title":"secret","email":"secret"}]"#);
    assert_eq!(page.out.rejects[0].record, r#"{"id":null}"#);
}

#[test]
fn a_value_that_a_map_reads_and_that_does_not_fit_is_told() {
    let page = setup(json!({"open": "str(open)"}))
        .encode(r#"[{"id":1,"open":7,"at":"2026-11-24T15:00:00Z"}]"#);
    assert_eq!(page.records(), [r#"{"id":1,"open":null,"at":"2026-11-24T15:00:00Z"}"#]);
    assert_eq!(page.misfits(), [("/open", Misfit::Nulled(Found::Number), 1)]);
}

#[test]
fn what_a_stream_does_not_allow_is_refused_with_its_pointer() {
    for (map, name, why) in [
        (json!({"a": "titel"}), "a", "no field `titel`"),
        (json!({"__filter__": "titel"}), "__filter__", "no field `titel`"),
        (json!({"__filter__": "tags"}), "__filter__", "list or an object"),
        (json!({"a": "md5(owner)"}), "a", "list or an object"),
        (json!({"titel": null}), "titel", "no field `titel`"),
        (json!({"id": null}), "id", "`__key_properties__`"),
        (json!({"a": "title + id"}), "a", "`str(x)`"),
        (json!({"a": "None"}), "a", "null instead"),
        (json!({"__key_properties__": ["nothing"]}), "__key_properties__", "`nothing`"),
        (json!({"__key_properties__": ["owner"]}), "__key_properties__", "`owner`"),
    ] {
        let told = setup(map.clone()).encoder().unwrap_err().to_string();
        assert!(told.starts_with(&format!("/stream_maps/things/{name}: ")), "{map}: {told}");
        assert!(told.contains(why), "{map}: {told}");
    }
    for map in [json!({"TITLE": "email"}), json!({"__else__": null, "__key_properties__": null})] {
        let told = setup(map.clone()).encoder().unwrap_err().to_string();
        assert!(told.starts_with("/stream_maps/things: "), "{map}: {told}");
    }
}
