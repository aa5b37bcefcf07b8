//! What came of the checks.

use std::fmt;

/// The most failures of one check that are shown.
const SHOWN: usize = 10;

/// What came of all checks of a tap.
#[derive(Clone, Debug)]
pub struct Report {
    tap: &'static str,
    checks: Vec<(String, Verdict)>,
    /// Declared fields that no record had, as `stream.field`, and streams without records: what was
    /// not tested.
    pub unseen: Vec<String>,
}

/// What came of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Passed,
    /// It does not, and for this reason it need not.
    Waived {
        /// The author's reason.
        reason: String,
        /// What does not hold; empty if the waiver is not needed any more.
        failures: Vec<String>,
    },
    /// It does not hold.
    Failed(Vec<String>),
}

impl Report {
    pub(super) fn new(tap: &'static str) -> Report {
        Report { tap, checks: Vec::new(), unseen: Vec::new() }
    }

    pub(super) fn add(&mut self, name: &str, failures: Vec<String>, waiver: Option<&str>) {
        let verdict = match waiver {
            Some(reason) => Verdict::Waived { reason: reason.to_owned(), failures },
            None if failures.is_empty() => Verdict::Passed,
            None => Verdict::Failed(failures),
        };
        self.checks.push((name.to_owned(), verdict));
    }

    /// Whether every check holds or is waived.
    pub fn is_passed(&self) -> bool {
        !self.checks.iter().any(|(_, verdict)| matches!(verdict, Verdict::Failed(_)))
    }

    /// The checks that were made, by name, in their order.
    pub fn checks(&self) -> &[(String, Verdict)] {
        &self.checks
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "conformance of {}:", self.tap)?;
        for (name, verdict) in &self.checks {
            match verdict {
                Verdict::Passed => writeln!(f, "  ok      {name}")?,
                Verdict::Waived { reason, failures } if failures.is_empty() => {
                    writeln!(f, "  waived  {name}: {reason} (it holds: the waiver can go)")?;
                }
                Verdict::Waived { reason, .. } => writeln!(f, "  waived  {name}: {reason}")?,
                Verdict::Failed(failures) => {
                    writeln!(f, "  FAILED  {name}")?;
                    for failure in failures.iter().take(SHOWN) {
                        writeln!(f, "    - {failure}")?;
                    }
                    if let Some(more) = failures.len().checked_sub(SHOWN + 1) {
                        writeln!(f, "    - and {} more", more + 1)?;
                    }
                }
            }
        }
        match self.unseen.len() {
            0 => Ok(()),
            count => {
                writeln!(
                    f,
                    "  {count} declared fields or streams in no record: {}",
                    self.unseen.join(", ")
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_tells_every_check_and_all_that_fails() {
        let mut report = Report::new("tap-shop");
        report.add("keys", Vec::new(), None);
        report.add("unique_keys", vec!["twice".to_owned()], Some("the API repeats orders"));
        report.add("catalog", Vec::new(), Some("once needed"));
        assert!(report.is_passed());
        report.add("resume", (0..12).map(|at| format!("row {at}")).collect(), None);
        report.unseen.push("orders.note".to_owned());
        assert!(!report.is_passed());
        let rows: String = (0..10).map(|at| format!("    - row {at}\n")).collect();
        let expected = format!(
            "conformance of tap-shop:\n  ok      keys\n  waived  unique_keys: the API repeats orders\n  waived  catalog: once needed (it holds: the waiver can go)\n  FAILED  resume\n{rows}    - and 2 more\n  1 declared fields or streams in no record: orders.note\n"
        );
        assert_eq!(report.to_string(), expected);
    }
}
