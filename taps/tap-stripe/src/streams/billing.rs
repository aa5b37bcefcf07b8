//! Invoices and subscriptions.

mod billing_meter_event_summaries;
mod billing_meters;
mod credit_note_line_items;
mod credit_notes;
mod discounts;
mod invoice_items;
mod invoice_line_items;
mod invoice_payments;
mod invoices;
mod quote_line_items;
mod quotes;
mod subscription_items;
mod subscription_schedules;
mod subscriptions;
mod usage_records;

use chrono::{DateTime, Utc};
use singer_tap::Stream;

use crate::config::Config;
use crate::resource::Resource;

/// Its streams, in the order in which they are listed.
pub(super) const STREAMS: [Resource; 13] = [
    invoices::STREAM,
    invoice_line_items::STREAM,
    discounts::STREAM,
    invoice_items::STREAM,
    invoice_payments::STREAM,
    subscriptions::STREAM,
    subscription_items::STREAM,
    subscription_schedules::STREAM,
    credit_notes::STREAM,
    credit_note_line_items::STREAM,
    quotes::STREAM,
    quote_line_items::STREAM,
    billing_meters::STREAM,
];

/// Those that are read for each item of a list within the parent.
pub(super) fn by_item(config: &Config, now: DateTime<Utc>) -> [Stream; 2] {
    [usage_records::stream(config), billing_meter_event_summaries::stream(config, now)]
}
