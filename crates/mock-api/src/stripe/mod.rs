//! The Stripe room: the API as [documented](https://docs.stripe.com/api), for the streams of the tap.
//!
//! Every kind of objects is a value in `catalog/` and a shape in `shapes/`. A row of a few numbers is
//! kept of each object; its JSON is rendered for each request, in the version that is asked for.

mod account;
mod admin;
mod catalog;
mod change;
mod error;
mod event;
mod event_list;
mod expand;
mod expandable;
mod fill;
mod gate;
mod id;
mod kind;
mod life;
mod list;
mod meter;
mod options;
mod pretty;
mod query;
mod report;
mod resource;
mod room;
mod route;
mod row;
mod scene;
mod single;
mod slot;
mod template;
mod thing;
mod truth;
mod version;
mod words;
mod world;

pub use admin::AFTER_HELP;
pub use options::{Restriction, StripeOptions};
pub use room::Stripe;
pub use version::ApiVersion;
