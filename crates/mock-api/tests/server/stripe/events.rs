//! Events: what they tell, when, and for how long.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{by_id, changed, id, lists, stripe, walk};

#[test]
fn making_changing_and_deleting_are_told_by_their_types() {
    let site = stripe("");
    for (resource, made, changed_type, deleted) in [
        ("charges", "", "charge.updated", ""),
        ("customers", "customer.created", "customer.updated", "customer.deleted"),
        ("plans", "plan.created", "plan.updated", "plan.deleted"),
        ("products", "product.created", "product.updated", "product.deleted"),
        ("prices", "price.created", "price.updated", "price.deleted"),
        ("coupons", "coupon.created", "coupon.updated", "coupon.deleted"),
        ("invoice_items", "invoiceitem.created", "invoiceitem.updated", "invoiceitem.deleted"),
        ("payouts", "payout.created", "payout.updated", ""),
        ("transfers", "transfer.created", "transfer.updated", ""),
        ("disputes", "charge.dispute.created", "charge.dispute.updated", ""),
        ("invoices", "invoice.created", "invoice.updated", "invoice.deleted"),
        (
            "subscriptions",
            "customer.subscription.created",
            "customer.subscription.updated",
            "customer.subscription.deleted",
        ),
    ] {
        let told = |of: &str| -> Vec<String> {
            let events = site.get("/v1/events?limit=100").json()["data"].clone();
            let events = events.as_array().unwrap().iter();
            let of_it = events.filter(|event| event["data"]["object"]["id"] == of);
            of_it.map(|event| event["type"].as_str().unwrap().to_owned()).collect()
        };
        site.post("/_mock/clock?advance=60", "");
        let it = &changed(&site, &format!("create?resource={resource}&children=0"))[0];
        assert!(made.is_empty() || told(it).iter().any(|name| name == made), "{resource}");
        assert!(!told(it).is_empty(), "{resource}");
        if !deleted.is_empty() {
            changed(&site, &format!("delete?resource={resource}&id={it}"));
            assert_eq!(told(it)[0], deleted, "{resource}");
        }
        let other = &changed(&site, &format!("create?resource={resource}&children=0"))[0];
        for _ in 0..20 {
            changed(&site, &format!("touch?resource={resource}&id={other}"));
        }
        let seen = told(other);
        assert!(seen.iter().any(|name| name == changed_type), "{resource}: {seen:?}");
        assert!(seen.len() > 20, "{resource}: each change is told");
    }
}

#[test]
fn the_last_event_of_an_object_shows_it_as_it_is() {
    let site = stripe("");
    let before: HashMap<&str, _> =
        lists().map(|(resource, path)| (resource, by_id(walk(&site, path)))).collect();
    let start = site.post("/_mock/clock?advance=1", "")["now"].as_str().unwrap().to_owned();
    site.post("/_mock/live?days=5", "");
    site.post("/_mock/clock?advance=300", "");
    let mut last: HashMap<String, Value> = HashMap::new();
    let mut deleted = Vec::new();
    let mut events = walk(&site, &format!("/v1/events?created[gte]={start}"));
    events.reverse();
    for event in &events {
        let object = event["data"]["object"].clone();
        let Some(id) = object["id"].as_str() else { continue };
        let name = event["type"].as_str().unwrap();
        if name.ends_with(".deleted") && name != "customer.subscription.deleted"
            || name == "payment_method.detached"
        {
            deleted.push(id.to_owned());
        }
        last.insert(id.to_owned(), object);
    }
    assert!(events.len() > 500 && !deleted.is_empty());
    for (resource, path) in lists() {
        if resource == "events" {
            continue;
        }
        let listed = by_id(walk(&site, path));
        for (id, object) in &listed {
            match (last.get(id), before[resource].get(id)) {
                (Some(told), _) => assert_eq!(told, object, "{resource}"),
                (None, Some(earlier)) => assert_eq!(earlier, object, "{resource}"),
                (None, None) => assert!(
                    ["balance_transactions", "file_links", "shipping_rates", "webhook_endpoints"]
                        .contains(&resource)
                        || object["status"] == "open"
                        || resource == "invoice_payments",
                    "{resource}: {object} was never told of"
                ),
            }
        }
        for id in before[resource].keys().filter(|id| !listed.contains_key(*id)) {
            assert!(deleted.contains(id), "{resource}: {id} is gone");
        }
    }
}

