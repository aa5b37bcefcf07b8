//! The kinds of reports that can be run.

/// What the lines of a report are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Basis {
    /// Balance transactions of the interval.
    Transactions,
    /// Parts of balance transactions: the amount and the fee.
    Parts,
    /// Balance transactions of the automatic payouts of the interval.
    Payouts,
    /// Sums by category and currency.
    Categories,
    /// Balances and what came between them, by currency.
    Balance,
    /// Line items of invoices.
    Tax,
}

/// A kind of reports.
#[derive(Debug)]
pub(in crate::stripe) struct Report {
    pub(in crate::stripe) id: &'static str,
    /// The stream that is made of it.
    pub(in crate::stripe) stream: &'static str,
    pub(super) name: &'static str,
    pub(super) version: u32,
    pub(super) basis: Basis,
    /// Columns unless a run names others.
    pub(super) defaults: &'static str,
    /// Columns that a run may name beside these.
    pub(super) others: &'static [&'static str],
}

const CUSTOMER: &str = "customer_id customer_email customer_name customer_description \
    customer_shipping_address_line1 customer_shipping_address_line2 customer_shipping_address_city \
    customer_shipping_address_state customer_shipping_address_postal_code \
    customer_shipping_address_country customer_address_line1 customer_address_line2 \
    customer_address_city customer_address_state customer_address_postal_code \
    customer_address_country";
const PAYMENT: &str = "shipping_address_line1 shipping_address_line2 shipping_address_city \
    shipping_address_state shipping_address_postal_code shipping_address_country \
    card_address_line1 card_address_line2 card_address_city card_address_state \
    card_address_postal_code card_address_country charge_id payment_intent_id invoice_id \
    invoice_number subscription_id payment_method_type is_link card_brand card_funding \
    card_country statement_descriptor automatic_payout_id automatic_payout_effective_at";
const CONNECTED: &str = "connected_account_id connected_account_name connected_account_country \
    connected_account_direct_charge_id";
const BANK: &str = "charge_created_utc dispute_reason regulatory_tag trace_id trace_id_status";

const ALL: [Report; 7] = [
    Report {
        id: "activity.itemized.2",
        stream: "report_activity_itemized_2",
        name: "Itemized activity",
        version: 2,
        basis: Basis::Parts,
        defaults: "balance_transaction_id balance_transaction_created_at \
            balance_transaction_reporting_category balance_transaction_component activity_at \
            currency amount charge_id payment_intent_id refund_id dispute_id transfer_id \
            customer_id customer_email payment_method_type event_type",
        others: &[
            "balance_transaction_regulatory_tag balance_transaction_description fee_id \
             destination_id customer_facing_currency customer_facing_amount \
             activity_interval_type activity_start_date activity_end_date",
            CUSTOMER,
            PAYMENT,
            CONNECTED,
        ],
    },
    Report {
        id: "activity.summary.1",
        stream: "report_activity_summary_1",
        name: "Activity summary",
        version: 1,
        basis: Basis::Categories,
        defaults: "reporting_category currency count gross fee net",
        others: &[],
    },
    Report {
        id: "balance.summary.1",
        stream: "report_balance",
        name: "Balance summary",
        version: 1,
        basis: Basis::Balance,
        defaults: "category description net_amount currency",
        others: &[],
    },
    Report {
        id: "balance_change_from_activity.itemized.2",
        stream: "report_balance_change_itemized_2",
        name: "Itemized balance change from activity",
        version: 2,
        basis: Basis::Transactions,
        defaults: "balance_transaction_id created_utc available_on_utc currency gross fee net \
            reporting_category source_id description customer_facing_amount \
            customer_facing_currency",
        others: &[CUSTOMER, PAYMENT, CONNECTED, BANK],
    },
    Report {
        id: "balance_change_from_activity.summary.1",
        stream: "report_balance_change_summary_1",
        name: "Balance change from activity summary",
        version: 1,
        basis: Basis::Categories,
        defaults: "reporting_category currency count gross fee net",
        others: &[],
    },
    Report {
        id: "payout_reconciliation.itemized.5",
        stream: "report_payout_reconciliation",
        name: "Itemized payout reconciliation",
        version: 5,
        basis: Basis::Payouts,
        defaults: "automatic_payout_id automatic_payout_effective_at_utc \
            automatic_payout_effective_at balance_transaction_id created_utc created \
            available_on_utc available_on currency gross fee net reporting_category source_id \
            description customer_facing_amount customer_facing_currency",
        others: &[
            "order_id destination_payment_id charge_created",
            CUSTOMER,
            PAYMENT,
            CONNECTED,
            BANK,
        ],
    },
    Report {
        id: "tax.transactions.itemized.2",
        stream: "report_tax",
        name: "Itemized tax transactions",
        version: 2,
        basis: Basis::Tax,
        defaults: "id line_item_id type transaction_date tax_date currency country_code state_code \
            jurisdiction_name jurisdiction_level tax_name tax_rate tax_code taxability \
            taxability_reason quantity subtotal taxable_amount non_taxable_amount tax_amount total",
        others: &["quantity_decimal filing_currency filing_exchange_rate filing_taxable_amount \
             filing_non_taxable_amount filing_tax_amount filing_total customer_tax_id \
             origin_resolved_address_country origin_resolved_address_state \
             destination_resolved_address_country destination_resolved_address_state"],
    },
];

impl Report {
    pub(super) fn all() -> &'static [Report] {
        static REPORTS: &[Report] = &ALL;
        REPORTS
    }

    pub(super) fn find(id: &str) -> Option<&'static Report> {
        Self::all().iter().find(|report| report.id == id)
    }

    /// The report that a stream is made of.
    pub(in crate::stripe) fn of_stream(name: &str) -> Option<&'static Report> {
        Self::all().iter().find(|report| report.stream == name)
    }

    /// The columns of a run that names none.
    pub(super) fn columns(&self) -> Vec<&'static str> {
        self.defaults.split_whitespace().collect()
    }

    /// A column of that name.
    pub(super) fn column(&self, name: &str) -> Option<&'static str> {
        let others = self.others.iter().flat_map(|others| others.split_whitespace());
        self.defaults.split_whitespace().chain(others).find(|column| *column == name)
    }
}
