//! What a `--test` says of each stream.

use super::{Report, StreamReport};
use crate::outcome::Outcome;
use crate::text::counted;

impl Report {
    /// A line for each stream that was tried, and whether it works.
    pub(crate) fn tests<'a>(&'a self) -> Vec<(bool, &'a str, String)> {
        let line = |(_, stream): (bool, &'a StreamReport)| {
            let (is_ok, what) = self.test(stream);
            (is_ok, stream.name.as_str(), format!("[TEST01] {}: {what}", stream.name))
        };
        self.verdicts(Outcome::Ok).map(line).collect()
    }

    fn test(&self, stream: &StreamReport) -> (bool, String) {
        let id = stream.failed.or_else(|| stream.skipped.keys().next().copied());
        if let Some(id) = id {
            return (false, format!("does not work ({id})"));
        }
        if stream.rejected > 0 {
            return (false, counted(stream.rejected, "record") + " on its first page rejected");
        }
        if stream.tolerated > 0 {
            return (true, "works, but is switched off where it was tried".to_owned());
        }
        if stream.complete > 0 {
            let what = match stream.selected {
                true => counted(stream.records, "record") + " on its first page",
                false => "read for its children only".to_owned(),
            };
            return (true, format!("works ({what})"));
        }
        (false, self.why_not_tried(stream))
    }

    fn why_not_tried(&self, stream: &StreamReport) -> String {
        let parent = stream.parent.map(|parent| &self.streams[parent]);
        match (&self.aborted, parent) {
            (Some(error), _) if stream.begun > 0 => format!("does not work ({})", error.id()),
            (Some(error), _) => format!("not tried ({} came first)", error.id()),
            (None, Some(parent)) if parent.complete > 0 => {
                format!("not tried (`{}` gave no record to try it with)", parent.name)
            }
            (None, Some(parent)) => format!("not tried (`{}` was not read)", parent.name),
            (None, None) => "not tried".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    fn stream(name: &str) -> StreamReport {
        StreamReport {
            name: name.to_owned(),
            selected: true,
            records: 1_234,
            begun: 1,
            complete: 1,
            ..StreamReport::default()
        }
    }

    #[test]
    fn a_test_tells_of_each_stream_whether_it_works() {
        let check = |streams: Vec<StreamReport>, aborted: Option<Error>, expected: &[&str]| {
            let report = Report { streams, aborted };
            let told: Vec<String> = report.tests().into_iter().map(|(_, _, line)| line).collect();
            assert_eq!(told, expected);
        };
        let untried =
            |name: &str| StreamReport { begun: 0, complete: 0, parent: Some(0), ..stream(name) };
        let parent =
            |complete| StreamReport { selected: false, complete, ..stream("repositories") };
        let tolerated = StreamReport { complete: 0, tolerated: 1, ..stream("alerts") };
        let failed =
            StreamReport { complete: 0, skipped: [("PERM01", 1)].into(), ..stream("keys") };
        check(
            vec![parent(1), stream("issues"), tolerated, failed, untried("labels")],
            None,
            &[
                "[TEST01] repositories: works (read for its children only)",
                "[TEST01] issues: works (1,234 records on its first page)",
                "[TEST01] alerts: works, but is switched off where it was tried",
                "[TEST01] keys: does not work (PERM01)",
                "[TEST01] labels: not tried (`repositories` gave no record to try it with)",
            ],
        );
        check(
            vec![parent(0), untried("labels")],
            Some(Error::Stopped),
            &[
                "[TEST01] repositories: does not work (SIG01)",
                "[TEST01] labels: not tried (SIG01 came first)",
            ],
        );
    }
}
