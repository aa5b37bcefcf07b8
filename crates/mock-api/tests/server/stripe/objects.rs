//! Objects: what they have, in which version, and what of it in full.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{changed, id, lists, stripe, walk, walk_as};
use crate::site::Site;

const BASIL: [(&str, &str); 1] = [("stripe-version", "2025-03-31.basil")];

fn first(site: &Site, target: &str) -> Value {
    let data = site.get(target).json()["data"].clone();
    data[0].clone()
}

#[test]
fn a_nested_list_shows_ten_and_its_url_leads_to_all() {
    let site = stripe("--accounts 1");
    for (resource, path, field, is_counted) in [
        ("invoices", "/v1/invoices", "lines", true),
        ("subscriptions", "/v1/subscriptions", "items", true),
        ("transfers", "/v1/transfers", "reversals", true),
        ("application_fees", "/v1/application_fees", "refunds", false),
        ("credit_notes", "/v1/credit_notes", "lines", false),
        ("checkout_sessions", "/v1/checkout/sessions", "line_items", false),
        ("quotes", "/v1/quotes", "line_items", false),
        ("payment_links", "/v1/payment_links", "line_items", false),
        ("charges", "/v1/charges", "refunds", false),
        ("customers", "/v1/customers", "sources", true),
        ("customers", "/v1/customers", "tax_ids", true),
    ] {
        for size in [0, 1, 10, 11, 250] {
            let made = &changed(&site, &format!("create?resource={resource}&children={size}"))[0];
            let list = site.get(&format!("{path}/{made}?expand[]={field}")).json();
            let list = &list[field];
            assert_eq!(list["object"], "list", "{resource}.{field}");
            assert_eq!(list["data"].as_array().unwrap().len(), size.min(10), "{resource}.{field}");
            assert_eq!(list["has_more"], size > 10, "{resource}.{field}");
            let total = is_counted.then_some(size);
            assert_eq!(list["total_count"].as_u64(), total.map(|size| size as u64), "{resource}");
            let all = walk(&site, list["url"].as_str().unwrap());
            assert_eq!(all.len(), size, "{resource}.{field}");
            assert_eq!(list["data"], json!(all[..size.min(10)]), "{resource}.{field}");
        }
    }
}

fn has(site: &Site, target: &str, field: &str) -> bool {
    first(site, target).get(field).is_some()
}

#[test]
fn what_must_be_asked_for_is_there_only_then() {
    let site = stripe("");
    for (path, field, inner) in [
        ("/v1/charges", "refunds", ""),
        ("/v1/customers", "sources", ""),
        ("/v1/customers", "subscriptions", ""),
        ("/v1/customers", "tax_ids", ""),
        ("/v1/plans", "tiers", ""),
        ("/v1/checkout/sessions", "line_items", ""),
        ("/v1/quotes", "line_items", ".data.price"),
    ] {
        assert!(!has(&site, path, field), "{path}: {field}");
        assert!(has(&site, &format!("{path}?expand[]=data.{field}{inner}"), field), "{path}");
    }
    let old = stripe("--api-version 2020-08-27");
    assert!(has(&old, "/v1/charges", "refunds"));
}

#[test]
fn a_reference_is_an_id_or_on_demand_the_object() {
    let site = stripe("");
    let charge = walk(&site, "/v1/charges").into_iter().find(|one| one["customer"].is_string());
    let charge = charge.unwrap();
    let customer = charge["customer"].as_str().unwrap();
    let path = format!("/v1/charges/{}?expand[]=customer&expand[1]=payment_intent", id(&charge));
    let whole = site.get(&path).json();
    assert_eq!(whole["customer"], site.get(&format!("/v1/customers/{customer}")).json());
    assert_eq!(id(&whole["payment_intent"]), charge["payment_intent"]);
    let deep = "/v1/charges?expand[]=data.customer.subscriptions";
    let deep =
        walk(&site, deep).into_iter().find(|one| one["customer"]["email"].is_string()).unwrap();
    assert_eq!(deep["customer"]["subscriptions"]["object"], "list");
    for (path, text) in [
        ("/v1/charges?expand[]=customer", "You may want to try expanding 'data.customer' instead."),
        ("/v1/charges?expand[]=data.amount", "This property cannot be expanded (data.amount)."),
        ("/v1/charges?expand[]=data.wishes", "because it doesn't exist: data.wishes."),
        ("/v1/charges?expand[]=data.a.b.c.d", "more than 4 levels"),
    ] {
        let reply = site.get(path);
        assert_eq!(reply.status, 400, "{path}");
        let message = reply.json()["error"]["message"].as_str().unwrap().to_owned();
        assert!(message.contains(text), "{path}: {message}");
    }
}

