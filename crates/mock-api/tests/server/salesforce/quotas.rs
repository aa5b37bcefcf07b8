//! Versions, the requests of a day, and how requests are noted.

use serde_json::json;

use super::{DATA, code, desk, json};

#[test]
fn every_answer_but_the_versions_tells_what_is_used() {
    let desk = desk("--api-limit 100 --api-used 40");
    let limits = desk.get("/limits");
    assert_eq!(limits.header("sforce-limit-info"), Some("api-usage=41/100"));
    assert_eq!(json(&limits)["DailyApiRequests"], json!({"Max": 100, "Remaining": 59}));
    for name in ["DailyBulkV2QueryFileStorageMB", "DailyBulkApiBatches"] {
        assert!(json(&limits)[name]["Max"].as_u64() > Some(0), "{name}");
    }
    let refused = desk.ask("query", "SELECT");
    assert_eq!(refused.header("sforce-limit-info"), Some("api-usage=42/100"));
    let versions = desk.get("/services/data/");
    assert_eq!(versions.header("sforce-limit-info"), None);
    let versions = json(&versions);
    let versions = versions.as_array().unwrap();
    assert_eq!(versions[0]["url"], "/services/data/v41.0");
    assert_eq!(versions.last().unwrap()["version"], "66.0");
}

#[test]
fn the_requests_of_a_day_run_out_and_come_back() {
    let desk = desk("--api-limit 3 --api-used 2");
    assert_eq!(desk.get("/limits").status, 200);
    let refused = desk.get("/limits");
    assert_eq!(refused.header("sforce-limit-info"), Some("api-usage=3/3"));
    assert_eq!(code(&refused), (403, "REQUEST_LIMIT_EXCEEDED".to_owned()));
    assert_eq!(json(&refused)[0]["message"], "TotalRequests Limit exceeded.");
    desk.site.post("/_mock/clock?advance=86400", "");
    assert_eq!(desk.get("/limits").header("sforce-limit-info"), Some("api-usage=1/3"));
}

#[test]
fn what_is_not_there_is_told() {
    let desk = desk("");
    let not_found = (404, "NOT_FOUND".to_owned());
    for path in
        ["/services/data/v40.0/limits", "/services/data/v67.0/limits", "/wishes", "/sobjects/A"]
    {
        assert_eq!(code(&desk.get(path)), not_found, "{path}");
    }
    assert_eq!(desk.get("/services/data/v66.0/limits").status, 200);
    assert_eq!(desk.get("").status, 200);
    assert_eq!(
        code(&desk.send("POST", "/limits", &[], "")),
        (405, "METHOD_NOT_ALLOWED".to_owned())
    );
}

#[test]
fn faults_stand_for_limits_of_requests_at_one_time_and_change_the_data() {
    let desk = desk("");
    let body = json!([{"errorCode": "REQUEST_LIMIT_EXCEEDED",
        "message": "ConcurrentRequests (Concurrent API Requests) Limit exceeded."}]);
    let script = json!([
        {"match": {"path": "/services/data/*/query"}, "nth": 2,
            "fault": {"kind": "status", "status": 403, "body": body.to_string()}},
        {"match": {"path": "/services/data/*/query"}, "nth": 3,
            "fault": {"kind": "change", "action": "purge", "query": "object=User&count=2"}},
    ]);
    desk.site.post("/_mock/faults", &script.to_string());
    let soql = "SELECT COUNT() FROM User";
    assert_eq!(json(&desk.ask("query", soql))["totalSize"], 12);
    assert_eq!(code(&desk.ask("query", soql)), (403, "REQUEST_LIMIT_EXCEEDED".to_owned()));
    let sizes = [(); 2].map(|()| json(&desk.ask("query", soql))["totalSize"].clone());
    assert_eq!(sizes, [12, 10]);
}

#[test]
fn requests_are_counted_under_names_for_what_varies() {
    let desk = desk("--page 100");
    let id = desk.done("SELECT Id FROM Account");
    desk.get(&format!("/jobs/query/{id}/results"));
    desk.query("SELECT Id FROM Account");
    desk.get("/sobjects/Account/describe");
    let report = desk.site.get("/_mock/requests").json();
    for pattern in ["/query/{id}", "/jobs/query/{id}/results", "/sobjects/Account/describe"] {
        let pattern = format!("{DATA}{pattern}");
        assert!(report["patterns"][&pattern].as_u64() > Some(0), "{pattern}: {report}");
    }
}
