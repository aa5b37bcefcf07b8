//! Records that cannot be kept: told in a stream of their own, so that none vanishes.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use serde_json::{Value, json};
use singer_protocol::{PartitionKey, Reject};

use crate::error::Error;

mod file;

pub(crate) use file::RejectsFile;

/// The part of a stream's records that may be rejected before the stream fails.
const SHARE: u64 = 1_000;
/// However few records there are, so many may be rejected.
const GRACE: u64 = 100;

/// The records of one stream, and how many of them were rejected; shared by its partitions.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    records: AtomicU64,
    rejected: AtomicU64,
}

impl Tally {
    /// Whether any record was rejected.
    pub(crate) fn is_rejecting(&self) -> bool {
        self.rejected.load(Relaxed) > 0
    }

    /// Books a page.
    ///
    /// # Errors
    /// Too many of the stream's records were rejected.
    pub(crate) fn add(&self, records: u64, rejects: &[Reject]) -> Result<(), Error> {
        let new = rejects.len() as u64;
        let records = self.records.fetch_add(records, Relaxed) + records;
        let rejected = self.rejected.fetch_add(new, Relaxed) + new;
        match rejects.last() {
            Some(last) if is_too_many(rejected, records) => {
                Err(Error::Rejects { rejected, records, reason: last.reason.to_string() })
            }
            _ => Ok(()),
        }
    }
}

/// Whether `rejected` of `records` are too many to go on: more than 0.1 % and more than 100.
fn is_too_many(rejected: u64, records: u64) -> bool {
    rejected > GRACE && rejected > records / SHARE
}

/// The stream that takes rejected records: `tap_github_rejects`.
pub(crate) fn stream_name(tap: &str) -> String {
    format!("{}_rejects", tap.replace('-', "_"))
}

/// Its key.
pub(crate) const KEY: [&str; 3] = ["stream", "partition", "hash"];

/// Its schema.
pub(crate) fn schema() -> Value {
    let text = json!({"type": ["null", "string"]});
    let key = json!({"type": "string"});
    json!({"type": "object", "properties": {
        "stream": key, "partition": key, "hash": key,
        "reason": text, "pointer": text, "record": text,
        "rejected_at": {"type": ["null", "string"], "format": "date-time"},
    }})
}

/// One reject, as a record of its stream or a line of its file.
pub(crate) fn record(
    stream: &str,
    partition: Option<&PartitionKey>,
    reject: &Reject,
    at: &str,
) -> Value {
    json!({
        "stream": stream,
        "partition": partition.map_or("", PartitionKey::as_str),
        "hash": reject.hash,
        "reason": reject.reason.to_string(),
        "pointer": reject.pointer,
        "record": reject.record,
        "rejected_at": at,
    })
}

/// The RECORD line of one reject.
pub(crate) fn line(rejects: &str, record: &Value, at: &str) -> String {
    let message =
        json!({"type": "RECORD", "stream": rejects, "record": record, "time_extracted": at});
    format!("{message}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_rejects_are_borne_and_more_are_not() {
        for (rejected, records, too_many) in [
            (0, 0, false),
            (100, 100, false),
            (101, 101, true),
            (101, 200_000, false),
            (201, 200_000, true),
        ] {
            assert_eq!(is_too_many(rejected, records), too_many, "{rejected} of {records}");
        }
    }
}
