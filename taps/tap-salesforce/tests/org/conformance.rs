//! What every tap must keep to.

use singer_test::conformance;

use super::*;

const OBJECTS: [&str; 8] =
    ["Account", "Contact", "Gizmo__c", "LoginHistory", "Opportunity", "Plain__c", "Task", "User"];

#[test]
fn the_tap_keeps_to_what_every_tap_must() {
    for (api, more) in [("REST", &["Attachment"][..]), ("BULK2", &[])] {
        // Files come by REST, and by Bulk API 2.0 where they themselves are left out: in another order.
        let objects = [&OBJECTS[..], more].concat();
        let org = salesforce("--accounts 250 --page 200 --contacts 20 --opportunities 20");
        let settings =
            json!({"api_type": api, "start_date": "2020-01-01", "streams_to_discover": objects});
        let report = conformance::check::<TapSalesforce>(&Subject::new(config(&org, &settings)));
        let unread: Vec<_> = report.unseen.iter().filter(|name| !name.contains('.')).collect();
        assert!(unread.is_empty(), "streams without records: {unread:?}");
    }
}
