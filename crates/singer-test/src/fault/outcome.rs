//! What came of the matrix.

use std::fmt;

use super::{Made, Row};

/// What came of all rows.
pub struct Outcomes {
    pub(super) tap: &'static str,
    /// Row by row, as in [`matrix`](super::matrix).
    pub rows: Vec<Met>,
}

/// What came of one row.
pub struct Met {
    /// The row.
    pub row: Row,
    /// What came of it.
    pub verdict: Verdict,
}

/// How a tap does under a fault.
pub enum Verdict {
    /// All is as it must be.
    Ok,
    /// It could not be tried, for this reason.
    Untried(String),
    /// These things are not as they must be.
    Failed(Vec<String>),
}

impl Met {
    pub(super) fn of(row: &Row, failures: Vec<String>) -> Met {
        let verdict = if failures.is_empty() { Verdict::Ok } else { Verdict::Failed(failures) };
        Met { row: *row, verdict }
    }

    pub(super) fn untried(row: &Row, why: impl Into<String>) -> Met {
        Met { row: *row, verdict: Verdict::Untried(why.into()) }
    }
}

impl Outcomes {
    /// How many rows were tried.
    pub fn tried(&self) -> usize {
        self.rows.iter().filter(|met| !matches!(met.verdict, Verdict::Untried(_))).count()
    }

    /// Tries the rows that need a process, by their names.
    pub fn try_processes(&mut self, mut run: impl FnMut(&str, &Row) -> Vec<String>) {
        for met in &mut self.rows {
            if let Made::Process(name) = met.row.made {
                *met = Met::of(&met.row, run(name, &met.row));
            }
        }
    }

    /// Prints the table.
    #[expect(clippy::print_stdout, reason = "cargo shows it when it is asked to, or on failure")]
    pub fn show(&self) {
        println!("{self}");
    }

    /// Checks that every row that was tried is met.
    ///
    /// # Panics
    /// When one is not.
    #[track_caller]
    pub fn assert(&self) {
        let failed = self.rows.iter().filter_map(|met| match &met.verdict {
            Verdict::Failed(failures) => {
                let Row { number, fault, .. } = met.row;
                Some(format!("{number} {fault}:\n  - {}", failures.join("\n  - ")))
            }
            _ => None,
        });
        let failed: Vec<String> = failed.collect();
        assert!(failed.is_empty(), "{}", failed.join("\n"));
    }
}

impl fmt::Display for Outcomes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} under {} of {} rows:\n", self.tap, self.tried(), self.rows.len())?;
        writeln!(f, "| row | fault | exit | message | |\n|---|---|---|---|---|")?;
        for Met { row, verdict } in &self.rows {
            let Row { number, fault, ends, id, .. } = row;
            let (exit, id, verdict) = match verdict {
                Verdict::Ok => (ends.code().to_string(), *id, "ok".to_owned()),
                Verdict::Failed(_) => (ends.code().to_string(), *id, "FAILED".to_owned()),
                Verdict::Untried(why) => (String::new(), "", format!("not here: {why}")),
            };
            writeln!(f, "| {number} | {fault} | {exit} | {id} | {verdict} |")?;
        }
        Ok(())
    }
}
