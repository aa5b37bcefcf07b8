//! Requests of the tests themselves, under `/_mock/`.

use serde_json::json;

use crate::server::{Answer, Request, Service};

/// Seconds.
const DAY: u64 = 86_400;

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
            let now = service.api.advance(seconds, service.clock.seconds());
            Answer::value(200, &json!({"now": now}))
        }
        ("POST", "live") => {
            let days =
                request.number("days").and_then(|days| u32::try_from(days).ok()).unwrap_or(1);
            let answer = service.api.live(days, service.clock.seconds());
            if answer.is_some() {
                service.clock.advance(u64::from(days) * DAY);
            }
            answer.unwrap_or_else(unknown)
        }
        _ => service.api.admin(action, request, service.clock.seconds()).unwrap_or_else(unknown),
    }
}

fn unknown() -> Answer {
    complain(404, "there is no such admin request (see `mock-api --help`)")
}

fn complain(status: u16, message: &str) -> Answer {
    Answer::value(status, &json!({"message": message}))
}
