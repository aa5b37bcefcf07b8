//! Changes by tests, and the truth about them.

use serde_json::{Value, json};

use super::{changed, id, ids, stripe, walk};

const TOUCHED: [&str; 12] = [
    "charges",
    "customers",
    "plans",
    "payouts",
    "prices",
    "products",
    "coupons",
    "invoices",
    "invoice_line_items",
    "subscription_items",
    "transfer_reversals",
    "external_accounts",
];

#[test]
fn a_touch_is_seen_in_the_object() {
    let site = stripe("--accounts 3");
    for resource in TOUCHED {
        let before = site.truth(&format!("resource={resource}"));
        let touched = changed(&site, &format!("touch?resource={resource}&count=3"));
        assert!(!touched.is_empty(), "{resource}");
        let after = site.truth(&format!("resource={resource}"));
        for it in &touched {
            let find = |all: &[Value]| all.iter().find(|one| id(one) == it).cloned().unwrap();
            assert_ne!(find(&before), find(&after), "{resource}");
        }
    }
}

#[test]
fn items_are_added_and_removed_and_their_parent_tells_of_it() {
    let site = stripe("");
    for (resource, parents, name) in [
        ("invoice_line_items", "invoices", "invoice.updated"),
        ("subscription_items", "subscriptions", "customer.subscription.updated"),
        ("transfer_reversals", "transfers", "transfer.reversed"),
        ("application_fee_refunds", "application_fees", "application_fee.refunded"),
    ] {
        let parent = &changed(&site, &format!("create?resource={parents}&children=2"))[0];
        let items = || -> Vec<String> {
            let all = site.truth(&format!("resource={resource}"));
            let of_it = all.iter().filter(|one| {
                one.as_object().unwrap().values().any(|value| value == parent.as_str())
            });
            of_it.map(|one| id(one).to_owned()).collect()
        };
        let first = items();
        let added = changed(&site, &format!("create?resource={resource}&of={parent}&count=2"));
        assert_eq!(items(), [first.clone(), added.clone()].concat(), "{resource}");
        let events = site.get(&format!("/v1/events?limit=2&type={name}")).json();
        assert!(
            events["data"]
                .as_array()
                .unwrap()
                .iter()
                .all(|event| { event["data"]["object"]["id"] == parent.as_str() })
        );
        changed(&site, &format!("delete?resource={resource}&id={}", first[0]));
        assert_eq!(items(), [vec![first[1].clone()], added].concat(), "{resource}");
    }
}

#[test]
fn a_refund_is_counted_by_its_charge_and_told_of() {
    let site = stripe("");
    let charge = &changed(&site, "create?resource=charges&children=0")[0];
    changed(&site, &format!("create?resource=refunds&of={charge}&count=2"));
    let whole = site.get(&format!("/v1/charges/{charge}?expand[]=refunds")).json();
    assert_eq!(whole["amount_refunded"], 200);
    assert_eq!(whole["refunds"]["data"].as_array().unwrap().len(), 2);
    let told = site.get("/v1/events?limit=2&type=charge.refunded").json();
    assert_eq!(told["data"][0]["data"]["object"]["amount_refunded"], 200);
    assert_eq!(told["data"][1]["data"]["object"]["amount_refunded"], 100);
}

#[test]
fn the_truth_is_whole_and_keeps_what_was_deleted() {
    let site = stripe("");
    let made = &changed(&site, "create?resource=customers&children=11")[0];
    let find = |query: &str| {
        let all = site.truth(&format!("resource=customers{query}"));
        all.into_iter().find(|one| id(one) == made)
    };
    let customer = find("").unwrap();
    for list in ["sources", "tax_ids"] {
        assert_eq!(customer[list]["data"].as_array().unwrap().len(), 11, "{list}");
        assert_eq!(customer[list]["has_more"], false, "{list}");
    }
    site.post("/_mock/clock?advance=50", "");
    let now = site.post(&format!("/_mock/delete?resource=customers&id={made}"), "");
    assert_eq!(find(""), None);
    let gone = find("&deleted=1").unwrap();
    assert_eq!(gone["_deleted_at"], now["first_at"]);
    assert_eq!(gone["email"], customer["email"]);
    let lines = site.truth("resource=invoice_line_items&fields=id,invoice,invoice_created");
    let invoices = site.truth("resource=invoices&fields=id,created");
    for line in lines {
        let invoice = invoices.iter().find(|one| one["id"] == line["invoice"]).unwrap();
        assert_eq!(line["invoice_created"], invoice["created"]);
    }
}

