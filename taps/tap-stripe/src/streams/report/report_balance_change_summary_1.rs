//! Changes of the balance by category, of the report `balance_change_from_activity.summary.1`.

use singer_tap::schema;

use crate::report::Report;

pub(super) const REPORT: Report = Report {
    name: "report_balance_change_summary_1",
    about: "Changes of the balance by category, of the report `balance_change_from_activity.summary.1`.",
    schema: schema!("report_balance_change_summary_1"),
    key: &["report_interval_start", "report_interval_end", "reporting_category", "currency"],
    kind: "balance_change_from_activity.summary.1",
    is_numbered: false,
};
