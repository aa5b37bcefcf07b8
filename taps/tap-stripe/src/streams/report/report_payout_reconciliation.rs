//! What each automatic payout is made of, of the report `payout_reconciliation.itemized.5`.

use singer_tap::schema;

use crate::report::Report;

pub(super) const REPORT: Report = Report {
    name: "report_payout_reconciliation",
    about: "What each automatic payout is made of, of the report `payout_reconciliation.itemized.5`.",
    schema: schema!("report_payout_reconciliation"),
    key: &["automatic_payout_id", "balance_transaction_id"],
    kind: "payout_reconciliation.itemized.5",
    is_numbered: false,
};
