//! Which part of the setting `stream_maps` is meant for a stream.

use std::collections::BTreeMap;

use serde_json::Value;
use singer_protocol::{Place, StreamMap};

use crate::error::{Error, Problem};
use crate::select::matches;
use crate::settings::Settings;

/// What becomes of the streams that are not named.
const ELSE: &str = "__else__";

/// What the user makes of a stream.
#[derive(Debug, PartialEq)]
pub(crate) enum Choice {
    /// It is written as it is.
    Whole,
    /// It is not written.
    Dropped,
    /// It is changed.
    Mapped(Box<StreamMap>),
}

/// What the user makes of a stream. Of several names and patterns that fit, the last one counts, as
/// with singer-sdk.
///
/// # Errors
/// [`Error::Config`] with everything that is not understood.
pub(crate) fn choose(settings: &Settings, stream: &str) -> Result<Choice, Error> {
    let maps = &settings.stream_maps;
    let rest = if maps.contains_key(ELSE) { Choice::Dropped } else { Choice::Whole };
    let fits = |name: &str| name != ELSE && matches(name, stream);
    let Some((name, map)) = maps.iter().rfind(|(name, _)| fits(name)) else { return Ok(rest) };
    let pointer = pointer(name);
    match map {
        map if is_null(map) => Ok(Choice::Dropped),
        Value::Object(map) => {
            let config = &settings.stream_map_config;
            let is_shared = name != stream;
            let place = Place { pointer: &pointer, stream, is_shared, config };
            StreamMap::parse(map, place).map(|map| Choice::Mapped(Box::new(map))).map_err(
                |errors| {
                    let problem = |error| match error {
                        singer_protocol::Error::Settings { pointer, problem } => {
                            Problem { pointer, message: problem }
                        }
                        other => Problem { pointer: pointer.clone(), message: other.to_string() },
                    };
                    Error::settings(errors.into_iter().map(problem).collect())
                },
            )
        }
        _ => Err(Error::settings(vec![Problem {
            pointer,
            message: "a stream has a map (an object), or null, which drops it".to_owned(),
        }])),
    }
}

/// Whether the user drops a stream. A map that is not understood is told elsewhere.
pub(crate) fn drops(settings: &Settings, stream: &str) -> bool {
    matches!(choose(settings, stream), Ok(Choice::Dropped))
}

/// What is wrong with the setting as a whole: names that fit no stream, and streams that would be
/// written under one name. `emitted` has the name of each stream and that under which it is written.
pub(crate) fn problems(settings: &Settings, emitted: &[(&str, String)]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, map) in &settings.stream_maps {
        let message = if name == ELSE {
            if is_null(map) {
                continue;
            }
            "only null is supported (it drops the streams that are not named)".to_owned()
        } else if emitted.iter().any(|(stream, _)| matches(name, stream)) {
            continue;
        } else {
            "no stream has this name; `--discover` lists them (`*` stands for any text)".to_owned()
        };
        problems.push(Problem { pointer: pointer(name), message });
    }
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    for (stream, name) in emitted.iter().filter(|(stream, _)| !drops(settings, stream)) {
        if let Some(other) = names.insert(name.to_lowercase(), stream) {
            problems.push(Problem {
                pointer: "/stream_maps".to_owned(),
                message: format!(
                    "`{other}` and `{stream}` would both be written as `{name}` (a name is one stream's); choose another `__alias__`"
                ),
            });
        }
    }
    problems
}

fn is_null(map: &Value) -> bool {
    map.is_null() || map == "__NULL__"
}

