//! The guide: what it shows is there, what it says is so, and its commands run.

#![allow(clippy::unwrap_used, reason = "a helper of a test fails as the test does")]

mod book;
mod commands;
mod pages;
mod reference;
mod settings;
