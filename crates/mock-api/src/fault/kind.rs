//! The faults, and what each does to an answer.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{bomb, link};
use crate::server::{Answer, Delivery, Ending, Framing, Request, Stop};

/// One fault of a script.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Fault {
    Status {
        status: u16,
        body: Option<String>,
        #[serde(default)]
        headers: BTreeMap<String, String>,
    },
    Cut {
        at: usize,
        #[serde(default)]
        framing: Framing,
        /// Not compressed, although the client could read it so.
        #[serde(default)]
        plain: bool,
    },
    WrongLength {
        delta: i64,
    },
    Reset {
        after: Option<usize>,
    },
    Html {},
    Empty {},
    Stall {
        ms: Option<u64>,
        after: Option<usize>,
    },
    RepeatCursor {
        #[serde(default)]
        back: usize,
    },
    ForeignNext {
        host: String,
    },
    Redirect {
        location: String,
        status: Option<u16>,
    },
    Bomb {
        mebibytes: Option<u32>,
    },
    Mangle {
        pointer: String,
        #[serde(default)]
        value: Value,
        #[serde(default)]
        remove: bool,
    },
    /// An error of GraphQL about a part of the data, which becomes null.
    Partial {
        pointer: String,
        error: String,
        message: Option<String>,
    },
    Replace {
        find: String,
        with: String,
    },
    /// Bytes in place of a text, an empty one being the beginning: what is no UTF-8.
    Bytes {
        find: String,
        with: Vec<u8>,
    },
    /// Headers beside the honest ones, or in place of them.
    Headers {
        set: BTreeMap<String, String>,
    },
    /// The answer to the request before, of those that match.
    Earlier {},
    /// A page without rows, whose next page is yet another one.
    EmptyPages {
        body: Option<String>,
    },
    /// The rows of a page the other way round.
    Reverse {
        #[serde(default)]
        pointer: String,
    },
    /// The honest answer, after which the data changes, by an admin request.
    Change {
        action: String,
        #[serde(default)]
        query: String,
    },
}

/// The request that a fault is for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) request: &'a Request,
    /// Addresses of the rule's requests, this one last.
    pub(crate) addresses: &'a [String],
    /// The answer to the request before.
    pub(crate) earlier: Option<&'a Answer>,
}

const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Down for maintenance</title></head>\
    <body><h1>We will be back soon</h1></body></html>\n";

impl Fault {
    /// The name in the script.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Fault::Status { .. } => "status",
            Fault::Cut { .. } => "cut",
            Fault::WrongLength { .. } => "wrong_length",
            Fault::Reset { .. } => "reset",
            Fault::Html {} => "html",
            Fault::Empty {} => "empty",
            Fault::Stall { .. } => "stall",
            Fault::RepeatCursor { .. } => "repeat_cursor",
            Fault::ForeignNext { .. } => "foreign_next",
            Fault::Redirect { .. } => "redirect",
            Fault::Bomb { .. } => "bomb",
            Fault::Mangle { .. } => "mangle",
            Fault::Partial { .. } => "partial",
            Fault::Replace { .. } => "replace",
            Fault::Bytes { .. } => "bytes",
            Fault::Headers { .. } => "headers",
            Fault::Earlier {} => "earlier",
            Fault::EmptyPages { .. } => "empty_pages",
            Fault::Reverse { .. } => "reverse",
            Fault::Change { .. } => "change",
        }
    }

    /// What the client gets instead of the honest answer.
    pub(crate) fn apply(&self, target: &Target<'_>, answer: Answer) -> (Answer, Delivery) {
        let delivery = self.delivery();
        let mut answer = answer;
        match self {
            Fault::Cut { .. }
            | Fault::WrongLength { .. }
            | Fault::Reset { .. }
            | Fault::Stall { .. }
            | Fault::Change { .. } => {}
            Fault::Status { status, body, headers } => {
                answer = bare(answer, *status);
                answer.body = body.clone().unwrap_or_else(|| message(*status)).into_bytes();
                for (name, value) in headers {
                    answer.set(&name.to_ascii_lowercase(), value);
                }
            }
            Fault::Html {} => {
                answer = bare(answer, 200);
                answer.set("content-type", "text/html; charset=utf-8");
                answer.body = PAGE.into();
            }
            Fault::Empty {} => answer.body.clear(),
            Fault::RepeatCursor { back } => {
                let at = target.addresses.len().saturating_sub(1 + back);
                if let Some(address) = target.addresses.get(at) {
                    link::set_next(&mut answer, address);
                }
            }
            Fault::ForeignNext { host } => {
                let own = format!("{}{}", target.request.origin(), target.request.target);
                let address = link::with_host(link::next(&answer).unwrap_or(&own), host);
                link::set_next(&mut answer, &address);
            }
            Fault::Redirect { location, status } => {
                answer = bare(answer, status.unwrap_or(302));
                answer.set("location", location);
                answer.body = message(answer.status).into_bytes();
            }
            Fault::Bomb { mebibytes } => {
                answer.body = bomb::gzip(mebibytes.unwrap_or(1024));
                answer.set("content-encoding", "gzip");
            }
            Fault::Mangle { pointer, value, remove } => {
                answer.body = mangle(&answer.body, pointer, (!remove).then_some(value));
            }
            Fault::Partial { pointer, error, message } => {
                let null = mangle(&answer.body, pointer, Some(&Value::Null));
                let message = message.as_deref().unwrap_or("something went wrong there");
                answer.body = blame(&null, pointer, error, message);
            }
            Fault::Replace { find, with } => {
                let text = String::from_utf8_lossy(&answer.body).replacen(find, with, 1);
                answer.body = text.into_bytes();
            }
            Fault::Bytes { find, with } => {
                if let Some(at) = String::from_utf8_lossy(&answer.body).find(find.as_str()) {
                    answer.body.splice(at..at + find.len(), with.iter().copied());
                }
            }
            Fault::Headers { set } => {
                set.iter().for_each(|(name, value)| answer.set(&name.to_ascii_lowercase(), value));
            }
            Fault::Earlier {} => answer = target.earlier.cloned().unwrap_or(answer),
            Fault::EmptyPages { body } => {
                let turn = target.addresses.len();
                let path = &target.request.path;
                link::set_next(&mut answer, &format!("{path}?turn={turn}"));
                answer.body = body.as_deref().unwrap_or("[]").into();
            }
            Fault::Reverse { pointer } => {
                if let Ok(mut document) = serde_json::from_slice::<Value>(&answer.body)
                    && let Some(rows) = document.pointer_mut(pointer).and_then(Value::as_array_mut)
                {
                    rows.reverse();
                    answer.body = document.to_string().into_bytes();
                }
            }
        }
        (answer, delivery)
    }

    fn delivery(&self) -> Delivery {
        let stop = |after, ending| Some(Stop { after, ending });
        match *self {
            Fault::Cut { at, framing, plain } => {
                Delivery { framing, plain, stop: stop(Some(at), Ending::Close), lie: 0 }
            }
            Fault::WrongLength { delta } => Delivery { lie: delta, ..Delivery::default() },
            Fault::Reset { after } => {
                Delivery { stop: stop(after, Ending::Reset), ..Delivery::default() }
            }
            Fault::Stall { ms, after } => {
                let ending = Ending::Stall(ms.map(Duration::from_millis));
                Delivery { stop: stop(after, ending), ..Delivery::default() }
            }
            Fault::Empty {} | Fault::Bomb { .. } => Delivery { plain: true, ..Delivery::default() },
            _ => Delivery::default(),
        }
    }
}

