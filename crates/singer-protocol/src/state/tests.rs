//! States read, written and read again.

use chrono::DateTime;
use serde_json::json;

use super::*;
use crate::bookmark::Origin;
use crate::cursor::Cursor;
use crate::interval::Interval;

const TAP: &str = "tap-x";

/// `issues` has partitions and instants, `events` integers, `names` texts, `labels` is read in full.
fn layout(stream: &str) -> Option<Layout> {
    let (partitions, cursor): (&[&[&str]], _) = match stream {
        "issues" | "commits" => (&[&["org", "repo"]], Some(("updated_at", CursorKind::Instant))),
        "events" => (&[], Some(("created", CursorKind::Integer))),
        "names" => (&[&["team"]], Some(("name", CursorKind::Text))),
        "labels" => (&[&["org", "repo"], &["org"]], None),
        "charges" => (&[], Some(("created", CursorKind::Instant))),
        _ => return None,
    };
    let names = |fields: &&[&str]| fields.iter().map(|field| (*field).to_owned()).collect();
    Some(Layout {
        partitions: partitions.iter().map(names).collect(),
        cursor: cursor.map(|(key, kind)| (key.to_owned(), kind)),
    })
}

fn read(json: Value) -> State {
    State::from_json(json, TAP, &layout).unwrap()
}

/// Reads bookmarks and compares what is written then.
fn check(bookmarks: Value, expected: Value, notes: &[&str]) {
    let state = read(json!({"bookmarks": bookmarks}));
    let written = state.to_value();
    assert_eq!(written["bookmarks"], expected);
    assert_eq!(read(written.clone()).to_value(), written, "what is written stays as it is");
    let found: Vec<String> = state.notes().iter().map(ToString::to_string).collect();
    assert_eq!(found.len(), notes.len(), "{found:?}");
    for (found, expected) in found.iter().zip(notes) {
        assert!(found.contains(expected), "{found}");
    }
}

fn full(key: &str, value: Value) -> Value {
    json!({"replication_key": key, "replication_key_value": value, "intervals": []})
}

#[test]
fn the_shape_is_as_documented() {
    let mut state = State::empty(TAP);
    assert_eq!(
        state.to_value().to_string(),
        r#"{"bookmarks":{},"tap":{"name":"tap-x","state_version":1}}"#
    );
    let key = PartitionKey::new(&["acme", "wid gets"]);
    let at = Cursor::parse(CursorKind::Instant, "2026-11-24T16:00:00+01:00").unwrap();
    state.set("issues", Some(&key), Bookmark::new(Some("updated_at")).advanced(&at));
    state.set("charges", None, Bookmark::new(Some("created")));
    assert_eq!(
        state.to_value().to_string(),
        r#"{"bookmarks":{"charges":{"replication_key":"created","replication_key_value":null,"intervals":[]},"issues":{"partitions":{"acme/wid%20gets":{"replication_key":"updated_at","replication_key_value":"2026-11-24T15:00:00Z","intervals":[]}}}},"tap":{"name":"tap-x","state_version":1}}"#
    );
    assert_eq!(state.bookmark("issues", Some(&key)).unwrap().value, Some(at));
    assert!(state.bookmark("issues", None).is_none());
    assert!(state.bookmark("issues", Some(&PartitionKey::new(&["acme", "x"]))).is_none());
    assert!(state.bookmark("events", None).is_none());
}

#[test]
fn only_a_change_makes_a_state_dirty() {
    let mut state = State::empty(TAP);
    assert!(!state.is_dirty());
    let bookmark = Bookmark::new(Some("created")).advanced(&Cursor::Integer(3));
    state.set("events", None, bookmark.clone());
    assert!(state.is_dirty());
    state.mark_clean();
    state.set("events", None, bookmark.clone());
    assert!(!state.is_dirty());
    state.set("events", None, bookmark.advanced(&Cursor::Integer(4)));
    assert!(state.is_dirty());
}

/// The bookmarks of one replication key: no value and one, no intervals and some, other keys.
fn bookmarks(key: &str, cursor: &dyn Fn(i64) -> Cursor) -> Vec<Bookmark> {
    let mut bookmarks = Vec::new();
    for value in [None, Some(0), Some(7)] {
        for gaps in 0..4 {
            for other in [json!({}), json!({"waiting": ["a/b"], "other": {"x": [1.5, null]}})] {
                let mut bookmark = Bookmark::new(Some(key));
                bookmark.value = value.map(cursor);
                for gap in 0..gaps {
                    let start = (gap > 0 || value.is_some()).then(|| cursor(10 + gap * 10));
                    bookmark.intervals.add(Interval::new(start, cursor(15 + gap * 10)));
                }
                bookmark.start = match gaps {
                    0 => Origin::Unsaid,
                    1 => Origin::Beginning,
                    _ => Origin::At(cursor(3)),
                };
                bookmark.pending = match gaps {
                    0 => None,
                    1 => Some(Vec::new()),
                    _ => {
                        Some(vec![json!({"repo": "a/b", "number": 7}).as_object().unwrap().clone()])
                    }
                };
                bookmark.events = value.and_then(|at| DateTime::from_timestamp(at, 0));
                bookmark.rest = other.as_object().unwrap().clone();
                bookmarks.push(bookmark);
            }
        }
    }
    bookmarks
}

