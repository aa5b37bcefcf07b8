//! Lists: paging, filters, and what the source says it holds.

use serde_json::{Value, json};

use super::{CHILDREN, changed, id, ids, lists, stripe, text, walk};

#[test]
fn every_list_shows_exactly_what_the_source_holds_newest_first() {
    let site = stripe("");
    for (resource, path) in lists() {
        let listed = walk(&site, path);
        let truth = site.truth(&format!("resource={resource}&fields=id,created"));
        let mut expected = ids(&truth);
        expected.reverse();
        assert_eq!(ids(&listed), expected, "{resource}");
        assert!(!listed.is_empty(), "{resource}");
        let times: Vec<_> = listed.iter().filter_map(|one| one["created"].as_u64()).collect();
        assert!(times.is_sorted_by(|a, b| a >= b), "{resource}");
    }
}

#[test]
fn what_is_listed_is_found_by_its_id() {
    let site = stripe("");
    for (resource, path) in lists() {
        let first = || site.get(path).json()["data"][0].clone();
        let found = site.get(&format!("{}/{}", path.split('?').next().unwrap(), id(&first())));
        assert_eq!((found.status, found.json()), (200, first()), "{resource}");
        let path = path.split('?').next().unwrap();
        let missing = site.get(&format!("{path}/nothing"));
        assert_eq!(missing.status, 404, "{resource}");
        assert_eq!(missing.json()["error"]["code"], "resource_missing", "{resource}");
    }
}

#[test]
fn children_are_listed_by_their_parent() {
    let site = stripe("--accounts 5");
    for (resource, parents, path) in CHILDREN {
        let mut found = Vec::new();
        for parent in site.truth(&format!("resource={parents}&fields=id")) {
            found.extend(walk(&site, &path.replace("{}", id(&parent))));
        }
        let truth = site.truth(&format!("resource={resource}"));
        let sorted = |objects| {
            let mut ids: Vec<String> = ids(objects).into_iter().map(str::to_owned).collect();
            ids.sort_unstable();
            ids
        };
        assert_eq!(sorted(&found), sorted(&truth), "{resource}");
        assert!(!found.is_empty(), "{resource}");
        let first = &truth[0];
        let names_parent = first.as_object().unwrap().values().any(|value| {
            let path = path.replace("{}", value.as_str().unwrap_or_default());
            value.is_string()
                && walkable(&site, &path)
                && ids(&walk(&site, &path)).contains(&id(first))
        });
        assert!(names_parent, "{resource}: {first}");
    }
}

fn walkable(site: &crate::site::Site, path: &str) -> bool {
    !path.contains(['\n', '"', ' ', '%']) && path.is_ascii() && site.get(path).status == 200
}

#[test]
fn pages_are_exclusive_and_go_both_ways() {
    let site = stripe("--charges 30");
    let all = walk(&site, "/v1/charges");
    let page = |query: String| {
        let page = site.get(&format!("/v1/charges?{query}")).json();
        let ids: Vec<String> =
            page["data"].as_array().unwrap().iter().map(|one| id(one).to_owned()).collect();
        (ids, page["has_more"].as_bool().unwrap())
    };
    let part = |from: usize, to: usize| -> Vec<String> {
        all[from..to].iter().map(|one| id(one).to_owned()).collect()
    };
    assert_eq!(page(String::new()), (part(0, 10), true));
    assert_eq!(page(format!("limit=5&starting_after={}", id(&all[9]))), (part(10, 15), true));
    assert_eq!(page(format!("starting_after={}", id(&all[19]))), (part(20, 30), false));
    assert_eq!(page(format!("limit=5&ending_before={}", id(&all[20]))), (part(15, 20), true));
    assert_eq!(page(format!("ending_before={}", id(&all[4]))), (part(0, 4), false));
    let both = format!("starting_after={}&ending_before={}", id(&all[2]), id(&all[6]));
    assert_eq!(page(both), (part(3, 6), false));
}