/// The answer without what told of the honest body.
fn bare(mut answer: Answer, status: u16) -> Answer {
    answer.status = status;
    answer.set("content-type", "application/json; charset=utf-8");
    for name in ["link", "etag", "location"] {
        answer.unset(name);
    }
    answer
}

fn message(status: u16) -> String {
    let text = crate::server::reason(status);
    format!("{{\"message\":\"{text}\",\"status\":\"{status}\"}}")
}

/// A JSON text with the value at a pointer set, or removed.
fn mangle(body: &[u8], pointer: &str, value: Option<&Value>) -> Vec<u8> {
    let Ok(mut document) = serde_json::from_slice::<Value>(body) else { return body.to_vec() };
    let (parent, key) = pointer.rsplit_once('/').unwrap_or(("", ""));
    let key = key.replace("~1", "/").replace("~0", "~");
    match (document.pointer_mut(parent), value) {
        (_, Some(value)) if pointer.is_empty() => document = value.clone(),
        (Some(Value::Object(fields)), Some(value)) => {
            fields.insert(key, value.clone());
        }
        (Some(Value::Object(fields)), None) => {
            fields.shift_remove(&key);
        }
        (Some(Value::Array(items)), value) => {
            if let Some(at) = key.parse().ok().filter(|&at: &usize| at < items.len()) {
                match value {
                    Some(value) => items[at] = value.clone(),
                    None => drop(items.remove(at)),
                }
            }
        }
        _ => {}
    }
    document.to_string().into_bytes()
}

/// An answer with one more error, about what stands at a pointer.
fn blame(body: &[u8], pointer: &str, kind: &str, message: &str) -> Vec<u8> {
    let Ok(mut document) = serde_json::from_slice::<Value>(body) else { return body.to_vec() };
    let step = |step: &str| step.parse::<u64>().map_or_else(|_| json!(step), Value::from);
    // Paths begin within `data`.
    let path: Vec<Value> = pointer.split('/').skip(2).map(step).collect();
    let error = json!({"type": kind, "path": path, "message": message});
    match document.get_mut("errors").and_then(Value::as_array_mut) {
        Some(errors) => errors.push(error),
        None => document["errors"] = json!([error]),
    }
    document.to_string().into_bytes()
}

#[cfg(test)]
mod tests {

    use super::*;

