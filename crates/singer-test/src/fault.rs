//! What a tap does when its API, its network or its surroundings fail: the fault matrix as one
//! table, and a server to run any tap under it.
//!
//! The author's source, recorded or a fake, stands behind a loopback server that bends its answers;
//! the tap believes to talk to its API. Faults happen to the last page of a stream, so that the
//! pages before it must survive. Each row asserts how the run ends, which message is told, that
//! stdout is sound and shows no secret, that nothing was sent anywhere else, and that the next run,
//! with the source honest again, brings all that is missing.
//!
//! ```no_run
//! # use singer_test::{Subject, fault};
//! # use serde_json::json;
//! # struct TapShop;
//! # #[derive(serde::Deserialize, schemars::JsonSchema)] struct Config {}
//! # impl singer_tap::Tap for TapShop {
//! #     const NAME: &'static str = "tap-shop";
//! #     const VERSION: &'static str = "1.0.0";
//! #     const ABOUT: &'static str = "";
//! #     type Config = Config;
//! #     fn client(_: &Config) -> Result<singer_http::ClientSpec, singer_tap::Error> { todo!() }
//! #     async fn streams(_: &Config, _: &singer_http::Client)
//! #         -> Result<Vec<singer_tap::Stream>, singer_tap::Error> { todo!() }
//! # }
//! fault::check::<TapShop>(&Subject::new(json!({"shop": "acme"})).recorded(&["fixtures"]), "orders");
//! ```

mod ground;
mod hasty;
mod matrix;
mod outcome;
mod site;
mod stranger;
mod trial;

use singer_tap::Tap;

use crate::subject::Subject;

pub use ground::Ground;
pub use matrix::{Given, Made, Next, Row, matrix};
pub use outcome::{Met, Outcomes, Verdict};
pub use site::Way;

/// Runs the tap under every fault of the matrix that can happen to this stream, and prints the
/// table. The stream should have several pages.
///
/// # Panics
/// When a row is not met; the message tells all of them.
#[track_caller]
pub fn check<T: Tap>(subject: &Subject, stream: &str) -> Outcomes {
    let outcomes = examine::<T>(subject, stream);
    outcomes.show();
    outcomes.assert();
    outcomes
}

/// The same without a word; the outcomes tell what is not met.
///
/// # Panics
/// When the tap fails without any fault.
#[track_caller]
pub fn examine<T: Tap>(subject: &Subject, stream: &str) -> Outcomes {
    let trial = trial::Trial::begin::<T>(subject, stream);
    Outcomes { tap: T::NAME, rows: matrix().iter().map(|row| trial.meet(row)).collect() }
}

#[cfg(test)]
mod tests;
