//! Each movement of money through the account, of the report `activity.itemized.2`.

use singer_tap::schema;

use crate::report::Report;

pub(super) const REPORT: Report = Report {
    name: "report_activity_itemized_2",
    about: "Each movement of money through the account, of the report `activity.itemized.2`.",
    schema: schema!("report_activity_itemized_2"),
    key: &["report_interval_start", "report_interval_end", "report_row"],
    kind: "activity.itemized.2",
    is_numbered: true,
};
