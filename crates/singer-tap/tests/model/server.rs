//! The source as an API: lists, pages, and whatever happens when a request arrives.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use singer_http::{
    BoxFuture, Break, Deadlines, HeaderMap, Incoming, Outgoing, StatusCode, Transport,
    TransportError, Url,
};
use singer_tap::{Outcome, Stop};

use crate::case::{Event, Fault, List};
use crate::clock::{ModelClock, Shared};
use crate::world::{Place, Row, World};

/// Answers requests while a run is on.
pub(crate) struct Server {
    pub(crate) world: Shared,
    pub(crate) clock: Arc<ModelClock>,
    pub(crate) stop: Stop,
    during: Vec<(usize, Event)>,
    log: Mutex<Log>,
}

/// What was asked, and how it was answered.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub(crate) requests: Vec<String>,
    /// Lists that are down: how, and for how many more requests.
    sick: HashMap<String, (Fault, usize)>,
    /// Whether the last answer of each list was a page.
    pub(crate) answered: HashMap<Place, bool>,
}

impl Server {
    pub(crate) fn new(
        world: &Shared,
        clock: &Arc<ModelClock>,
        stop: &Stop,
        during: &[(usize, Event)],
    ) -> Server {
        Server {
            world: Arc::clone(world),
            clock: Arc::clone(clock),
            stop: stop.clone(),
            during: during.to_vec(),
            log: Mutex::default(),
        }
    }

    pub(crate) fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, url: &Url) -> Result<Incoming, TransportError> {
        let mut log = self.log();
        log.requests.push(url.as_str().trim_start_matches(BASE).to_owned());
        let number = log.requests.len();
        for (_, event) in self.during.iter().filter(|(at, _)| *at == number) {
            match event {
                Event::Change(change) => self.world().change(*change),
                Event::Stop => self.stop.request(Outcome::Terminated),
                Event::Fault(fault, times) => {
                    log.sick.insert(url.path().to_owned(), (*fault, *times));
                }
            }
        }
        let date = self.clock.server();
        let world = self.world();
        let place = place(url);
        let exists = world.places().contains(&place);
        let fault = match log.sick.get_mut(url.path()) {
            Some((fault, left)) if *left > 0 => {
                *left -= 1;
                Some(*fault)
            }
            _ if !exists => Some(Fault::Missing),
            _ => None,
        };
        log.answered.insert(place, fault.is_none());
        let mut headers = HeaderMap::new();
        if world.shape.date {
            let date = httpdate(date);
            headers.insert("date", date.parse().expect("a date is a header's value"));
        }
        let page = page(&world, place, url, &mut headers);
        drop(world);
        broken(fault, headers, &page)
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for Server {
    fn send<'a>(
        &'a self,
        request: Outgoing,
        _: &'a Deadlines,
    ) -> BoxFuture<'a, Result<Incoming, TransportError>> {
        let answer = self.answer(&request.url);
        let number = self.log().requests.len();
        Box::pin(async move {
            // Answers overtake each other.
            for _ in 0..number * 7 % 4 {
                tokio::task::yield_now().await;
            }
            answer
        })
    }
}

/// Where the API is.
pub(crate) const BASE: &str = "https://api.example.com";

/// The list that a path names: `/rows`, `/parts/1/rows`, `/parents`, `/parents/100/rows`.
fn place(url: &Url) -> Place {
    let segments: Vec<&str> = url.path().trim_matches('/').split('/').collect();
    match segments[..] {
        ["parents"] => Place::Parents,
        [_, part, "rows"] => Place::Rows(Some(part.parse().expect("a part is a number"))),
        _ => Place::Rows(None),
    }
}

fn page(world: &World, place: Place, url: &Url, headers: &mut HeaderMap) -> Value {
    let list = world.list(place);
    let param = |name: &str| {
        url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    let since = param("since").map(|since| world.parse(&since));
    let mut rows: Vec<&Row> = world.of(place).collect();
    rows.retain(|row| since.is_none_or(|since| world.value(row.at) >= since));
    rows.sort_by_key(|row| position(list, row));
    let size = world.shape.page;
    let number = |name: &str| param(name).and_then(|text| text.parse::<usize>().ok());
    let skip = match list {
        List::Numbered | List::Full | List::NewestNumbered | List::Keyset => {
            (number("page").unwrap_or(1) - 1) * size
        }
        List::Reread => number("offset").unwrap_or(0),
        List::Scan => param("after").map_or(0, |after| {
            rows.partition_point(|row| row.id <= after.parse().expect("an id is a number"))
        }),
        _ => param("after")
            .map_or(0, |after| rows.partition_point(|row| text(position(list, row)) <= after)),
    };
    let shown = rows.iter().skip(skip).take(size);
    let has_more = rows.len() > skip + size;
    let last = shown.clone().next_back().filter(|_| has_more).map(|row| text(position(list, row)));
    let link = last.as_ref().map(|last| {
        let mut next = url.clone();
        let others: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(name, _)| name != "after" && name != "page")
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        let mut query = next.query_pairs_mut();
        query.clear().extend_pairs(others);
        match list {
            List::Keyset => query.append_pair("page", &(skip / size + 2).to_string()),
            _ => query.append_pair("after", last),
        };
        drop(query);
        next
    });
    if let (List::Ascending | List::Keyset, Some(link)) = (list, &link) {
        let link = format!("<{link}>; rel=\"next\"");
        headers.insert("link", link.parse().expect("a link is a header's value"));
    }
    let data: Vec<Value> = shown.map(|row| world.json(row)).collect();
    json!({"data": data, "next": link, "after": last, "has_more": has_more})
}

/// Where a row stands in its list.
fn position(list: List, row: &Row) -> (i64, i64) {
    match list {
        List::Ascending | List::Keyset | List::Numbered => (row.at, row.id),
        List::NewestFirst | List::NewestNumbered => (-row.at, -row.id),
        List::Unordered | List::Scan | List::Reread | List::Full => (0, row.id),
    }
}

/// A position as text, in the same order.
fn text((at, id): (i64, i64)) -> String {
    format!("{:05}{:05}", at + 50_000, id + 50_000)
}

fn broken(
    fault: Option<Fault>,
    mut headers: HeaderMap,
    page: &Value,
) -> Result<Incoming, TransportError> {
    let body = page.to_string();
    let (status, body) = match fault {
        None => (200, body),
        Some(Fault::Reset) => return Err(TransportError::new(Break::Reset, "reset")),
        Some(Fault::Unavailable) => (503, String::new()),
        Some(Fault::Missing) => (404, String::new()),
        Some(Fault::Refused) => (422, String::new()),
        Some(Fault::Throttled) => {
            headers.insert("retry-after", "2".parse().expect("a number is a header's value"));
            (429, String::new())
        }
        Some(Fault::CutBody) => (200, body[..body.len() / 2].to_owned()),
        // The JSON has its end, but is broken within, behind whatever rows it may hold.
        Some(Fault::BrokenBody) => (200, body.replacen("],", "] ", 1)),
    };
    headers.insert("content-type", "application/json".parse().expect("a type is a header's value"));
    let status = StatusCode::from_u16(status).expect("a status");
    Ok(Incoming::whole(status, headers, body))
}

fn httpdate(millis: i64) -> String {
    let time = chrono::DateTime::from_timestamp_millis(millis).expect("a time of the model's day");
    time.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
