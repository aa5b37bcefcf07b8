//! What is told while a run goes on: a line for each stream that is being read, redrawn in place on
//! a terminal, and once a minute in a log.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use singer_http::{QuotaLeft, Stats, span};

use crate::logging::{self, Screen};
use crate::sync::Run;
use crate::text::{counted, grouped};

/// How often a log is told of progress and measurements.
const TELL_EVERY: Duration = Duration::from_secs(60);
/// How often a terminal is redrawn, and over which time it shows the speed.
const DRAW_EVERY: Duration = Duration::from_millis(250);
const DRAW_SPEED_OF: Duration = Duration::from_secs(10);
/// A wait that is over sooner is nothing to look at.
const WORTH_SHOWING: Duration = Duration::from_secs(2);

/// Tells of a run until it is dropped.
pub(crate) async fn watch(run: Arc<Run>) {
    if !logging::has_started() {
        return;
    }
    let mut screen = Screen::open();
    let (every, speed_of) = match screen {
        Some(_) => (DRAW_EVERY, DRAW_SPEED_OF),
        None => (TELL_EVERY, TELL_EVERY),
    };
    let mut paces: Vec<Pace> = run.plan.streams().iter().map(|_| Pace::new(speed_of)).collect();
    let mut told_at = run.clock.elapsed();
    loop {
        let now = run.clock.elapsed();
        let moments = moments(&run, &mut paces, now);
        let is_due = now.saturating_sub(told_at) >= TELL_EVERY;
        match &mut screen {
            Some(screen) => {
                let mut lines: Vec<String> = moments.iter().map(Moment::to_string).collect();
                lines.push(foot(&run.client.stats(), run.metrics.waits(), run.clock.now()));
                screen.show(&lines);
            }
            None if is_due => {
                for moment in moments {
                    tracing::info!(stream = moment.stream, "[RUN01] {moment}");
                }
            }
            None => {}
        }
        if is_due {
            told_at = now;
            run.tell_metrics();
        }
        run.clock.until(now + every).await;
    }
}

/// How far a stream is.
#[derive(Clone, Copy, Debug, Default)]
struct Moment<'a> {
    stream: &'a str,
    /// Records written; none of a stream that is read for its children only.
    records: Option<u64>,
    pages: u64,
    done: u64,
    found: u64,
    /// Records a second; pages, where there are no records.
    pace: f64,
}

/// The streams that are being read now.
fn moments<'a>(run: &'a Run, paces: &mut [Pace], now: Duration) -> Vec<Moment<'a>> {
    let all = run.plan.streams().iter().zip(paces).enumerate();
    let moment = |(at, (planned, pace)): (usize, (&'a crate::plan::Planned, &mut Pace))| {
        let live = run.board.stream(at);
        let records = planned.selected.then(|| live.records.get());
        let pages = live.pages.get();
        let pace = pace.at(now, records.unwrap_or(pages));
        let (done, found) = (live.done.get(), live.found.get());
        live.is_running().then(|| Moment {
            stream: planned.stream.name(),
            records,
            pages,
            done,
            found,
            pace,
        })
    };
    all.filter_map(moment).collect()
}

impl std::fmt::Display for Moment<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: ", self.stream)?;
        if let Some(records) = self.records {
            write!(f, "{}, ", counted(records, "record"))?;
        }
        write!(f, "{}", counted(self.pages, "page"))?;
        if self.found > 1 {
            write!(f, ", {} of {} partitions", grouped(self.done), grouped(self.found))?;
        }
        let unit = if self.records.is_some() { "" } else { " pages" };
        match self.pace {
            pace if pace < 0.05 => Ok(()),
            pace if pace < 10.0 => write!(f, ", {pace:.1}{unit}/s"),
            pace => write!(f, ", {}{unit}/s", grouped(pace.round() as u64)),
        }
    }
}

/// The line below all streams: requests, what is left of quotas, and the wait that is on.
fn foot(stats: &Stats, wait: Option<(&str, Duration)>, now: DateTime<Utc>) -> String {
    let mut parts = vec![counted(stats.requests, "request")];
    if stats.retries > 0 {
        parts.push(format!("{} sent again", grouped(stats.retries)));
    }
    let is_one = stats.quotas.iter().all(|quota| quota.credential == stats.quotas[0].credential);
    parts.extend(stats.quotas.iter().map(|quota| quota_left(quota, is_one)));
    if let Some((id, left)) = wait.filter(|(_, left)| *left >= WORTH_SHOWING) {
        let until = TimeDelta::from_std(left).ok().and_then(|left| now.checked_add_signed(left));
        let until =
            until.map_or(String::new(), |at| format!(", until {} UTC", at.format("%H:%M:%S")));
        parts.push(format!("waiting {}{until} [{id}]", span(left)));
    }
    parts.join(" · ")
}

