//! Which objects are found, by how many requests, and what of them is not known.

use super::*;

/// Discovers with these settings: the catalog and the log.
fn discover(org: &Server, more: &Value) -> (Value, Messages) {
    let run = singer_test::run::<TapSalesforce>(&["--discover"], &Subject::new(config(org, more)));
    assert_eq!(run.outcome(), Outcome::Ok, "{}", run.log());
    (serde_json::from_str(run.stdout()).expect("a catalog"), run)
}

fn names(catalog: &Value) -> Vec<&str> {
    let streams = catalog["streams"].as_array().expect("streams");
    streams.iter().filter_map(|stream| stream["tap_stream_id"].as_str()).collect()
}

fn entry<'c>(catalog: &'c Value, name: &str) -> &'c Value {
    let streams = catalog["streams"].as_array().expect("streams");
    streams.iter().find(|stream| stream["tap_stream_id"] == name).expect("the stream")
}

#[test]
fn every_object_that_can_be_read_is_a_stream_with_its_fields_and_labels() {
    let org = salesforce("");
    let (catalog, run) = discover(&org, &json!({}));
    assert_eq!(
        names(&catalog),
        [
            "Account",
            "Attachment",
            "Contact",
            "Gizmo__c",
            "LoginHistory",
            "Opportunity",
            "Plain__c",
            "Task",
            "TaskStatus",
            "User"
        ]
    );
    let account = entry(&catalog, "Account");
    assert_eq!(account["key_properties"], json!(["Id"]));
    assert_eq!(account["replication_key"], "SystemModstamp");
    let fields = &account["schema"]["properties"];
    assert_eq!(fields["Name"]["description"], "Name");
    assert_eq!(fields["LastActivityDate"]["format"], "date");
    assert_eq!(
        fields["BillingAddress"]["properties"]["latitude"]["type"],
        json!(["null", "number"])
    );
    assert!(fields["Type"].get("enum").is_none(), "a picklist is a text");
    assert_eq!(entry(&catalog, "LoginHistory")["replication_key"], "LoginTime");
    assert_eq!(entry(&catalog, "Plain__c")["replication_method"], "FULL_TABLE");
    assert!(
        run.log().contains("[DISC02] `Gizmo__c.Shape__c` has the type `hologram`"),
        "{}",
        run.log()
    );
    let gizmo = &entry(&catalog, "Gizmo__c")["schema"]["properties"];
    assert_eq!(gizmo["Shape__c"]["type"], json!(["null", "string"]));
}

#[test]
fn a_thousand_objects_take_forty_requests() {
    let org = salesforce("--objects 1000");
    let (catalog, _) = discover(&org, &json!({}));
    assert_eq!(names(&catalog).len(), 1_010);
    let asked = requests(&org);
    assert_eq!(count(&asked, "composite/batch"), 41, "{}", asked.len());
    assert_eq!(asked.len(), 41 + 3, "beside them a login, the limits, the list of objects");
}

#[test]
fn a_run_describes_what_it_reads_and_no_more() {
    let org = salesforce("--objects 200");
    read_well(&org, "Account", &json!({}), None);
    let asked = requests(&org);
    assert_eq!(count(&asked, "composite/batch"), 1, "{asked:?}");
    let (catalog, _) = discover(&org, &json!({"streams_to_discover": ["Contact", "Nothing__c"]}));
    assert_eq!(names(&catalog), ["Contact"]);
}

#[test]
fn a_name_that_is_no_object_is_told_and_what_is_named_is_read_without_a_catalog() {
    let org = salesforce("");
    let more = json!({"streams_to_discover": ["Contact", "Nothing__c"]});
    let run = singer_test::run::<TapSalesforce>(&[], &Subject::new(config(&org, &more)));
    assert_eq!(run.outcome(), Outcome::Ok, "{}", run.log());
    assert!(
        run.log().contains("[DISC03] `streams_to_discover` names `Nothing__c`"),
        "{}",
        run.log()
    );
    assert_eq!(run.records("Contact").len(), 200);
}

#[test]
fn an_object_that_cannot_be_described_is_left_out_and_told() {
    let org = salesforce("");
    let broken = |status: u16| {
        json!([{"match": {"path": "/services/data/*/composite/batch"}, "fault": {
            "kind": "mangle", "pointer": "/results/1/statusCode", "value": status}}])
    };
    faults(&org, &broken(403));
    let (catalog, run) = discover(&org, &json!({}));
    assert!(!names(&catalog).contains(&"Attachment"), "{:?}", names(&catalog));
    assert!(run.log().contains("[DISC01] `Attachment` cannot be described"), "{}", run.log());
}

#[test]
fn a_description_that_cannot_be_had_for_now_is_asked_for_again_and_is_no_object_that_is_not_there()
{
    let org = salesforce("--accounts 3");
    let mut broken = json!([{"match": {"path": "/services/data/*/composite/batch"}, "fault": {
        "kind": "mangle", "pointer": "/results/0/statusCode", "value": 503}}]);
    faults(&org, &broken);
    let run = attempt(&org, "Account", &json!({}));
    assert_eq!(run.outcome(), Outcome::Unavailable, "{}", run.log());
    assert!(run.log().contains("`Account` cannot be described: status 503"), "{}", run.log());
    broken[0]["times"] = json!(2);
    broken[0]["from"] = json!(1);
    faults(&org, &broken);
    let run = read_well(&org, "Account", &json!({}), None);
    assert_eq!(run.records("Account").len(), 3);
}

#[test]
fn a_run_that_nobody_told_what_to_read_asks_for_nothing() {
    let org = salesforce("--objects 50");
    let run = singer_test::run::<TapSalesforce>(&[], &Subject::new(config(&org, &json!({}))));
    assert_eq!(run.outcome(), Outcome::Ok, "{}", run.log());
    assert!(run.log().contains("[CFG07]"), "{}", run.log());
    assert_eq!(count(&requests(&org), "/services/data/"), 0);
}

#[test]
fn the_limits_of_an_org_need_not_be_seen() {
    let org = salesforce("--accounts 3");
    let body = r#"[{"errorCode":"FORBIDDEN","message":"no"}]"#;
    faults(
        &org,
        &json!([{"match": {"path": "/services/data/*/limits"}, "fault": {
        "kind": "status", "status": 403, "body": body}}]),
    );
    let run = read_well(&org, "Account", &json!({}), None);
    assert_eq!(run.records("Account").len(), 3);
}

#[test]
fn fields_may_have_to_be_selected_one_by_one() {
    let org = salesforce("--accounts 3");
    let (catalog, _) = discover(&org, &json!({"select_fields_by_default": false}));
    let metadata = entry(&catalog, "Account")["metadata"].as_array().expect("metadata");
    let of = |field: &str| {
        let path = json!(["properties", field]);
        metadata.iter().find(|item| item["breadcrumb"] == path).expect("a field")
    };
    assert_eq!(of("Name")["metadata"]["selected-by-default"], false);
    assert_eq!(of("Id")["metadata"]["inclusion"], "automatic");
}
