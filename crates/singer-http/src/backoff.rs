//! How long to wait before a request is tried again.

use std::time::Duration;

use crate::clock::Random;

const FIRST: Duration = Duration::from_millis(500);
const MOST: Duration = Duration::from_secs(30);

/// The wait after failure number `failures` (from 0): half of `min(30 s, 500 ms · 2^failures)`
/// and a random part of the other half.
pub(crate) fn backoff(failures: u32, random: &dyn Random) -> Duration {
    let full = FIRST.saturating_mul(1 << failures.min(10)).min(MOST);
    full.mul_f64(0.5 + 0.5 * random.unit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::FixedRandom;

    #[test]
    fn the_wait_doubles_up_to_its_cap_with_jitter_in_the_upper_half() {
        let check = |failures, unit, want_ms| {
            let wait = backoff(failures, &FixedRandom(unit));
            assert_eq!(wait, Duration::from_millis(want_ms), "{failures} {unit}");
        };
        check(0, 0.0, 250);
        check(0, 0.5, 375);
        check(1, 0.0, 500);
        check(3, 0.5, 3_000);
        check(6, 0.0, 15_000);
        check(6, 0.5, 22_500);
        check(63, 0.0, 15_000);
        check(u32::MAX, 0.5, 22_500);
    }
}