#[test]
fn every_state_that_is_written_reads_as_the_same_state() {
    let instant =
        |n: i64| Cursor::Instant(chrono::DateTime::from_timestamp_millis(n * 777).unwrap());
    let text = |n: i64| Cursor::Text(format!("{n:03}\"/~ä").into());
    let partitions = [
        PartitionKey::new(&["acme", "widgets"]),
        PartitionKey::new(&["a/b", "c~d %"]),
        PartitionKey::new(&["", ""]),
    ];
    let instants = bookmarks("updated_at", &instant);
    let integers = bookmarks("created", &Cursor::Integer);
    let texts = bookmarks("name", &text);
    for index in 0..instants.len() {
        for extra in [
            json!({}),
            json!({"version": 3, "tap": {"x": {"y": 1}}, "bookmarks": {
            "elsewhere": {"partitions": [1]}, "odd": "text"}}),
        ] {
            let mut state = read(extra);
            for (step, partition) in partitions.iter().enumerate() {
                let bookmark = &instants[(index + step * 5) % instants.len()];
                state.set("issues", Some(partition), bookmark.clone());
            }
            state.set("events", None, integers[index].clone());
            state.set("names", Some(&PartitionKey::new(&["t"])), texts[index].clone());
            state.set("labels", Some(&partitions[0]), Bookmark::new(None));
            let today = "2026-11-24".parse().unwrap();
            state.drop_absent("issues", &|key| *key != partitions[1], today);
            state.mark_clean();
            let text = state.to_value().to_string();
            let again = State::parse(text.as_bytes(), TAP, &layout).unwrap();
            assert_eq!(again, state, "{text}");
            assert_eq!(again.to_value().to_string(), text);
        }
    }
}

#[test]
fn unknown_keys_are_kept_and_the_current_stream_is_dropped() {
    let state = read(json!({
        "currently_syncing": "issues", "currently_syncing_repo": "a/b", "x-own": [1],
        "bookmarks": {
            "gone": {"a": {"b": null}},
            "issues": {"version": 5, "partitions": {"a/b": {"etag": "e"}}},
        },
        "tap": {"name": TAP, "state_version": 1, "account": "hash"},
    }));
    let written = state.to_value();
    assert_eq!(written["x-own"], json!([1]));
    assert_eq!(written["tap"], json!({"name": TAP, "state_version": 1, "account": "hash"}));
    assert_eq!(written["bookmarks"]["gone"], json!({"a": {"b": null}}));
    assert_eq!(
        written["bookmarks"]["issues"],
        json!({"version": 5, "partitions": {"a/b": {
            "replication_key": null, "replication_key_value": null, "intervals": [],
            "etag": "e"}}})
    );
    assert_eq!(state.bookmark("issues", None).unwrap().rest["version"], 5);
    let keys: Vec<&String> = written.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["bookmarks", "x-own", "tap"]);
}

#[test]
fn a_whole_state_message_stands_for_its_value() {
    let value = json!({"bookmarks": {"events": full("created", json!(3))}});
    assert_eq!(read(json!({"type": "STATE", "value": value})), read(value));
    // Of a state itself it is a key like others.
    assert_eq!(read(json!({"value": 1, "bookmarks": {}})).to_value()["value"], 1);
}

#[test]
fn an_instant_is_compared_whatever_its_offset() {
    let state = read(json!({"bookmarks": {
        "charges": full("created", json!("2026-11-24T10:00:00+10:00"))}}));
    let later = Cursor::parse(CursorKind::Instant, "2026-11-24T05:00:00Z").unwrap();
    let bookmark = state.bookmark("charges", None).unwrap().clone().advanced(&later);
    assert_eq!(bookmark.value, Some(later));
}