fn pointer(name: &str) -> String {
    singer_protocol::pointer::join("/stream_maps", name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use singer_http::testing::Reply;

    use super::*;
    use crate::outcome::Outcome;
    use crate::recipe;
    use crate::stream::Stream;
    use crate::testing::{page, stream, sync_with};

    fn settings(maps: Value) -> Settings {
        serde_json::from_value(json!({"stream_maps": maps})).expect("valid settings")
    }

    #[test]
    fn the_last_name_that_fits_counts() {
        let check = |maps: Value, expected: &str| {
            let found = match choose(&settings(maps.clone()), "issues") {
                Ok(Choice::Whole) => "whole",
                Ok(Choice::Dropped) => "dropped",
                Ok(Choice::Mapped(_)) => "mapped",
                Err(_) => "refused",
            };
            assert_eq!(found, expected, "{maps}");
        };
        check(json!({}), "whole");
        check(json!({"labels": null}), "whole");
        check(json!({"labels": {}, "__else__": null}), "dropped");
        check(json!({"issues": {}, "__else__": null}), "mapped");
        check(json!({"issues": null}), "dropped");
        check(json!({"issues": "__NULL__"}), "dropped");
        check(json!({"*": {}}), "mapped");
        check(json!({"iss*": null}), "dropped");
        check(json!({"*": null, "issues": {}}), "mapped");
        check(json!({"issues": {}, "*": null}), "dropped");
        check(json!({"issues": "title"}), "refused");
        check(json!({"issues": {"title": "lower(title)"}}), "refused");
    }

    /// The pointers of all problems of two streams.
    fn check(maps: Value, expected: &[&str]) {
        let streams = [stream("issues"), stream("labels")];
        let found = match recipe::check(&streams, &settings(maps.clone())) {
            Err(Error::Config { problems, .. }) => problems,
            other => other.map(|()| Vec::new()).expect("no other error"),
        };
        let found: Vec<&str> = found.iter().map(|problem| problem.pointer.as_str()).collect();
        assert_eq!(found, expected, "{maps}");
    }

    #[test]
    fn every_problem_of_every_stream_is_told_at_once() {
        check(json!({"*": {"name": null}, "issues": {"name": "md5(name)"}}), &[]);
        check(
            json!({"issues": {"a": "b c", "__source__": "x"}, "labels": {"b": "nothing"}, "isues": {}}),
            &[
                "/stream_maps/issues/a",
                "/stream_maps/issues/__source__",
                "/stream_maps/labels/b",
                "/stream_maps/isues",
            ],
        );
        check(json!({"__else__": {}, "issues": null}), &["/stream_maps/__else__"]);
        // Once for each of the streams.
        check(json!({"*": {"nothing": "md5(nothing)"}}), &["/stream_maps/*/nothing"; 2]);
        check(json!({"issues": {"__alias__": "Labels"}}), &["/stream_maps"]);
        check(json!({"issues": {"__alias__": "Labels"}, "labels": null}), &[]);
        check(json!({"*": {"__alias__": "one"}}), &["/stream_maps"]);
    }

    #[tokio::test]
    async fn a_mapped_stream_is_written_as_the_map_says_and_read_as_ever() {
        let list = |name: &str| -> Stream {
            stream(name)
                .get(if name == "a" { "/a" } else { "/b" })
                .incremental("at", crate::Since::Scan)
        };
        let settings = json!({"concurrency": 1, "stream_map_config": {"hash_seed": "salt"}, "stream_maps": {
            "a": {"__alias__": "things", "__filter__": "id > 1", "org": null, "who": "sha256(config['hash_seed'] + str(id))"},
            "b": null,
        }});
        let replies = vec![Reply::json(page(&[(1, 1), (2, 2), (3, 9), (1, 10)]))];
        let ran = sync_with(settings, vec![list("a"), list("b")], json!({}), replies).await;
        assert_eq!((ran.outcome, &ran.asked[..]), (Outcome::Ok, &["/v1/a".to_owned()][..]));
        assert_eq!(ran.column("things", "id"), [json!(2), json!(3)]);
        assert_eq!(ran.messages[0]["stream"], "things");
        let declared = ran.messages[0]["schema"]["properties"].as_object().expect("an object");
        assert_eq!(declared.keys().collect::<Vec<_>>(), ["id", "name", "at", "who"]);
        let bookmark = &ran.bookmarks()["a"]["replication_key_value"];
        assert_eq!(*bookmark, "2026-11-24T10:00:00Z", "what is filtered out has been read");
    }

    #[tokio::test]
    async fn a_version_is_activated_under_the_name_that_records_have() {
        let settings = json!({
            "emit_activate_version_messages": true, "stream_maps": {"a": {"__alias__": "things"}},
        });
        let replies = vec![Reply::json(page(&[(1, 1)]))];
        let ran = sync_with(settings, vec![stream("a").get("/a")], json!({}), replies).await;
        let activated: Vec<&Value> = ran
            .messages
            .iter()
            .filter(|message| message["type"] == "ACTIVATE_VERSION")
            .map(|message| &message["stream"])
            .collect();
        assert!(!activated.is_empty());
        assert!(activated.iter().all(|stream| *stream == "things"), "{activated:?}");
    }
}
