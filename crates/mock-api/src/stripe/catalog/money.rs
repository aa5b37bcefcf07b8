//! How money moves, and the papers of it.

use super::resource;
use crate::stripe::kind::Kind;
use crate::stripe::resource::{Home, Resource};

pub(super) fn resources() -> Vec<Resource> {
    vec![
        resource!(BalanceTransactions, "balance_transaction", "txn", "balance_transaction")
            .home(Home::Under(Kind::Payouts))
            .orphan()
            .fixed()
            .at("/v1/balance_transactions")
            .of("payout", false)
            .dated()
            .filters("currency source type")
            .rows(400)
            .brood(90),
        resource!(Payouts, "payout", "po", "payout")
            .at("/v1/payouts")
            .dated()
            .filters("destination status")
            .ranges("arrival_date")
            .made("payout.created")
            .phase("pending", 1, "in_transit canceled", "")
            .phase("in_transit", 1, "paid paid failed", "")
            .phase("paid", 0, "", "payout.paid")
            .phase("failed", 0, "", "payout.failed")
            .phase("canceled", 0, "", "payout.canceled")
            .changed("payout.updated")
            .rows(60),
        resource!(Transfers, "transfer", "tr", "transfer")
            .at("/v1/transfers")
            .dated()
            .filters("destination transfer_group")
            .made("transfer.created")
            .changed("transfer.updated")
            .rows(60),
        resource!(TransferReversals, "transfer_reversal", "trr", "transfer_reversal")
            .home(Home::Within(Kind::Transfers))
            .at("/v1/transfers/{}/reversals")
            .stirs("transfer.reversed transfer.updated"),
        resource!(TopUps, "topup", "tu", "topup")
            .at("/v1/topups")
            .dated()
            .filters("status")
            .ranges("amount")
            .made("topup.created")
            .phase("pending", 1, "succeeded failed canceled", "")
            .phase("succeeded", 1, "reversed", "topup.succeeded")
            .phase("failed", 0, "", "topup.failed")
            .phase("canceled", 0, "", "topup.canceled")
            .phase("reversed", 0, "", "topup.reversed")
            .rows(30),
        resource!(Files, "file", "file", "file")
            .at("/v1/files")
            .dated()
            .filters("purpose")
            .made("file.created"),
        resource!(FileLinks, "file_link", "link", "file_link")
            .at("/v1/file_links")
            .dated()
            .filters("expired file"),
        // Ids are currencies.
        resource!(ExchangeRates, "exchange_rate", "", "exchange_rate")
            .at("/v1/exchange_rates")
            .fixed()
            .rows(24),
        resource!(ReportRuns, "reporting.report_run", "frr", "reporting.report_run")
            .at("/v1/reporting/report_runs")
            .dated()
            .phase("pending", 1, "succeeded succeeded succeeded failed", "")
            .phase("succeeded", 0, "", "reporting.report_run.succeeded")
            .phase("failed", 0, "", "reporting.report_run.failed")
            .rows(15),
        resource!(WebhookEndpoints, "webhook_endpoint", "we", "webhook_endpoint")
            .at("/v1/webhook_endpoints")
            .deleted("", crate::stripe::resource::Grave::Nothing)
            .rows(5),
    ]
}
