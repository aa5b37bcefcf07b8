//! Faults around the exchange: network, files, signals, settings, states.

use serde_json::{Value, json};
use singer_tap::Outcome;

use super::{Given, Made, Next, Row, healed, lost, not};
use crate::fault::Way;

use Outcome::{Auth, Interrupted, LocalIo, Pipe, Terminated, Unavailable, Usage};

pub(super) const ROWS: &[Row] = &[
    lost(1, "the API's name has no address", Made::Led(Way::NoName), Unavailable, "NET01"),
    lost(2, "nobody listens at the API's port", Made::Led(Way::Nobody), Unavailable, "NET01"),
    lost(3, "a certificate that nobody trusts", Made::Led(Way::Stranger), Auth, "TLS01"),
    process(4, "the proxy wants a login", "proxy", Usage, "NET03"),
    lost(
        5,
        "the answer does not come",
        Made::Always(|_| Some(json!({"kind": "stall"}))),
        Unavailable,
        "NET02",
    ),
    lost(
        5,
        "the answer stops coming",
        Made::Always(|_| Some(json!({"kind": "stall", "after": 10}))),
        Unavailable,
        "NET02",
    ),
    healed(6, "a kept connection closes before it answers", Made::Once(reset), ""),
    lost(6, "connections keep breaking", Made::Always(reset), Unavailable, "NET04"),
    not(7, "GOAWAY or REFUSED_STREAM", "HTTP/1.1 is spoken (docs/decisions/0002)"),
    process(58, "the reader of stdout goes away", "reader", Pipe, ""),
    process(59, "the disk behind stdout is full", "full", LocalIo, "OUT02"),
    process(60, "the disk behind the rejects is full", "rejects", LocalIo, "OUT03"),
    process(61, "SIGTERM", "terminated", Terminated, "SIG01"),
    process(61, "SIGINT", "interrupted", Interrupted, "SIG01"),
    not(62, "SIGKILL, out of memory, power", "tests/tests/github/kills.rs, at any byte of stdout"),
    not(63, "a panic", "no input is known that makes one; every other row would end as a bug"),
    given(64, "a setting of the wrong type", Given::Config(wrong_setting), "CFG01"),
    given(64, "a catalog of the wrong shape", Given::Catalog(|| json!({"streams": 5})), "CFG05"),
    given(64, "a state of the wrong shape", Given::State(|_| json!({"bookmarks": [1]})), "CFG05"),
    given(
        65,
        "the state of a newer release",
        Given::State(|state| of_tap(state, "state_version", json!(99))),
        "STATE01",
    ),
    given(
        65,
        "the state of another tap",
        Given::State(|state| of_tap(state, "name", json!("tap-of-somebody-else"))),
        "STATE01",
    ),
    not(66, "two runs with one token store", "singer-http, auth/store: the lock (LOCK01)"),
    not(68, "a webhook that is not signed", "taps receive no webhooks yet"),
    not(69, "the webhook queue is full", "taps receive no webhooks yet"),
    lost(
        70,
        "all that is selected fails: the worst reason, not 6",
        Made::Throughout(|_| Some(json!({"kind": "html"}))),
        Unavailable,
        "END01",
    ),
];

const fn process(
    number: u8,
    fault: &'static str,
    name: &'static str,
    ends: Outcome,
    id: &'static str,
) -> Row {
    Row { number, fault, made: Made::Process(name), ends, id, next: Next::All }
}

const fn given(number: u8, fault: &'static str, given: Given, id: &'static str) -> Row {
    Row { number, fault, made: Made::Given(given), ends: Usage, id, next: Next::None }
}

fn reset(_: &crate::fault::Ground) -> Option<Value> {
    Some(json!({"kind": "reset"}))
}

fn wrong_setting(config: &Value) -> Value {
    let mut config = config.clone();
    config["max_wait"] = json!("ten");
    config
}

fn of_tap(state: &Value, name: &str, value: Value) -> Value {
    let mut state = state.clone();
    state["tap"][name] = value;
    state
}
