//! What the source holds, and what of it arrived.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::Mock;
use crate::output::Output;

/// A stream whose rows can be compared with the source's.
#[derive(Debug)]
pub struct Known {
    /// Its name.
    pub stream: &'static str,
    /// Its key, here and there.
    key: &'static str,
    /// Its replication key in a record.
    cursor: &'static str,
    /// The same in the source's row.
    truth: &'static str,
}

const KNOWN: [Known; 5] = [
    Known { stream: "issues", key: "id", cursor: "updated_at", truth: "/updated_at" },
    Known { stream: "issue_comments", key: "id", cursor: "updated_at", truth: "/updated_at" },
    Known { stream: "pull_requests", key: "id", cursor: "updated_at", truth: "/updated_at" },
    Known {
        stream: "commits",
        key: "node_id",
        cursor: "commit_timestamp",
        truth: "/commit/committer/date",
    },
    Known { stream: "releases", key: "id", cursor: "created_at", truth: "/created_at" },
];

/// A version of a row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Row {
    /// Its key, as JSON text.
    pub key: String,
    /// The value of its replication key.
    pub at: DateTime<Utc>,
    /// What names it in a reject, whose key may be unreadable.
    pub(crate) node_id: Option<String>,
}

/// How a stream's rows are compared, if they can be.
pub fn known(stream: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.stream == stream)
}

/// What is not as in the source once all of these outputs have arrived in their order, each row
/// with its latest version; empty if nothing is missing, stale or invented.
pub fn missing(mock: &Mock, stream: &str, repos: &[&str], outputs: &[&Output]) -> Vec<String> {
    let known = known(stream).expect("a stream that can be compared");
    let mut arrived = BTreeMap::new();
    for record in outputs.iter().flat_map(|output| output.records(stream)) {
        let row = known.of_record(record);
        arrived.insert(row.key, row.at);
    }
    let truth: BTreeMap<String, DateTime<Utc>> = repos
        .iter()
        .flat_map(|repo| known.rows(mock, repo).expect("a repository that there is"))
        .map(|row| (row.key, row.at))
        .collect();
    assert!(!truth.is_empty(), "a comparison with nothing proves nothing");
    let keys = truth.keys().chain(arrived.keys().filter(|key| !truth.contains_key(*key)));
    keys.filter(|key| truth.get(*key) != arrived.get(*key))
        .map(|key| {
            format!("{stream} {key}: {:?} instead of {:?}", arrived.get(key), truth.get(key))
        })
        .collect()
}

impl Known {
    /// The source's rows; `None` if it has no such repository.
    pub fn rows(&self, mock: &Mock, repo: &str) -> Option<Vec<Row>> {
        let top = self.truth.split('/').nth(1).unwrap_or_default();
        let fields = format!("{},node_id,{top}", self.key);
        let rows = mock.truth(repo, self.stream, &fields)?;
        Some(rows.iter().map(|row| self.row(row, row.pointer(self.truth))).collect())
    }

    /// The row that a record is a version of.
    pub fn of_record(&self, record: &Value) -> Row {
        self.row(record, record.get(self.cursor))
    }

    fn row(&self, value: &Value, at: Option<&Value>) -> Row {
        let at = at.and_then(Value::as_str).and_then(instant);
        Row {
            key: value[self.key].to_string(),
            at: at.unwrap_or_else(|| panic!("a row without its `{}`: {value}", self.cursor)),
            node_id: value["node_id"].as_str().map(str::to_owned),
        }
    }
}

/// An instant of RFC 3339.
pub(crate) fn instant(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc())
}
