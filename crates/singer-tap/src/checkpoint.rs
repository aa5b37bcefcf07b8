//! When a STATE is worth its bytes.

use std::time::Duration;

/// A STATE takes at most this part of the output: one in twenty bytes.
const SHARE: u64 = 20;
/// Bytes of records between two STATEs, even where states are small.
const SPACING: u64 = 64 << 10;
/// A state that changed waits no longer than this while records flow.
const PATIENCE: Duration = Duration::from_secs(30);

/// Decides after each batch whether to write a STATE.
#[derive(Debug, Default)]
pub(crate) struct Checkpoint {
    bytes: u64,
    last_length: u64,
    last_at: Duration,
}

impl Checkpoint {
    /// Books the bytes of a batch.
    pub(crate) fn wrote(&mut self, bytes: usize) {
        self.bytes += bytes as u64;
    }

    /// Whether a state that changed is to be written at `now`.
    pub(crate) fn is_due(&self, now: Duration) -> bool {
        let is_spaced = self.bytes >= SPACING.max(self.last_length * SHARE);
        is_spaced || now.saturating_sub(self.last_at) >= PATIENCE
    }

    /// Books that a STATE of this length was written.
    pub(crate) fn stated(&mut self, length: usize, now: Duration) {
        *self = Checkpoint { bytes: 0, last_length: length as u64, last_at: now };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_due_when_it_costs_less_than_a_twentieth() {
        let mut checkpoint = Checkpoint::default();
        let now = Duration::from_secs(1);
        checkpoint.wrote(1 << 20);
        assert!(checkpoint.is_due(now));
        checkpoint.stated(10_000, now);
        checkpoint.wrote(199_999);
        assert!(!checkpoint.is_due(now), "the last state was a twentieth of more than this");
        checkpoint.wrote(1);
        assert!(checkpoint.is_due(now));
    }

    #[test]
    fn a_changed_state_does_not_wait_for_ever() {
        let checkpoint = Checkpoint::default();
        assert!(!checkpoint.is_due(Duration::from_secs(29)));
        assert!(checkpoint.is_due(Duration::from_secs(30)));
    }
}
