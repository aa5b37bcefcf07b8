use super::transform::{deleted, extra, rename};
use super::*;
use crate::schema::{Format, Kind};

fn check(setup: &Setup, body: &str, record: &str, misfits: &[(&str, Misfit, u64)]) {
    let page = setup.encode(format!("[{body}]"));
    assert_eq!(page.records(), [record], "{body}");
    assert_eq!(page.misfits(), misfits, "{body}");
}

#[test]
fn undeclared_fields_of_the_record_are_kept_as_one_text() {
    let mut setup = Setup::new(json!({
        "id": integer(), "old": string(), "owner": object(json!({"id": integer()})), "extra": string(),
    }));
    setup.transforms = vec![rename("moved", "old"), extra("extra")];
    setup.omit = names(&["token"]);
    setup.deselected = vec![&["properties", "old"]];
    let kept = |pointer, times| (pointer, Misfit::Kept, times);
    check(
        &setup,
        r#"{"a" : {"x": [1, 2]},"id":1,"b\n":"q\"","moved":1,"token":"t","old":2,"owner":{"id":1,"y":2}}"#,
        r#"{"id":1,"owner":{"id":1},"extra":"{\"a\":{\"x\":[1,2]},\"b\\n\":\"q\\\"\"}"}"#,
        &[kept("/*", 1), kept("/a", 1), ("/owner/y", Misfit::Undeclared, 1)],
    );
    check(&setup, r#"{"id":1}"#, r#"{"id":1}"#, &[]);
    check(
        &setup,
        "{\n\"a\": 1,\n\"id\": 1,\n\"b\": null,\n\"a\": 2\n}",
        r#"{"id":1,"extra":"{\"b\":null,\"a\":2}"}"#,
        &[kept("/a", 2), kept("/b", 1)],
    );
    let page = setup.encode(r#"[{"a":1},{"id":2},{"a":"\u0000"}]"#);
    assert_eq!(
        page.records(),
        [r#"{"extra":"{\"a\":1}"}"#, r#"{"id":2}"#, r#"{"extra":"{\"a\":\"\"}"}"#]
    );
}

#[test]
fn a_new_field_is_told_with_the_type_of_its_first_value() {
    let setup = Setup::new(json!({
        "id": integer(), "owner": object(json!({"id": integer()})),
        "labels": list(object(json!({"id": integer()}))),
    }));
    let page = setup.encode(
        r#"[{"i":null,"n":null,"owner":{"b":true}},{"i":7,"f":1.5,"s":"x","o":{"a":1},"owner":{"b":1}},
            {"i":"x","l":[1],"labels":[{"id":1},{"x":1e2}]}]"#,
    );
    let text = Kind::String(Format::Plain);
    let found: Vec<(String, &Kind)> = page
        .out
        .news
        .iter()
        .map(|news| (format!("{}/{}", news.place.join("/"), news.name), &news.kind))
        .collect();
    assert_eq!(
        found,
        [
            ("labels/*/x".into(), &Kind::Number),
            ("/i".into(), &Kind::Integer),
            ("/f".into(), &Kind::Number),
            ("/s".into(), &text),
            ("/o".into(), &text),
            ("/l".into(), &text),
            ("owner/b".into(), &Kind::Boolean),
        ]
    );
}

#[test]
fn a_deletion_has_a_time() {
    let mut setup = Setup::new(json!({"id": integer(), "at": date_time(), "gone": date_time()}));
    setup.transforms = vec![deleted("flag", "gone")];
    let extracted = "2025-11-24T16:00:00.000000Z";
    let deletion = |setup: &Setup, flag: &str, gone: &str| {
        let body = format!(r#"{{"at":"2026-11-24T15:00:00+01:00"{flag}}}"#);
        let gone = if gone == "null" { gone.to_owned() } else { format!("\"{gone}\"") };
        check(setup, &body, &format!(r#"{{"at":"2026-11-24T14:00:00Z","gone":{gone}}}"#), &[]);
    };
    deletion(&setup, r#","flag":true"#, extracted);
    deletion(&setup, r#","flag":"true""#, extracted);
    deletion(&setup, r#","flag":false"#, "null");
    deletion(&setup, r#","flag":null"#, "null");
    deletion(&setup, "", "null");
    deletion(&setup, r#","flag":"2026-11-01T00:00:00+00:00""#, "2026-11-01T00:00:00Z");
    setup.cursor = Some(("at", CursorKind::Instant));
    deletion(&setup, r#","flag":true"#, "2026-11-24T14:00:00Z");
    let page = setup.encode(r#"[{"at":"2026-11-24T14:00:00Z","flag":7}]"#);
    assert_eq!(page.misfits(), [("/gone", Misfit::Nulled(Found::Number), 1)]);
}
