//! Each change of the balance, of the report `balance_change_from_activity.itemized.2`.

use singer_tap::schema;

use crate::report::Report;

pub(super) const REPORT: Report = Report {
    name: "report_balance_change_itemized_2",
    about: "Each change of the balance, of the report `balance_change_from_activity.itemized.2`.",
    schema: schema!("report_balance_change_itemized_2"),
    key: &["balance_transaction_id"],
    kind: "balance_change_from_activity.itemized.2",
    is_numbered: false,
};
