use serde_json::{Value, json};
use singer_http::testing::Reply;
use singer_protocol::{Catalog, News, Output, Selection};

use crate::outcome::Outcome;
use crate::pagination::LinkHeader;
use crate::settings::Settings;
use crate::stream::Stream;
use crate::testing::{Ran, stream, sync_with};

use super::*;

fn settings(new_field: &str) -> Value {
    json!({"concurrency": 1, "new_field": new_field})
}

/// Reads these pages of one list.
async fn read(settings: Value, pages: &[&str]) -> Ran {
    let list = stream("things").get("/things").paginate(LinkHeader);
    let replies = pages.iter().enumerate().map(|(at, page)| {
        let reply = Reply::json((*page).to_owned());
        let next = format!("<https://api.example.com/v1/things?page={}>; rel=\"next\"", at + 2);
        if at + 1 < pages.len() { reply.header("link", &next) } else { reply }
    });
    sync_with(settings, vec![list], json!({}), replies.collect()).await
}

/// The fields that each SCHEMA adds to the one before, and how many records followed it.
fn schemas(ran: &Ran) -> Vec<(Vec<String>, usize)> {
    let mut found: Vec<(Vec<String>, usize)> = Vec::new();
    let mut known: Vec<String> = Vec::new();
    for message in &ran.messages {
        if message["type"] == "SCHEMA" {
            let fields = message["schema"]["properties"].as_object().expect("an object");
            let new = fields.keys().filter(|name| !known.contains(name)).cloned().collect();
            known = fields.keys().cloned().collect();
            found.push((new, 0));
        } else if message["type"] == "RECORD" {
            found.last_mut().expect("a SCHEMA comes first").1 += 1;
        }
    }
    found
}

