//! Test Singer taps: replay fixtures and snapshot the messages of a stream.
//!
//! A fixture is a recorded [`Exchange`] of HTTP. A test serves some of them to the real tap, which
//! runs in this process with a clock that stands still, and gets the [`Messages`] that it wrote.
//! Each run is checked on the way: what was asked is what was recorded, to the byte, and what was
//! written is what every target can rely on (see [`breaches`]).
//!
//! What holds for every tap is checked by [`conformance::check`] in one call.
//!
//! ```
//! use std::sync::Arc;
//!
//! use serde_json::json;
//! use singer_http::{Anonymous, Client, ClientSpec, Rules, Url};
//! use singer_tap::{Error, LinkHeader, Outcome, Stream, Tap};
//!
//! struct TapShop;
//!
//! #[derive(serde::Deserialize, schemars::JsonSchema)]
//! struct Config {}
//!
//! impl Tap for TapShop {
//!     const NAME: &'static str = "tap-shop";
//!     const VERSION: &'static str = "1.0.0";
//!     const ABOUT: &'static str = "Reads orders of a shop.";
//!     type Config = Config;
//!
//!     fn client(_: &Config) -> Result<ClientSpec, Error> {
//!         let base = Url::parse("https://shop.example").expect("a constant URL that parses");
//!         Ok(ClientSpec::new(base, Arc::new(Anonymous), Rules::PLAIN))
//!     }
//!
//!     async fn streams(_: &Config, _: &Client) -> Result<Vec<Stream>, Error> {
//!         Ok(vec![
//!             Stream::new("orders")
//!                 .schema(include_str!("../fixtures/orders.json"))
//!                 .key(["id"])
//!                 .get("/orders")
//!                 .param("per_page", "2")
//!                 .header("accept", "application/json")
//!                 .paginate(LinkHeader),
//!         ])
//!     }
//! }
//!
//! let messages = singer_test::stream::<TapShop>("orders", &["fixtures/orders"], &json!({}));
//! assert_eq!(messages.outcome(), Outcome::Ok);
//! assert_eq!(messages.records("orders").len(), 3);
//! // In a test: insta::assert_snapshot!(messages.snapshot());
//! ```

mod breaches;
pub mod conformance;
mod eager;
mod error;
mod exchange;
pub mod fault;
mod leak;
mod messages;
mod notation;
mod page;
mod pretty;
mod protocol;
mod recorded;
mod replay;
mod run;
mod subject;
mod sync;
mod transcript;

pub use breaches::{breaches, ends_with_state};
pub use error::Error;
pub use exchange::{Answer, Asked, Exchange, load};
pub use leak::Forms;
pub use messages::Messages;
pub use page::{check_peers, check_plugin, check_readme, check_table};
pub use protocol::Document;
pub use replay::Replay;
pub use run::NOW;
pub use subject::Subject;
pub use sync::{read, resume, run, schemas, select, stream};
