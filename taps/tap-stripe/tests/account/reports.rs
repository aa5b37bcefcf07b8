//! Reports that are made on demand.

use super::*;

const STREAM: &str = "report_balance_change_itemized_2";

#[test]
fn a_report_of_each_day_is_made_waited_for_and_read() {
    let stripe = stripe("");
    let settings = json!({"start_date": "2026-11-10"});
    let messages = read(&stripe, STREAM, &settings, None);
    assert_eq!(messages.outcome(), Outcome::Ok, "{}", messages.log());
    let records = messages.records(STREAM);
    assert!(!records.is_empty());
    for record in &records {
        let (start, end) =
            (record["report_interval_start"].as_str(), record["report_interval_end"].as_str());
        assert!(start < end && start >= Some("2026-11-10T00:00:00Z"), "{record}");
    }
    let ordered = |asked: &[String]| asked.iter().filter(|it| it.starts_with("POST")).count();
    let first = ordered(&requests(&stripe));
    assert!((8..=10).contains(&first), "{first} reports for eight to ten days");

    pass(&stripe, 2 * 24 * 60);
    let state = messages.state();
    let second = read(&stripe, STREAM, &settings, state.as_ref());
    assert_eq!(second.outcome(), Outcome::Ok, "{}", second.log());
    assert_eq!(ordered(&requests(&stripe)), 2, "only the days that are new");
}
