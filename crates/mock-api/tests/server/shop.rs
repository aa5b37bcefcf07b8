//! The shop.

use serde_json::{Value, json};

use crate::site::Site;

fn ids(records: &[Value]) -> Vec<u64> {
    records.iter().map(|record| record["id"].as_u64().unwrap()).collect()
}

/// All orders of a query, page after page, and the number of pages.
fn orders(site: &Site, query: &str) -> (Vec<Value>, usize) {
    let (mut orders, mut pages, mut cursor) = (Vec::new(), 0, String::new());
    loop {
        let page = site.get(&format!("/v1/orders?{query}{cursor}")).json();
        orders.extend(page["orders"].as_array().unwrap().iter().cloned());
        pages += 1;
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return (orders, pages),
        }
    }
}

#[test]
fn orders_come_by_their_change_page_by_page_and_from_an_instant_on() {
    let site = Site::new("shop --orders 95");
    let (all, pages) = orders(&site, "limit=10");
    assert_eq!((all.len(), pages), (95, 10));
    let place = |order: &Value| (order["updated_at"].to_string(), order["id"].as_u64());
    assert!(all.is_sorted_by_key(place));
    let since = all[60]["updated_at"].as_str().unwrap();
    let (rest, _) = orders(&site, &format!("updated_since={since}"));
    assert_eq!(rest[0]["updated_at"], since);
    assert!(rest.len() >= 35 && rest.len() < 95);
}

#[test]
fn customers_are_linked_and_products_are_whole() {
    let site = Site::new("shop --customers 25 --products 7");
    let (customers, pages) = site.walk("/v1/customers?per_page=10");
    assert_eq!((customers.len(), pages), (25, 3));
    assert_eq!(site.get("/v1/products").json()["products"].as_array().unwrap().len(), 7);
}

#[test]
fn a_change_of_an_item_is_a_change_of_its_order() {
    let site = Site::new("shop --orders 20");
    let items = |id: u64| site.get(&format!("/v1/orders/{id}/items")).json()["items"].clone();
    let (before, _) = orders(&site, "");
    let count = items(1_003).as_array().unwrap().len();
    let done = site.post("/_mock/create?resource=order_items&id=1003", "");
    assert_eq!((&done["changed"], &done["ids"]), (&json!(1), &json!([1_003])));
    assert_eq!(items(1_003).as_array().unwrap().len(), count + 1);
    let (after, _) = orders(&site, "");
    assert_eq!(ids(&after).last(), Some(&1_003));
    assert!(after[19]["updated_at"].as_str() > before[19]["updated_at"].as_str());
}

#[test]
fn rows_are_made_touched_and_deleted_and_the_truth_tells_what_is_there() {
    let site = Site::new("shop --products 5 --orders 5");
    site.post("/_mock/delete?resource=products&id=1002", "");
    site.post("/_mock/create?resource=products&count=2", "");
    assert_eq!(ids(&site.truth("resource=products")), [1_001, 1_003, 1_004, 1_005, 1_006, 1_007]);
    let done = site.post("/_mock/touch?resource=orders&count=2", "");
    let (orders, _) =
        orders(&site, &format!("updated_since={}", done["first_at"].as_str().unwrap()));
    let touched: Vec<u64> =
        done["ids"].as_array().unwrap().iter().filter_map(Value::as_u64).collect();
    assert_eq!(ids(&orders), touched);
    let items = site.truth("resource=order_items&fields=order_id,id");
    assert!(items.iter().all(|item| item["id"].as_u64().unwrap() / 100 == item["order_id"]));
    assert_eq!(site.send("POST", "/_mock/touch?resource=wishes", &[], "").status, 400);
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let body = |arguments: &str| Site::new(arguments).get("/v1/orders").body;
    assert_eq!(body("shop"), body("shop"));
    assert_ne!(body("shop"), body("shop --seed 2"));
}

#[test]
fn a_limit_is_counted_down_in_headers_and_ends_in_a_429() {
    let site = Site::new("shop --token key --quota 2 --quota-window 30 --date 2026-11-02");
    let get = || site.send("GET", "/v1/products", &[("authorization", "Bearer key")], "");
    assert_eq!(site.get("/v1/products").status, 401);
    assert_eq!(get().header("x-ratelimit-remaining"), Some("1"));
    get();
    let refused = get();
    assert_eq!((refused.status, refused.header("x-ratelimit-remaining")), (429, Some("0")));
    assert!(refused.header("retry-after").unwrap().parse::<u64>().unwrap() <= 30);
    site.post("/_mock/clock?advance=31", "");
    assert_eq!(get().status, 200);
}

#[test]
fn what_the_api_does_not_have_is_refused_and_faults_work_as_everywhere() {
    let site = Site::new("shop");
    for (target, status) in [
        ("/v1/wishes", 404),
        ("/v1/orders/1/items", 404),
        ("/v1/orders/x/items", 422),
        ("/v1/orders?cursor=x", 422),
        ("/v1/orders?updated_since=x", 422),
        ("/v1/customers?after=x", 422),
    ] {
        assert_eq!(site.get(target).status, status, "{target}");
    }
    site.post(
        "/_mock/faults",
        r#"[{"match": {"path": "/v1/*"}, "nth": 1, "fault": {"kind": "status", "status": 502}}]"#,
    );
    assert_eq!([site.get("/v1/products").status, site.get("/v1/products").status], [502, 200]);
    let patterns = site.get("/_mock/requests").json();
    assert!(patterns["patterns"].to_string().contains("/v1/orders/{id}/items"), "{patterns}");
}
