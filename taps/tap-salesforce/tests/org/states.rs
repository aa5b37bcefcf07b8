//! States of other taps, and of runs that were cut short.

use super::*;

const FIELDS: &str = "Id,Name,SystemModstamp";

#[test]
fn the_state_of_the_taps_that_were_there_is_read_on_from() {
    for theirs in [
        json!({"bookmarks": {"Account": {"SystemModstamp": "2026-11-24T15:00:00.000000Z", "version": 1_795_000_000_000_i64}}, "current_stream": null}),
        json!({"bookmarks": {"Account": {"SystemModstamp": "2026-11-24T15:00:00.000Z", "JobID": "750x", "BatchIDs": ["751x"], "JobHighestBookmarkSeen": "2026-11-24T14:00:00Z"}}, "current_stream": "Account"}),
        json!({"bookmarks": {"Account": {"replication_key": "SystemModstamp", "replication_key_value": "2026-11-24T15:00:00Z"}}}),
    ] {
        let org = salesforce("--accounts 60");
        let first = read_well(&org, "Account", &json!({}), None);
        pass(&org, 60);
        change(&org, "touch?object=Account&count=4");
        pass(&org, 60);
        requests(&org);
        let second = read_well(&org, "Account", &json!({}), Some(&theirs));
        let asked = requests(&org);
        let from = "SystemModstamp+%3E%3D+2026-11-24T14%3A50%3A00.000Z";
        assert!(asked.iter().any(|request| request.contains(from)), "{asked:?}");
        check_table(&org, &[&first, &second], "Account", FIELDS);
    }
}

#[test]
fn a_start_date_that_is_moved_back_fills_what_is_missing() {
    let org = salesforce("--accounts 300");
    let late = read_well(&org, "Account", &json!({"start_date": "2026-10-01"}), None);
    let all =
        read_well(&org, "Account", &json!({"start_date": "2020-01-01"}), late.state().as_ref());
    assert!(late.records("Account").len() < 300);
    check_table(&org, &[&late, &all], "Account", FIELDS);
}

#[test]
fn rows_that_show_late_are_found_by_the_next_run() {
    let org = salesforce("--accounts 100");
    let mut runs = vec![read_well(&org, "Account", &json!({}), None)];
    for _ in 0..4 {
        // Saved before the last run's time, and seen after it.
        change(&org, "touch?object=Account&count=5&late=840");
        pass(&org, 7);
        let state = runs.last().and_then(Messages::state);
        runs.push(read_well(&org, "Account", &json!({}), state.as_ref()));
    }
    pass(&org, 60);
    let state = runs.last().and_then(Messages::state);
    runs.push(read_well(&org, "Account", &json!({}), state.as_ref()));
    check_table(&org, &runs.iter().collect::<Vec<_>>(), "Account", FIELDS);
}