#[test]
fn an_update_tells_what_was_different_before() {
    let site = stripe("");
    let it = &changed(&site, "create?resource=customers")[0];
    let before = site.get(&format!("/v1/customers/{it}")).json();
    changed(&site, &format!("touch?resource=customers&id={it}"));
    let after = site.get(&format!("/v1/customers/{it}")).json();
    let event = &site.get("/v1/events?limit=1&type=customer.updated").json()["data"][0];
    assert_eq!(event["data"]["object"], after);
    let previous = &event["data"]["previous_attributes"];
    assert_eq!(previous["description"], before["description"]);
    assert_eq!(previous["metadata"], json!({"edition": null}));
    assert_eq!(previous.get("email"), None);
}

#[test]
fn events_are_asked_for_by_type_by_pattern_and_by_time() {
    let site = stripe("");
    let all = walk(&site, "/v1/events");
    let of = |keep: &dyn Fn(&str) -> bool| -> Vec<Value> {
        let mut kept = all.clone();
        kept.retain(|event| keep(event["type"].as_str().unwrap()));
        kept
    };
    for (query, keep) in [
        ("type=charge.*", (|name| name.starts_with("charge.")) as fn(&str) -> bool),
        ("type=customer.created", |name| name == "customer.created"),
        ("type=*.deleted", |name| name.ends_with(".deleted")),
        ("types[]=plan.updated&types[]=plan.created", |name| {
            ["plan.updated", "plan.created"].contains(&name)
        }),
        ("types[0]=invoice.paid", |name| name == "invoice.paid"),
    ] {
        let listed = walk(&site, &format!("/v1/events?{query}"));
        assert_eq!(listed, of(&keep), "{query}");
        assert!(!listed.is_empty() || query.contains("invoice.paid"), "{query}");
    }
    let types = |count: usize| (0..count).map(|at| format!("types[]=t.{at}&")).collect::<String>();
    assert_eq!(site.get(&format!("/v1/events?{}", types(20))).status, 200);
    assert_eq!(site.get(&format!("/v1/events?{}", types(21))).status, 400);
    assert_eq!(site.get("/v1/events?type=a&types[]=b").status, 400);
}

#[test]
fn an_event_is_told_for_thirty_days() {
    let site = stripe("");
    let made = &changed(&site, "create?resource=coupons")[0];
    let event = site.get("/v1/events?limit=1&type=coupon.created").json()["data"][0].clone();
    assert_eq!(event["data"]["object"]["id"], made.as_str());
    let path = format!("/v1/events/{}", id(&event));
    site.post(&format!("/_mock/clock?advance={}", 30 * 86_400), "");
    assert_eq!(site.get(&path).json(), event);
    assert_eq!(walk(&site, "/v1/events").last(), Some(&event), "the oldest that is left");
    site.post("/_mock/clock?advance=1", "");
    assert_eq!(site.get(&path).status, 404);
    assert!(walk(&site, "/v1/events").is_empty());
    assert_eq!(site.get(&format!("/v1/events?starting_after={}", id(&event))).status, 400);
}

#[test]
fn events_are_written_in_the_version_of_the_account() {
    let site = stripe("--api-version 2025-03-31.basil");
    let old = [("stripe-version", "2022-11-15")];
    changed(&site, "create?resource=invoices&children=11");
    let reply = site.send("GET", "/v1/events?limit=1&type=invoice.created", &old, "");
    assert_eq!(reply.header("stripe-version"), Some("2022-11-15"));
    let event = reply.json()["data"][0].clone();
    assert_eq!(event["api_version"], "2025-03-31.basil");
    let invoice = &event["data"]["object"];
    assert!(invoice.get("parent").is_some() && invoice.get("paid").is_none());
    assert_eq!(invoice["lines"]["data"].as_array().unwrap().len(), 10);
    assert_eq!(invoice["lines"]["has_more"], true);
    let listed = site.send("GET", "/v1/invoices?limit=1", &old, "").json()["data"][0].clone();
    assert!(listed["id"] == invoice["id"] && listed.get("paid").is_some());
}

#[test]
fn an_invoice_to_come_has_no_id() {
    let site = stripe("");
    let upcoming = walk(&site, "/v1/events?type=invoice.upcoming");
    assert!(!upcoming.is_empty());
    for event in upcoming {
        let object = event["data"]["object"].as_object().unwrap();
        assert!(object["object"] == "invoice" && !object.contains_key("id"));
    }
}