#[test]
fn the_form_of_singer_sdk_is_read() {
    let blank = json!({"replication_key": null, "replication_key_value": null, "intervals": []});
    check(
        json!({"charges": {"replication_key": "created",
            "replication_key_value": "2026-01-01T00:00:00+00:00",
            "starting_replication_value": "2025-01-01", "replication_key_signpost": "2026-02-01"},
            "labels": {"partitions": [
                {"context": {"org": "a", "repo": "b"}}, {"context": {"org": "a"}}]}}),
        json!({"charges": full("created", json!("2026-01-01T00:00:00Z")),
            "labels": {"partitions": {"a": blank, "a/b": blank}}}),
        &[],
    );
    check(
        json!({"issues": {"partitions": [
            {"context": {"repo": "b c", "org": "a", "repo_id": 7}, "replication_key": "updated_at",
             "replication_key_value": "2026-01-01T00:00:00Z"},
            {"context": {"org": "a", "repo": "d"}, "starting_replication_value": null},
        ]}}),
        json!({"issues": {"partitions": {
            "a/b%20c": full("updated_at", json!("2026-01-01T00:00:00Z")),
            "a/d": {"replication_key": null, "replication_key_value": null, "intervals": []}}}}),
        &[],
    );
}

#[test]
fn progress_of_an_unfinished_run_in_no_order_is_no_bookmark() {
    let markers = json!({"Note": "x", "replication_key": "created",
        "replication_key_value": "2026-05-05"});
    check(
        json!({"charges": {"progress_markers": markers, "starting_replication_value": "2025"}}),
        json!({"charges": {"replication_key": null, "replication_key_value": null,
            "intervals": []}}),
        &["unfinished run"],
    );
    check(
        json!({"charges": {"progress_markers": markers, "replication_key": "created",
            "replication_key_value": "2026-01-01"}}),
        json!({"charges": full("created", json!("2026-01-01T00:00:00Z"))}),
        &["unfinished run"],
    );
}

#[test]
fn of_several_bookmarks_of_a_partition_the_least_holds() {
    let item = |context: Value, value: Value| {
        json!({
        "context": context, "replication_key": "updated_at", "replication_key_value": value})
    };
    let ab = json!({"org": "a", "repo": "b"});
    let pull = |number: i64| json!({"org": "a", "repo": "b", "pull_number": number});
    let expected = |value: Value| {
        json!({"issues": {"partitions": {
        "a/b": full("updated_at", value)}}})
    };
    let day = |day: i64| json!(format!("2026-01-0{day}T00:00:00Z"));
    check(
        json!({"issues": {"partitions": [
            item(pull(1), day(3)), item(pull(2), day(2)), item(ab.clone(), day(4))]}}),
        expected(day(2)),
        &[],
    );
    check(
        json!({"issues": {"partitions": [item(ab.clone(), day(1)), item(ab, day(1))]}}),
        expected(day(1)),
        &[],
    );
}

#[test]
fn a_context_that_names_no_partition_is_told() {
    check(
        json!({"issues": {"partitions": [{"context": {"repo_id": 7}}, {}]}}),
        json!({"issues": {"partitions": {}}}),
        &["`issues` has a partition that is not named by `org`, `repo`"],
    );
    check(
        json!({"charges": {"partitions": [{"context": {"repo_id": 7}}]}}),
        json!({"charges": {"partitions": {}}}),
        &["`charges` has partitions, the stream has none"],
    );
}

#[test]
fn the_forms_of_singer_io_are_read() {
    check(
        json!({"charges": {"created": 1_764_000_000}, "events": {"created": "17"}}),
        json!({"charges": full("created", json!("2025-11-24T16:00:00Z")),
            "events": full("created", json!(17))}),
        &[],
    );
    let partitions = json!({"issues": {"partitions": {
        "a/b": full("updated_at", json!("2026-01-01T00:00:00Z")),
        "a/c": full("updated_at", json!("2026-01-02T00:00:00Z"))}}});
    check(
        json!({"issues": {"a/b": {"since": "2026-01-01T00:00:00Z"},
            "a/c": {"since": "2026-01-02T00:00:00Z"}}}),
        partitions.clone(),
        &[],
    );
    check(
        json!({"a/b": {"issues": {"since": "2026-01-01T00:00:00Z"}},
            "a/c": {"issues": {"since": "2026-01-02T00:00:00Z"}}}),
        partitions,
        &[],
    );
    let kept = json!({"a/b": {"wiki": {"since": "2026-01-01T00:00:00Z"}}, "c": {}});
    check(kept.clone(), kept, &[]);
}

#[test]
fn a_bookmark_of_another_field_is_not_used() {
    check(
        json!({"charges": full("updated", json!("2026-01-01"))}),
        json!({"charges": {"replication_key": null, "replication_key_value": null,
            "intervals": []}}),
        &["is by `updated`, the stream now follows `created`"],
    );
    check(
        json!({"labels": {"partitions": {"a/b": full("updated", json!("2026-01-01"))}}}),
        json!({"labels": {"partitions": {"a/b": {
            "replication_key": null, "replication_key_value": null, "intervals": []}}}}),
        &["is by `updated`, the stream is read in full"],
    );
}

