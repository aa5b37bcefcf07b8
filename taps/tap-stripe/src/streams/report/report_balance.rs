//! The balance at the beginning and the end of each interval, and what came between, of the report `balance.summary.1`.

use singer_tap::schema;

use crate::report::Report;

pub(super) const REPORT: Report = Report {
    name: "report_balance",
    about: "The balance at the beginning and the end of each interval, and what came between, of the report `balance.summary.1`.",
    schema: schema!("report_balance"),
    key: &["report_interval_start", "report_interval_end", "category", "currency"],
    kind: "balance.summary.1",
    is_numbered: false,
};