#[test]
fn pages_of_children_are_exclusive_too() {
    let site = stripe("");
    let invoice = &changed(&site, "create?resource=invoices&children=25")[0];
    let path = format!("/v1/invoices/{invoice}/lines");
    let all = walk(&site, &path);
    assert_eq!(all.len(), 25);
    let after = site.get(&format!("{path}?limit=3&starting_after={}", id(&all[4]))).json();
    assert_eq!(ids(after["data"].as_array().unwrap()), ids(&all[5..8]));
    let before = site.get(&format!("{path}?limit=3&ending_before={}", id(&all[4]))).json();
    assert_eq!(ids(before["data"].as_array().unwrap()), ids(&all[1..4]));
}

#[test]
fn created_narrows_exactly_the_lists_that_take_it() {
    let site = stripe("--charges 60 --customers 30 --invoices 30 --subscriptions 30");
    let without = [
        "billing_meters",
        "exchange_rates",
        "payment_links",
        "payment_methods",
        "quotes",
        "tax_ids",
        "webhook_endpoints",
    ];
    for (resource, path) in lists() {
        let all = walk(&site, path);
        let mark = if path.contains('?') { '&' } else { '?' };
        let time = |one: &Value| {
            let field = if resource == "invoice_items" { "date" } else { "created" };
            one[field].as_u64().unwrap_or_default()
        };
        let middle = time(&all[all.len() / 2]);
        let reply = site.get(&format!("{path}{mark}created[gte]={middle}"));
        if without.contains(&resource) {
            assert_eq!(reply.status, 400, "{resource}");
            assert_eq!(reply.json()["error"]["code"], "parameter_unknown");
            continue;
        }
        for (operator, keep) in [
            ("[gt]", (|time, middle| time > middle) as fn(u64, u64) -> bool),
            ("[gte]", |time, middle| time >= middle),
            ("[lt]", |time, middle| time < middle),
            ("[lte]", |time, middle| time <= middle),
            ("", |time, middle| time == middle),
        ] {
            let listed = walk(&site, &format!("{path}{mark}created{operator}={middle}"));
            let expected: Vec<_> =
                all.iter().filter(|one| keep(time(one), middle)).cloned().collect();
            assert_eq!(ids(&listed), ids(&expected), "{resource} created{operator}");
        }
    }
}

#[test]
fn many_objects_share_a_second() {
    let site = stripe("");
    for resource in ["charges", "customers", "events"] {
        let mut times: Vec<_> = site
            .truth(&format!("resource={resource}&fields=created"))
            .iter()
            .map(|one| one["created"].as_u64().unwrap())
            .collect();
        let count = times.len();
        times.dedup();
        assert!(times.len() < count * 9 / 10, "{resource}: {} of {count}", times.len());
    }
}

#[test]
fn what_is_made_late_is_found_at_once_and_listed_when_its_time_has_come() {
    let site = stripe("");
    let made = &changed(&site, "create?resource=charges&late=60")[0];
    let newest = |path: &str| id(&site.get(path).json()["data"][0]).to_owned();
    let is_told = || {
        let event = site.get("/v1/events?limit=1").json()["data"][0].clone();
        event["data"]["object"]["id"] == made.as_str()
    };
    site.post("/_mock/clock?advance=59", "");
    assert!(&newest("/v1/charges") != made && !is_told());
    assert_eq!(site.get(&format!("/v1/charges/{made}")).status, 200);
    let first = site.get("/v1/charges?limit=1").json()["data"][0].clone();
    site.post("/_mock/clock?advance=1", "");
    assert!(&newest("/v1/charges") == made && is_told());
    let found = site.get(&format!("/v1/charges/{made}")).json();
    assert!(found["created"].as_u64() >= first["created"].as_u64());
}

