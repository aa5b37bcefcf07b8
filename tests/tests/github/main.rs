//! The built `tap-github` reading from the built `mock-api`, as users run the one on the real API.

mod backpressure;
mod cli;
mod config;
mod determinism;
mod documents;
mod faults;
mod foreign_state;
mod kills;
mod links;
mod partial;
mod quota;
mod records;
mod selection;
mod stopping;
