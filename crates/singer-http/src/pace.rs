//! How fast an API may be asked, as plain data that a tap declares.

use std::time::Duration;

/// So many a second in the long run, and `burst` at once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// Above zero.
    pub per_second: f64,
    /// At least 1.
    pub burst: u32,
}

impl Rate {
    /// `per_second` in the long run, `burst` at once.
    pub const fn new(per_second: f64, burst: u32) -> Self {
        Self { per_second, burst }
    }

    pub(crate) fn is_usable(self) -> bool {
        self.per_second.is_finite() && self.per_second > 0.0
    }
}

/// How a rate grows again that throttling has halved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Growth {
    /// So much a second more ...
    pub per_second: f64,
    /// ... after each such time without throttling.
    pub every: Duration,
}

impl Growth {
    /// One request a second more for each 30 s without throttling.
    pub const STEADY: Self = Self { per_second: 1.0, every: Duration::from_secs(30) };
}

/// How fast one identity may ask. The default sets no pace: quotas that the API tells, and the
/// number of requests in flight, bound it all the same.
///
/// ```
/// use singer_http::{Growth, Pace, Rate};
///
/// let github = Pace::of(Rate::new(10.0, 20)).resource("search", Rate::new(0.47, 1));
/// let stripe = Pace::of(Rate::new(25.0, 5)).each(Rate::new(12.0, 3)).giving_way(Growth::STEADY);
/// # assert_ne!(github, stripe);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pace {
    pub(crate) all: Option<Rate>,
    pub(crate) each: Option<Rate>,
    pub(crate) resources: Vec<(&'static str, Rate)>,
    pub(crate) points: Vec<(&'static str, u32)>,
    pub(crate) growth: Option<Growth>,
}

impl Pace {
    /// At most this rate, over all resources.
    pub fn of(rate: Rate) -> Self {
        Self { all: Some(rate), ..Self::default() }
    }

    /// At most this rate for each resource that has none of its own.
    #[must_use]
    pub fn each(self, rate: Rate) -> Self {
        Self { each: Some(rate), ..self }
    }

    /// At most this rate for requests that draw from `name`, beside that over all.
    #[must_use]
    pub fn resource(mut self, name: &'static str, rate: Rate) -> Self {
        self.resources.push((name, rate));
        self
    }

    /// At most so many points a minute for requests that draw from `name`, of which the source
    /// tells the cost, see [`Client::spend`](crate::Client::spend).
    #[must_use]
    pub fn points(mut self, name: &'static str, per_minute: u32) -> Self {
        self.points.push((name, per_minute));
        self
    }

    /// Every rate is halved by throttling and grows again: for an API that does not tell what is
    /// left.
    #[must_use]
    pub fn giving_way(self, growth: Growth) -> Self {
        Self { growth: Some(growth), ..self }
    }

    /// The same with another rate over all, as a user wishes it, where the declared one is a guess
    /// because the API does not tell its limit; none where it is not, or nothing can be sent so.
    pub fn at_most(&self, per_second: f64) -> Option<Self> {
        let all = self.all.filter(|_| self.growth.is_some())?;
        let all = Rate { per_second, ..all };
        all.is_usable().then(|| Self { all: Some(all), ..self.clone() })
    }

    pub(crate) fn of_resource(&self, name: &str) -> Option<Rate> {
        let own = self.resources.iter().find(|(resource, _)| *resource == name);
        own.map(|(_, rate)| *rate).or(self.each)
    }

    /// Points a second, of which a tenth of a minute's may go at once.
    pub(crate) fn points_of(&self, name: &str) -> Option<Rate> {
        let (_, per_minute) = self.points.iter().find(|(resource, _)| *resource == name)?;
        Some(Rate::new(f64::from(*per_minute) / 60.0, (per_minute / 10).max(1)))
    }

    pub(crate) fn is_usable(&self) -> bool {
        let resources = self.resources.iter().map(|(_, rate)| *rate);
        let mut rates = resources.chain(self.all).chain(self.each);
        rates.all(Rate::is_usable) && self.points.iter().all(|(_, points)| *points > 0)
    }
}

/// What is left of a told quota for others: people, other programs. Reaching it is as if the quota
/// were spent. Never more than half of the quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reserve {
    /// So many requests of each quota.
    Requests(u64),
    /// So many in a hundred.
    Percent(u8),
}

impl Reserve {
    /// Nothing is left for others.
    pub const NONE: Self = Self::Requests(0);

    pub(crate) fn of(self, limit: Option<u64>) -> u64 {
        match (self, limit) {
            (Self::Requests(count), None) => count,
            (Self::Requests(count), Some(limit)) => count.min(limit / 2),
            (Self::Percent(_), None) => 0,
            (Self::Percent(part), Some(limit)) => {
                (u128::from(limit) * u128::from(part.min(50)) / 100) as u64
            }
        }
    }
}

impl Default for Reserve {
    fn default() -> Self {
        Self::NONE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reserve_is_never_more_than_half() {
        let check = |reserve: Reserve, limit, want| assert_eq!(reserve.of(limit), want);
        check(Reserve::Requests(500), Some(5_000), 500);
        check(Reserve::Requests(500), Some(30), 15);
        check(Reserve::Requests(500), None, 500);
        check(Reserve::Percent(10), Some(5_000), 500);
        check(Reserve::Percent(10), Some(9), 0);
        check(Reserve::Percent(90), Some(10), 5);
        check(Reserve::Percent(10), None, 0);
        check(Reserve::Percent(10), Some(u64::MAX), u64::MAX / 10);
        check(Reserve::NONE, Some(10), 0);
    }

    #[test]
    fn a_users_rate_takes_the_place_of_one_that_gives_way() {
        let declared = Pace::of(Rate::new(25.0, 5));
        let guess = declared.clone().giving_way(Growth::STEADY);
        assert_eq!(guess.at_most(50.0).and_then(|pace| pace.all), Some(Rate::new(50.0, 5)));
        assert_eq!(guess.at_most(-1.0), None);
        assert_eq!(declared.at_most(50.0), None);
        assert_eq!(Pace::default().giving_way(Growth::STEADY).at_most(50.0), None);
    }

    #[test]
    fn a_resource_has_its_own_rate_or_that_of_each() {
        let [all, each, own] = [10.0, 5.0, 0.5].map(|rate| Rate::new(rate, 1));
        let pace = Pace::of(all).each(each).resource("search", own).points("graphql", 1_200);
        assert_eq!(pace.of_resource("search"), Some(own));
        assert_eq!(pace.of_resource("core"), Some(each));
        assert_eq!(Pace::of(all).of_resource("core"), None);
        assert_eq!(pace.points_of("graphql"), Some(Rate::new(20.0, 120)));
        assert_eq!(pace.points_of("core"), None);
        assert!(pace.is_usable() && Pace::default().is_usable());
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(!Pace::default().resource("x", Rate::new(bad, 1)).is_usable(), "{bad}");
        }
    }
}
