//! HTTP/1.1 by hand, so that an answer can be cut, mislabelled, stalled or reset at any byte.

mod answer;
mod api;
mod connection;
mod delivery;
mod etag;
mod journal;
mod listener;
mod request;
mod service;

pub use answer::Answer;
pub use api::{Api, Caller, Refusal};
pub use listener::Server;
pub use request::Request;

pub(crate) use answer::reason;
pub(crate) use delivery::{Delivery, Ending, Framing, Stop};
pub(crate) use journal::Journal;
pub(crate) use service::Service;
