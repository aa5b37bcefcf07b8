use super::*;

fn setup(max_depth: usize) -> Setup {
    let mut setup = Setup::new(json!({
        "id": {"type": "integer"},
        "owner": object(json!({"login": string(), "id": integer(), "plan": object(json!({"name": string()}))})),
        "labels": list(object(json!({"name": string(), "id": integer()}))),
        "free": {"type": ["object", "null"]},
    }));
    setup.key = names(&["id"]);
    setup.flattening = Some(Flattening { max_depth, separator: "__".into(), max_key_length: 255 });
    setup
}

fn check(setup: &Setup, body: &str, record: &str) {
    assert_eq!(setup.record(format!("[{body}]")), record, "{body}");
}

const BODY: &str = r#"{"id":1,"owner":{"login":"a\"b","id":"7","plan":{"name":"pro"}},"labels":[{"name":"x\\","id":1,"more":2}],"free":{"k": [1, 2]}}"#;

#[test]
fn objects_become_columns_and_lists_become_text() {
    check(
        &setup(2),
        BODY,
        r#"{"id":1,"owner__login":"a\"b","owner__id":7,"owner__plan__name":"pro","labels":"[{\"name\":\"x\\\\\",\"id\":1}]","free":"{\"k\":[1,2]}"}"#,
    );
    check(
        &setup(1),
        BODY,
        r#"{"id":1,"owner__login":"a\"b","owner__id":7,"owner__plan":"{\"name\":\"pro\"}","labels":"[{\"name\":\"x\\\\\",\"id\":1}]","free":"{\"k\":[1,2]}"}"#,
    );
    check(&setup(0), r#"{"id":1,"owner":{"id":7}}"#, r#"{"id":1,"owner":{"id":7}}"#);
}

#[test]
fn what_is_not_there_has_no_column_and_what_does_not_fit_is_told() {
    check(&setup(2), r#"{"id":1,"owner":null,"labels":null}"#, r#"{"id":1,"labels":null}"#);
    check(&setup(2), r#"{"id":1,"labels":[]}"#, r#"{"id":1,"labels":"[]"}"#);
    let page = setup(2).encode(r#"[{"id":1,"owner":7,"labels":8}]"#);
    assert_eq!(page.records(), [r#"{"id":1,"labels":null}"#]);
    let nulled = Misfit::Nulled(Found::Number);
    assert_eq!(page.misfits(), [("/labels", nulled, 1), ("/owner", nulled, 1)]);
}

#[test]
fn what_is_deselected_is_not_in_the_text_either() {
    let mut setup = setup(1);
    setup.deselected = vec![
        &["properties", "owner", "properties", "plan"],
        &["properties", "labels", "items", "properties", "name"],
    ];
    check(
        &setup,
        BODY,
        r#"{"id":1,"owner__login":"a\"b","owner__id":7,"labels":"[{\"id\":1}]","free":"{\"k\":[1,2]}"}"#,
    );
    let schema = setup.encoder().unwrap().emitted().schema.clone();
    let declared: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(declared, ["id", "owner__login", "owner__id", "labels", "free"]);
}

#[test]
fn columns_that_a_target_may_take_for_one_are_refused() {
    let mut setup = setup(1);
    setup.properties["OWNER__login"] = string();
    let error = setup.encoder().unwrap_err().to_string();
    assert!(error.contains("`owner__login` and `OWNER__login`"), "{error}");
    assert!(error.starts_with("/flattening_enabled: stream `things`"), "{error}");
    setup.deselected = vec![&["properties", "OWNER__login"]];
    assert!(setup.encoder().is_ok(), "one of them is not written");
}
