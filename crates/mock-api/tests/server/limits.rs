//! Credentials, quotas, validators and what the admin requests show of them.

use crate::site::{Reply, Site};
use serde_json::json;

const ISSUES: &str = "/repos/acme/widgets/issues?per_page=1";

fn as_user(site: &Site, token: &str, target: &str) -> Reply {
    site.send("GET", target, &[("authorization", &format!("Bearer {token}"))], "")
}

#[test]
fn a_token_that_is_not_accepted_is_bad() {
    let site = Site::new("--token good --token better");
    assert_eq!(as_user(&site, "good", ISSUES).status, 200);
    assert_eq!(as_user(&site, "better", ISSUES).status, 200);
    for reply in [as_user(&site, "bad", ISSUES), site.get(ISSUES)] {
        assert_eq!(
            (reply.status, reply.json()["message"].clone()),
            (401, json!("Bad credentials"))
        );
    }
}

#[test]
fn a_spent_quota_refuses_until_its_reset() {
    let site = Site::new("--quota 3 --quota-window 600");
    for left in ["2", "1", "0"] {
        let reply = as_user(&site, "a", ISSUES);
        assert_eq!((reply.status, reply.header("x-ratelimit-remaining")), (200, Some(left)));
    }
    let refused = as_user(&site, "a", ISSUES);
    assert_eq!(refused.status, 403);
    assert_eq!(refused.header("x-ratelimit-remaining"), Some("0"));
    assert!(refused.json()["message"].as_str().unwrap().starts_with("API rate limit exceeded"));
    assert_eq!(as_user(&site, "b", ISSUES).status, 200, "another credential has its own");
    let overview = as_user(&site, "a", "/rate_limit").json();
    assert_eq!(overview["resources"]["core"]["remaining"], 0);
    site.post("/_mock/clock?advance=601", "");
    assert_eq!(as_user(&site, "a", ISSUES).header("x-ratelimit-remaining"), Some("2"));
}

#[test]
fn searches_have_a_pool_of_their_own() {
    let site = Site::new("--search-quota 1 --limit-status 429");
    let search = "/search/repositories?q=org:acme";
    let reply = site.get(search);
    assert_eq!((reply.status, reply.header("x-ratelimit-resource")), (200, Some("search")));
    assert_eq!(site.get(search).status, 429);
    assert_eq!(site.get(ISSUES).status, 200);
}

#[test]
fn a_burst_meets_the_secondary_limit() {
    let site = Site::new("--secondary 2");
    assert_eq!([site.get(ISSUES).status, site.get(ISSUES).status], [200, 200]);
    let refused = site.get(ISSUES);
    assert_eq!(refused.status, 403);
    assert!(refused.json()["message"].as_str().unwrap().contains("secondary rate limit"));
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait));
}

#[test]
fn what_the_client_has_is_not_sent_and_not_counted() {
    let site = Site::new("");
    let first = site.get(ISSUES);
    let tag = first.header("etag").unwrap();
    let again = site.send("GET", ISSUES, &[("if-none-match", tag)], "");
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(again.header("x-ratelimit-used"), first.header("x-ratelimit-used"));
    site.post("/_mock/touch?repo=acme/widgets&resource=issues&count=1000", "");
    assert_eq!(site.send("GET", ISSUES, &[("if-none-match", tag)], "").status, 200);
}

#[test]
fn requests_are_counted_by_pattern_and_admin_requests_are_not() {
    let site = Site::new("");
    site.get(ISSUES);
    site.get("/repos/acme/gadgets/issues");
    as_user(&site, "t", "/repos/acme/nothing");
    let report = site.get("/_mock/requests?reset=1&headers=1").json();
    assert_eq!(report["total"], 3);
    assert_eq!(report["patterns"]["/repos/{owner}/{repo}/issues"], 2);
    assert_eq!(report["statuses"], json!({"200": 2, "404": 1}));
    assert_eq!(report["last"][2]["headers"]["authorization"], "Bearer t");
    assert_eq!(site.get("/_mock/requests").json()["total"], 0);
    assert_eq!(site.get("/_mock/health").json()["status"], "ok");
    assert_eq!(site.get("/_mock/nonsense").status, 404);
}

#[test]
fn the_clock_starts_where_it_is_told() {
    let site = Site::new("--date 2030-05-06T07:08:09Z");
    let date = site.get(ISSUES).header("date").unwrap().to_owned();
    assert!(date.starts_with("Mon, 06 May 2030 07:08:"), "{date}");
}

#[test]
fn a_token_may_have_a_quota_of_its_own() {
    let site = Site::new("--token rich --token poor=2 --quota 9");
    let left = |token: &str| {
        let reply = as_user(&site, token, ISSUES);
        (reply.status, reply.header("x-ratelimit-remaining").unwrap().to_owned())
    };
    assert_eq!(left("poor"), (200, "1".to_owned()));
    assert_eq!(left("poor"), (200, "0".to_owned()));
    assert_eq!(left("poor"), (403, "0".to_owned()));
    assert_eq!(left("rich"), (200, "8".to_owned()));
}

#[test]
fn an_enterprise_has_its_api_under_a_path() {
    let site = Site::new("--base-path /api/v3 --labels 5 --renamed acme/old=acme/widgets");
    assert_eq!(site.get("/repos/acme/widgets").status, 404);
    assert_eq!(site.get("/api/v3x/repos/acme/widgets").status, 404);
    let reply = site.get("/api/v3/repos/acme/widgets/labels?per_page=2");
    let next = reply.link("next").unwrap();
    assert!(next.contains("/api/v3/repositories/"), "{next}");
    assert_eq!(site.get(&next).status, 200);
    let moved = site.get("/api/v3/repos/acme/old/labels?per_page=2");
    let location = moved.header("location").unwrap();
    assert!(location.contains("/api/v3/repositories/"), "{location}");
    assert_eq!(site.get(location).json(), reply.json());
    let query = r#"{"query": "{ viewer { login } rateLimit { cost } }"}"#;
    assert_eq!(site.send("POST", "/api/graphql", &[], query).status, 200);
}
