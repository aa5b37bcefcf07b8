//! The options of a server: one struct for the command line and for tests, so that they cannot drift.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::github::GithubOptions;
use crate::salesforce::{AFTER_HELP as AFTER_SALESFORCE, SalesforceOptions};
use crate::shop::ShopOptions;
use crate::stripe::{AFTER_HELP as AFTER_STRIPE, StripeOptions};

/// A server that behaves like GitHub's REST API, or another, with seeded data of any size.
///
/// Prints one line, `listening on http://127.0.0.1:PORT`, and runs until SIGTERM or Ctrl-C. It listens
/// on the loopback interface only.
#[derive(Debug, Clone, Parser)]
#[command(name = "mock-api", version, after_help = AFTER_HELP, args_conflicts_with_subcommands = true)]
pub struct Options {
    /// Options of the server itself.
    #[command(flatten)]
    pub serve: ServeOptions,
    /// Options of the GitHub room.
    #[command(flatten)]
    pub github: GithubOptions,
    /// Another API in place of GitHub's, with options of its own.
    #[command(subcommand)]
    pub room: Option<Room>,
}

impl Options {
    /// The options of a command line without the program's name, such as `shop --orders 5`.
    ///
    /// # Panics
    /// It is none.
    pub fn of(arguments: &str) -> Self {
        let arguments = std::iter::once("mock-api").chain(arguments.split_whitespace());
        Options::try_parse_from(arguments).unwrap_or_else(|error| panic!("{error}"))
    }
}

/// The APIs beside GitHub's.
#[derive(Debug, Clone, Subcommand)]
pub enum Room {
    /// A small shop, for the example tap of the guide
    Shop(ShopCommand),
    /// Stripe's API, with events, connected accounts and reports
    Stripe(StripeCommand),
    /// Salesforce's API: REST queries, Bulk 2.0, and all ways to log in
    Salesforce(Box<SalesforceCommand>),
}

/// Options of `mock-api shop`.
#[derive(Debug, Clone, Args)]
pub struct ShopCommand {
    /// Options of the server itself.
    #[command(flatten)]
    pub serve: ServeOptions,
    /// Options of the shop.
    #[command(flatten)]
    pub shop: ShopOptions,
}

/// Options of `mock-api stripe`.
#[derive(Debug, Clone, Args)]
#[command(after_help = AFTER_STRIPE)]
pub struct StripeCommand {
    /// Options of the server itself.
    #[command(flatten)]
    pub serve: ServeOptions,
    /// Options of the Stripe room.
    #[command(flatten)]
    pub stripe: StripeOptions,
}

/// Options of `mock-api salesforce`.
#[derive(Debug, Clone, Args)]
#[command(after_help = AFTER_SALESFORCE)]
pub struct SalesforceCommand {
    /// Options of the server itself.
    #[command(flatten)]
    pub serve: ServeOptions,
    /// Options of the Salesforce room.
    #[command(flatten)]
    pub salesforce: SalesforceOptions,
}

impl Default for Options {
    fn default() -> Self {
        Options::parse_from(["mock-api"])
    }
}

/// Options that hold for any API.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Server")]
pub struct ServeOptions {
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Instant (RFC 3339) at which the server's clock and `Date` header start; default: the real time
    #[arg(long, value_name = "INSTANT", value_parser = crate::clock::parse_instant)]
    pub date: Option<u32>,
    /// Let the clock stand still, so that only the admin puts it forward
    #[arg(long)]
    pub still: bool,
    /// A token that is accepted, and its own quota of requests (repeatable); with one, every other and
    /// none is answered with 401
    #[arg(long = "token", value_name = "TOKEN[=QUOTA]")]
    pub tokens: Vec<String>,
    /// Path under which the API is, such as /api/v3; what is not under it is answered with 404
    #[arg(long, value_name = "PATH", default_value = "")]
    pub base_path: String,
    /// Requests a minute and credential before the secondary limit answers
    #[arg(long, value_name = "N")]
    pub secondary: Option<u32>,
    /// Milliseconds that pass before each answer
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub latency_ms: u64,
    /// Never compress, not even when asked
    #[arg(long)]
    pub no_gzip: bool,
    /// Fault script: a JSON list of rules
    #[arg(long, value_name = "FILE")]
    pub faults: Option<PathBuf>,
    /// How many of the last requests are kept for `/_mock/requests`
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub journal: usize,
}

const AFTER_HELP: &str = "\
Admin requests (not counted, without a token):
  GET  /_mock/health
  GET  /_mock/requests[?reset=1][&headers=1]    counts by path pattern and status, the last requests
  POST /_mock/faults      (a fault script; replaces the one before)     DELETE /_mock/faults
  POST /_mock/clock?advance=SECONDS              data and quotas are that much later
  POST /_mock/touch?repo=acme/widgets&resource=issues&count=K[&number=N]
  POST /_mock/create?repo=acme/widgets&resource=issues&count=K
  POST /_mock/delete?repo=acme/widgets&resource=issues&count=K[&number=N]
  POST /_mock/rename?repo=acme/widgets&to=acme/new-name
  GET  /_mock/endpoints                          smaller lists: path as documented, and one that is there
  GET  /_mock/truth?repo=acme/widgets&resource=issues&fields=id,updated_at    one JSON line a row
Resources: issues, issue_comments, pull_requests, commits, labels, milestones, releases, stargazers,
discussions, reviews (of which only truth is told), repositories (with `repo` for one of them); smaller
lists under the name of their stream, with `org` or `user` for `repo` where they belong to one, and `of` for
the parent as a path names it, such as resource=workflow_run_jobs&of=RUN_ID. Of the shop, without `repo`, and with `id` for `number`: orders, order_items, customers, products.
Of Stripe: see `mock-api stripe --help`. Of Salesforce: see `mock-api salesforce --help`.

Fault script: [{\"match\": {\"path\": \"/repositories/*/issues\", \"query\": {\"state\": \"all\"}, \"page\": 2},
  \"nth\": 1, \"fault\": {\"kind\": \"status\", \"status\": 502}}]
  `match` takes `method` and `token` too. `*` is one path segment, `**` any number. `nth`: only the n-th matching request; `from` and `times`:
  that many from that one on; without them every one. The first rule that is due fires.
  status {status, body, headers} | cut {at, framing, plain} | wrong_length {delta} | reset {after} | html | empty
  | stall {ms, after} | repeat_cursor {back} | foreign_next {host} | redirect {location, status}
  | bomb {mebibytes} | mangle {pointer, value or remove} | replace {find, with}
  | partial {pointer, error}: null there, and an error of GraphQL that says so
  | bytes {find, with: [BYTE]} | headers {set} | earlier | empty_pages {body} | reverse {pointer}
  | change {action, query}: an admin request after the answer, such as delete and repo=acme/widgets&resource=labels&count=3";
