//! The built binaries, end to end: helpers.
//!
//! A test starts a [`Mock`], describes a run of the tap with [`Tap`], and looks at the [`Run`] that
//! came of it. What must hold for every output, whatever the test is about, is checked by
//! [`check`] on each run, without a word of the test.

pub mod binary;
pub mod check;
mod folder;
mod http;
mod mock;
mod output;
mod process;
mod run;
mod secret;
mod tap;
pub mod terminal;
mod truth;
mod wait;

pub use folder::Folder;
pub use mock::Mock;
pub use output::Output;
pub use process::Running;
pub use run::Run;
pub use secret::TOKEN;
pub use tap::Tap;
pub use truth::{Known, Row, known, missing};
pub use wait::until;
