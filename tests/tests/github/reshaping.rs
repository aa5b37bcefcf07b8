//! What a user makes of records: flattened, mapped, refused.

use serde_json::{Value, json};
use singer_tap_tests::{Mock, Tap};

const REPOS: [&str; 1] = ["acme/widgets"];

fn mock() -> Mock {
    Mock::start("--repo acme/widgets:issues=120,pulls=0,commits=0,labels=3 --comments-per-issue 0")
}

#[test]
fn flattened_and_mapped_records_keep_to_their_schema_and_the_bookmark_to_the_source() {
    let mock = mock();
    let plain = Tap::of(&mock, &REPOS).args("--select issues").run().ends_with(0).output();
    let maps = json!({"issues": {
        "__alias__": "tickets", "__filter__": "number > 20", "title": "md5(title)", "body": null,
        "source": "'github'", "who": "user",
    }});
    let output = Tap::of(&mock, &REPOS)
        .args("--select issues")
        .with("flattening_enabled", true)
        .with("flattening_max_depth", 1)
        .with("stream_maps", maps)
        .bent()
        .run()
        .ends_with(0)
        .output();
    let schema = output.schema("tickets").unwrap();
    let declared = |name: &str| schema["properties"][name]["type"].clone();
    assert_eq!(declared("user__id"), json!(["integer", "null"]), "a typed column");
    assert_eq!((declared("user"), declared("body")), (Value::Null, Value::Null));
    assert_eq!(declared("labels"), json!(["null", "string"]));
    let records = output.records("tickets");
    let wanted = |issue: &&Value| issue["number"].as_u64().unwrap() > 20;
    assert_eq!(records.len(), plain.records("issues").into_iter().filter(wanted).count());
    assert!(output.records("issues").is_empty());
    for record in records {
        assert_eq!(record["title"].as_str().unwrap().len(), 32, "{record}");
        assert_eq!(
            (&record["source"], &record["who__id"]),
            (&json!("github"), &record["user__id"])
        );
        let labels = record["labels"].as_str().unwrap();
        assert!(serde_json::from_str::<Value>(labels).unwrap().is_array(), "{labels}");
    }
    assert_eq!(
        output.last_state().unwrap()["bookmarks"]["issues"],
        plain.last_state().unwrap()["bookmarks"]["issues"]
    );
}

#[test]
fn what_cannot_be_applied_is_refused_before_anything_is_asked_for() {
    let mock = mock();
    let before = mock.request_count();
    for (setting, value, told) in [
        ("stream_maps", json!({"issues": {"title": "title.upper()"}}), "/stream_maps/issues/title"),
        ("stream_maps", json!({"isues": null}), "/stream_maps/isues"),
        ("flattening_enabled", json!(true), "/flattening_max_depth"),
        ("rejects", json!("nowhere"), "`file:PATH`"),
        ("new_field", json!("keep"), "/new_field"),
    ] {
        let run = Tap::of(&mock, &REPOS).with(setting, value).run().ends_with(2);
        assert!(!run.told(told).is_empty(), "{told}: {}", run.log());
    }
    let run = Tap::of(&mock, &REPOS).with("rejects", "file:/dev/stdout").run().ends_with(8);
    assert!(!run.told("[OUT03]").is_empty() && run.stdout.is_empty(), "{}", run.log());
    assert_eq!(mock.request_count(), before);
}
