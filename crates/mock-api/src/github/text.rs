//! Words for titles and bodies.

use super::seed::Dice;

const VERBS: &[&str] = &[
    "Fix", "Speed up", "Document", "Rework", "Drop", "Support", "Test", "Rename", "Cache", "Limit",
    "Retry", "Explain", "Simplify", "Move", "Log", "Sort", "Merge", "Split",
];
const NOUNS: &[&str] = &[
    "parser",
    "queue",
    "login page",
    "exporter",
    "scheduler",
    "index",
    "config loader",
    "socket",
    "date picker",
    "billing report",
    "search box",
    "upload",
    "worker pool",
    "time zone",
    "cursor",
    "retry loop",
    "web hook",
    "cache",
];
const WHERES: &[&str] = &[
    "on Windows",
    "after an upgrade",
    "under load",
    "in the nightly build",
    "for empty input",
    "when offline",
    "with long names",
    "behind a proxy",
    "on small screens",
    "for new accounts",
    "in read-only mode",
    "at midnight",
];
const SENTENCES: &[&str] = &[
    "It worked in the last release.",
    "The log shows nothing unusual.",
    "Steps: open the page, wait, press \"save\" twice.",
    "Setting `retries = 0` makes no difference.",
    "We see this on about one machine in ten.",
    "Path is C:\\data\\in, if that matters.",
    "A smaller input does not show it 🦦.",
    "Größere Dateien brauchen länger, naïve as it sounds.",
    "The attached patch makes it pass, but I do not know why.",
    "Happens with <b>and</b> without the plugin & its options.",
    "See the discussion of last week for the reasons.",
    "Expected: 1,000 rows.\tGot: 999.",
];

/// A title, such as `Fix the parser under load`.
pub(crate) fn title(dice: Dice, purpose: u64) -> String {
    let (verb, noun) = (dice.of(purpose, VERBS), dice.of(purpose + 1, NOUNS));
    format!("{verb} the {noun} {}", dice.of(purpose + 2, WHERES))
}

/// Some paragraphs, `sentences` at most and at least a third of them.
pub(crate) fn body(dice: Dice, purpose: u64, sentences: u64) -> String {
    let least = sentences / 3 + 1;
    let count = least + dice.pick(purpose, sentences - least + 1);
    let mut text = String::new();
    for at in 1..=count {
        if !text.is_empty() {
            text.push_str(if dice.chance(purpose + 50 + at, 30) { "\r\n\r\n" } else { " " });
        }
        text.push_str(dice.of(purpose + at, SENTENCES));
    }
    text
}

/// One word in lower case.
pub(crate) fn word(dice: Dice, purpose: u64) -> String {
    dice.of(purpose, NOUNS).replace(' ', "-")
}
