//! The source as an API: lists, pages, and whatever happens when a request arrives.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use singer_http::{
    BoxFuture, Break, Deadlines, HeaderMap, Incoming, Outgoing, StatusCode, Transport,
    TransportError, Url,
};
use singer_tap::{Outcome, Stop};

use crate::case::{Event, Fault};
use crate::clock::{ModelClock, Shared};
use crate::page::page;
use crate::world::{Place, World};

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
    /// Whether the last answer of each list, and of each window of it, was a page.
    answered: HashMap<(Place, String), bool>,
}

impl Log {
    /// The lists whose last answer was no page.
    pub(crate) fn failed(&self) -> BTreeSet<Place> {
        let failed = self.answered.iter().filter(|(_, answered)| !**answered);
        failed.map(|((place, _), _)| *place).collect()
    }
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
        let asked = places(url.path());
        let there = world.places();
        let exists = asked.iter().all(|place| there.contains(place));
        let fault = match log.sick.get_mut(url.path()) {
            Some((fault, left)) if *left > 0 => {
                *left -= 1;
                Some(*fault)
            }
            _ if !exists => Some(Fault::Missing),
            _ => None,
        };
        let window = window(url);
        log.answered.extend(asked.iter().map(|place| ((*place, window.clone()), fault.is_none())));
        let (mut headers, page) = page(&world, &asked, url);
        if world.shape.date {
            let date = httpdate(date);
            headers.insert("date", date.parse().expect("a date is a header's value"));
        }
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

/// The lists that a path names: `/rows`, `/parts/1/rows`, `/parents`, `/parents/100%2C101/rows`.
pub(crate) fn places(path: &str) -> Vec<Place> {
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    let part = |part: &str| Place::Rows(Some(part.parse().expect("a part is a number")));
    match segments[..] {
        ["parents"] => vec![Place::Parents],
        [_, parts, "rows"] => parts.split("%2C").map(part).collect(),
        _ => vec![Place::Rows(None)],
    }
}

/// What tells a window from others of its list.
fn window(url: &Url) -> String {
    let bounds = url.query_pairs().filter(|(name, _)| name == "from" || name == "to");
    bounds.map(|(name, value)| format!("{name} {value} ")).collect()
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
