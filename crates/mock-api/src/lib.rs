//! A server that behaves like the APIs of the taps: seeded data of any size, quotas, latency, faults.
//!
//! `server`, `fault`, `quota` and `admin` know HTTP and no vendor; each vendor has a room of its own
//! beside them (`github`, `shop`, `stripe`, `salesforce`), which implements [`server::Api`]. Records are
//! rendered for each request from a few numbers a row, so that memory stays small at any size, and from
//! the seed alone, so that the same options give the same bytes.
//!
//! ```
//! let server = mock_api::Server::start(mock_api::Options::default())?;
//! assert!(server.url().starts_with("http://127.0.0.1:"));
//! # Ok::<(), mock_api::Error>(())
//! ```

mod admin;
mod base64;
mod clock;
mod error;
mod fault;
pub mod github;
mod graphql;
mod json;
mod key;
mod options;
mod quota;
pub mod salesforce;
mod seed;
pub mod server;
pub mod shop;
mod start;
pub mod stripe;

pub use error::Error;
pub use options::{Options, Room, SalesforceCommand, ServeOptions, ShopCommand, StripeCommand};
pub use quota::{Pool, Standing};
pub use server::Server;
