//! The token of every run.

/// The token that every run is configured with, unless it says otherwise.
pub const TOKEN: &str = "canary-5f0e71c9d2b84a36";
