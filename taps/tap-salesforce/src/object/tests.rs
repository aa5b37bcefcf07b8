use serde_json::{Value, json};

use super::*;

fn described(name: &str, fields: Value) -> Described {
    let fields: Vec<Field> = serde_json::from_value(fields).expect("fields");
    let (name, label) = (name.to_owned(), String::new());
    Described { name, label, queryable: true, replicateable: true, fields }
}

fn field(name: &str, kind: &str) -> Value {
    json!({"name": name, "label": format!("The {name}"), "type": kind})
}

fn part(name: &str, kind: &str, of: &str) -> Value {
    json!({"name": name, "type": kind, "compoundFieldName": of})
}

fn check_key(name: &str, fields: Value, expected: Option<&str>) {
    let mut all = vec![field("Id", "id")];
    all.extend(fields.as_array().cloned().unwrap_or_default());
    let object = described(name, Value::from(all)).object().expect("an object");
    assert_eq!(object.key.as_deref(), expected, "{name}");
}

#[test]
fn the_replication_key_is_the_best_that_can_be_ordered_by() {
    let at = |name: &str| field(name, "datetime");
    let all = json!([at("CreatedDate"), at("LastModifiedDate"), at("SystemModstamp")]);
    check_key("Account", all.clone(), Some("SystemModstamp"));
    check_key(
        "Account",
        json!([at("CreatedDate"), at("LastModifiedDate")]),
        Some("LastModifiedDate"),
    );
    check_key("Account", json!([at("CreatedDate")]), Some("CreatedDate"));
    check_key("Account", json!([at("LoginTime")]), None);
    check_key("LoginHistory", json!([at("LoginTime")]), Some("LoginTime"));
    check_key("LoginEvent", all, None);
    let mut unsorted = at("SystemModstamp");
    unsorted["sortable"] = json!(false);
    check_key("Account", json!([unsorted, at("CreatedDate")]), Some("CreatedDate"));
}

#[test]
fn what_cannot_be_read_says_why() {
    let check = |name: &str, fields: Value, is_queryable: bool, why: &str| {
        let told = Described { queryable: is_queryable, ..described(name, fields) };
        assert_eq!(told.object().err(), Some(why), "{name}");
    };
    check("AccountShare", json!([]), true, "its records have no `Id`");
    check("Odd", json!([field("Id", "id")]), false, "it cannot be queried");
    let in_part = "it can be queried in part only, or through other objects";
    check("Vote", json!([field("Id", "id")]), true, in_part);
    assert!(!is_worth_describing("AccountChangeEvent") && is_worth_describing("Account"));
}

#[test]
fn every_type_has_a_schema_and_an_unknown_one_is_a_string_that_is_told() {
    let all = json!([
        field("Id", "id"),
        field("Amount", "currency"),
        field("Count", "int"),
        field("Big", "long"),
        field("Done", "boolean"),
        field("Day", "date"),
        field("At", "datetime"),
        field("Time", "time"),
        field("Any", "anyType"),
        field("Body", "base64"),
        field("New", "hologram"),
        field("Home", "address"),
        part("HomeCity", "string", "Home"),
        part("HomeStateCode", "picklist", "Home"),
        field("Spot__c", "location"),
        part("Spot__Latitude__s", "double", "Spot__c"),
        field("Nowhere", "address"),
    ]);
    let object = described("Thing", all).object().expect("an object");
    let mut unknown = Vec::new();
    let schema = schema_of(&object, &mut |field| unknown.push(field.name.clone()));
    assert_eq!(unknown, ["New"]);
    let kind = |name: &str| &schema["properties"][name];
    assert_eq!(kind("Id"), &json!({"type": "string", "description": "The Id"}));
    for (name, expected) in [
        ("Amount", "number"),
        ("Count", "integer"),
        ("Big", "integer"),
        ("Done", "boolean"),
        ("Time", "string"),
        ("Any", "string"),
        ("Body", "string"),
        ("New", "string"),
    ] {
        assert_eq!(kind(name)["type"], json!(["null", expected]), "{name}");
    }
    assert_eq!(
        (&kind("Day")["format"], &kind("At")["format"]),
        (&json!("date"), &json!("date-time"))
    );
    assert_eq!(kind("Home")["properties"]["stateCode"], json!({"type": ["null", "string"]}));
    assert!(kind("Home")["properties"]["countryCode"].is_null(), "the org keeps none");
    assert!(kind("Home")["properties"]["city"].is_object());
    assert_eq!(kind("Spot__c")["properties"]["latitude"], json!({"type": ["null", "number"]}));
    assert!(kind("Nowhere").is_null(), "an address without parts has no value");
    let parts = |name: &str| {
        let field = object.fields.iter().find(|field| field.name == name).expect("a field");
        field.parts.clone()
    };
    assert_eq!(
        parts("Home"),
        [("city", "HomeCity".to_owned()), ("stateCode", "HomeStateCode".to_owned())]
    );
    assert_eq!(parts("Spot__c"), [("latitude", "Spot__Latitude__s".to_owned())]);
}

#[test]
fn bulk_has_no_binary_fields_and_not_every_object() {
    let files = json!([field("Id", "id"), field("Body", "base64")]);
    let object = described("Attachment", files.clone()).object().expect("an object");
    assert!(object.not_by_bulk(|_| true).is_some_and(|why| why.contains("`Body`")));
    assert_eq!(object.not_by_bulk(|name| name != "Body"), None);
    let object = described("TaskStatus", files).object().expect("an object");
    assert!(object.not_by_bulk(|_| false).is_some());
}
