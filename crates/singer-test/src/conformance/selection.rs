//! What the catalog and `--select` may change, and what not.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::trial::Trial;
use crate::protocol::Document;
use crate::transcript::{Transcript, names};

/// Discovery says the same twice, names every stream, and its catalog changes nothing.
pub(super) fn catalog(trial: &Trial<'_>) -> Vec<String> {
    let discover = || trial.messages(&trial.invocation().with(&["--discover"])).stdout().to_owned();
    let text = discover();
    let Ok(catalog) = serde_json::from_str::<Value>(&text) else {
        return vec!["discovery writes no JSON".to_owned()];
    };
    let mut failures = Document::Catalog.breaches(&catalog);
    if discover() != text {
        failures.push("discovery says something else the second time".to_owned());
    }
    let plain = trial.messages(&trial.invocation());
    let fed_back = trial.messages(&trial.invocation().by(&catalog));
    if plain.stdout() != fed_back.stdout() {
        failures
            .push("the catalog of discovery, fed back unchanged, changes the output".to_owned());
    }
    let listed: Vec<&Value> = catalog["streams"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| &one["tap_stream_id"])
        .collect();
    let unlisted =
        trial.whole.streams().into_iter().filter(|stream| !listed.iter().any(|one| *one == stream));
    failures.extend(unlisted.map(|stream| format!("discovery lists no `{stream}`")));
    failures
}

/// Each stream alone, none, and each top-level field left out.
pub(super) fn selection(trial: &Trial<'_>) -> Vec<String> {
    let mut failures = Vec::new();
    for stream in trial.whole.streams() {
        let alone = trial.run(&trial.invocation().with(&[
            "--select",
            stream,
            "--select",
            &format!("{stream}.*"),
        ]));
        let others: Vec<&str> = alone.streams().into_iter().filter(|one| *one != stream).collect();
        if !others.is_empty() {
            failures.push(format!("`{stream}` alone brings {others:?} too"));
        }
        let [mut one, mut other] = [&alone, &trial.whole].map(|run| once(run.about(stream)));
        if trial.is_child(stream) {
            // A parent that is read for its children alone has no windows: they come in another order.
            for messages in [&mut one, &mut other] {
                messages.sort_by_key(Value::to_string);
            }
        }
        if one != other {
            failures.push(format!("`{stream}` alone is not what it is among the others"));
        }
    }
    let discovered = trial.messages(&trial.invocation().with(&["--discover"]));
    let catalog: Value = serde_json::from_str(discovered.stdout()).unwrap_or_default();
    let nothing =
        trial.messages(&trial.invocation().by(&selected(&catalog, false, &|_| Vec::new())));
    if nothing.stdout().contains(r#""type":"RECORD""#) {
        failures.push("records come although nothing is selected".to_owned());
    }
    failures.extend(fields(trial, &catalog));
    failures
}

/// In each run some fields of every stream are left out: of any two, each in one without the other.
fn fields(trial: &Trial<'_>, catalog: &Value) -> Vec<String> {
    let fields: BTreeMap<&str, Vec<&str>> = (trial.whole.schemas())
        .map(|(stream, message)| {
            let fields = message["schema"]["properties"].as_object().into_iter().flatten();
            (stream, fields.map(|(name, _)| name.as_str()).collect())
        })
        .collect();
    let most = fields.values().map(Vec::len).max().unwrap_or_default();
    let mut failures = Vec::new();
    for bit in (0..usize::BITS).take_while(|bit| most >> bit > 0) {
        for side in [0, 1] {
            let left_out = |stream: &str| -> Vec<&str> {
                let fields = fields.get(stream).into_iter().flatten().enumerate();
                fields.filter(|(at, _)| at >> bit & 1 == side).map(|(_, name)| *name).collect()
            };
            let run = trial.run(&trial.invocation().by(&selected(catalog, true, &left_out)));
            for stream in fields.keys() {
                let left_out = left_out(stream);
                if once(run.about(stream)) != once(without(&trial.whole, stream, &left_out)) {
                    failures.push(format!("`{stream}` is not itself without {left_out:?}"));
                }
            }
        }
    }
    failures
}

/// The catalog with all streams selected or none, and some fields of each left out.
fn selected<'a>(
    catalog: &Value,
    is_selected: bool,
    left_out: &dyn Fn(&str) -> Vec<&'a str>,
) -> Value {
    let mut catalog = catalog.clone();
    for entry in catalog["streams"].as_array_mut().into_iter().flatten() {
        let stream = entry["tap_stream_id"].as_str().unwrap_or_default().to_owned();
        let fields = left_out(&stream);
        for place in entry["metadata"].as_array_mut().into_iter().flatten() {
            let breadcrumb = names(&place["breadcrumb"]);
            let is_left_out =
                matches!(breadcrumb[..], ["properties", field] if fields.contains(&field));
            if breadcrumb.is_empty() {
                place["metadata"]["selected"] = json!(is_selected);
            } else if is_left_out {
                place["metadata"]["selected"] = json!(false);
            }
        }
    }
    catalog
}

/// Each message once: a record may come twice, and it depends on what else is read of its parent.
fn once(mut messages: Vec<Value>) -> Vec<Value> {
    let mut told = BTreeSet::new();
    messages.retain(|message| told.insert(message.to_string()));
    messages
}

/// What is left of a stream without these fields: key and replication key stay.
fn without(whole: &Transcript, stream: &str, fields: &[&str]) -> Vec<Value> {
    let mut messages = whole.about(stream);
    let lists = ["key_properties", "bookmark_properties"];
    let schema = messages.iter().find(|message| message["type"] == "SCHEMA").cloned();
    let kept: Vec<&str> = lists
        .iter()
        .flat_map(|list| schema.iter().flat_map(|schema| names(&schema[*list])))
        .collect();
    for message in &mut messages {
        let place = if message["type"] == "SCHEMA" { "/schema/properties" } else { "/record" };
        if let Some(Value::Object(all)) = message.pointer_mut(place) {
            all.retain(|name, _| kept.contains(&name.as_str()) || !fields.contains(&name.as_str()));
        }
    }
    messages
}
