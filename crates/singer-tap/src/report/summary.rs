//! The last lines of a run: one for each stream, and one for all.

use super::{Ending, Report, StreamReport, Took};
use crate::outcome::Outcome;
use crate::text::{counted, grouped};

/// How a run ends that somebody ended.
const STOPPED: [Outcome; 3] = [Outcome::Interrupted, Outcome::Terminated, Outcome::Pipe];

impl Report {
    /// The last line of a run: what was read, what is missing, what it took.
    pub(crate) fn summary(&self, ending: Ending, took: Took) -> String {
        let is_told = |stream: &&StreamReport| stream.selected || stream.worst.is_some();
        let told = || self.streams.iter().filter(is_told);
        let is_cut = self.is_cut_short(ending.outcome);
        let (whole, rest): (Vec<_>, Vec<_>) = told().partition(|one| self.is_ok(one, is_cut));
        let reason = self.aborted.as_ref().filter(|_| !STOPPED.contains(&ending.outcome));
        let mut parts = Vec::from_iter(reason.map(|error| format!("stopped by {}", error.id())));
        parts.push(counted(whole.len() as u64, "stream") + " ok");
        parts.extend(rest.into_iter().map(|stream| {
            format!("`{}` partial ({})", stream.name, self.shortfall(stream).join(", "))
        }));
        let (records, rejected) =
            told().fold((0, 0), |(a, b), stream| (a + stream.records, b + stream.rejected));
        parts.push(counted(records, "record"));
        parts.push(format!("{} rejected", grouped(rejected)));
        parts.push(counted(took.requests, "request"));
        let retries = if took.retries == 1 { "retry" } else { "retries" };
        parts.push(format!("{} {retries}", grouped(took.retries)));
        ending.line(took.time, &parts.join(" · "))
    }

    /// A line for each stream that was read: what came of it, what is missing, what it took; and
    /// whether all is well.
    pub(crate) fn by_stream<'a>(&'a self, outcome: Outcome) -> Vec<(bool, &'a str, String)> {
        let line = |(is_ok, stream): (bool, &'a StreamReport)| {
            let verdict = match is_ok {
                true => "ok".to_owned(),
                false => format!("partial ({})", self.shortfall(stream).join(", ")),
            };
            (is_ok, stream.name.as_str(), format!("[END02] {}", stream.line(&verdict)))
        };
        self.verdicts(outcome).map(line).collect()
    }

    /// Each stream that was read, and whether all is well with it.
    pub(crate) fn verdicts(&self, outcome: Outcome) -> impl Iterator<Item = (bool, &StreamReport)> {
        let is_cut = self.is_cut_short(outcome);
        let is_told = |stream: &&StreamReport| stream.selected || stream.begun > 0;
        self.streams.iter().filter(is_told).map(move |stream| (self.is_ok(stream, is_cut), stream))
    }

    fn is_ok(&self, stream: &StreamReport, is_cut: bool) -> bool {
        stream.is_whole(is_cut) && !self.is_short_above(stream)
    }

    /// Whether the run ended before everything that there is was found.
    fn is_cut_short(&self, outcome: Outcome) -> bool {
        self.aborted.is_some() || STOPPED.contains(&outcome)
    }

    /// What is missing of a stream.
    fn shortfall(&self, stream: &StreamReport) -> Vec<String> {
        let mut what: Vec<String> = Vec::new();
        if let Some(id) = stream.failed {
            what.push(format!("stopped by {id}"));
        }
        let skipped: u64 = stream.skipped.values().sum();
        if skipped > 0 {
            what.push(counted(skipped, "partition") + " skipped");
        }
        if stream.rejected > 0 {
            what.push(counted(stream.rejected, "record") + " rejected");
        }
        if stream.begun == 0 {
            what.push("not read".to_owned());
        } else if what.is_empty() && self.is_short_above(stream) {
            what.push("its parent is short".to_owned());
        } else if what.is_empty() {
            what.push("cut short".to_owned());
        }
        what
    }
}

impl StreamReport {
    /// Whether all of it was read; of a run that was cut short only what is known to be complete.
    fn is_whole(&self, is_cut: bool) -> bool {
        let is_complete = self.begun > 0 && self.begun == self.complete + self.tolerated;
        self.worst.is_none() && self.rejected == 0 && (is_complete || !is_cut)
    }

    fn line(&self, verdict: &str) -> String {
        let mut parts = vec![format!("{}: {verdict}", self.name)];
        if self.selected {
            parts.push(counted(self.records, "record"));
        } else {
            parts.push("read for its children only".to_owned());
        }
        for (count, what) in [(self.rejected, "rejected"), (self.misfits, "misfits")] {
            if count > 0 {
                parts.push(format!("{} {what}", grouped(count)));
            }
        }
        if self.begun > 0 {
            parts.push(self.partitions());
        }
        parts.push(counted(self.requests, "request"));
        parts.push(format!("{:.1} s", self.took.as_secs_f64()));
        parts.join(" · ")
    }

