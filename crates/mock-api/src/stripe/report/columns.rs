//! What a balance transaction says in a column.

use super::{instant, major, read};
use crate::stripe::kind::Kind;
use crate::stripe::scene::Scene;
use crate::stripe::thing::Thing;

/// What of a balance transaction a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    Gross,
    Fee,
}

/// A line about a balance transaction.
pub(super) struct Line<'a> {
    scene: &'a Scene<'a>,
    thing: Thing,
    part: Part,
    charge: Option<Thing>,
    customer: Option<Thing>,
    payout: Option<Thing>,
}

impl<'a> Line<'a> {
    pub(super) fn new(scene: &'a Scene<'a>, thing: Thing, part: Part) -> Self {
        let account = scene.account;
        let charge = account.find(Kind::Charges, &read(scene, &thing, "source", ""));
        let customer = charge
            .as_ref()
            .and_then(|charge| account.find(Kind::Customers, &read(scene, charge, "customer", "")));
        Self { scene, thing, part, charge, customer, payout: account.parent(&thing) }
    }

    fn own(&self, field: &str) -> String {
        read(self.scene, &self.thing, field, "")
    }

    fn of(&self, thing: Option<&Thing>, field: &str, pointer: &str) -> String {
        thing.map_or_else(String::new, |thing| read(self.scene, thing, field, pointer))
    }

    fn money(&self, field: &str) -> String {
        self.own(field).parse().map_or_else(|_| String::new(), major)
    }

    /// The value in a column; empty where the transaction has nothing of the kind.
    pub(super) fn value(&self, column: &str) -> String {
        let (charge, customer) = (self.charge.as_ref(), self.customer.as_ref());
        let card = |field| self.of(charge, "payment_method_details", &format!("/card/{field}"));
        match column {
            "balance_transaction_id" => self.own("id"),
            "created_utc" | "created" | "balance_transaction_created_at" | "activity_at" => {
                instant(self.thing.row.created)
            }
            "available_on_utc" | "available_on" => {
                self.own("available_on").parse().map_or_else(|_| String::new(), instant)
            }
            "currency" | "customer_facing_currency" => self.own("currency"),
            "gross" | "customer_facing_amount" => self.money("amount"),
            "fee" => self.money("fee"),
            "net" => self.money("net"),
            "amount" if self.part == Part::Fee => format!("-{}", self.money("fee")),
            "amount" => self.money("amount"),
            "balance_transaction_component" if self.part == Part::Fee => "stripe_fee".to_owned(),
            "balance_transaction_component" => "gross".to_owned(),
            "fee_id" if self.part == Part::Fee => format!("{}_fee", self.own("id")),
            "reporting_category" | "balance_transaction_reporting_category" => {
                self.own("reporting_category")
            }
            "source_id" => self.own("source"),
            "description" | "balance_transaction_description" => self.own("description"),
            "event_type" => self.own("type"),
            "is_link" => "false".to_owned(),
            "charge_id" => self.of(charge, "id", ""),
            "charge_created_utc" | "charge_created" => {
                charge.map_or_else(String::new, |charge| instant(charge.row.created))
            }
            "payment_intent_id" => self.of(charge, "payment_intent", ""),
            "invoice_id" => self.of(charge, "invoice", ""),
            "payment_method_type" => self.of(charge, "payment_method_details", "/type"),
            "card_brand" => card("brand"),
            "card_funding" => card("funding"),
            "card_country" => card("country"),
            "statement_descriptor" => self.of(charge, "calculated_statement_descriptor", ""),
            "customer_id" => self.of(customer, "id", ""),
            "customer_email" => self.of(customer, "email", ""),
            "customer_name" => self.of(customer, "name", ""),
            "customer_description" => self.of(customer, "description", ""),
            "automatic_payout_id" => self.of(self.payout.as_ref(), "id", ""),
            "automatic_payout_effective_at" | "automatic_payout_effective_at_utc" => {
                let arrival = self.of(self.payout.as_ref(), "arrival_date", "");
                arrival.parse().map_or_else(|_| String::new(), instant)
            }
            _ => self.address(column),
        }
    }

    fn address(&self, column: &str) -> String {
        let (charge, customer) = (self.charge.as_ref(), self.customer.as_ref());
        for (prefix, thing, field, pointer) in [
            ("customer_shipping_address_", customer, "shipping", "/address/"),
            ("customer_address_", customer, "address", "/"),
            ("shipping_address_", charge, "shipping", "/address/"),
            ("card_address_", charge, "billing_details", "/address/"),
        ] {
            if let Some(part) = column.strip_prefix(prefix) {
                return self.of(thing, field, &format!("{pointer}{part}"));
            }
        }
        String::new()
    }
}
