//! What the admin of the room can do, as `--help` tells it.

use serde_json::json;

use crate::server::Answer;

/// What is told of them in `--help`.
pub const AFTER_HELP: &str = "\
Admin requests (not counted, without a session):
  POST /_mock/touch?object=NAME&count=K[&id=ID][&ago=SECONDS][&late=SECONDS]
  POST /_mock/create?object=NAME&count=K[&ago=SECONDS][&late=SECONDS]
  POST /_mock/delete?object=NAME&count=K[&id=ID]     into the recycle bin: IsDeleted
  POST /_mock/undelete?object=NAME&count=K[&id=ID]
  POST /_mock/purge?object=NAME&count=K[&id=ID][&deleted=1]     for good; `deleted`: of the recycle bin
  POST /_mock/expire[?after=N]      ends all sessions, now or after N further requests
  POST /_mock/expire_cursors        loses the rest of all queries
  POST /_mock/lose_locators         loses the rest of all jobs' results
  POST /_mock/clock?advance=SECONDS
  POST /_mock/live?days=D           D days of ordinary life; puts the clock forward
  GET  /_mock/truth?object=NAME[&fields=Id,…][&purged=1][&hidden=1][&offset=1][&version=v60.0]
  and /_mock/health, requests and faults as in the other rooms (see `mock-api --help`)
Sessions are given by log-ins only, so `--token` and `--secondary` have no effect here.
What is changed at once has one time, the server's, or so many seconds `ago`; `late` is how long
queries do not see it. The truth is one JSON line a record, with deleted ones, as queries would show it
now, instants as 2026-01-02T03:04:05.000Z (with `offset`: +0000); `hidden`: what they do not see yet, too.

Limits of requests at one time are a fault of the script, such as
  [{\"match\": {\"path\": \"/services/data/*/query\"}, \"nth\": 3, \"fault\": {\"kind\": \"status\",
    \"status\": 403, \"body\": \"[{\\\"errorCode\\\":\\\"REQUEST_LIMIT_EXCEEDED\\\",\\\"message\\\":
    \\\"ConcurrentRequests (Concurrent API Requests) Limit exceeded.\\\"}]\"}}]";

/// What is wrong with an admin request.
pub(super) fn complain(text: &str) -> Answer {
    Answer::value(400, &json!({"message": text}))
}