fn quota_left(quota: &QuotaLeft, is_one: bool) -> String {
    let of = quota.limit.map_or(String::new(), |limit| format!(" of {}", grouped(limit)));
    let whose = if is_one { String::new() } else { format!(" for {}", quota.credential) };
    format!("{} {}{of} left{whose}", quota.resource, grouped(quota.remaining))
}

/// How fast a number grows.
#[derive(Debug)]
struct Pace {
    of: Duration,
    seen: VecDeque<(Duration, u64)>,
}

impl Pace {
    fn new(of: Duration) -> Pace {
        Pace { of, seen: VecDeque::new() }
    }

    /// The growth a second over the last while, with the number at `now` taken in.
    fn at(&mut self, now: Duration, total: u64) -> f64 {
        self.seen.push_back((now, total));
        // One that is older than the while stays: the growth is since then.
        while self.seen.get(1).is_some_and(|(at, _)| now.saturating_sub(*at) >= self.of) {
            self.seen.pop_front();
        }
        let (since, before) = self.seen[0];
        let seconds = now.saturating_sub(since).as_secs_f64();
        if seconds == 0.0 { 0.0 } else { total.saturating_sub(before) as f64 / seconds }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_tells_how_far_it_is() {
        let check = |moment: Moment<'_>, expected: &str| assert_eq!(moment.to_string(), expected);
        let issues = Moment {
            stream: "issues",
            records: Some(182_301),
            pages: 1_823,
            done: 3,
            found: 12,
            pace: 41.2,
        };
        check(issues, "issues: 182,301 records, 1,823 pages, 3 of 12 partitions, 41/s");
        check(
            Moment { found: 1, pace: 0.5, ..issues },
            "issues: 182,301 records, 1,823 pages, 0.5/s",
        );
        check(
            Moment { records: None, pages: 1, pace: 0.0, ..issues },
            "issues: 1 page, 3 of 12 partitions",
        );
        check(
            Moment { records: None, found: 0, pace: 1.0, ..issues },
            "issues: 1,823 pages, 1.0 pages/s",
        );
    }

    fn quota(credential: &str, resource: &str, limit: Option<u64>) -> QuotaLeft {
        let (credential, resource) = (credential.into(), resource.to_owned());
        QuotaLeft { credential, resource, limit, remaining: 4_812 }
    }

    #[test]
    fn the_foot_tells_of_quotas_and_of_the_wait_that_is_on() {
        let now = "2026-11-24T15:53:29Z".parse().expect("an instant");
        let mut stats = Stats { requests: 2_014, ..Stats::default() };
        assert_eq!(foot(&stats, None, now), "2,014 requests");
        let short = Some(("API02", Duration::from_millis(1_999)));
        assert_eq!(foot(&stats, short, now), "2,014 requests");
        stats.retries = 3;
        stats.quotas = vec![quota("env TOKEN", "core", Some(5_000))];
        assert_eq!(
            foot(&stats, Some(("RATE01", Duration::from_secs(692))), now),
            "2,014 requests · 3 sent again · core 4,812 of 5,000 left · waiting 11m 32s, until 16:05:01 UTC [RATE01]"
        );
        stats.quotas.push(quota("env OTHER", "core", None));
        assert_eq!(
            foot(&stats, None, now),
            "2,014 requests · 3 sent again · core 4,812 of 5,000 left for env TOKEN · core 4,812 left for env OTHER"
        );
    }

    #[test]
    fn the_pace_is_that_of_the_last_while() {
        let mut pace = Pace::new(Duration::from_secs(10));
        for (second, total, expected) in
            [(0, 0, 0.0), (5, 50, 10.0), (10, 100, 10.0), (20, 100, 0.0), (21, 111, 1.0)]
        {
            assert_eq!(pace.at(Duration::from_secs(second), total), expected, "at {second}");
        }
    }
}
