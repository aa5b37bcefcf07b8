//! Requests of the tests themselves, under `/_mock/`.

use serde_json::json;

use crate::server::{Answer, Request, Service};

/// Answers an admin request; what this file does not know goes to the room.
pub(crate) fn answer(service: &Service, action: &str, request: &Request) -> Answer {
    match (request.method.as_str(), action) {
        ("GET" | "HEAD", "health") => Answer::value(200, &json!({"status": "ok"})),
        ("GET", "requests") => {
            let flag = |name| request.param(name).is_some_and(|value| value != "0");
            Answer::value(200, &service.journal.report(flag("headers"), flag("reset")))
        }
        ("POST", "faults") => match service.faults.replace(&request.body) {
            Ok(rules) => Answer::value(200, &json!({"rules": rules})),
            Err(error) => complain(400, &error.to_string()),
        },
        ("DELETE", "faults") => {
            service.faults.clear();
            Answer::value(200, &json!({"rules": 0}))
        }
        ("POST", "clock") => {
            let seconds = request.number("advance").unwrap_or(0);
            service.clock.advance(seconds);
            let now = service.api.advance(seconds);
            Answer::value(200, &json!({"now": now}))
        }
        _ => match service.api.admin(action, request) {
            Some(answer) => answer,
            None => complain(404, "there is no such admin request (see `mock-api --help`)"),
        },
    }
}

fn complain(status: u16, message: &str) -> Answer {
    Answer::value(status, &json!({"message": message}))
}
