//! Numbers that look like chance and follow from the seed alone.

/// A number that depends on every one of its parts.
pub(crate) fn mix(parts: &[u64]) -> u64 {
    let mut state = 0x9e37_79b9_7f4a_7c15;
    for &part in parts {
        state = finalize(state ^ part).wrapping_add(0x9e37_79b9_7f4a_7c15);
    }
    finalize(state)
}

/// The finalizer of SplitMix64 (<https://prng.di.unimi.it/splitmix64.c>, public domain).
fn finalize(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// The choices for one row: each `pick` is a new number of the same source.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dice {
    base: u64,
}

impl Dice {
    pub(crate) fn new(parts: &[u64]) -> Self {
        Self { base: mix(parts) }
    }

    /// A number below `below`, the same for the same purpose.
    pub(crate) fn pick(self, purpose: u64, below: u64) -> u64 {
        mix(&[self.base, purpose]) % below.max(1)
    }

    /// True in about `percent` of a hundred cases.
    pub(crate) fn chance(self, purpose: u64, percent: u64) -> bool {
        self.pick(purpose, 100) < percent
    }

    /// One of the choices.
    pub(crate) fn of<'a>(self, purpose: u64, choices: &[&'a str]) -> &'a str {
        choices[self.pick(purpose, choices.len() as u64) as usize]
    }

    /// An instant between two, nearer to the first by the third power.
    pub(crate) fn soon_after(self, purpose: u64, first: u32, last: u32) -> u32 {
        let share = self.pick(purpose, 1 << 20) as f64 / f64::from(1u32 << 20);
        let span = f64::from(last.saturating_sub(first));
        first + (span * share * share * share) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_parts_give_the_same_number_and_others_another() {
        assert_eq!(mix(&[1, 2]), mix(&[1, 2]));
        assert_ne!(mix(&[1, 2]), mix(&[2, 1]));
        let dice = Dice::new(&[7]);
        assert_eq!(dice.pick(1, 1_000), dice.pick(1, 1_000));
        assert!((100..200).all(|last| dice.soon_after(2, 100, last) <= last));
    }

    #[test]
    fn chances_come_true_about_as_often_as_they_should() {
        let hits = (0..10_000).filter(|&row| Dice::new(&[1, row]).chance(3, 30)).count();
        assert!((2_800..3_200).contains(&hits), "{hits}");
    }
}
