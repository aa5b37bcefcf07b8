//! The Salesforce room: the [REST API](https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/)
//! and queries of [Bulk API 2.0](https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/).
//!
//! Every object is a value in `catalog/`. A row of a few numbers is kept of each record; its values are
//! rendered for each request.

mod admin;
mod batch;
mod bulk;
mod catalog;
mod change;
mod cursor;
mod deleted;
mod describe;
mod error;
mod field;
mod id;
mod live;
mod login;
mod object;
mod options;
mod org;
mod query;
mod record;
mod render;
mod resource;
mod room;
mod route;
mod row;
mod session;
mod soap;
mod soql;
mod text;
mod truth;
mod usage;
mod words;

pub use admin::AFTER_HELP;
pub use options::{BulkColumns, BulkOrder, ErrorShape, SalesforceOptions};
pub use room::Salesforce;
