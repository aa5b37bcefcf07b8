//! How many requests may be in flight: more while all is well, half after each throttling.

/// Starts at `min(cap, 4)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Aimd {
    cap: usize,
    limit: usize,
    clean: usize,
    /// Counts the halvings: requests that began before the last one tell nothing new.
    era: u64,
}

impl Aimd {
    pub(crate) fn new(cap: usize) -> Self {
        let cap = cap.max(1);
        Self { cap, limit: cap.min(4), clean: 0, era: 0 }
    }

    /// How many may be in flight now.
    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// What a request that begins now gives back when it was throttled.
    pub(crate) fn era(&self) -> u64 {
        self.era
    }

    /// A request went well.
    pub(crate) fn clean(&mut self) {
        self.clean += 1;
        if self.clean >= self.limit {
            self.limit = (self.limit * 2).min(self.cap);
            self.clean = 0;
        }
    }

    /// A request that began in `era` was throttled; whether that is news.
    pub(crate) fn throttled(&mut self, era: u64) -> bool {
        let is_news = era == self.era;
        if is_news {
            self.limit = (self.limit / 2).max(1);
            self.clean = 0;
            self.era += 1;
        }
        is_news
    }

    /// The server wants one request at a time.
    pub(crate) fn alone(&mut self) {
        (self.limit, self.clean, self.era) = (1, 0, self.era + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_doubles_per_clean_window_and_halves_per_throttling() {
        let check = |cap, steps: &str, want| {
            let mut aimd = Aimd::new(cap);
            for step in steps.chars() {
                match step {
                    '+' => aimd.clean(),
                    '-' => assert!(aimd.throttled(aimd.era)),
                    '1' => aimd.alone(),
                    _ => assert!(!aimd.throttled(aimd.era.wrapping_sub(1))),
                }
            }
            assert_eq!(aimd.limit, want, "{cap} {steps}");
        };
        check(8, "", 4);
        check(2, "", 2);
        check(0, "", 1);
        check(8, "+++", 4);
        check(8, "++++", 8);
        check(8, "++++++++++++++++++++++++", 8);
        check(32, "++++++++++++", 16);
        check(8, "-", 2);
        check(8, "+++-+", 2);
        check(8, "+++-++", 4);
        check(8, "----", 1);
        check(8, "++++1", 1);
        check(8, "1+", 2);
        // Requests that began before the halving were not throttled by the halved rate.
        check(8, "-ooo", 2);
        check(8, "1o", 1);
    }
}
