//! Which records of a route are wanted.

use std::sync::Arc;

use serde_json::Value;
use singer_protocol::Seen;

use crate::plan::Planned;

type Test = dyn Fn(&[Value]) -> bool + Send + Sync;

/// Tells by some fields of a record whether it is wanted.
#[derive(Clone)]
pub(crate) struct Pick {
    pub(crate) fields: Vec<String>,
    test: Arc<Test>,
}

impl Pick {
    pub(crate) fn new(
        fields: Vec<String>,
        test: impl Fn(&[Value]) -> bool + Send + Sync + 'static,
    ) -> Pick {
        Pick { fields, test: Arc::new(test) }
    }

    /// Whether a record is wanted; what it does not have is null.
    pub(crate) fn wants(&self, planned: &Planned, seen: &Seen<'_>) -> bool {
        let value = |field: &String| {
            planned.handed_at(field).and_then(|at| seen.context.value(at)).unwrap_or_default()
        };
        let values: Vec<Value> = self.fields.iter().map(value).collect();
        (self.test)(&values)
    }
}
