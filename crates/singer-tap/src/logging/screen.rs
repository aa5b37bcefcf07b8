//! The part of a terminal below the log, where lines are drawn over and over.

use std::io::IsTerminal as _;
use std::sync::{PoisonError, RwLock};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{LogFormat, style};

/// What is drawn on the terminal, if anything is.
static SHOWN: RwLock<Option<MultiProgress>> = RwLock::new(None);

/// Lines below the log; gone when it is dropped.
#[derive(Debug)]
pub(crate) struct Screen {
    bars: MultiProgress,
    lines: Vec<ProgressBar>,
}

impl Screen {
    /// The terminal behind stderr, if it is wanted.
    pub(crate) fn open() -> Option<Screen> {
        if !is_wanted() {
            return None;
        }
        let bars = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        *SHOWN.write().unwrap_or_else(PoisonError::into_inner) = Some(bars.clone());
        Some(Screen { bars, lines: Vec::new() })
    }

    /// Shows these lines, each cut at the terminal's width, in place of the last ones.
    pub(crate) fn show(&mut self, texts: &[String]) {
        while self.lines.len() > texts.len() {
            if let Some(line) = self.lines.pop() {
                self.bars.remove(&line);
            }
        }
        while self.lines.len() < texts.len() {
            let style = ProgressStyle::with_template("{wide_msg}");
            let line = self.bars.add(ProgressBar::no_length());
            self.lines.push(style.map_or(line.clone(), |style| line.with_style(style)));
        }
        for (line, text) in self.lines.iter().zip(texts) {
            if line.message() != *text {
                line.set_message(text.clone());
            }
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        clear();
    }
}

/// Whether there is a terminal whose user wants to see more than lines.
pub(crate) fn is_wanted() -> bool {
    let style = style();
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let is_plain = variable("TERM") == "dumb" || !variable("NO_COLOR").is_empty();
    let is_asked = !style.app.is_empty() && style.format == LogFormat::Text && !style.is_quiet;
    is_asked && !is_plain && std::io::stderr().is_terminal()
}

/// Leaves the terminal to the log.
pub(crate) fn clear() {
    let shown = SHOWN.write().unwrap_or_else(PoisonError::into_inner).take();
    // A terminal that cannot be cleared is nobody's failure.
    let _ = shown.map(|bars| bars.clear());
}

/// Writes to the terminal, above what is shown.
pub(super) fn beside(write: impl FnOnce()) {
    match &*SHOWN.read().unwrap_or_else(PoisonError::into_inner) {
        Some(bars) => bars.suspend(write),
        None => write(),
    }
}
