//! The limits against a model: whatever a server answers, nothing goes before it may.

use std::collections::HashMap;

use super::*;
use crate::pace::{Growth, Reserve};

const CASES: u64 = 10_000;
const REQUESTS: usize = 30;
const WINDOW: u64 = 60;
const RESOURCES: [&str; 2] = ["core", "search"];
const ORIGIN: &str = "https://api.example";

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A request on its way.
struct Flight {
    ticket: Ticket,
    resource: &'static str,
    /// When the server counts and answers it.
    at: Duration,
}

/// A client and its server, driven by chance.
struct World {
    random: fastrand::Rng,
    now: Duration,
    limits: Limits,
    owners: Vec<usize>,
    quota: u64,
    flights: Vec<Flight>,
    /// What was sent: when, by which identity, for which resource.
    sent: Vec<(Duration, usize, &'static str)>,
    /// Until when an identity, or one resource of it, must not be used.
    forbidden: HashMap<(usize, Option<&'static str>), Duration>,
    /// Requests that the server counted in a window.
    used: HashMap<(usize, &'static str, u64), u64>,
}

fn rate(random: &mut fastrand::Rng) -> Rate {
    Rate::new([0.2, 1.0, 3.3, 7.0, 50.0][random.usize(..5)], random.u32(1..6))
}

impl World {
    fn new(seed: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut pace = Pace::default();
        if random.bool() {
            pace = Pace::of(rate(&mut random));
        }
        if random.bool() {
            pace = pace.resource("search", rate(&mut random));
        }
        if random.u8(..4) == 0 {
            pace = pace.each(rate(&mut random));
        }
        if random.bool() {
            pace = pace.giving_way(Growth::STEADY);
        }
        let reserve =
            [Reserve::NONE, Reserve::Percent(10), Reserve::Requests(5)][random.usize(..3)];
        let widest = secs([0, 10, 3_900][random.usize(..3)]);
        let terms = Terms {
            concurrency: random.usize(1..=8),
            pace,
            most_per_second: (random.u8(..3) == 0).then(|| rate(&mut random).per_second),
            thrift: Thrift { reserve, widest },
        };
        let owners: Vec<usize> = (0..random.usize(1..=3)).map(|_| random.usize(..2)).collect();
        let names = owners.iter().map(|owner| Arc::from(format!("user {owner}")));
        let limits = Limits::new(terms, names);
        Self {
            limits,
            owners,
            quota: random.u64(8..40),
            random,
            now: Duration::ZERO,
            flights: Vec::new(),
            sent: Vec::new(),
            forbidden: HashMap::new(),
            used: HashMap::new(),
        }
    }

    /// Sends as many requests as it may, as early as it may.
    fn run(&mut self) {
        let all: Vec<usize> = (0..self.owners.len()).collect();
        for _ in 0..10_000 {
            if self.sent.len() == REQUESTS {
                return;
            }
            if !self.flights.is_empty() && self.random.u8(..4) == 0 {
                self.land();
                continue;
            }
            let resource = RESOURCES[usize::from(self.random.u8(..3) == 0)];
            let wish = Wish { serving: &all, resource, origin: ORIGIN };
            match self.limits.decide(&wish, self.now) {
                Decision::Go(ticket) => self.send(ticket, resource),
                Decision::Busy(until) if self.flights.is_empty() => {
                    self.now = until.expect("nothing is in flight that could be waited for");
                }
                Decision::Busy(_) => self.land(),
                Decision::Held(_, hold) => {
                    assert!(hold.until > self.now, "a wait for the past: {hold:?}");
                    // Time passes to the very moment, or some answer comes before it.
                    match self.flights.iter().map(|flight| flight.at).min() {
                        Some(at) if at <= hold.until => self.land(),
                        _ => self.now = hold.until,
                    }
                }
                other => panic!("{other:?}"),
            }
        }
        panic!("only {} requests were sent", self.sent.len());
    }

    fn send(&mut self, ticket: Ticket, resource: &'static str) {
        let owner = self.owners[ticket.credential];
        for key in [(owner, None), (owner, Some(resource))] {
            let until = self.forbidden.get(&key).copied().unwrap_or_default();
            assert!(self.now >= until, "{key:?} sent at {:?}, before {until:?}", self.now);
        }
        self.sent.push((self.now, owner, resource));
        let at = self.now + ms(self.random.u64(0..3_000));
        self.flights.push(Flight { ticket, resource, at });
        let of_owner = |flight: &&Flight| self.owners[flight.ticket.credential] == owner;
        let in_flight = self.flights.iter().filter(of_owner).count();
        assert!(in_flight <= self.limits.terms.concurrency, "{in_flight} in flight");
    }

    /// The next answer comes, whichever it is.
    fn land(&mut self) {
        let first = (0..self.flights.len()).min_by_key(|at| self.flights[*at].at).unwrap();
        let Flight { ticket, resource, at } = self.flights.swap_remove(first);
        self.now = self.now.max(at);
        let (owner, now) = (self.owners[ticket.credential], self.now);
        let window = now.as_secs() / WINDOW;
        let used = self.used.entry((owner, resource, window)).or_default();
        *used += 1;
        let used = *used;
        let most = self.quota - self.limits.terms.thrift.reserve.of(Some(self.quota));
        let unknown = self.limits.terms.concurrency as u64;
        assert!(used <= most.max(unknown), "{used} of {most} are used");
        let reset = secs((window + 1) * WINDOW);
        let reading = Reading {
            limit: Some(self.quota),
            remaining: self.quota.saturating_sub(used),
            resource: None,
            reset_in: reset - now,
            odd: false,
        };
        self.limits.record(&ticket, &reading, now);
        if reading.remaining == 0 {
            self.forbid((owner, Some(resource)), reset);
        }
        let wait = secs(self.random.u64(1..120));
        let mut health = Health::Unclear;
        match self.random.u8(..20) {
            0 => {
                self.limits.throttled(&ticket, now);
                self.limits.pause(&ticket, Hold::new(Limit::Secondary, now + wait));
                self.forbid((owner, None), now + wait);
            }
            1 => {
                self.limits.block(&ticket, now + wait);
                self.forbid((owner, Some(resource)), now + wait);
            }
            2 => self.limits.throttled(&ticket, now),
            3 => self.limits.alone(&ticket),
            4 => health = Health::Failed,
            _ => {
                self.limits.clean(&ticket);
                health = Health::Well;
            }
        }
        self.limits.give_back(&ticket, Some(health), now);
    }

    fn forbid(&mut self, key: (usize, Option<&'static str>), until: Duration) {
        let known = self.forbidden.entry(key).or_default();
        *known = until.max(*known);
    }

    /// In no span of time more than the burst and what the rate lets through.
    fn check_rates(&self) {
        let pace = &self.limits.terms.pace;
        if let Some(most) = self.limits.terms.most_per_second {
            self.check_rate(Rate::new(most, 1), |_, _| true);
        }
        for of in 0..2 {
            if let Some(rate) = pace.all {
                self.check_rate(rate, |owner, _| owner == of);
            }
            for name in RESOURCES {
                if let Some(rate) = pace.of_resource(name) {
                    self.check_rate(rate, |owner, resource| owner == of && resource == name);
                }
            }
        }
    }

    fn check_rate(&self, rate: Rate, counts: impl Fn(usize, &str) -> bool) {
        let counted = self.sent.iter().filter(|(_, owner, resource)| counts(*owner, resource));
        let times: Vec<Duration> = counted.map(|(at, ..)| *at).collect();
        for (first, from) in times.iter().enumerate() {
            for (last, to) in times.iter().enumerate().skip(first) {
                let most = (*to - *from).as_secs_f64() * rate.per_second + f64::from(rate.burst);
                let count = last + 1 - first;
                assert!(count as f64 <= most + 1e-6, "{count} from {from:?} to {to:?}: {rate:?}");
            }
        }
    }
}

#[test]
fn nothing_goes_before_it_may_nor_faster_than_declared_whatever_a_server_answers() {
    for seed in 0..CASES {
        let mut world = World::new(seed);
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            world.run();
            world.check_rates();
        }));
        assert!(outcome.is_ok(), "seed {seed}");
    }
}

/// Limits without any pace for these owners.
fn limits(owners: &[&str]) -> Limits {
    let thrift = Thrift { reserve: Reserve::NONE, widest: Duration::MAX };
    let (pace, most_per_second) = (Pace::default(), None);
    let terms = Terms { concurrency: 2, pace, most_per_second, thrift };
    Limits::new(terms, owners.iter().map(|owner| Arc::from(*owner)))
}

fn wish<'a>(serving: &'a [usize], resource: &'a str) -> Wish<'a> {
    Wish { serving, resource, origin: ORIGIN }
}

/// The credential that may send; it stays in flight.
fn sender(limits: &mut Limits, wish: Wish<'_>, now: u64) -> Option<Ticket> {
    match limits.decide(&wish, secs(now)) {
        Decision::Go(ticket) => Some(ticket),
        _ => None,
    }
}

fn reading(remaining: u64, reset_in: u64) -> Reading {
    let reset_in = secs(reset_in);
    Reading { limit: Some(5_000), remaining, resource: None, reset_in, odd: false }
}

#[test]
fn the_credential_with_most_left_until_its_reset_sends() {
    let check = |told: &[Option<(u64, u64)>], want: Option<usize>| {
        let names = ["a", "b", "c"];
        let mut limits = limits(&names[..told.len()]);
        for (at, told) in told.iter().enumerate() {
            if let Some((remaining, reset_in)) = told {
                let ticket = sender(&mut limits, wish(&[at], "core"), 0).unwrap();
                limits.record(&ticket, &reading(*remaining, *reset_in), secs(0));
                limits.give_back(&ticket, None, secs(0));
            }
        }
        let all: Vec<usize> = (0..told.len()).collect();
        let sent = sender(&mut limits, wish(&all, "core"), 1).map(|ticket| ticket.credential);
        assert_eq!(sent, want, "{told:?}");
    };
    check(&[None, None], Some(0));
    check(&[Some((4_000, 3_600)), None], Some(1));
    check(&[Some((4_000, 3_600)), Some((4_500, 3_600))], Some(1));
    check(&[Some((4_000, 600)), Some((4_500, 3_600))], Some(0));
    check(&[Some((0, 600)), Some((600, 3_600))], Some(1));
    check(&[Some((0, 600)), Some((0, 300))], None);
}

#[test]
fn credentials_of_one_identity_share_its_limits() {
    let mut limits = limits(&["ann", "ann", "bob"]);
    let first = sender(&mut limits, wish(&[0], "core"), 0).unwrap();
    limits.record(&first, &reading(0, 600), secs(0));
    assert!(sender(&mut limits, wish(&[1], "core"), 1).is_none());
    assert!(sender(&mut limits, wish(&[1], "search"), 1).is_some());
    assert_eq!(sender(&mut limits, wish(&[0, 1, 2], "core"), 1).unwrap().credential, 2);
    let both = wish(&[0, 2], "core");
    assert_eq!(limits.usable(&both, secs(1)), (1, 2));
    let held: Vec<_> =
        limits.held(&both, secs(1)).into_iter().map(|(at, hold)| (at, hold.until)).collect();
    assert_eq!(held, [(0, secs(600))]);
    limits.pause(&first, Hold::new(Limit::Secondary, secs(60)));
    limits.pause(&first, Hold::new(Limit::Secondary, secs(30)));
    assert!(sender(&mut limits, wish(&[1], "search"), 59).is_none(), "a pause holds every pool");
    assert!(sender(&mut limits, wish(&[1], "search"), 60).is_none(), "two are in flight");
    limits.give_back(&first, None, secs(60));
    assert!(sender(&mut limits, wish(&[1], "search"), 60).is_some());
}

#[test]
fn a_dropped_credential_is_not_asked_again() {
    let mut limits = limits(&["ann", "bob"]);
    assert!(limits.drop_credential(0) && !limits.drop_credential(0));
    assert_eq!(sender(&mut limits, wish(&[0, 1], "core"), 0).unwrap().credential, 1);
    assert!(matches!(limits.decide(&wish(&[0], "core"), secs(0)), Decision::Nobody));
    assert!(matches!(limits.decide(&wish(&[], "core"), secs(0)), Decision::Nobody));
    assert_eq!(limits.left_of_pool(), 1);
}

#[test]
fn a_server_that_fails_again_and_again_is_left_alone_for_every_credential() {
    let mut limits = limits(&["ann", "bob"]);
    for n in 0..100 {
        let ticket = sender(&mut limits, wish(&[n % 2], "core"), 0).unwrap();
        limits.give_back(&ticket, Some(Health::Failed), secs(0));
    }
    let wish = wish(&[0, 1], "core");
    let Decision::Held(_, hold) = limits.decide(&wish, secs(1)) else { panic!("it goes on") };
    assert_eq!(hold, Hold::new(Limit::Circuit, secs(30)));
    let elsewhere = Wish { origin: "https://other.example", ..wish };
    assert!(sender(&mut limits, elsewhere, 1).is_some());
    let probe = sender(&mut limits, wish, 30).unwrap();
    assert!(matches!(limits.decide(&wish, secs(30)), Decision::Busy(None)));
    limits.give_back(&probe, Some(Health::Well), secs(31));
    assert!(sender(&mut limits, wish, 31).is_some());
}

#[test]
fn points_are_booked_when_their_cost_is_known() {
    let thrift = Thrift { reserve: Reserve::NONE, widest: Duration::MAX };
    let pace = Pace::default().points("graphql", 60);
    let terms = Terms { concurrency: 8, pace, most_per_second: None, thrift };
    let mut limits = Limits::new(terms, ["ann".into()]);
    assert!(sender(&mut limits, wish(&[0], "graphql"), 0).is_some());
    // 6 may go at once, 1 a second.
    limits.spend("ann", "graphql", 20, secs(0));
    limits.spend("nobody", "graphql", 20, secs(0));
    assert!(sender(&mut limits, wish(&[0], "graphql"), 14).is_none());
    assert!(sender(&mut limits, wish(&[0], "core"), 14).is_some());
    assert!(sender(&mut limits, wish(&[0], "graphql"), 15).is_some());
    limits.record_of("ann", "graphql", &reading(30, 600), secs(15));
    assert!(sender(&mut limits, wish(&[0], "graphql"), 16).is_none(), "one of 20 is in flight");
    assert_eq!(limits.left()[0].remaining, 30);
}