    fn check(fault: Value, expected: impl Fn(&Answer, Delivery) -> bool) {
        let request = Request::new("GET", "/items?page=2");
        let fault: Fault = serde_json::from_value(fault).unwrap();
        let mut answer = Answer::json(200, r#"[{"id":1,"a":{"b":null}},{"id":2}]"#);
        answer.set("link", "<http://127.0.0.1/items?page=3>; rel=\"next\"");
        let addresses =
            ["http://127.0.0.1/items".to_owned(), "http://127.0.0.1/items?page=2".into()];
        let before = Answer::json(200, "[0]");
        let target = Target { request: &request, addresses: &addresses, earlier: Some(&before) };
        let (answer, delivery) = fault.apply(&target, answer);
        assert!(expected(&answer, delivery), "{fault:?}: {answer:?} {delivery:?}");
    }

    fn body(answer: &Answer) -> &str {
        std::str::from_utf8(&answer.body).unwrap()
    }

    #[test]
    fn each_fault_bends_the_answer_in_its_way() {
        check(json!({"kind": "status", "status": 502, "headers": {"X-A": "b"}}), |answer, _| {
            answer.status == 502
                && answer.header("x-a") == Some("b")
                && answer.header("link").is_none()
        });
        check(json!({"kind": "html"}), |answer, _| body(answer).starts_with("<!DOCTYPE"));
        check(json!({"kind": "empty"}), |answer, _| answer.status == 200 && answer.body.is_empty());
        check(json!({"kind": "repeat_cursor"}), |answer, _| {
            link::next(answer) == Some("http://127.0.0.1/items?page=2")
        });
        check(json!({"kind": "repeat_cursor", "back": 1}), |answer, _| {
            link::next(answer) == Some("http://127.0.0.1/items")
        });
        check(json!({"kind": "foreign_next", "host": "evil.example"}), |answer, _| {
            link::next(answer) == Some("http://evil.example/items?page=3")
        });
        check(json!({"kind": "redirect", "location": "http://b/"}), |answer, _| {
            answer.status == 302 && answer.header("location") == Some("http://b/")
        });
        check(json!({"kind": "replace", "find": "null", "with": "NaN"}), |answer, _| {
            body(answer) == r#"[{"id":1,"a":{"b":NaN}},{"id":2}]"#
        });
        check(json!({"kind": "bytes", "find": "null", "with": [34, 255, 34]}), |answer, _| {
            answer.body == b"[{\"id\":1,\"a\":{\"b\":\"\xff\"}},{\"id\":2}]"
        });
        check(json!({"kind": "bytes", "find": "", "with": [239, 187, 191]}), |answer, _| {
            body(answer).starts_with("\u{feff}[")
        });
        check(json!({"kind": "headers", "set": {"Date": "x"}}), |answer, _| {
            answer.header("date") == Some("x")
                && answer.status == 200
                && link::next(answer).is_some()
        });
        check(json!({"kind": "earlier"}), |answer, _| body(answer) == "[0]");
        check(json!({"kind": "empty_pages"}), |answer, _| {
            body(answer) == "[]" && link::next(answer) == Some("/items?turn=2")
        });
        check(json!({"kind": "reverse"}), |answer, _| body(answer).starts_with("[{\"id\":2}"));
        check(json!({"kind": "wrong_length", "delta": -3}), |_, delivery| delivery.lie == -3);
        check(json!({"kind": "cut", "at": 5, "framing": "chunked"}), |_, delivery| {
            delivery.framing == Framing::Chunked
                && delivery.stop == Some(Stop { after: Some(5), ending: Ending::Close })
        });
        check(json!({"kind": "reset"}), |_, delivery| {
            delivery.stop == Some(Stop { after: None, ending: Ending::Reset })
        });
    }

    #[test]
    fn a_part_of_the_data_fails_with_an_error_at_its_path() {
        let body = br#"{"data":{"a":[{"b":1},{"b":2}]}}"#;
        let fault = Fault::Partial {
            pointer: "/data/a/1/b".to_owned(),
            error: "FORBIDDEN".to_owned(),
            message: None,
        };
        let (request, answer) = (Request::new("POST", "/graphql"), Answer::json(200, *body));
        let (answer, _) =
            fault.apply(&Target { request: &request, addresses: &[], earlier: None }, answer);
        let answer: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(answer["data"], json!({"a": [{"b": 1}, {"b": null}]}));
        let error = &answer["errors"][0];
        assert_eq!((&error["type"], &error["path"]), (&json!("FORBIDDEN"), &json!(["a", 1, "b"])));
    }

    #[test]
    fn a_field_is_mangled_by_its_pointer() {
        for (fault, text) in [
            (json!({"pointer": "/0/id", "value": "x"}), r#"[{"id":"x","a":{"b":null}},{"id":2}]"#),
            (json!({"pointer": "/0/a", "remove": true}), r#"[{"id":1},{"id":2}]"#),
            (json!({"pointer": "/0/a/b", "value": [1]}), r#"[{"id":1,"a":{"b":[1]}},{"id":2}]"#),
            (json!({"pointer": "/1", "remove": true}), r#"[{"id":1,"a":{"b":null}}]"#),
            (json!({"pointer": "", "value": {}}), "{}"),
        ] {
            let mut fault = fault;
            fault["kind"] = json!("mangle");
            check(fault, |answer, _| body(answer) == text);
        }
    }
}
