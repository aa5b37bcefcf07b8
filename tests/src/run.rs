//! What came of a run, and what must hold of it.

use crate::{Mock, Output, check};

/// What a run left behind.
#[derive(Debug)]
pub struct Run {
    /// The exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// Everything on stdout.
    pub stdout: Vec<u8>,
    /// Everything on stderr.
    pub stderr: String,
    /// Stdout was not read to its end.
    pub(crate) is_cut: bool,
}

impl Run {
    /// Stdout as text.
    pub fn text(&self) -> String {
        String::from_utf8(self.stdout.clone()).expect("stdout is UTF-8")
    }

    /// Stdout as messages.
    pub fn output(&self) -> Output {
        Output::parse(&self.stdout, self.is_cut)
    }

    /// The lines of stderr that hold a text.
    pub fn told(&self, text: &str) -> Vec<&str> {
        self.stderr.lines().filter(|line| line.contains(text)).collect()
    }

    /// The lines of stderr that warn, but for the one about the server's clock, which a mock sets.
    pub fn warnings(&self) -> Vec<&str> {
        let lines = self.stderr.lines().filter(|line| !line.starts_with("INFO "));
        lines.filter(|line| !line.contains("[CLK01]")).collect()
    }

    /// The lines that tell of a part that was given up for this reason.
    pub fn given_up(&self, id: &str) -> Vec<&str> {
        let marks = [format!("[{id}] skipped "), format!("[{id}] stopped ")];
        self.stderr.lines().filter(|line| marks.iter().any(|mark| line.contains(mark))).collect()
    }

    /// The number before a word in the last line of a run: `records`, `requests`, `retry`.
    pub fn summary(&self, word: &str) -> u64 {
        let line = self.told("[END01]").pop().unwrap_or_default();
        let mut words =
            line.split_whitespace().rev().skip_while(|one| one.trim_end_matches('.') != word);
        let number = words.nth(1).and_then(|number| number.replace(',', "").parse().ok());
        number.unwrap_or_else(|| panic!("no number of {word} in `{line}`"))
    }

    /// Checks the exit code, and shows why it is another.
    pub fn ends_with(self, code: i32) -> Run {
        assert_eq!(self.code, Some(code), "{}", self.log());
        self
    }

    /// Stderr without its measurements.
    pub fn log(&self) -> String {
        let lines = self.stderr.lines().filter(|line| !line.contains("METRIC: "));
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// What must hold for a run's output.
#[derive(Clone, Debug)]
pub(crate) struct Terms<'a> {
    pub(crate) mock: Option<&'a Mock>,
    pub(crate) start_date: Option<String>,
    /// It reads data and writes messages, to the last STATE.
    pub(crate) is_sync: bool,
}

impl Terms<'_> {
    /// Checks everything that must hold.
    pub(crate) fn check(&self, run: &Run) {
        check::secrets(&String::from_utf8_lossy(&run.stdout));
        check::secrets(&run.stderr);
        let lower = run.stderr.to_lowercase();
        assert!(!lower.contains("panic") && !lower.contains("bug01"), "{}", run.log());
        // Only a proxy's refusal shows when the first request is sent.
        if run.code == Some(2) && run.told("[NET03]").is_empty() {
            assert!(run.stdout.is_empty(), "a wrong use wrote to stdout");
        }
        if let (true, Some(code)) = (self.is_sync, run.code) {
            check::last_line(&run.stderr, code);
        }
        if !self.is_sync || run.code == Some(2) {
            return;
        }
        let output = run.output();
        check::messages(&String::from_utf8_lossy(&run.stdout));
        check::bookmarks_rise(&output);
        if !run.is_cut && !matches!(run.code, None | Some(8 | 141)) {
            check::ends_in_state(&output);
        }
        if let Some(mock) = self.mock {
            check::no_state_ahead(&output, mock, self.start_date.as_deref());
        }
    }
}