#[test]
fn a_deleted_customer_takes_along_what_belongs_to_it() {
    let site = stripe("");
    let made = &changed(&site, "create?resource=customers&children=2")[0];
    let subscription = &changed(&site, &format!("create?resource=subscriptions&of={made}"))[0];
    changed(&site, &format!("delete?resource=customers&id={made}"));
    let of_it = walk(&site, "/v1/payment_methods").into_iter();
    assert_eq!(of_it.filter(|one| one["customer"] == made.as_str()).count(), 0);
    let subscription = site.get(&format!("/v1/subscriptions/{subscription}")).json();
    assert_eq!(subscription["status"], "canceled");
    let types: Vec<Value> = walk(&site, "/v1/events?created[gte]=1793534400")
        .iter()
        .map(|event| event["type"].clone())
        .collect();
    for name in ["customer.deleted", "customer.subscription.deleted", "customer.source.deleted"] {
        assert!(types.contains(&json!(name)), "{name}");
    }
}

#[test]
fn ordinary_life_makes_changes_and_deletes_and_puts_the_clock_forward() {
    let small = "--accounts 1 --charges 60 --customers 30 --invoices 30 --subscriptions 20";
    let site = stripe(small);
    let date =
        |site: &crate::site::Site| site.get("/v1/account").header("date").unwrap().to_owned();
    let lived = site.post("/_mock/live?days=3", "");
    assert_eq!(date(&site), "Wed, 04 Nov 2026 12:00:00 GMT");
    for (account, played) in lived.as_object().unwrap() {
        for what in ["made", "touched", "deleted"] {
            assert!(played[what].as_u64() > Some(5), "{account}: {played}");
        }
    }
    let events = site.truth("resource=events");
    let is_twice = |pair: &&[Value]| {
        let same = |pointer: &str| pair[0].pointer(pointer) == pair[1].pointer(pointer);
        same("/created") && same("/data/object/id")
    };
    let twice = events.windows(2).filter(is_twice).count();
    assert!(twice > 20, "an object changes more than once within a second");
    let times = |site: &crate::site::Site| -> Vec<u64> {
        let events = site.truth("resource=events&fields=created");
        events.iter().map(|one| one["created"].as_u64().unwrap()).collect()
    };
    let now = 1_793_534_400 + 3 * 86_400;
    let told = |times: Vec<u64>| times.into_iter().filter(|time| *time > now - 240).count();
    let before = told(times(&site));
    site.post("/_mock/clock?advance=240", "");
    assert!(told(times(&site)) > before + 2, "what was made at the end is told late");
    let again = stripe(small);
    again.post("/_mock/live?days=3", "");
    assert_eq!(ids(&again.truth("resource=events")), ids(&events), "the seed decides");
}

#[test]
fn nested_lists_of_all_sizes_are_there_by_the_seed() {
    let site = stripe("--invoices 600");
    let sizes: Vec<usize> = site
        .truth("resource=invoices&fields=lines")
        .iter()
        .map(|one| one["lines"]["data"].as_array().unwrap().len())
        .collect();
    for size in [0, 1, 10, 11, 250] {
        assert!(sizes.iter().any(|one| (size..size + 20).contains(one)), "{size}: {sizes:?}");
    }
}

#[test]
fn what_cannot_be_done_is_refused() {
    let site = stripe("");
    for target in [
        "touch?resource=wishes",
        "create?resource=discounts",
        "create?resource=invoice_line_items&of=in_1",
        "delete?resource=charges",
        "touch?resource=charges&account=acct_1",
    ] {
        assert_eq!(site.send("POST", &format!("/_mock/{target}"), &[], "").status, 400, "{target}");
    }
    assert_eq!(site.get("/_mock/truth?resource=wishes").status, 400);
    assert_eq!(changed(&site, "touch?resource=balance_transactions").len(), 0);
}
