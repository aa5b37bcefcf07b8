//! Reports.

mod report_activity_itemized_2;
mod report_activity_summary_1;
mod report_balance;
mod report_balance_change_itemized_2;
mod report_balance_change_summary_1;
mod report_payout_reconciliation;
mod report_runs;
mod report_tax;

use crate::report::Report;
use crate::resource::Resource;

/// Its streams that are lists.
pub(super) const STREAMS: [Resource; 1] = [report_runs::STREAM];

/// Its streams that are reports, in the order in which they are listed.
pub(super) const REPORTS: [Report; 7] = [
    report_activity_itemized_2::REPORT,
    report_activity_summary_1::REPORT,
    report_balance::REPORT,
    report_balance_change_itemized_2::REPORT,
    report_balance_change_summary_1::REPORT,
    report_payout_reconciliation::REPORT,
    report_tax::REPORT,
];
