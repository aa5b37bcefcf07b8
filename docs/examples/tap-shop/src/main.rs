//! A Singer tap for a small shop: the example of the guide for tap authors.

use std::process::ExitCode;

use schemars::JsonSchema;
use serde::Deserialize;
use singer_tap::{BaseUrl, Client, ClientSpec, Cursor, Error, LinkHeader, QuotaHeaders};
use singer_tap::{Rules, Secret, Since, Stream, Tap, from_parent, schema};

// ANCHOR: tap
/// Which shop is read, and with which key.
#[derive(Deserialize, JsonSchema)]
struct Config {
    /// The key of the API.
    api_key: Secret,
    /// Where the API is, such as `https://shop.example/v1`.
    api_url_base: BaseUrl,
}

struct TapShop;

impl Tap for TapShop {
    const NAME: &'static str = "tap-shop";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const ABOUT: &'static str = "Reads orders, customers and products of a shop.";
    type Config = Config;

    fn client(config: &Config) -> Result<ClientSpec, Error> {
        let key = config.api_key.bearer("api_key")?;
        let rules = Rules { quota: Some(QuotaHeaders::X_RATELIMIT), ..Rules::PLAIN };
        Ok(ClientSpec::new(config.api_url_base.to_url(), key, rules))
    }

    async fn streams(_: &Config, _: &Client) -> Result<Vec<Stream>, Error> {
        Ok(vec![orders(), order_items(), customers(), products()])
    }
}
// ANCHOR_END: tap

// ANCHOR: orders
fn orders() -> Stream {
    Stream::new("orders")
        .about("Orders; an order comes again when it or one of its items changes.")
        .schema(schema!("orders"))
        .key(["id"])
        .get("/orders")
        .param("limit", "100")
        .records_at("/orders")
        .paginate(Cursor { at: "/next_cursor", param: "cursor" })
        .incremental("updated_at", Since::Param("updated_since"))
        .child_context([("order_id", "id")])
}
// ANCHOR_END: orders

// ANCHOR: order_items
fn order_items() -> Stream {
    Stream::new("order_items")
        .about("What was ordered; read for the orders that changed.")
        .schema(schema!("order_items"))
        .key(["id"])
        .child_of("orders", ["order_id"])
        .follows_parent()
        .get("/orders/{order_id}/items")
        .records_at("/items")
        .transform([from_parent("order_id")])
}
// ANCHOR_END: order_items

// ANCHOR: lists
fn customers() -> Stream {
    Stream::new("customers")
        .about("Everyone who has an account.")
        .schema(schema!("customers"))
        .key(["id"])
        .get("/customers")
        .param("per_page", "100")
        .paginate(LinkHeader)
}

fn products() -> Stream {
    Stream::new("products")
        .about("What is on sale now.")
        .schema(schema!("products"))
        .key(["id"])
        .get("/products")
        .records_at("/products")
}
// ANCHOR_END: lists

fn main() -> ExitCode {
    singer_tap::main::<TapShop>()
}

#[cfg(test)]
mod tests;
