//! Lists of which an API shows only so much.

use std::time::Duration;

use singer_protocol::Cursor;

/// What an API shows of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Horizon {
    /// No more records than these.
    pub(crate) records: u64,
    /// None that are older.
    pub(crate) age: Option<Duration>,
}

/// What is known of a list that was read to its end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen<'a> {
    /// How many records it had.
    pub(crate) records: u64,
    /// The last value that earlier runs have read, if there is one and it did not reach back to it.
    pub(crate) unreached: Option<&'a Cursor>,
    /// The value of the replication key so long ago as the API shows.
    pub(crate) oldest: Option<&'a Cursor>,
    /// Whether earlier runs could have read what this one does not see.
    pub(crate) resumes: bool,
}

impl Horizon {
    /// What of a list is lost to us, if it may be.
    pub(crate) fn lost(&self, seen: &Seen<'_>) -> Option<String> {
        let is_full = seen.records >= self.records;
        match seen.unreached {
            Some(known) => {
                let is_older = seen.oldest.is_some_and(|oldest| known < oldest);
                (is_full || is_older)
                    .then(|| format!("it does not reach back to {known}, where the last run ended"))
            }
            None => (is_full && !seen.resumes).then(|| "it may have more".to_owned()),
        }
    }

    /// The rule in words.
    pub(crate) fn rule(&self) -> String {
        let days = self.age.map(|age| format!(", of the last {} days", age.as_secs() / 86_400));
        format!("the API shows at most {} records{}", self.records, days.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENTS: Horizon = Horizon { records: 3, age: Some(Duration::from_secs(30 * 86_400)) };

    fn check(records: u64, unreached: Option<i64>, resumes: bool, lost: bool) {
        let unreached = unreached.map(Cursor::Integer);
        let oldest = Cursor::Integer(100);
        let seen = Seen { records, unreached: unreached.as_ref(), oldest: Some(&oldest), resumes };
        assert_eq!(EVENTS.lost(&seen).is_some(), lost, "{seen:?}");
    }

    #[test]
    fn a_gap_is_where_a_list_that_is_cut_does_not_reach_what_is_known() {
        check(3, Some(120), true, true);
        check(2, Some(120), true, false);
        check(2, Some(99), true, true);
        check(3, None, true, false);
        check(3, None, false, true);
        check(2, None, false, false);
    }
}
