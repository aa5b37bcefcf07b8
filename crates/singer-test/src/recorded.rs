//! A source that stands still, made of recorded exchanges.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use http::{HeaderMap, Method, StatusCode};
use singer_http::{BoxFuture, Deadlines, Incoming, Outgoing, Transport, TransportError};
use url::Url;

use crate::exchange::{Answer, Exchange};

/// No run asks so often for one page; a tap that does is led in a circle.
const MOST: usize = 1_000;

type Query = BTreeMap<String, String>;

/// Answers each request with the recorded exchange that is most like it, any number of times.
pub(crate) struct Recorded {
    exchanges: Vec<(Exchange, Query)>,
    answered: Mutex<Vec<usize>>,
}

impl Recorded {
    pub(crate) fn new(exchanges: Vec<Exchange>) -> Recorded {
        let answered = Mutex::new(vec![0; exchanges.len()]);
        let exchanges = exchanges.into_iter().map(|exchange| {
            let query = query(&exchange.request.target);
            (exchange, query)
        });
        Recorded { exchanges: exchanges.collect(), answered }
    }

    fn answer(&self, method: &Method, url: &Url) -> Answer {
        let target = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let mut answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        match self.nearest(method, url.path(), &query(&target)) {
            Some(at) if answered[at] < MOST => {
                answered[at] += 1;
                self.exchanges[at].0.answer.clone()
            }
            _ => {
                let body = format!(r#"{{"message":"nothing was recorded for {method} {target}"}}"#);
                let (status, headers) = (StatusCode::NOT_FOUND, HeaderMap::new());
                Answer { status, headers, body: body.into() }
            }
        }
    }

    /// The exchange of this path with the fewest parameters that differ.
    fn nearest(&self, method: &Method, path: &str, asked: &Query) -> Option<usize> {
        let same_path: Vec<(usize, &Query)> = (self.exchanges.iter().enumerate())
            .filter(|(_, (exchange, _))| exchange.request.method == *method)
            .filter(|(_, (exchange, _))| path_of(&exchange.request.target) == path)
            .map(|(at, (_, query))| (at, query))
            .collect();
        // What differs among the recorded pages tells them apart: a page number, a cursor.
        let tells_apart = |name: &String| {
            let mut values = same_path.iter().map(|(_, query)| query.get(name));
            let first = values.next();
            values.any(|value| Some(value) != first)
        };
        let names: Vec<&String> = same_path
            .iter()
            .flat_map(|(_, query)| query.keys())
            .filter(|name| tells_apart(name))
            .collect();
        let is_page = |query: &Query| names.iter().all(|&name| query.get(name) == asked.get(name));
        let distance = |query: &Query| {
            let names = query.keys().chain(asked.keys());
            names.filter(|&name| query.get(name) != asked.get(name)).count()
        };
        let pages = same_path.iter().filter(|(_, query)| is_page(query));
        pages.min_by_key(|(_, query)| distance(query)).map(|(at, _)| *at)
    }
}

impl Transport for Recorded {
    fn send<'a>(
        &'a self,
        request: Outgoing,
        _: &'a Deadlines,
    ) -> BoxFuture<'a, Result<Incoming, TransportError>> {
        let Answer { status, headers, body } = self.answer(&request.method, &request.url);
        Box::pin(std::future::ready(Ok(Incoming::whole(status, headers, body))))
    }
}

fn path_of(target: &str) -> &str {
    target.split_once('?').map_or(target, |(path, _)| path)
}

fn query(target: &str) -> Query {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn check(recorded: &[&str], asked: &[(&str, Option<usize>)]) {
        let exchanges = recorded.iter().enumerate().map(|(at, target)| {
            let text = format!("GET {target}\n\nHTTP/1.1 200 OK\n\n{at}");
            Exchange::parse(Path::new("an.http"), &text).unwrap()
        });
        let source = Recorded::new(exchanges.collect());
        for (target, expected) in asked {
            let url = Url::parse(&format!("https://shop.example{target}")).unwrap();
            let answer = source.answer(&Method::GET, &url);
            let found = String::from_utf8(answer.body.to_vec()).unwrap().parse().ok();
            assert_eq!(found, *expected, "{target} of {recorded:?}");
        }
    }

    #[test]
    fn a_bookmark_may_differ_and_a_page_may_not() {
        let pages = ["/orders?size=2", "/orders?size=2&page=2", "/shops"];
        check(
            &pages,
            &[
                ("/orders?size=2", Some(0)),
                ("/orders?size=2&since=2026", Some(0)),
                ("/orders?size=2&page=2&since=2026", Some(1)),
                ("/orders?size=2&page=3", None),
                ("/shops?page=3", Some(2)),
                ("/baskets", None),
            ],
        );
        check(&["/orders?since=2025"], &[("/orders?since=2026", Some(0)), ("/orders", Some(0))]);
    }

    #[test]
    fn a_circle_has_an_end() {
        let turns = vec![("/orders", Some(0)); MOST];
        check(&["/orders"], &turns);
        check(&["/orders"], &[turns, vec![("/orders", None)]].concat());
    }
}
