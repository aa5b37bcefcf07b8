//! A transport that answers with recorded exchanges, each one once.

use std::sync::{Mutex, MutexGuard, PoisonError};

use http::{HeaderMap, StatusCode};
use serde_json::Value;
use singer_http::{BoxFuture, Deadlines, Incoming, Outgoing, Transport, TransportError};
use url::Url;

use crate::exchange::{Answer, Exchange};

/// Answers a request with the first exchange left that has its method, path and query.
///
/// What is asked beyond the exchanges is answered with a 400, which is not retried, and told by
/// [`Replay::problems`].
#[derive(Debug)]
pub struct Replay {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    left: Vec<Exchange>,
    answered: Vec<Exchange>,
    problems: Vec<String>,
}

impl Replay {
    /// A transport of these exchanges.
    pub fn new(exchanges: Vec<Exchange>) -> Replay {
        let state = State { left: exchanges, answered: Vec::new(), problems: Vec::new() };
        Replay { state: Mutex::new(state) }
    }

    /// What was asked that should not have been, and what was not asked that should have been.
    pub fn problems(&self) -> Vec<String> {
        let state = self.state();
        let unasked = state.left.iter().map(|exchange| format!("never asked: {}", line(exchange)));
        state.problems.iter().cloned().chain(unasked).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for Replay {
    fn send<'a>(
        &'a self,
        request: Outgoing,
        _: &'a Deadlines,
    ) -> BoxFuture<'a, Result<Incoming, TransportError>> {
        let Answer { status, headers, body } = self.state().answer(&request);
        Box::pin(std::future::ready(Ok(Incoming::whole(status, headers, body))))
    }
}

impl State {
    fn answer(&mut self, request: &Outgoing) -> Answer {
        let asked = format!("{} {}", request.method, target(&request.url));
        let body = request.body.as_deref().map(|body| {
            serde_json::from_slice(body)
                .unwrap_or_else(|_| String::from_utf8_lossy(body).into_owned().into())
        });
        let is_asked = |exchange: &Exchange| line_of(exchange) == asked;
        let wrong = |exchange: &Exchange| {
            wrong_header(exchange, &request.headers).or_else(|| wrong_body(exchange, body.as_ref()))
        };
        let exact = |exchange: &Exchange| is_asked(exchange) && wrong(exchange).is_none();
        let at = self.left.iter().position(exact).or_else(|| self.left.iter().position(is_asked));
        let Some(at) = at else {
            let problem = self.unexpected(&asked);
            self.problems.push(problem);
            let (status, headers) = (StatusCode::BAD_REQUEST, HeaderMap::new());
            return Answer { status, headers, body: "no exchange answers this".into() };
        };
        let exchange = self.left.remove(at);
        self.problems.extend(wrong(&exchange));
        self.answered.push(exchange.clone());
        exchange.answer
    }

    fn unexpected(&self, asked: &str) -> String {
        if let Some(exchange) = self.answered.iter().find(|exchange| line_of(exchange) == asked) {
            return format!("asked again: {} (an exchange answers once)", line(exchange));
        }
        // The longest common beginning: what differs is most often at the end of the query.
        let alike = |exchange: &&Exchange| {
            line_of(exchange).bytes().zip(asked.bytes()).take_while(|(a, b)| a == b).count()
        };
        match self.left.iter().max_by_key(alike) {
            Some(nearest) => {
                format!("no exchange answers: {asked}\n    the nearest left: {}", line(nearest))
            }
            None => format!("no exchange answers: {asked}\n    none is left"),
        }
    }
}

/// Path and query, as they are sent.
fn target(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}

fn line_of(exchange: &Exchange) -> String {
    format!("{} {}", exchange.request.method, exchange.request.target)
}

fn line(exchange: &Exchange) -> String {
    format!("{} ({})", line_of(exchange), exchange.file.display())
}

/// The first header that the exchange names and that was not sent so.
fn wrong_header(exchange: &Exchange, sent: &HeaderMap) -> Option<String> {
    exchange.request.headers.iter().find_map(|(name, expected)| {
        let found: Vec<_> = sent.get_all(name).iter().collect();
        (found != [expected]).then(|| {
            format!("{}: `{name}` was sent as {found:?}, expected {expected:?}", line(exchange))
        })
    })
}

/// What of the body the exchange names and that was not sent so.
fn wrong_body(exchange: &Exchange, sent: Option<&Value>) -> Option<String> {
    let problem = match (&exchange.request.body, sent) {
        (None, None) => return None,
        (Some(expected), Some(sent)) => {
            let (at, found) = difference(expected, sent, String::new())?;
            format!("`{at}` of the body was sent as {found}")
        }
        (Some(_), None) => "was sent without a body".to_owned(),
        (None, Some(_)) => "was sent with a body, of which the exchange says nothing".to_owned(),
    };
    Some(format!("{}: {problem}", line(exchange)))
}

