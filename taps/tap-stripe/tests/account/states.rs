//! States of other taps, and of runs that were cut short.

use super::*;

#[test]
fn the_state_of_the_tap_that_was_there_is_read_on_from() {
    let stripe = stripe("");
    let first = read_well(&stripe, "charges", None);
    let at = chrono::DateTime::parse_from_rfc3339(NOW).expect("an instant").timestamp();
    let theirs = json!({"bookmarks": {
        "charges": {"created": at}, "charges_events": {"updates_created": at}}});
    pass(&stripe, 60);
    change(&stripe, "touch?resource=charges&count=2");
    change(&stripe, "create?resource=charges&count=1");
    pass(&stripe, 60);
    requests(&stripe);
    let second = read_well(&stripe, "charges", Some(&theirs));
    let asked = requests(&stripe);
    assert!(!asked.iter().any(|request| request.contains("created%5Blt%5D=11")), "{asked:?}");
    assert!(second.records("charges").len() < first.records("charges").len());
    let found = table(&[&first, &second], "charges");
    let expected = truth(&stripe, "charges");
    assert_eq!(found.len(), expected.len());
    for (id, charge) in expected {
        assert_eq!(found[&id]["description"], charge["description"], "{id}");
    }
}
