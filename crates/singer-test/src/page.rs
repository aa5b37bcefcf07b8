//! Pages of documentation with tables that the code makes, and files that it makes whole.
//!
//! Each table stands between `<!-- name: made by the code, checked by a test -->` and `<!-- end -->`. With
//! `UPDATE_README` in the environment a check writes the table into the page instead.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use singer_tap::{Stream, Tap, plugin_definition, settings_schema, settings_table, streams_table};

use crate::subject::Subject;

/// Checks the tables `streams` and `settings` of a tap's README.
///
/// # Panics
/// One is not what the code makes, or the config of the subject is refused.
#[track_caller]
pub fn check_readme<T: Tap>(subject: &Subject, readme: &Path) {
    check_table(readme, "streams", &streams_table(&streams::<T>(subject)));
    check_table(readme, "settings", &settings_table(&settings_schema::<T::Config>()));
}

/// Checks the table `peers` of a page: each stream that another tap has is here, or has a reason.
///
/// `peers` has a line of tab-separated cells for each stream: its name here, or `! ` and the reason why it
/// is not; then what each of the others calls it, or `-`. The first line names the taps.
///
/// # Panics
/// The table is another, a stream is missing without a reason, or the config of the subject is refused.
#[track_caller]
pub fn check_peers<T: Tap>(subject: &Subject, page: &Path, peers: &str) {
    let streams = streams::<T>(subject);
    check_table(page, "peers", &compared(&streams.iter().map(Stream::name).collect(), peers));
}

/// Checks one table of a page.
///
/// # Panics
/// It is not this one.
#[track_caller]
pub fn check_table(page: &Path, name: &str, made: &str) {
    let text = fs::read_to_string(page).expect("the page can be read");
    let begin = format!("<!-- {name}: made by the code, checked by a test -->\n");
    let (head, rest) = text.split_once(&begin).expect("the table begins");
    let (told, tail) = rest.split_once("<!-- end -->").expect("the table ends");
    hold(page, told, made, &format!("{head}{begin}{made}<!-- end -->{tail}"));
}

/// Checks a tap's plugin definition for Meltano, as `--about --format meltano` prints it.
///
/// # Panics
/// The file has another one.
#[track_caller]
pub fn check_plugin<T: Tap>(file: &Path) {
    let made = plugin_definition::<T>();
    // A new tap has none.
    let told = fs::read_to_string(file).unwrap_or_default();
    hold(file, &told, &made, &made);
}

/// Checks that what a file says is what the code makes, or writes the file whole.
#[track_caller]
fn hold(file: &Path, told: &str, made: &str, whole: &str) {
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(file, whole).expect("the file can be written");
    } else {
        assert_eq!(told, made, "run the tests with UPDATE_README=1");
    }
}

#[track_caller]
fn streams<T: Tap>(subject: &Subject) -> Vec<Stream> {
    subject.streams::<T>().expect("the config gives streams")
}

/// What the others call each stream.
fn compared(streams: &BTreeSet<&str>, peers: &str) -> String {
    let mut lines = peers.lines();
    let taps: Vec<&str> = lines.next().expect("a head").split('\t').skip(1).collect();
    // A stream of theirs that is not here may have the name of one of ours.
    let mut rows: BTreeMap<(&str, bool), String> = streams
        .iter()
        .map(|name| ((*name, true), format!("| `{name}` |{}", " |".repeat(taps.len()))))
        .collect();
    for line in lines {
        let (ours, theirs) = line.split_once('\t').expect("a tab");
        let names: Vec<&str> = theirs.split('\t').collect();
        assert_eq!(names.len(), taps.len(), "{line}");
        let shown = |name: &&str| match *name {
            "-" => " |".to_owned(),
            name if name == ours => " ✓ |".to_owned(),
            name => format!(" `{name}` |"),
        };
        let cells: String = names.iter().map(shown).collect();
        let is_there = streams.contains(ours);
        assert!(is_there || ours.starts_with("! "), "`{ours}` is missing without a reason");
        let name = names.iter().find(|name| **name != "-").expect("one of them has it");
        let (key, head) = match ours.strip_prefix("! ") {
            Some(reason) => ((*name, false), format!("not here: {reason}")),
            None => ((ours, true), format!("`{ours}`")),
        };
        rows.insert(key, format!("| {head} |{cells}"));
    }
    let mut text = format!("| here | {} |\n|---|{}\n", taps.join(" | "), "---|".repeat(taps.len()));
    for row in rows.values() {
        writeln!(text, "{row}").expect("a `String` takes any text");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stream_of_the_others_is_here_or_has_a_reason() {
        let ours = BTreeSet::from(["issues", "labels"]);
        let peers = "here\tone\ttwo\nissues\tissues\ttickets\n! no API tells them\t-\tdependents\n";
        let expected = "| here | one | two |\n|---|---|---|\n\
            | not here: no API tells them | | `dependents` |\n\
            | `issues` | ✓ | `tickets` |\n\
            | `labels` | | |\n";
        assert_eq!(compared(&ours, peers), expected);
    }

    #[test]
    #[should_panic(expected = "`pulls` is missing without a reason")]
    fn a_stream_of_another_that_is_not_here_fails() {
        compared(&BTreeSet::from(["issues"]), "here\tone\npulls\tpulls\n");
    }
}
