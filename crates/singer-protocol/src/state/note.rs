//! What a state held that could not be used.

use std::fmt;

/// Something in a state that was not taken over; what it stood for is read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A bookmark of another field than the stream's replication key.
    OtherKey {
        /// The stream.
        stream: String,
        /// The field in the state.
        found: String,
        /// The stream's replication key, if it has one.
        expected: Option<String>,
    },
    /// The progress of an unfinished run of a stream that came in no order: no bookmark.
    Unfinished {
        /// The stream.
        stream: String,
    },
    /// A partition whose values do not name one of the stream's partitions.
    UnknownPartition {
        /// The stream.
        stream: String,
        /// The fields that name a partition, for every way to name one.
        partitions: Vec<Vec<String>>,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Note::OtherKey { stream, found, expected: Some(expected) } => write!(
                f,
                "the state of `{stream}` is by `{found}`, the stream now follows `{expected}`; \
                 it is read from the start"
            ),
            Note::OtherKey { stream, found, expected: None } => write!(
                f,
                "the state of `{stream}` is by `{found}`, the stream is read in full each time"
            ),
            Note::Unfinished { stream } => write!(
                f,
                "the state of `{stream}` comes from an unfinished run whose records were in no \
                 order; it is read again from the last complete run"
            ),
            Note::UnknownPartition { stream, partitions } if partitions.is_empty() => write!(
                f,
                "the state of `{stream}` has partitions, the stream has none; it is read from \
                 the start"
            ),
            Note::UnknownPartition { stream, partitions } => write!(
                f,
                "the state of `{stream}` has a partition that is not named by {}; it is read \
                 from the start",
                partitions
                    .iter()
                    .map(|fields| alternative(fields))
                    .collect::<Vec<_>>()
                    .join(" or ")
            ),
        }
    }
}

fn alternative(fields: &[String]) -> String {
    format!("`{}`", fields.join("`, `"))
}