#[tokio::test]
async fn what_nobody_declares_is_left_out_by_default() {
    let ran = read(settings("ignore"), &[r#"[{"id":1,"new":2}]"#]).await;
    assert_eq!(ran.outcome, Outcome::Ok);
    assert_eq!(ran.column("things", "new"), [Value::Null]);
    assert_eq!(schemas(&ran).len(), 1);
}

#[tokio::test]
async fn what_nobody_declares_is_kept_in_one_column() {
    let ran = read(settings("extra"), &[r#"[{"id":1,"new":{"a": 1}},{"id":2}]"#]).await;
    assert_eq!(ran.column("things", "_sdc_extra"), [json!(r#"{"new":{"a":1}}"#), Value::Null]);
    let declared = &ran.messages[0]["schema"]["properties"]["_sdc_extra"];
    assert_eq!(*declared, json!({"type": ["null", "string"]}));
}

#[tokio::test]
async fn a_new_field_ends_the_stream_if_it_must_not_come() {
    let ran = read(settings("fail"), &[r#"[{"id":1}]"#, r#"[{"id":2,"new":null}]"#]).await;
    assert_eq!(ran.outcome, Outcome::Refused);
    assert_eq!(ran.column("things", "id"), [json!(1)], "nothing of the page is taken");
}

#[tokio::test]
async fn a_new_field_gets_its_column_with_the_page_on_which_it_is_met() {
    let pages = [
        r#"[{"id":1},{"id":2,"x":null}]"#,
        r#"[{"id":3,"x":null},{"id":4,"x":1,"y":[1]}]"#,
        r#"[{"id":5,"x":2},{"id":6,"z":true}]"#,
    ];
    let ran = read(settings("evolve"), &pages).await;
    assert_eq!(ran.outcome, Outcome::Ok);
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    // No STATE was due between the second and the third page.
    let declared = names(&["id", "name", "org", "at"]);
    assert_eq!(schemas(&ran), [(declared, 2), (names(&["x", "y"]), 4)]);
    let (null, x) = (Value::Null, ran.column("things", "x"));
    assert_eq!(x, [null.clone(), null.clone(), null.clone(), json!(1), json!(2), null.clone()]);
    assert_eq!(ran.column("things", "y")[3], json!("[1]"));
    assert_eq!(ran.column("things", "z")[5], null);
}

fn shapes(stream: &Stream, selection: Selection, settings: Value) -> Shapes {
    let settings: Settings = serde_json::from_value(settings).expect("valid settings");
    Shapes::new(stream, selection, None, &[], &settings).expect("a valid stream")
}

/// Whether a field at this place is added.
fn evolves(shapes: &Shapes, place: &[&str], name: &str) -> bool {
    let place = place.iter().map(|step| (*step).to_owned()).collect();
    let news = vec![News { place, name: name.to_owned(), kind: Kind::Integer }];
    let output = Output { news, ..Output::default() };
    let newer = shapes.after(&shapes.current(), &output).expect("nothing fails");
    newer.is_some()
}

#[test]
fn a_schema_changes_once_a_checkpoint_and_eight_times_a_run() {
    let shapes = shapes(&stream("things"), Selection::all(), settings("evolve"));
    for at in 1..=8 {
        assert!(evolves(&shapes, &[], &format!("new_{at}")), "{at}");
        assert!(!evolves(&shapes, &[], "more"), "no STATE was written");
        shapes.stated(at - 1);
        assert!(!evolves(&shapes, &[], "more"), "a STATE before the SCHEMA is no checkpoint");
        shapes.stated(at);
    }
    assert!(!evolves(&shapes, &[], "more"));
    assert_eq!(shapes.current().version, 8);
}

#[test]
fn a_page_that_was_written_in_an_older_shape_takes_the_newer_one() {
    let shapes = shapes(&stream("things"), Selection::all(), settings("evolve"));
    let old = shapes.current();
    assert!(evolves(&shapes, &[], "new"));
    let news = vec![News { place: vec![], name: "new".into(), kind: Kind::Integer }];
    let output = Output { news, ..Output::default() };
    let newer = shapes.after(&old, &output).expect("nothing fails").expect("a newer shape");
    assert_eq!(newer.version, 1);
    assert!(shapes.after(&newer, &output).expect("nothing fails").is_none());
}

const NESTED: &str = r#"{"type": "object", "properties": {
    "id": {"type": "integer"}, "free": {"type": ["object", "null"]},
    "a": {"type": ["object", "null"], "properties": {
        "x": {"type": ["null", "string"]}, "b": {"type": ["object", "null"], "properties": {
            "x": {"type": ["null", "string"]}}}}},
    "rows": {"type": ["array", "null"], "items": {"type": "object", "properties": {
        "x": {"type": ["null", "string"]}}}}}}"#;

fn deselecting(breadcrumb: &[&str]) -> Selection {
    let metadata = json!([
        {"breadcrumb": [], "metadata": {"selected": true}},
        {"breadcrumb": breadcrumb, "metadata": {"selected": false}},
    ]);
    let entry = json!({"tap_stream_id": "things", "metadata": metadata});
    let catalog = Catalog::from_json(json!({"streams": [entry]})).expect("a catalog");
    Selection::of(catalog.entry("things").expect("its entry"))
}

#[test]
fn a_field_is_added_only_where_nothing_was_taken_away_and_no_name_is_doubtful() {
    let nested = Stream::new("things").schema(NESTED).key(["id"]);
    let flat =
        json!({"new_field": "evolve", "flattening_enabled": true, "flattening_max_depth": 9});
    let all = Selection::all;
    let evolve = || settings("evolve");
    let (long, long_enough) = ("n".repeat(64), "n".repeat(63));
    for (selection, settings, place, name, expected) in [
        (all(), evolve(), &[][..], "new", true),
        (all(), evolve(), &["a", "b"], "new", true),
        (all(), evolve(), &["rows", "*"], "new", true),
        (all(), evolve(), &["free"], "new", false),
        (all(), evolve(), &[], "ID", false),
        (all(), evolve(), &[], "_sdc_new", false),
        (all(), evolve(), &[], &*long, false),
        (all(), evolve(), &[], &*long_enough, true),
        (all(), flat.clone(), &["a"], "new", true),
        (all(), flat.clone(), &[], "A__B__X", false),
        (all(), flat, &["rows", "*"], "new", false),
        (all(), settings("ignore"), &[], "new", false),
        (deselecting(&["properties", "free"]), evolve(), &[], "new", false),
        (deselecting(&["properties", "free"]), evolve(), &["a"], "new", false),
        (deselecting(&["properties", "a", "properties", "x"]), evolve(), &[], "new", true),
        (deselecting(&["properties", "a", "properties", "x"]), evolve(), &["a"], "new", false),
        (deselecting(&["properties", "a", "properties", "x"]), evolve(), &["a", "b"], "new", false),
        (
            deselecting(&["properties", "a", "properties", "x"]),
            evolve(),
            &["rows", "*"],
            "new",
            true,
        ),
        (Selection::none(), evolve(), &[], "new", false),
    ] {
        let shapes = shapes(&nested, selection, settings);
        assert_eq!(evolves(&shapes, place, name), expected, "{place:?} {name}");
    }
}

#[tokio::test]
async fn a_deleted_record_has_the_time_of_its_deletion() {
    let list = stream("things").get("/things").deleted_by("is_deleted");
    let page = r#"[{"id":1,"is_deleted":true},{"id":2,"is_deleted":false}]"#;
    let ran = sync_with(json!({}), vec![list], json!({}), vec![Reply::json(page)]).await;
    let times = ran.column("things", "_sdc_deleted_at");
    assert_eq!(times, [json!("2026-11-25T00:00:00.000000Z"), Value::Null]);
    let declared = &ran.messages[0]["schema"]["properties"]["_sdc_deleted_at"];
    assert_eq!(*declared, json!({"type": ["null", "string"], "format": "date-time"}));
}
