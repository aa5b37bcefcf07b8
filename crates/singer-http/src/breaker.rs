//! A circuit breaker: a server that fails again and again is left alone for a while.

use std::time::Duration;

/// Failures cost what successes earn, up to this.
const FULL: u32 = 500;
const COST: u32 = 5;
const COST_OF_TIMEOUT: u32 = 10;
const PAUSE: Duration = Duration::from_secs(30);
/// Answers in a row, one request at a time, after which all is well.
const PROBES: u32 = 3;
/// The pause in a run that has no end.
const MOST_PAUSES: u32 = 5;

/// What the outcome of a request tells of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Health {
    Well,
    /// It answered, but asked to be left alone.
    Unclear,
    Failed,
    TimedOut,
}

/// Whether a request may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Circuit {
    Closed,
    /// Once the probe has come back.
    Probing,
    Open(Duration),
    /// Not any more.
    Dead,
}

/// The breaker of one origin.
#[derive(Debug)]
pub(crate) struct Breaker {
    tokens: u32,
    pauses: u32,
    state: State,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    Closed,
    Open { until: Duration },
    Half { answers: u32, probing: bool },
}

impl Default for Breaker {
    fn default() -> Self {
        Self { tokens: FULL, pauses: 0, state: State::Closed }
    }
}

impl Breaker {
    pub(crate) fn circuit(&self, now: Duration) -> Circuit {
        match self.state {
            State::Open { .. } if self.pauses >= MOST_PAUSES => Circuit::Dead,
            State::Open { until } if now < until => Circuit::Open(until),
            State::Half { probing: true, .. } => Circuit::Probing,
            State::Open { .. } | State::Half { .. } | State::Closed => Circuit::Closed,
        }
    }

    /// A request goes; whether it is a probe.
    pub(crate) fn take(&mut self) -> bool {
        let answers = match self.state {
            State::Closed => return false,
            State::Open { .. } => 0,
            State::Half { answers, .. } => answers,
        };
        self.state = State::Half { answers, probing: true };
        true
    }

    /// A request came back, or not (then nothing is known). While the circuit is not closed, only
    /// probes tell anything.
    pub(crate) fn returned(&mut self, probe: bool, health: Option<Health>, now: Duration) {
        let cost = match health {
            Some(Health::Failed) => COST,
            Some(Health::TimedOut) => COST_OF_TIMEOUT,
            Some(Health::Well | Health::Unclear) | None => 0,
        };
        match self.state {
            State::Closed if cost > 0 => {
                self.tokens = self.tokens.saturating_sub(cost);
                if self.tokens == 0 {
                    self.open(now);
                }
            }
            State::Closed if health == Some(Health::Well) => {
                self.tokens = (self.tokens + 1).min(FULL);
            }
            State::Half { .. } if probe && cost > 0 => self.open(now),
            State::Half { answers, .. } if probe => {
                let answers = answers + u32::from(health == Some(Health::Well));
                if answers >= PROBES {
                    (self.state, self.tokens) = (State::Closed, FULL);
                } else {
                    self.state = State::Half { answers, probing: false };
                }
            }
            State::Closed | State::Open { .. } | State::Half { .. } => {}
        }
    }

    fn open(&mut self, now: Duration) {
        self.pauses += 1;
        self.state = State::Open { until: now + PAUSE };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(100);

    /// One request after the other: `+` well, `-` failed, `t` timed out, `?` unclear, `x` dropped,
    /// `w` the pause is waited out. Late answers to what went before the pause: `l`.
    fn after(story: &str) -> (Breaker, Duration) {
        let (mut breaker, mut now) = (Breaker::default(), NOW);
        for step in story.chars() {
            let health = match step {
                '+' => Some(Health::Well),
                '-' | 'l' => Some(Health::Failed),
                't' => Some(Health::TimedOut),
                '?' => Some(Health::Unclear),
                'x' => None,
                'w' => {
                    now += PAUSE;
                    continue;
                }
                other => panic!("{other}"),
            };
            let probe = step != 'l' && {
                assert_eq!(breaker.circuit(now), Circuit::Closed, "{story}");
                breaker.take()
            };
            breaker.returned(probe, health, now);
        }
        (breaker, now)
    }

    #[test]
    fn the_circuit_opens_closes_and_dies_as_the_rules_say() {
        let check = |story: &str, want| {
            let (breaker, now) = after(story);
            assert_eq!(breaker.circuit(now), want, "{story}");
        };
        let open = Circuit::Open(NOW + PAUSE);
        let fails = "-".repeat(100);
        check(&fails[1..], Circuit::Closed);
        check(&fails, open);
        check(&"t".repeat(50), open);
        check(&format!("{}+++++-", &fails[1..]), Circuit::Closed);
        check(&format!("{}+++++--", &fails[1..]), open);
        check(&format!("{}{}", "+".repeat(900), &fails), open);
        check(&"?x".repeat(500), Circuit::Closed);
        check(&format!("{fails}lll"), open);
        check(&format!("{fails}w"), Circuit::Closed);
        check(&format!("{fails}w-"), Circuit::Open(NOW + 2 * PAUSE));
        check(&format!("{fails}w++-"), Circuit::Open(NOW + 2 * PAUSE));
        check(&format!("{fails}w+?x+l"), Circuit::Closed);
        check(&format!("{fails}w+++-"), Circuit::Closed);
        check(&format!("{fails}w-w-w-w-"), Circuit::Dead);
        check(&format!("{fails}w-w-w-w-w"), Circuit::Dead);
        check(&format!("{fails}w+++{fails}w-w-w-"), Circuit::Dead);
    }

    #[test]
    fn one_request_at_a_time_probes() {
        let (mut breaker, now) = after(&format!("{}w", "-".repeat(100)));
        assert!(breaker.take());
        assert_eq!(breaker.circuit(now), Circuit::Probing);
        breaker.returned(true, None, now);
        assert_eq!(breaker.circuit(now), Circuit::Closed, "a dropped probe gives its turn back");
    }
}
