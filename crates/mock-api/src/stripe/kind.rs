//! The kinds of objects, under the names of their streams.

macro_rules! kinds {
    ($($kind:ident = $name:literal,)+) => {
        /// What an object is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(super) enum Kind {
            $($kind,)+
        }

        impl Kind {
            pub(super) const ALL: &[Kind] = &[$(Kind::$kind,)+];

            pub(super) fn name(self) -> &'static str {
                match self {
                    $(Kind::$kind => $name,)+
                }
            }

            pub(super) fn named(name: &str) -> Option<Self> {
                Some(match name {
                    $($name => Kind::$kind,)+
                    _ => return None,
                })
            }
        }
    };
}

kinds! {
    Accounts = "accounts",
    ApplicationFees = "application_fees",
    ApplicationFeeRefunds = "application_fee_refunds",
    BalanceTransactions = "balance_transactions",
    BillingMeters = "billing_meters",
    Charges = "charges",
    CheckoutSessions = "checkout_sessions",
    CheckoutSessionLineItems = "checkout_session_line_items",
    Coupons = "coupons",
    CreditNotes = "credit_notes",
    CreditNoteLineItems = "credit_note_line_items",
    Customers = "customers",
    CustomerBalanceTransactions = "customer_balance_transactions",
    Discounts = "discounts",
    Disputes = "disputes",
    EarlyFraudWarnings = "early_fraud_warnings",
    ExchangeRates = "exchange_rates",
    ExternalAccounts = "external_accounts",
    FileLinks = "file_links",
    Files = "files",
    InvoiceItems = "invoice_items",
    InvoiceLineItems = "invoice_line_items",
    InvoicePayments = "invoice_payments",
    Invoices = "invoices",
    IssuingAuthorizations = "issuing_authorizations",
    IssuingCardholders = "issuing_cardholders",
    IssuingCards = "issuing_cards",
    IssuingDisputes = "issuing_disputes",
    IssuingTransactions = "issuing_transactions",
    PaymentIntents = "payment_intents",
    PaymentLinks = "payment_links",
    PaymentLinkLineItems = "payment_link_line_items",
    PaymentMethods = "payment_methods",
    Payouts = "payouts",
    Persons = "persons",
    Plans = "plans",
    Prices = "prices",
    Products = "products",
    PromotionCodes = "promotion_codes",
    Quotes = "quotes",
    QuoteLineItems = "quote_line_items",
    Refunds = "refunds",
    ReportRuns = "report_runs",
    Reviews = "reviews",
    SetupAttempts = "setup_attempts",
    SetupIntents = "setup_intents",
    ShippingRates = "shipping_rates",
    Sources = "sources",
    SubscriptionItems = "subscription_items",
    SubscriptionSchedules = "subscription_schedules",
    Subscriptions = "subscriptions",
    TaxIds = "tax_ids",
    TaxRates = "tax_rates",
    TopUps = "top_ups",
    TransferReversals = "transfer_reversals",
    Transfers = "transfers",
    UsageRecords = "usage_records",
    WebhookEndpoints = "webhook_endpoints",
}
