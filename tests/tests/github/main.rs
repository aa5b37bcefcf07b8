//! The built `tap-github` reading from the built `mock-api`, as users run the one on the real API.

#![allow(clippy::unwrap_used, reason = "a helper of a test fails as the test does")]

mod backpressure;
mod changes;
mod cli;
mod config;
mod credentials;
mod determinism;
mod documents;
mod drift;
mod faults;
mod foreign_state;
mod kills;
mod links;
mod logs;
mod partial;
mod quota;
mod records;
mod reshaping;
mod secrets;
mod selection;
mod states;
mod stopping;
mod ties;