    fn partitions(&self) -> String {
        let of = grouped(self.begun);
        let complete = format!("{} of {of} partitions complete", grouped(self.complete));
        let ids =
            self.skipped.iter().map(|(id, count)| format!("{} skipped by {id}", grouped(*count)));
        let off = (self.tolerated > 0).then(|| format!("{} tolerated", grouped(self.tolerated)));
        let parts: Vec<String> = std::iter::once(complete).chain(ids).chain(off).collect();
        parts.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::error::Error;

    fn stream(name: &str) -> StreamReport {
        StreamReport {
            name: name.to_owned(),
            selected: true,
            records: 1_234,
            begun: 12,
            complete: 12,
            requests: 1,
            took: Duration::from_millis(2_340),
            ..StreamReport::default()
        }
    }

    fn check(streams: Vec<StreamReport>, outcome: Outcome, lines: &[&str]) {
        let report = Report { streams, aborted: None };
        let settings = serde_json::from_str(r#"{"partial_exit_code": 0}"#).expect("settings");
        let took = Took { requests: 2_014, retries: 3, time: Duration::from_secs(252) };
        let mut told: Vec<String> =
            report.by_stream(outcome).into_iter().map(|(_, _, line)| line).collect();
        told.push(report.summary(Ending::of(outcome, &settings), took));
        assert_eq!(told, lines);
    }

    #[test]
    fn each_stream_and_then_the_run_tell_what_came_of_them() {
        check(
            vec![stream("issues"), StreamReport { selected: false, ..stream("repositories") }],
            Outcome::Ok,
            &[
                "[END02] issues: ok · 1,234 records · 12 of 12 partitions complete · 1 request · 2.3 s",
                "[END02] repositories: ok · read for its children only · 12 of 12 partitions complete · 1 request · 2.3 s",
                "[END01] done in 252.0 s: 1 stream ok · 1,234 records · 0 rejected · 2,014 requests · 3 retries. exit 0",
            ],
        );
    }

    #[test]
    fn what_was_skipped_is_told_with_its_reason_and_what_was_tolerated_is_no_fault() {
        let skipped = StreamReport {
            complete: 9,
            skipped: [("PERM01", 1), ("PERM03", 2)].into(),
            worst: Some(Outcome::Partial),
            misfits: 2,
            rejected: 1,
            ..stream("issues")
        };
        let off = StreamReport { complete: 10, tolerated: 2, ..stream("alerts") };
        check(
            vec![skipped, off],
            Outcome::Partial,
            &[
                "[END02] issues: partial (3 partitions skipped, 1 record rejected) · 1,234 records · 1 rejected · 2 misfits · 9 of 12 partitions complete, 1 skipped by PERM01, 2 skipped by PERM03 · 1 request · 2.3 s",
                "[END02] alerts: ok · 1,234 records · 10 of 12 partitions complete, 2 tolerated · 1 request · 2.3 s",
                "[END01] ended in 252.0 s: 1 stream ok · `issues` partial (3 partitions skipped, 1 record rejected) · 2,468 records · 1 rejected · 2,014 requests · 3 retries. exit 0 (partial, by `partial_exit_code`)",
            ],
        );
    }

    #[test]
    fn the_last_line_tells_why_the_run_ended() {
        let aborted = Some(Error::Usage { what: "a fault".to_owned() });
        let report = Report { streams: Vec::new(), aborted };
        let took = Took { requests: 2, retries: 1, time: Duration::from_secs(1) };
        assert_eq!(
            report.summary(Ending::from(Outcome::Usage), took),
            "[END01] ended in 1.0 s: stopped by CFG04 · 0 streams ok · 0 records · 0 rejected · 2 requests · 1 retry. exit 2"
        );
        let stopped = report.summary(Ending::from(Outcome::Interrupted), took);
        assert!(!stopped.contains("stopped by"), "who stopped it knows: {stopped}");
    }

    #[test]
    fn a_stream_that_was_not_reached_is_told_as_such() {
        let unread = StreamReport {
            begun: 0,
            complete: 0,
            requests: 0,
            records: 0,
            took: Duration::ZERO,
            ..stream("users")
        };
        check(
            vec![unread],
            Outcome::Terminated,
            &[
                "[END02] users: partial (not read) · 0 records · 0 requests · 0.0 s",
                "[END01] ended in 252.0 s: 0 streams ok · `users` partial (not read) · 0 records · 0 rejected · 2,014 requests · 3 retries. exit 143",
            ],
        );
    }
}
