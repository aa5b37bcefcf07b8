//! The sizes and limits of the shop.

use clap::Args;

/// Options of the shop.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Shop")]
pub struct ShopOptions {
    /// Seed of the data: the same seed and sizes give the same bytes
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Instant (RFC 3339) at which the data was last changed
    #[arg(long, value_name = "INSTANT", default_value = "2026-11-01T00:00:00Z",
        value_parser = crate::clock::parse_instant)]
    pub now: u32,
    /// Orders
    #[arg(long, default_value_t = 250, value_parser = clap::value_parser!(u32).range(..=2_000_000))]
    pub orders: u32,
    /// Items an order, at most
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..100))]
    pub items: u32,
    /// Customers
    #[arg(long, default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..=2_000_000))]
    pub customers: u32,
    /// Products
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub products: u32,
    /// Requests in a window of the limit; default: as good as none
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    pub quota: u64,
    /// Seconds of that window
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub quota_window: u64,
}
