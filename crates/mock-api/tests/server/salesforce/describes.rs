//! Descriptions of objects, one by one and in batches.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{DATA, Desk, code, desk, json};

fn describe(desk: &Desk, name: &str) -> Value {
    json(&desk.get(&format!("/sobjects/{name}/describe")))
}

/// A field's description.
fn field(object: &Value, name: &str) -> Value {
    let fields = object["fields"].as_array().unwrap();
    fields.iter().find(|field| field["name"] == name).unwrap_or_else(|| panic!("{name}")).clone()
}

#[test]
fn all_objects_are_told_in_short_and_each_in_full() {
    let desk = desk("--objects 40");
    let all = json(&desk.get("/sobjects"));
    let objects = all["sobjects"].as_array().unwrap();
    assert_eq!(objects.len(), 13 + 40);
    for short in objects {
        let name = short["name"].as_str().unwrap();
        let full = describe(&desk, name);
        for (key, value) in short.as_object().unwrap() {
            assert_eq!(full[key], *value, "{name}: {key}");
        }
        assert!(!full["fields"].as_array().unwrap().is_empty(), "{name}");
    }
    let prefix = |name: &str| describe(&desk, name)["keyPrefix"].clone();
    assert_eq!([prefix("Account"), prefix("gizmo__c")], ["001", "a00"]);
    assert_eq!(describe(&desk, "AccountChangeEvent")["queryable"], false);
    assert_eq!(code(&desk.get("/sobjects/Wish/describe")), (404, "NOT_FOUND".to_owned()));
}

#[test]
fn there_are_fields_of_every_type_and_of_one_that_nobody_knows() {
    let desk = desk("");
    let mut types = BTreeSet::new();
    for name in ["Account", "Contact", "User", "Task", "Attachment", "Gizmo__c"] {
        let object = describe(&desk, name);
        for field in object["fields"].as_array().unwrap() {
            types.insert(field["type"].as_str().unwrap().to_owned());
            assert!(field["soapType"].as_str().unwrap().contains(':'));
        }
    }
    let known = "id string picklist multipicklist combobox textarea phone url email reference \
                 encryptedstring complexvalue masterrecord datacategorygroupreference double \
                 currency percent int long boolean date datetime time address location anyType \
                 calculated base64 json hologram";
    for name in known.split_whitespace() {
        assert!(types.contains(name), "{name}");
    }
}

#[test]
fn parts_name_the_field_that_they_are_of() {
    let desk = desk("");
    let account = describe(&desk, "Account");
    assert!(account["fields"].as_array().unwrap().len() >= 40);
    for (part, whole) in [
        ("BillingStreet", json!("BillingAddress")),
        ("ShippingGeocodeAccuracy", json!("ShippingAddress")),
        ("Place__Latitude__s", json!("Place__c")),
        ("BillingAddress", Value::Null),
        ("Name", Value::Null),
    ] {
        assert_eq!(field(&account, part)["compoundFieldName"], whole, "{part}");
    }
    let revenue = field(&account, "AnnualRevenue");
    assert_eq!([&revenue["precision"], &revenue["scale"]], [&json!(18), &json!(2)]);
    assert_eq!(field(&account, "Score__c")["calculated"], true);
    assert_eq!(field(&account, "Name")["nillable"], false);
    assert_eq!(field(&account, "ParentId")["referenceTo"], json!(["Account"]));
    let picks = field(&account, "Industry")["picklistValues"].clone();
    assert_eq!(picks[0]["value"], "Agriculture");
}

#[test]
fn objects_tell_of_their_changes_in_different_ways() {
    let desk = desk("--objects 4");
    let has = |object: &str| -> Vec<&str> {
        let object = describe(&desk, object);
        let fields = object["fields"].as_array().unwrap();
        let keys = ["SystemModstamp", "LastModifiedDate", "CreatedDate", "LoginTime"];
        keys.into_iter().filter(|key| fields.iter().any(|field| field["name"] == *key)).collect()
    };
    assert_eq!(has("Account"), ["SystemModstamp", "LastModifiedDate", "CreatedDate"]);
    assert_eq!(has("Extra0002__c"), ["LastModifiedDate", "CreatedDate"]);
    assert_eq!(has("Extra0004__c"), ["CreatedDate"]);
    assert_eq!(has("LoginHistory"), ["LoginTime"]);
    assert_eq!(has("Plain__c"), Vec::<&str>::new());
}

#[test]
fn a_batch_answers_up_to_25_requests_each_by_itself() {
    let desk = desk("--objects 30 --api-limit 60");
    let batch = |urls: Vec<String>| {
        let parts: Vec<Value> =
            urls.iter().map(|url| json!({"method": "GET", "url": url})).collect();
        let body = json!({"batchRequests": parts}).to_string();
        desk.send("POST", "/composite/batch", &[], &body)
    };
    let urls = |count: usize| {
        (1..=count).map(|at| format!("v60.0/sobjects/Extra{at:04}__c/describe")).collect::<Vec<_>>()
    };
    let reply = batch(urls(25));
    assert_eq!(reply.header("sforce-limit-info"), Some("api-usage=25/60"));
    let answer = json(&reply);
    assert_eq!(answer["hasErrors"], false);
    let results = answer["results"].as_array().unwrap();
    assert_eq!(results.len(), 25);
    assert_eq!(results[24]["result"]["name"], "Extra0025__c");
    assert_eq!(batch(urls(26)).status, 400);
    let wish = "v60.0/sobjects/Wish/describe".to_owned();
    let answer = json(&batch(vec![wish, format!("{DATA}/limits"), "v61.0/limits".to_owned()]));
    assert_eq!(answer["hasErrors"], true);
    let statuses = [&answer["results"][0]["statusCode"], &answer["results"][1]["statusCode"]];
    assert_eq!(statuses, [&json!(404), &json!(200)]);
    assert_eq!(answer["results"][0]["result"][0]["errorCode"], "NOT_FOUND");
    assert_eq!(answer["results"][2]["statusCode"], 400, "a newer version than the batch's");
    // What is left today is not enough for all of them.
    batch(urls(25));
    let answer = json(&batch(urls(25)));
    let refused = &answer["results"][8];
    assert_eq!(
        (&answer["results"][7]["statusCode"], &refused["statusCode"]),
        (&json!(200), &json!(403))
    );
    assert_eq!(refused["result"][0]["errorCode"], "REQUEST_LIMIT_EXCEEDED");
    assert_eq!(code(&batch(urls(1))), (403, "REQUEST_LIMIT_EXCEEDED".to_owned()));
}

#[test]
fn a_wide_object_has_more_fields_than_an_address_can_hold() {
    let desk = desk("--wide 600");
    let gizmo = describe(&desk, "Gizmo__c");
    let names: Vec<&str> = gizmo["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| field["name"].as_str().unwrap())
        .collect();
    let soql = |names: &[&str]| format!("SELECT {} FROM Gizmo__c", names.join(", "));
    let long = desk.ask("query", &soql(&names));
    assert_eq!((long.status, long.header("content-type")), (414, Some("text/html; charset=utf-8")));
    assert_eq!(desk.ask("query", &soql(&names[..300])).status, 200);
    let id = desk.done(&soql(&names));
    assert_eq!(desk.get(&format!("/jobs/query/{id}/results")).status, 200);
}