#[test]
fn versions_differ_in_what_objects_have() {
    let site = stripe("");
    let old = |path: &str| first(&site, path);
    let new = |path: &str| walk_as(&site, path, &BASIL)[0].clone();
    for (path, only_old, only_new) in [
        ("/v1/invoices", "paid", "parent"),
        ("/v1/invoices", "charge", "total_taxes"),
        ("/v1/invoices", "subscription", "amount_overpaid"),
        ("/v1/invoiceitems", "price", "pricing"),
        ("/v1/credit_notes", "tax_amounts", "total_taxes"),
    ] {
        let (old, new) = (old(path), new(path));
        assert_eq!(id(&old), id(&new));
        assert!(old.get(only_old).is_some() && old.get(only_new).is_none(), "{path}");
        assert!(new.get(only_old).is_none() && new.get(only_new).is_some(), "{path}");
    }
    let (old, new) = (old("/v1/subscriptions"), new("/v1/subscriptions"));
    assert!(old["current_period_end"].is_u64() && new.get("current_period_end").is_none());
    let items = |one: &Value| one["items"]["data"].as_array().unwrap().clone();
    assert!(items(&old).iter().all(|item| item.get("current_period_end").is_none()));
    assert!(items(&new).iter().all(|item| item["current_period_end"].is_u64()));
}

#[test]
fn a_version_is_told_back_and_an_unknown_one_refused() {
    let site = stripe("--api-version 2024-06-20");
    let get = |version| site.send("GET", "/v1/charges", &[("stripe-version", version)], "");
    assert_eq!(site.get("/v1/charges").header("stripe-version"), Some("2024-06-20"));
    assert_eq!(get("2022-11-15").header("stripe-version"), Some("2022-11-15"));
    for unknown in ["2022-11-16", "2025-03-31", "latest"] {
        let reply = get(unknown);
        assert_eq!(reply.status, 400);
        let message = format!("Invalid Stripe API version: {unknown}");
        assert_eq!(reply.json()["error"]["message"], message);
    }
    let reply = site.send("GET", "/v1/charges/ch_1", &BASIL, "");
    assert_eq!((reply.status, reply.header("stripe-version")), (404, Some("2025-03-31.basil")));
}

#[test]
fn what_a_version_has_no_more_has_no_path() {
    let site = stripe("");
    let item = &site.truth("resource=subscription_items&fields=id")[0];
    let path = format!("/v1/subscription_items/{}/usage_record_summaries", id(item));
    assert_eq!(site.get(&path).status, 200);
    assert_eq!(site.send("GET", &path, &BASIL, "").status, 404);
}

#[test]
fn of_what_is_deleted_there_is_a_stub_or_nothing() {
    let site = stripe("");
    for (resource, path, object) in [
        ("customers", "/v1/customers", Some("customer")),
        ("products", "/v1/products", Some("product")),
        ("coupons", "/v1/coupons", Some("coupon")),
        ("plans", "/v1/plans", Some("plan")),
        ("invoice_items", "/v1/invoiceitems", None),
        ("prices", "/v1/prices", None),
    ] {
        let gone = &changed(&site, &format!("delete?resource={resource}"))[0];
        let reply = site.get(&format!("{path}/{gone}"));
        match object {
            Some(object) => {
                let stub = json!({"id": gone, "object": object, "deleted": true});
                assert_eq!((reply.status, reply.json()), (200, stub));
            }
            None => assert_eq!(reply.status, 404, "{resource}"),
        }
        assert!(!walk(&site, path).iter().any(|one| id(one) == gone), "{resource}");
        // A cursor may still name it.
        assert_eq!(site.get(&format!("{path}?starting_after={gone}")).status, 200, "{resource}");
    }
}

