//! Each taxed line, of the report `tax.transactions.itemized.2`.

use singer_tap::schema;

use crate::report::Report;

pub(super) const REPORT: Report = Report {
    name: "report_tax",
    about: "Each taxed line, of the report `tax.transactions.itemized.2`.",
    schema: schema!("report_tax"),
    key: &["report_interval_start", "report_interval_end", "report_row"],
    kind: "tax.transactions.itemized.2",
    is_numbered: true,
};
