//! The sizes and habits of the Stripe room.

use std::str::FromStr;

use clap::Args;

use super::kind::Kind;
use super::resource::Home;
use super::version::ApiVersion;
use crate::Error;

/// The most rows of a list.
pub(super) const MAX_ROWS: u32 = 5_000_000;

/// Options of the Stripe room.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Stripe")]
pub struct StripeOptions {
    /// Seed of the data: the same seed, sizes and date give the same bytes
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Charges
    #[arg(long, default_value_t = 300)]
    pub charges: u32,
    /// Customers
    #[arg(long, default_value_t = 120)]
    pub customers: u32,
    /// Invoices
    #[arg(long, default_value_t = 120)]
    pub invoices: u32,
    /// Subscriptions
    #[arg(long, default_value_t = 80)]
    pub subscriptions: u32,
    /// Rows of another list, by the name of its stream, such as payouts=50 (repeatable)
    #[arg(long, value_name = "NAME=N")]
    pub rows: Vec<String>,
    /// Days over which they were made, up to the start of the server
    #[arg(long, value_name = "DAYS", default_value_t = 400,
        value_parser = clap::value_parser!(u32).range(1..10_000))]
    pub history: u32,
    /// Connected accounts, each with a tenth of what the platform has
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(..=10_000))]
    pub accounts: u32,
    /// The accounts' default version: of requests without one, and of all events
    #[arg(long, value_name = "VERSION", default_value = "2022-11-15")]
    pub api_version: ApiVersion,
    /// A key that may not read some lists, by the names of their streams (repeatable)
    #[arg(long = "restrict", value_name = "KEY=NAME,…")]
    pub restricted: Vec<Restriction>,
    /// A type of reports whose runs fail (repeatable)
    #[arg(long = "failing-report", value_name = "TYPE")]
    pub failing_reports: Vec<String>,
    /// Requests a second and account before a 429; default: as good as none (the real limit is 100)
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    pub rate: u64,
    /// Requests a second and endpoint before a 429; default: as good as none (the real limit is 25)
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    pub endpoint_rate: u64,
}

/// A key, and what it may not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restriction {
    /// The key.
    pub key: String,
    /// Names of streams.
    pub names: Vec<String>,
}

impl FromStr for Restriction {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (key, names) = text.split_once('=').ok_or(format!("`{text}` is not KEY=NAME,…"))?;
        let names: Vec<String> = names.split(',').map(str::to_owned).collect();
        Ok(Self { key: key.to_owned(), names })
    }
}

impl StripeOptions {
    /// How many rows of each kind there are at first.
    pub(super) fn sizes(&self) -> Result<Vec<u32>, Error> {
        let mut sizes: Vec<u32> = Kind::ALL.iter().map(|kind| kind.resource().rows).collect();
        sizes[Kind::Charges as usize] = self.charges;
        sizes[Kind::Customers as usize] = self.customers;
        sizes[Kind::Invoices as usize] = self.invoices;
        sizes[Kind::Subscriptions as usize] = self.subscriptions;
        for text in &self.rows {
            let size = text.split_once('=').and_then(|(name, size)| {
                let kind = Kind::named(name)?;
                let has_rows = matches!(kind.resource().home, Home::Top | Home::Under(_));
                Some((kind, size.parse::<u32>().ok()?)).filter(|_| has_rows)
            });
            let Some((kind, size)) = size else {
                return Err(refused("--rows", format!("`{text}` is no list and its size")));
            };
            sizes[kind as usize] = size;
        }
        if let Some(at) = sizes.iter().position(|size| *size > MAX_ROWS) {
            let name = Kind::ALL[at].name();
            return Err(refused("--rows", format!("{MAX_ROWS} rows at most of `{name}`")));
        }
        Ok(sizes)
    }
}

pub(super) fn refused(option: &'static str, rule: String) -> Error {
    Error::Option { option, rule }
}
