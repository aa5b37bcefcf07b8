//! Keys, accounts, and how much each may ask for.

use serde_json::json;

use super::{changed, id, ids, stripe, walk, walk_as};
use crate::site::{Reply, Site};

fn with(site: &Site, target: &str, name: &str, value: &str) -> Reply {
    site.send("GET", target, &[(name, value)], "")
}

fn connected(site: &Site) -> Vec<String> {
    let accounts = site.get("/_mock/accounts").json();
    let connected = accounts["connected"].as_array().unwrap().iter();
    connected.map(|id| id.as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_key_is_a_token_or_the_name_of_a_user() {
    let site = stripe("--token sk_test_0123456789abcd");
    let get = |value: &str| with(&site, "/v1/charges?limit=1", "authorization", value);
    assert_eq!(get("Bearer sk_test_0123456789abcd").status, 200);
    assert_eq!(get("Basic c2tfdGVzdF8wMTIzNDU2Nzg5YWJjZDo=").status, 200);
    for (value, message) in [
        ("Bearer sk_test_9876543210abcd", "Invalid API Key provided: sk_test_**********abcd"),
        ("", "You did not provide an API key."),
    ] {
        let reply = get(value);
        assert_eq!(reply.status, 401);
        let error = &reply.json()["error"];
        assert!(error["message"].as_str().unwrap().starts_with(message), "{error}");
        assert!(reply.header("request-id").is_some());
    }
}

#[test]
fn each_account_has_data_of_its_own() {
    let site = stripe("--accounts 2");
    let accounts = connected(&site);
    assert_eq!(ids(&site.truth("resource=accounts")), accounts);
    let platform = site.get("/v1/account").json();
    let mut all = vec![walk(&site, "/v1/charges")];
    for account in &accounts {
        let header = [("stripe-account", account.as_str())];
        let charges = walk_as(&site, "/v1/charges", &header);
        let truth = site.truth(&format!("resource=charges&account={account}&fields=id"));
        assert_eq!(charges.len(), truth.len());
        let first = id(&charges[0]);
        assert_eq!(site.get(&format!("/v1/charges/{first}")).status, 404, "of another account");
        let itself = site.send("GET", "/v1/account", &header, "").json();
        assert_eq!(id(&itself), account);
        assert_eq!(itself, site.get(&format!("/v1/accounts/{account}")).json());
        let events = walk_as(&site, "/v1/events", &header);
        assert!(!events.is_empty() && events.iter().all(|one| one["account"] == account.as_str()));
        all.push(charges);
    }
    let header = [("stripe-account", id(&platform))];
    assert_eq!(ids(&walk_as(&site, "/v1/charges", &header)), ids(&all[0]));
    let name = &site.get(&format!("/v1/accounts/{}", id(&platform))).json()["settings"];
    assert!(name["dashboard"]["display_name"].is_string());
    let reply = with(&site, "/v1/charges", "stripe-account", "acct_nobody");
    assert_eq!((reply.status, &reply.json()["error"]["code"]), (403, &json!("account_invalid")));
}

#[test]
fn a_change_of_one_account_is_told_to_it_alone() {
    let site = stripe("--accounts 1");
    let account = &connected(&site)[0];
    let made = &changed(&site, &format!("create?resource=plans&account={account}"))[0];
    let newest = |headers: &[(&str, &str)]| {
        let events = site.send("GET", "/v1/events?limit=1", headers, "").json();
        events["data"][0]["data"]["object"]["id"].clone()
    };
    assert_eq!(newest(&[("stripe-account", account)]), made.as_str());
    assert_ne!(newest(&[]), made.as_str());
}

#[test]
fn a_restricted_key_is_told_what_it_lacks() {
    let site = stripe("--restrict rk_test_0123456789abcd=charges,issuing_cards,events");
    let get = |target: &str| with(&site, target, "authorization", "Bearer rk_test_0123456789abcd");
    let account = id(&site.get("/v1/account").json()).to_owned();
    for (target, permission) in [
        ("/v1/charges", "rak_charge_read"),
        ("/v1/charges/ch_1", "rak_charge_read"),
        ("/v1/events?type=charge.*", "rak_event_read"),
        ("/v1/issuing/cards", "rak_issuing_card_read"),
    ] {
        let reply = get(target);
        assert_eq!(reply.status, 403, "{target}");
        let message = format!(
            "The provided key 'rk_test_**********abcd' does not have the required permissions for \
             this endpoint on account '{account}'. Having the '{permission}' permission would allow \
             this request to continue."
        );
        assert_eq!(reply.json()["error"]["message"], message);
    }
    assert_eq!(get("/v1/customers").status, 200);
    assert_eq!(site.get("/v1/charges").status, 200);
}

#[test]
fn an_account_and_each_endpoint_have_a_rate() {
    let site = stripe("--rate 5 --endpoint-rate 2 --accounts 1");
    let status = |target: &str| {
        let reply = site.get(target);
        let code = reply.json()["error"]["code"].as_str().map(str::to_owned);
        (reply.status, code)
    };
    let limited = (429, Some("rate_limit".to_owned()));
    assert_eq!([status("/v1/charges").0, status("/v1/charges").0], [200, 200]);
    assert_eq!(status("/v1/charges"), limited, "of the endpoint");
    let reply = site.get("/v1/charges");
    assert_eq!(reply.header("stripe-rate-limited-reason"), Some("endpoint-rate"));
    for target in ["/v1/plans", "/v1/coupons", "/v1/prices"] {
        assert_eq!(status(target).0, 200, "{target}");
    }
    let reply = site.get("/v1/payouts");
    assert_eq!(reply.status, 429, "of the account");
    assert_eq!(reply.header("stripe-rate-limited-reason"), Some("global-rate"));
    let account = &connected(&site)[0];
    assert_eq!(with(&site, "/v1/products", "stripe-account", account).status, 200);
    site.post("/_mock/clock?advance=1", "");
    assert_eq!(status("/v1/charges").0, 200);
}

#[test]
fn a_fault_can_carry_any_header_and_requests_are_counted_by_pattern() {
    let site = stripe("");
    site.post(
        "/_mock/faults",
        r#"[{"match": {"path": "/v1/charges"}, "nth": 1, "fault":
            {"kind": "status", "status": 409, "headers": {"Stripe-Should-Retry": "false"}}}]"#,
    );
    let reply = site.get("/v1/charges");
    assert_eq!((reply.status, reply.header("stripe-should-retry")), (409, Some("false")));
    let charge = site.get("/v1/charges").json()["data"][0].clone();
    site.get(&format!("/v1/charges/{}", id(&charge)));
    site.get("/v1/customers/cus_1/sources");
    let patterns = site.get("/_mock/requests").json()["patterns"].clone();
    assert_eq!(patterns["/v1/charges"], 2);
    assert_eq!(patterns["/v1/charges/{id}"], 1);
    assert_eq!(patterns["/v1/customers/{parent}/sources"], 1);
}