#[test]
fn filters_compare_fields_and_canceled_subscriptions_must_be_asked_for() {
    let site = stripe("");
    let charges = walk(&site, "/v1/charges");
    let customer = charges.iter().find_map(|one| one["customer"].as_str()).unwrap();
    let of_customer = walk(&site, &format!("/v1/charges?customer={customer}"));
    let expected: Vec<_> =
        charges.iter().filter(|one| one["customer"] == customer).cloned().collect();
    assert_eq!(ids(&of_customer), ids(&expected));
    changed(&site, "delete?resource=subscriptions&count=3");
    let all = walk(&site, "/v1/subscriptions?status=all");
    let canceled = walk(&site, "/v1/subscriptions?status=canceled");
    let usual = walk(&site, "/v1/subscriptions");
    assert!(canceled.len() >= 3 && canceled.iter().all(|one| one["status"] == "canceled"));
    assert_eq!(all.len(), canceled.len() + usual.len());
    let due = walk(&site, "/v1/invoices?due_date[gte]=1793000000");
    let expected = walk(&site, "/v1/invoices").into_iter();
    let expected = expected.filter(|one| one["due_date"].as_u64() >= Some(1_793_000_000));
    assert_eq!(due, expected.collect::<Vec<_>>());
}

#[test]
fn a_wrong_parameter_is_told_with_its_name() {
    let site = stripe("");
    for (target, status, code, param) in [
        ("/v1/charges?colour=red", 400, "parameter_unknown", "colour"),
        ("/v1/charges/x?limit=3000", 400, "parameter_invalid_integer", "limit"),
        ("/v1/charges?limit=101", 400, "parameter_invalid_integer", "limit"),
        ("/v1/charges?limit=0", 400, "parameter_invalid_integer", "limit"),
        ("/v1/charges?created[gte]=x", 400, "parameter_invalid_integer", "created[gte]"),
        ("/v1/charges?starting_after=ch_1", 400, "resource_missing", "starting_after"),
        ("/v1/events?ending_before=evt_1", 400, "resource_missing", "ending_before"),
        ("/v1/charges/ch_1", 404, "resource_missing", "id"),
        ("/v1/invoices/in_1/lines", 404, "resource_missing", "invoice"),
        ("/v1/subscription_items", 400, "parameter_missing", "subscription"),
        ("/v1/subscription_items?subscription=s", 400, "resource_missing", "subscription"),
        ("/v1/setup_attempts", 400, "parameter_missing", "setup_intent"),
    ] {
        let reply = site.get(target);
        let error = &reply.json()["error"];
        assert_eq!(
            (reply.status, &error["code"], &error["param"], &error["type"]),
            (status, &json!(code), &json!(param), &json!("invalid_request_error")),
            "{target}"
        );
        assert!(error["doc_url"].as_str().unwrap().contains("error-codes"), "{target}");
        assert!(reply.header("request-id").unwrap().starts_with("req_"), "{target}");
    }
    assert!(text(&site.get("/v1/wishes")).contains("Unrecognized request URL (GET: /v1/wishes)"));
    assert_eq!(site.send("POST", "/v1/charges", &[], "").status, 404);
}

#[test]
fn the_same_seed_and_date_give_the_same_bytes() {
    let body = |arguments: &str| stripe(arguments).get("/v1/events?limit=100").body;
    assert_eq!(body(""), body(""));
    assert_ne!(body(""), body("--seed 2"));
}

#[test]
fn a_body_is_laid_out_as_stripe_lays_it_out() {
    let site = stripe("--charges 3");
    let body = text(&site.get("/v1/charges?limit=1")).to_owned();
    assert!(
        body.starts_with("{\n  \"object\": \"list\",\n  \"data\": [\n    {\n      \"id\": \"ch_")
    );
    assert!(body.ends_with("    }\n  ],\n  \"has_more\": true,\n  \"url\": \"/v1/charges\"\n}\n"));
    let size = site.get("/v1/charges?limit=3").body.len() / 3;
    assert!((2_500..5_000).contains(&size), "{size}");
}