#[test]
fn usage_is_summed_up_in_windows() {
    let site = stripe("");
    let truth = site.truth("resource=billing_meter_event_summaries");
    let one = &truth[0];
    let (meter, customer) = (one["meter"].as_str().unwrap(), one["customer"].as_str().unwrap());
    let end = 1_793_491_200;
    let range = format!("customer={customer}&start_time={}&end_time={end}", end - 30 * 86_400);
    let path = format!("/v1/billing/meters/{meter}/event_summaries?{range}");
    let days = walk(&site, &format!("{path}&value_grouping_window=day"));
    let of_pair =
        truth.iter().filter(|one| one["meter"] == meter && one["customer"] == customer).rev().map(
            |one| {
                let mut one = one.clone();
                one.as_object_mut().unwrap().remove("customer");
                one
            },
        );
    assert_eq!(days, of_pair.collect::<Vec<_>>());
    let sum: f64 = days.iter().map(|day| day["aggregated_value"].as_f64().unwrap()).sum();
    let whole = walk(&site, &path);
    assert_eq!(whole[0]["aggregated_value"].as_f64(), Some(sum));
    for wrong in [
        format!("/v1/billing/meters/{meter}/event_summaries?start_time=0&end_time=60"),
        format!("{path}1"),
        format!("{path}&value_grouping_window=week"),
    ] {
        assert_eq!(site.get(&wrong).status, 400, "{wrong}");
    }
}

#[test]
fn the_balance_grows_with_its_transactions() {
    let site = stripe("");
    let available = || site.get("/v1/balance").json()["available"][0]["amount"].as_u64().unwrap();
    let before = available();
    changed(&site, "create?resource=balance_transactions&count=3");
    assert!(available() > before);
    assert_eq!(site.truth("resource=balance")[0], site.get("/v1/balance").json());
}

#[test]
fn no_object_has_a_field_that_stripe_has_not_published() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../taps/tap-stripe/schemas");
    let site = stripe("--accounts 5 --charges 40 --customers 30 --invoices 30 --subscriptions 20");
    let mut unknown = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let schema: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let truth = site.truth(&format!("resource={name}"));
        assert!(!truth.is_empty(), "{name}");
        truth.iter().for_each(|one| compare(one, &schema, &name, &mut unknown));
        // Events have the version of the account.
        let listed = lists().find(|(resource, _)| *resource == name && name != "events");
        let Some((_, path)) = listed else { continue };
        for version in ["2024-06-20", "2025-03-31.basil", "2026-10-28.endive"] {
            for one in walk_as(&site, path, &[("stripe-version", version)]) {
                compare(&one, &schema, &name, &mut unknown);
            }
        }
    }
    // Subscriptions had these long before types were published, and still did in 2022-11-15.
    let expected = ["customers.subscriptions.plan", "customers.subscriptions.quantity"];
    unknown.retain(|path| !expected.contains(&path.as_str()));
    assert_eq!(unknown, BTreeSet::new());
}

/// Notes the fields that a schema has not, or not of this type.
fn compare(value: &Value, schema: &Value, path: &str, unknown: &mut BTreeSet<String>) {
    let has =
        |name: &str| schema["type"].as_array().is_some_and(|types| types.contains(&json!(name)));
    let is_time = schema["format"] == "unix-time";
    let fits = match value {
        Value::Null => true,
        Value::Bool(_) => has("boolean"),
        Value::String(_) => has("string") && !is_time || schema["type"] == "string",
        Value::Number(number) if number.is_f64() => has("number"),
        Value::Number(_) => has("integer") || has("number") || is_time,
        Value::Array(items) => {
            items.iter().for_each(|item| compare(item, &schema["items"], path, unknown));
            has("array")
        }
        // A list becomes an array.
        Value::Object(fields) if fields.get("object") == Some(&json!("list")) => {
            return compare(&fields["data"], schema, path, unknown);
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = format!("{path}.{name}");
                match schema.get("properties").map(|properties| &properties[name]) {
                    Some(Value::Null) => drop(unknown.insert(path)),
                    Some(schema) => compare(value, schema, &path, unknown),
                    None => {}
                }
            }
            has("object") || schema.get("properties").is_some()
        }
    };
    if !fits {
        unknown.insert(format!("{path}: {value}"));
    }
}
