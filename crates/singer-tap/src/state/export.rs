//! A state in the form of singer-sdk.
//!
//! Partitions are a list, each with its context
//! ([documentation](https://sdk.meltano.com/en/latest/implementation/state.html)). There are no
//! intervals and no pending partitions: where a state has some, less is said, so that more is read
//! again and nothing is missed.

use serde_json::{Map, Value, json};
use singer_protocol::{Bookmark, Layout, PartitionKey, State};

use crate::text::counted;

/// The state in singer-sdk's form, and what of it that form cannot say.
pub(super) fn to_sdk(
    state: &State,
    layout: &dyn Fn(&str) -> Option<Layout>,
) -> (Value, Vec<String>) {
    let mut value = state.to_value();
    let mut losses = Vec::new();
    if let Some(bookmarks) = value["bookmarks"].as_object_mut() {
        for (name, entry) in bookmarks {
            if let Some(layout) = layout(name) {
                let pending = entry["pending"].as_array().map_or(0, Vec::len);
                *entry = match pending {
                    0 => stream(state, name, &layout, &mut losses),
                    pending => unsaid(name, pending, &mut losses),
                };
            }
        }
    }
    if let Some(value) = value.as_object_mut() {
        value.shift_remove("tap");
    }
    (value, losses)
}

fn stream(state: &State, name: &str, layout: &Layout, losses: &mut Vec<String>) -> Value {
    let keys: Vec<&PartitionKey> = state.partitions(name).collect();
    let own = state.bookmark(name, None).cloned().unwrap_or_default();
    let mut again = own.intervals.as_slice().len();
    let mut json = bookmark(&own);
    let mut partitions = Vec::new();
    for key in &keys {
        let Some(context) = context(key, layout) else {
            losses.push(format!(
                "the partition {key} of `{name}` is not named by what the settings name one by; it is left out"
            ));
            continue;
        };
        let of = state.bookmark(name, Some(key)).cloned().unwrap_or_default();
        again += of.intervals.as_slice().len();
        let mut partition = Map::from_iter([("context".to_owned(), Value::Object(context))]);
        partition.extend(bookmark(&of));
        partitions.push(Value::Object(partition));
    }
    if !keys.is_empty() {
        json.insert("partitions".to_owned(), Value::Array(partitions));
    }
    let all = keys.iter().filter_map(|key| state.bookmark(name, Some(key))).chain([&own]);
    if all.into_iter().any(|bookmark| bookmark.events.is_some()) {
        losses.push(format!(
            "singer-sdk's form cannot say up to when the changes of `{name}` were read; its list is read again"
        ));
    }
    if again > 0 {
        losses.push(format!(
            "singer-sdk's form cannot say that {} of `{name}` were read beyond its bookmarks; they are read again",
            counted(again as u64, "interval")
        ));
    }
    Value::Object(json)
}

/// A stream whose bookmarks would hide partitions that could not be read: it has none.
fn unsaid(name: &str, pending: usize, losses: &mut Vec<String>) -> Value {
    losses.push(format!(
        "singer-sdk's form cannot say that {} of `{name}` are yet to be read; its bookmarks are left out, so that all is read again",
        counted(pending as u64, "partition")
    ));
    json!({})
}

/// What names a partition, by the fields that the settings name one by.
fn context(key: &PartitionKey, layout: &Layout) -> Option<Map<String, Value>> {
    let values = key.values();
    let fields = layout.partitions.iter().find(|fields| fields.len() == values.len())?;
    Some(fields.iter().cloned().zip(values.into_iter().map(Value::String)).collect())
}

fn bookmark(bookmark: &Bookmark) -> Map<String, Value> {
    let mut json = Map::new();
    if let (Some(key), Some(value)) = (&bookmark.replication_key, &bookmark.value) {
        json.insert("replication_key".to_owned(), Value::from(key.as_str()));
        json.insert("replication_key_value".to_owned(), value.to_json());
    }
    let own = |key: &str| ["pending", "start"].contains(&key);
    json.extend(bookmark.rest.clone().into_iter().filter(|(key, _)| !own(key)));
    json
}

#[cfg(test)]
mod tests {
    use singer_protocol::CursorKind;

    use super::*;

    fn layout(name: &str) -> Option<Layout> {
        let cursor = Some(("at".to_owned(), CursorKind::Instant));
        let repositories = vec![vec!["org".to_owned(), "repo".to_owned()]];
        match name {
            "issues" => Some(Layout { partitions: repositories, cursor }),
            "charges" => Some(Layout { partitions: Vec::new(), cursor }),
            _ => None,
        }
    }

    fn check(bookmarks: Value, expected: Value, told: &[&str]) {
        let state = json!({"bookmarks": bookmarks, "tap": {"name": "tap-x", "state_version": 1}});
        let state = State::from_json(state, "tap-x", &layout).expect("a state");
        let (value, losses) = to_sdk(&state, &layout);
        assert_eq!(value, json!({"bookmarks": expected}));
        assert_eq!(losses.len(), told.len(), "{losses:?}");
        for (loss, part) in losses.iter().zip(told) {
            assert!(loss.contains(part), "{loss}");
        }
    }

    const AT: &str = "2026-11-24T15:00:00Z";

    fn own(intervals: Value) -> Value {
        json!({"replication_key": "at", "replication_key_value": AT, "intervals": intervals})
    }

    fn sdk() -> Value {
        json!({"replication_key": "at", "replication_key_value": AT})
    }

    #[test]
    fn what_the_form_of_singer_sdk_can_say_comes_back_as_it_was() {
        let ours = json!({
            "charges": own(json!([])),
            "issues": {"partitions": {"acme/a%2Fb": own(json!([]))}},
            "foreign": {"kept": 1},
        });
        let theirs = json!({
            "charges": sdk(),
            "issues": {"partitions": [
                {"context": {"org": "acme", "repo": "a/b"}, "replication_key": "at",
                 "replication_key_value": AT}]},
            "foreign": {"kept": 1},
        });
        check(ours.clone(), theirs.clone(), &[]);
        let back = State::from_json(json!({"bookmarks": theirs}), "tap-x", &layout);
        assert_eq!(back.expect("a state").to_value()["bookmarks"], ours);
    }

    #[test]
    fn what_it_cannot_say_is_told_and_read_again() {
        let interval = json!([["2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z"]]);
        check(
            json!({"charges": own(interval)}),
            json!({"charges": sdk()}),
            &["1 interval of `charges`"],
        );
        let mut pending = own(json!([]));
        pending["pending"] = json!([{"org": "acme"}]);
        check(json!({"charges": pending}), json!({"charges": {}}), &["1 partition of `charges`"]);
        let strange = json!({"issues": {"partitions": {"acme": own(json!([]))}}});
        check(strange, json!({"issues": {"partitions": []}}), &["the partition acme of `issues`"]);
    }

    #[test]
    fn changes_that_were_read_are_told_as_lost() {
        let mut charges = own(json!([]));
        charges["events"] = json!({"replication_key_value": AT});
        check(json!({"charges": charges}), json!({"charges": sdk()}), &["changes of `charges`"]);
    }
}
