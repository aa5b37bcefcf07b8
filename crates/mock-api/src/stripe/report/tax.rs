//! The tax of line items of invoices.

use super::lines::Scope;
use super::{instant, major, read};
use crate::stripe::kind::Kind;
use crate::stripe::scene::Scene;
use crate::stripe::thing::Thing;

/// In percent.
const RATE: i64 = 19;

/// A line for each line item of the invoices of an interval.
pub(super) fn lines(scene: &Scene<'_>, scope: Scope<'_>, columns: &[&str]) -> Vec<Vec<String>> {
    let rows = scene.account.table(Kind::Invoices).rows().iter();
    let is_meant = |created| (scope.start..scope.end).contains(&created);
    let rows = rows.filter(|row| row.is_shown(scene.now) && is_meant(row.created));
    let mut lines = Vec::new();
    for invoice in rows.map(|row| Thing::new(Kind::Invoices, *row)) {
        for item in scene.account.children(Kind::InvoiceLineItems, &invoice, scene.now) {
            let value = |column: &&str| value(scene, &invoice, &item, column);
            lines.push(columns.iter().map(value).collect());
        }
    }
    lines
}

fn value(scene: &Scene<'_>, invoice: &Thing, item: &Thing, column: &str) -> String {
    let cents: i64 = read(scene, item, "amount", "").parse().unwrap_or_default();
    let tax = cents * RATE / 100;
    let country = || read(scene, invoice, "customer_address", "/country");
    match column {
        "id" => read(scene, invoice, "id", ""),
        "line_item_id" => read(scene, item, "id", ""),
        "type" => "invoice".to_owned(),
        "transaction_date" | "tax_date" => instant(invoice.row.created),
        "currency" | "filing_currency" => read(scene, item, "currency", ""),
        "country_code" | "jurisdiction_name" | "destination_resolved_address_country" => country(),
        "origin_resolved_address_country" => "US".to_owned(),
        "jurisdiction_level" => "country".to_owned(),
        "tax_name" => "VAT".to_owned(),
        "tax_rate" => format!("0.{RATE}"),
        "tax_code" => "txcd_10000000".to_owned(),
        "taxability" => "taxable".to_owned(),
        "taxability_reason" => "standard_rated".to_owned(),
        "quantity" | "quantity_decimal" => read(scene, item, "quantity", ""),
        "subtotal" | "taxable_amount" | "filing_taxable_amount" => major(cents),
        "non_taxable_amount" | "filing_non_taxable_amount" => major(0),
        "tax_amount" | "filing_tax_amount" => major(tax),
        "total" | "filing_total" => major(cents + tax),
        "filing_exchange_rate" => "1.0".to_owned(),
        _ => String::new(),
    }
}
