//! Write Singer taps in Rust: streams as values, an engine that loses nothing.
//!
//! A tap implements [`Tap`] and lists its [`Stream`]s; everything else is the engine's: the
//! command line, discovery, paging, retries, bookmarks, messages, exit codes.
//!
//! The way of the data: a [`Source`] asks the client for a page and pushes it into a [`PageSink`],
//! which encodes it and hands it to the one writer; the writer puts the bytes out and only then
//! lets the state say that they were read.

mod about;
mod base_url;
mod board;
mod changes;
mod checkpoint;
mod children;
mod cli;
mod config;
mod current;
mod derived;
mod discover;
mod error;
mod graphql;
mod greeting;
mod horizon;
mod input;
mod items;
mod job;
mod ledger;
mod listing;
mod logging;
mod maps;
mod metrics;
mod once;
mod outcome;
mod outlet;
mod output;
mod page;
mod pagination;
mod partition;
mod pick;
mod plan;
mod process;
mod progress;
mod reading;
mod recipe;
mod redact;
mod refusal;
mod refusals;
mod rejects;
mod replication;
mod report;
mod reread;
mod rest;
mod run;
mod schedule;
mod secret;
mod select;
mod settings;
mod settle;
mod shape;
mod shell;
mod shortcut;
mod sink;
mod source;
mod state;
mod stop;
mod stream;
mod sync;
mod tap;
mod template;
#[cfg(test)]
mod testing;
mod text;
mod wanted;
mod watch;
mod window;
mod worker;

pub use about::{plugin_definition, settings_table, streams_table};
pub use base_url::BaseUrl;
pub use changes::Listed;
pub use config::schema_of as settings_schema;
pub use discover::catalog;
pub use error::{Error, Problem};
pub use graphql::{Nested, Query, graphql_limits};
pub use listing::Listing;
pub use logging::captured_log;
pub use outcome::Outcome;
pub use page::{Next, Page, Paginator};
pub use pagination::{
    Cursor, CursorAndId, Keyset, LastId, LinkHeader, NextUrl, Offset, PageNumber, SinglePage,
};
pub use partition::{Context, Partition};
pub use process::main;
pub use refusal::{Refusal, Refused};
pub use replication::{Replication, Since};
pub use reread::Reread;
pub use run::run;
pub use secret::Secret;
pub use settings::{MetricsLevel, NewField, RejectsTo, Settings, StartDate};
pub use shortcut::{RowShape, Shortcut};
pub use sink::PageSink;
pub use source::{Complete, Scan, Source};
pub use stop::Stop;
pub use stream::Stream;
pub use tap::Tap;
pub use wanted::Wanted;
pub use window::Window;

/// What a [`Source`] of one's own says of a page.
pub use singer_protocol::{Frame, PageFacts, Rows};

/// What [`Tap::client`] is made of; the rest of it is in `singer-http`.
pub use singer_http::{Anonymous, Authenticator, Client, ClientSpec, QuotaHeaders, Rules};
pub use singer_protocol::filter::{self, Filter};
pub use singer_protocol::transform::{
    Transform, copy, epoch, epoch_millis, exists, first_of, from_parent, gather, has, hoist,
    joined, json_text, pluck, rename, url_id,
};
