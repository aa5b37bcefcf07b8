//! Rows as the API shows them.

use chrono::DateTime;
use serde_json::{Value, json};

use super::data::{Data, Resource, Row};

const STATUSES: [&str; 4] = ["open", "paid", "shipped", "returned"];
const CITIES: [(&str, &str); 4] =
    [("Utrecht", "NL"), ("Porto", "PT"), ("Gdańsk", "PL"), ("Aarhus", "DK")];
const NAMES: [&str; 8] = ["Ada", "Grace", "Edsger", "Barbara", "Donald", "Frances", "Ken", "Radia"];
const THINGS: [&str; 6] = ["kettle", "lamp", "notebook", "chair", "bicycle bell", "blanket"];

impl Data {
    /// The records of a row: one, or the items of an order.
    pub(super) fn records(&self, resource: Resource, row: &Row) -> Vec<Value> {
        match resource {
            Resource::Orders => vec![self.order(row)],
            Resource::Items => (1..=row.items).map(|number| self.item(row, number)).collect(),
            Resource::Customers => vec![self.customer(row)],
            Resource::Products => vec![self.product(row)],
        }
    }

    fn order(&self, row: &Row) -> Value {
        let dice = self.dice(Resource::Orders, row.id);
        let (city, country) = CITIES[dice.pick(3, CITIES.len() as u64) as usize];
        let status = (dice.pick(4, 2) as usize + row.version as usize).min(STATUSES.len() - 1);
        let customers = u64::from(self.options.customers);
        let cents: u64 = (1..=row.items)
            .map(|number| self.price(self.product_of(row, number)) * self.quantity(row, number))
            .sum();
        json!({
            "id": row.id,
            "customer_id": 1_001 + dice.pick(5, customers),
            "status": STATUSES[status],
            "total": cents as f64 / 100.0,
            "shipping_address": {"city": city, "country": country},
            "note": dice.chance(6, 20).then_some("Please ring twice."),
            "created_at": instant(row.created),
            "updated_at": instant(row.updated),
        })
    }

    /// An item does not name its order: whoever asks for it knows.
    fn item(&self, order: &Row, number: u32) -> Value {
        let product = self.product_of(order, number);
        json!({
            "id": order.id * 100 + u64::from(number),
            "product_id": product,
            "quantity": self.quantity(order, number),
            "price": self.price(product) as f64 / 100.0,
        })
    }

    fn customer(&self, row: &Row) -> Value {
        let name = self.dice(Resource::Customers, row.id).of(3, &NAMES);
        let edited = if row.version == 0 { String::new() } else { format!(" {}", row.version) };
        json!({
            "id": row.id,
            "name": format!("{name}{edited}"),
            "email": format!("{}.{}@customers.example", name.to_lowercase(), row.id),
            "created_at": instant(row.created),
        })
    }

    fn product(&self, row: &Row) -> Value {
        let dice = self.dice(Resource::Products, row.id);
        json!({
            "id": row.id,
            "name": format!("{} {}", dice.of(3, &THINGS), row.id),
            "price": self.price(row.id) as f64 / 100.0,
            "stock": dice.pick(4, 90) + u64::from(row.version),
        })
    }

    fn product_of(&self, order: &Row, number: u32) -> u64 {
        let products = u64::from(self.options.products);
        1_001 + self.dice(Resource::Items, order.id).pick(u64::from(number), products)
    }

    /// A change of the order changes what was ordered.
    fn quantity(&self, order: &Row, number: u32) -> u64 {
        let dice = self.dice(Resource::Items, order.id);
        1 + dice.pick(1_000 + u64::from(number), 4) + u64::from(order.version)
    }

    /// In cents.
    fn price(&self, product: u64) -> u64 {
        199 + 50 * self.dice(Resource::Products, product).pick(5, 400)
    }
}

/// An instant as the API writes it.
pub(super) fn instant(seconds: u32) -> String {
    let instant = DateTime::from_timestamp(seconds.into(), 0).unwrap_or_default();
    instant.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
