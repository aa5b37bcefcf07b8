//! Time per record of the encoder, beside the time that checking the JSON grammar takes.
//!
//! `cargo run --release -p singer-protocol --example encode`
//!
//! Pages of 100 issues of about 4 KB in memory; the best of many rounds, since other work on the
//! machine only ever adds.

use std::error::Error;
use std::io::Write;
use std::time::Instant;

use chrono::DateTime;
use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};
use singer_protocol::transform::{exists, from_parent, rename};
use singer_protocol::{
    CursorKind, Encoder, Frame, Keep, Output, RecordSpec, Schema, Selection, Stamp,
};

const RECORDS: u32 = 100;
const ROUNDS: u32 = 300;

fn main() -> Result<(), Box<dyn Error>> {
    let issues: Vec<Value> = (0..RECORDS).map(issue).collect();
    let body = serde_json::to_vec(&issues)?;
    let encoder = encoder(&issues[0])?;
    let stamp = Stamp { time_extracted: DateTime::UNIX_EPOCH, version: None };
    let parent = vec![("org".to_owned(), json!("acme")), ("repo".to_owned(), json!("widgets"))];
    let mut out = Output::default();

    let grammar = best(|| serde_json::from_slice::<IgnoredAny>(&body).map(drop))?;
    let documents = best(|| serde_json::from_slice::<Value>(&body).map(drop))?;
    let encoded = best(|| {
        out.clear();
        encoder
            .page(&body, &Frame::list(), &parent, &stamp, &mut |_| Keep::Emit, &mut out)
            .map(drop)
    })?;

    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "bytes a record in the body    {:>6}", body.len() / RECORDS as usize)?;
    writeln!(stdout, "bytes a line                  {:>6}", out.lines.len() / RECORDS as usize)?;
    for (what, time) in [("grammar", grammar), ("documents", documents), ("encoder", encoded)] {
        writeln!(stdout, "{what:<24} {time:>8.0} ns  {:>6.2} x grammar", time / grammar)?;
    }
    Ok(())
}

/// The least nanoseconds a record that any round takes.
fn best<E>(mut round: impl FnMut() -> Result<(), E>) -> Result<f64, E> {
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        round()?;
        best = best.min(start.elapsed().as_secs_f64());
    }
    Ok(best * 1e9 / f64::from(RECORDS))
}

fn encoder(sample: &Value) -> Result<Encoder, Box<dyn Error>> {
    let mut json = schema_of(sample);
    for name in ["org", "repo", "issue_type"] {
        json["properties"][name] = json!({"type": ["string", "null"]});
    }
    Ok(Encoder::compile(&RecordSpec {
        stream: "issues",
        schema: &Schema::parse(json)?,
        key: &["id".to_owned()],
        cursor: Some(("updated_at", CursorKind::Instant)),
        filters: &[],
        transforms: &[
            rename("type", "issue_type"),
            exists("pull_request", "type", "pull_request", "issue"),
            from_parent("org"),
            from_parent("repo"),
        ],
        selection: &Selection::all(),
        context: &["number".to_owned()],
        omit: &[],
        map: None,
        flattening: None,
    })?)
}

/// The schema of a value that has all its fields.
fn schema_of(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let fields: Map<String, Value> =
                members.iter().map(|(name, member)| (name.clone(), schema_of(member))).collect();
            json!({"type": ["object", "null"], "properties": fields})
        }
        Value::Array(items) => {
            json!({"type": ["array", "null"], "items": schema_of(items.first().unwrap_or(&Value::Null))})
        }
        Value::String(text) if text.ends_with("00Z") => {
            json!({"type": ["string", "null"], "format": "date-time"})
        }
        Value::String(_) | Value::Null => json!({"type": ["string", "null"]}),
        Value::Bool(_) => json!({"type": ["boolean", "null"]}),
        Value::Number(_) => json!({"type": ["integer", "null"]}),
    }
}

fn issue(number: u32) -> Value {
    let at = "https://api.github.com/repos/acme/widgets";
    json!({
        "url": format!("{at}/issues/{number}"), "repository_url": at,
        "labels_url": format!("{at}/issues/{number}/labels{{/name}}"),
        "comments_url": format!("{at}/issues/{number}/comments"),
        "events_url": format!("{at}/issues/{number}/events"),
        "html_url": format!("https://github.com/acme/widgets/issues/{number}"),
        "id": 1_000_000_000 + number, "node_id": format!("I_kwDOABCDEF{number}"), "number": number,
        "title": "The widget turns left when it should turn right",
        "user": user(7),
        "labels": [label("bug"), label("good first issue")],
        "state": "open", "locked": false, "assignee": user(8), "assignees": [user(8)],
        "milestone": null, "comments": 3, "created_at": "2026-11-20T08:00:00Z",
        "updated_at": "2026-11-24T15:00:00Z", "closed_at": null, "author_association": "CONTRIBUTOR",
        "type": null, "active_lock_reason": null,
        "body": "Steps:\r\n\r\n1. Take the \"small\" widget\r\n2. Push it\r\n\r\nIt should go on. ".repeat(5),
        "closed_by": null,
        "reactions": {
            "url": format!("{at}/issues/{number}/reactions"), "total_count": 2, "+1": 1, "-1": 0,
            "laugh": 0, "hooray": 0, "confused": 0, "heart": 1, "rocket": 0, "eyes": 0,
        },
        "timeline_url": format!("{at}/issues/{number}/timeline"),
        "performed_via_github_app": null, "state_reason": null,
    })
}

fn user(id: u32) -> Value {
    let at = format!("https://api.github.com/users/octo{id}");
    json!({
        "login": format!("octo{id}"), "id": id, "node_id": format!("U_kgDO{id}"),
        "avatar_url": format!("https://avatars.githubusercontent.com/u/{id}?v=4"), "gravatar_id": "",
        "url": at, "html_url": format!("https://github.com/octo{id}"),
        "followers_url": format!("{at}/followers"),
        "following_url": format!("{at}/following{{/other_user}}"),
        "gists_url": format!("{at}/gists{{/gist_id}}"),
        "starred_url": format!("{at}/starred{{/owner}}{{/repo}}"),
        "subscriptions_url": format!("{at}/subscriptions"),
        "organizations_url": format!("{at}/orgs"), "repos_url": format!("{at}/repos"),
        "events_url": format!("{at}/events{{/privacy}}"),
        "received_events_url": format!("{at}/received_events"),
        "type": "User", "user_view_type": "public", "site_admin": false,
    })
}

fn label(name: &str) -> Value {
    json!({
        "id": 208_045_946, "node_id": "MDU6TGFiZWwyMDgwNDU5NDY=",
        "url": format!("https://api.github.com/repos/acme/widgets/labels/{name}"),
        "name": name, "color": "f29513", "default": true,
        "description": "Something is not working as it should",
    })
}