/// The first place at which a value does not hold what another one names; an absent member is null.
fn difference(expected: &Value, sent: &Value, at: String) -> Option<(String, String)> {
    match (expected, sent) {
        (Value::Object(expected), Value::Object(sent)) => {
            expected.iter().find_map(|(name, value)| {
                difference(value, sent.get(name).unwrap_or(&Value::Null), format!("{at}/{name}"))
            })
        }
        _ => (expected != sent).then(|| (at, sent.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use bytes::Bytes;
    use http::{HeaderName, HeaderValue, Method};
    use singer_http::Deadlines;

    use super::*;

    const RECORDED: [&str; 3] = [
        "GET /orders?a=1&b=2\naccept: a/json",
        "GET /orders?a=1&b=2\naccept: a/xml",
        "GET /shops/x%20y",
    ];

    /// Asks for these (method, path and query, accept); the statuses, and the problems at the end.
    async fn check(asked: &[(&str, &str)], statuses: &[u16], problems: &[&str]) {
        let exchanges = RECORDED.iter().enumerate().map(|(at, request)| {
            let text = format!("{request}\n\nHTTP/1.1 20{at} OK\n\nbody {at}");
            Exchange::parse(Path::new(&format!("{at}.http")), &text).unwrap()
        });
        let replay = Replay::new(exchanges.collect());
        let mut answered = Vec::new();
        for (target, accept) in asked {
            let request = Outgoing {
                method: Method::GET,
                url: Url::parse(&format!("https://shop.example{target}")).unwrap(),
                headers: HeaderMap::from_iter([(
                    HeaderName::from_static("accept"),
                    HeaderValue::from_str(accept).unwrap(),
                )]),
                body: None,
            };
            let deadlines = Deadlines::default();
            answered.push(replay.send(request, &deadlines).await.unwrap().status.as_u16());
        }
        assert_eq!(answered, statuses);
        assert_eq!(replay.problems(), problems);
    }

    #[tokio::test]
    async fn a_request_is_answered_by_the_exchange_that_it_is() {
        let asked =
            [("/shops/x%20y", ""), ("/orders?a=1&b=2", "a/xml"), ("/orders?a=1&b=2", "a/json")];
        check(&asked, &[202, 201, 200], &[]).await;
    }

    #[tokio::test]
    async fn an_exchange_that_is_not_asked_for_is_told() {
        let asked = [("/orders?a=1&b=2", "a/json"), ("/orders?a=1&b=2", "a/xml")];
        check(&asked, &[200, 201], &["never asked: GET /shops/x%20y (2.http)"]).await;
    }

    #[tokio::test]
    async fn a_request_that_no_exchange_answers_is_told_with_the_nearest() {
        let asked = [
            ("/orders?b=2&a=1", "a/json"),
            ("/orders?a=1&b=2", "a/json"),
            ("/orders?a=1&b=2", "a/xml"),
            ("/shops/x%20y", ""),
            ("/orders?a=1&b=2", "a/xml"),
            ("/more", ""),
        ];
        let problems = [
            "no exchange answers: GET /orders?b=2&a=1\n    the nearest left: GET /orders?a=1&b=2 (1.http)",
            "asked again: GET /orders?a=1&b=2 (0.http) (an exchange answers once)",
            "no exchange answers: GET /more\n    none is left",
        ];
        check(&asked, &[400, 200, 201, 202, 400, 400], &problems).await;
    }

    #[tokio::test]
    async fn a_header_of_another_value_is_told() {
        let asked =
            [("/orders?a=1&b=2", "a/xml"), ("/orders?a=1&b=2", "x"), ("/shops/x%20y", "any")];
        let problem =
            r#"GET /orders?a=1&b=2 (0.http): `accept` was sent as ["x"], expected "a/json""#;
        check(&asked, &[201, 200, 202], &[problem]).await;
    }

    #[tokio::test]
    async fn a_body_is_compared_with_what_the_exchange_names_of_it() {
        let recorded =
            [r#"{"v":{"first":2,"after":null}}"#, r#"{"v":{"first":2,"after":"b"}}"#, ""];
        let check = async |asked: &[Option<&'static str>], statuses: &[u16], problems: &[&str]| {
            let exchanges = recorded.iter().enumerate().map(|(at, body)| {
                let text = format!("POST /q\n\n{body}\n\nHTTP/1.1 20{at} OK\n\n");
                let text = if body.is_empty() { text.replace("\n\n\n\n", "\n\n") } else { text };
                Exchange::parse(Path::new(&format!("{at}.http")), &text).unwrap()
            });
            let replay = Replay::new(exchanges.collect());
            let mut answered = Vec::new();
            for body in asked {
                let request = Outgoing {
                    method: Method::POST,
                    url: Url::parse("https://shop.example/q").unwrap(),
                    headers: HeaderMap::new(),
                    body: body.map(|body| Bytes::from_static(body.as_bytes())),
                };
                let deadlines = Deadlines::default();
                answered.push(replay.send(request, &deadlines).await.unwrap().status.as_u16());
            }
            assert_eq!(answered, statuses);
            assert_eq!(replay.problems(), problems);
        };
        let first = Some(r#"{"query":"{ a }","v":{"first":2}}"#);
        let second = Some(r#"{"query":"{ a }","v":{"first":2,"after":"b"}}"#);
        check(&[second, None, first], &[201, 202, 200], &[]).await;
        let third = Some(r#"{"v":{"first":2,"after":"c"}}"#);
        let problem = r#"POST /q (0.http): `/v/after` of the body was sent as "c""#;
        check(&[second, third, None], &[201, 200, 202], &[problem]).await;
        let unnamed = "POST /q (2.http): was sent with a body, of which the exchange says nothing";
        check(&[first, second, third], &[200, 201, 202], &[unnamed]).await;
    }
}
