//! Restricted keys.

use super::*;

const RESTRICTED: &str = "rk_test_restrictedZk3q8WvpT5r9LxQ2";

#[test]
fn a_stream_without_permission_fails_alone_and_is_told() {
    let stripe = stripe(&format!("--token {RESTRICTED} --restrict {RESTRICTED}=coupons"));
    let more = json!({"client_secret": RESTRICTED});
    let subject = Subject::new(config(&stripe, &more));
    let messages = singer_test::select::<TapStripe>(&["coupons", "products"], &subject, None);
    assert_eq!(messages.outcome(), Outcome::Partial, "{}", messages.log());
    assert!(messages.log().contains("[PERM01] skipped `coupons`"), "{}", messages.log());
    assert!(
        messages.log().contains("permission"),
        "Stripe's own words say which: {}",
        messages.log()
    );
    assert!(!messages.records("products").is_empty());
    assert!(messages.records("coupons").is_empty());
}

#[test]
fn a_key_that_is_none_ends_the_run_at_once() {
    let stripe = stripe("");
    let messages =
        read(&stripe, "coupons", &json!({"client_secret": "sk_test_wrongZk3q8Wvp"}), None);
    assert_eq!(messages.outcome(), Outcome::Auth);
    assert_eq!(requests(&stripe).len(), 1);
}