fn check_refused(state: Value, message: &str) {
    let error = State::from_json(state, TAP, &layout).unwrap_err();
    assert!(error.to_string().starts_with(message), "{error}");
}

#[test]
fn a_state_of_another_tap_or_a_newer_release_is_refused() {
    check_refused(json!({"tap": {"name": "tap-y"}}), "the state was written by `tap-y`");
    check_refused(json!({"tap": {"name": TAP, "state_version": 2}}), "the state has version 2");
    for empty in [json!({}), json!({"bookmarks": null}), json!({"bookmarks": {"issues": null}})] {
        assert_eq!(read(empty), State::empty(TAP));
    }
}

#[test]
fn a_text_that_is_no_json_is_told_with_its_place_and_where_a_state_comes_from() {
    let remedy = "give the last line that the target printed, or no state to read everything anew";
    for (text, fault) in [
        ("", "it is empty"),
        ("{\"bookmarks\":", "not valid JSON: it ends too soon, at line 1, column 13"),
        ("{}\nnone", "not valid JSON at line 2, column 1"),
    ] {
        let error = State::parse(text.as_bytes(), TAP, &layout).unwrap_err();
        assert_eq!(error.to_string(), format!("cannot read the state ({fault}); {remedy}"));
    }
    check_refused(json!([]), &format!("the state is a list (expected an object); {remedy}"));
    let other = format!(
        "`/bookmarks` in the state is missing (expected how far each stream is read); {remedy}"
    );
    for line in [
        json!({"repositories": ["acme/widgets"]}),
        json!({"type": "RECORD", "stream": "issues", "record": {"id": 1}}),
        json!({"type": "STATE"}),
    ] {
        check_refused(line, &other);
    }
    assert_eq!(read(json!({"currently_syncing": "issues"})), State::empty(TAP));
}

#[test]
fn a_wrong_shape_is_told_with_its_pointer() {
    let of = |stream: &str, entry: Value| json!({"bookmarks": {stream: entry}});
    let charges = |key: &str, value: Value| of("charges", json!({key: value}));
    check_refused(json!({"bookmarks": []}), "`/bookmarks` in the state is a list");
    check_refused(json!({"tap": 1}), "`/tap` in the state is a number");
    check_refused(json!({"tap": {"name": 1}}), "`/tap/name` in the state is a number");
    check_refused(json!({"tap": {"state_version": "1"}}), "`/tap/state_version` in the state is a");
    check_refused(json!({"tap": {"absent": []}}), "`/tap/absent` in the state is a list");
    check_refused(of("charges", json!("x")), "`/bookmarks/charges` in the state is a string");
    check_refused(
        charges("replication_key", json!(1)),
        "`/bookmarks/charges/replication_key` in the state is a number (expected the name of a field)",
    );
    check_refused(
        charges("replication_key_value", json!(true)),
        "`/bookmarks/charges/replication_key_value` in the state is a boolean (expected an RFC 3339",
    );
    check_refused(
        charges("created", json!("soon")),
        "`/bookmarks/charges/created` in the state is a string (expected an RFC 3339",
    );
    check_refused(
        charges("intervals", json!([["a"]])),
        "`/bookmarks/charges/intervals/0` in the state is a list (expected a pair",
    );
    check_refused(
        of("issues", json!({"partitions": "x"})),
        "`/bookmarks/issues/partitions` in the state is a string (expected an object of partitions)",
    );
    check_refused(
        of("issues", json!({"partitions": {"a/b": {"replication_key_value": {}}}})),
        "`/bookmarks/issues/partitions/a~1b/replication_key_value` in the state is an object",
    );
    check_refused(
        of("issues", json!({"partitions": [{"context": []}]})),
        "`/bookmarks/issues/partitions/0/context` in the state is a list (expected an object)",
    );
}

#[test]
fn a_partition_first_entry_is_read_for_the_streams_that_are_known_and_keeps_the_others() {
    let since = json!({"since": "2026-11-24T15:00:00Z"});
    check(
        json!({"acme/widgets": {"issues": since, "reviews": since}}),
        json!({
            "acme/widgets": {"reviews": since},
            "issues": {"partitions": {"acme/widgets": {
                "replication_key": "updated_at",
                "replication_key_value": "2026-11-24T15:00:00Z",
                "intervals": [],
            }}},
        }),
        &[],
    );
}

#[test]
fn meltanos_dump_stands_for_the_state_in_it() {
    let bookmarks = json!({"bookmarks": {"events": full("created", json!(7))}});
    assert_eq!(read(json!({"singer_state": bookmarks})), read(bookmarks));
}
