//! Movements of money through the account by category, of the report `activity.summary.1`.

use singer_tap::schema;

use crate::report::Report;

pub(super) const REPORT: Report = Report {
    name: "report_activity_summary_1",
    about: "Movements of money through the account by category, of the report `activity.summary.1`.",
    schema: schema!("report_activity_summary_1"),
    key: &["report_interval_start", "report_interval_end", "reporting_category", "currency"],
    kind: "activity.summary.1",
    is_numbered: false,
};
