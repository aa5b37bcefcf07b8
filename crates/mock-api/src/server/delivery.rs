//! How the bytes of an answer go out: whole and honest, or not.

use std::time::Duration;

/// How the length of a body is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Framing {
    /// `Content-Length`.
    #[default]
    Length,
    /// `Transfer-Encoding: chunked`.
    Chunked,
    /// By the end of the connection.
    Close,
}

/// What happens where the answer stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The connection is closed in order.
    Close,
    /// The connection is reset.
    Reset,
    /// Nothing is sent for that long, or until the client gives up; then the rest.
    Stall(Option<Duration>),
}

/// The byte at which an answer stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stop {
    /// Bytes of the body that are sent; `None`: not even the head.
    pub(crate) after: Option<usize>,
    pub(crate) ending: Ending,
}

/// How an answer is delivered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Delivery {
    pub(crate) framing: Framing,
    /// Added to the length that is told.
    pub(crate) lie: i64,
    pub(crate) stop: Option<Stop>,
    /// Send as it is, although the client could read it compressed.
    pub(crate) plain: bool,
}
