//! The tables of the README and of the comparison with other taps are those of the code.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use singer_http::{Client, Env};
use singer_tap::{Stream, Tap, settings_schema, settings_table, streams_table};
use tap_github::{Config, TapGithub};

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
const PEERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/PEERS.md");

/// Compares what stands between two comments with what the code makes; with `UPDATE_README` set,
/// writes it there.
fn check(file: &str, section: &str, made: &str) {
    let page = std::fs::read_to_string(file).expect("the page can be read");
    let begin = format!("<!-- {section}: made by the code, checked by a test -->\n");
    let (head, rest) = page.split_once(&begin).expect("the section begins");
    let (table, tail) = rest.split_once("<!-- end -->").expect("the section ends");
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(file, format!("{head}{begin}{made}<!-- end -->{tail}"))
            .expect("the page can be written");
    } else {
        assert_eq!(table, made, "run the tests with UPDATE_README=1");
    }
}

async fn streams() -> Vec<Stream> {
    let config: Config = serde_json::from_str(r#"{"auth_token": "of-the-test"}"#)
        .expect("all other settings are optional");
    let spec = TapGithub::client(&config).expect("a client");
    let client = Client::new(spec, Env::real()).expect("a client");
    TapGithub::streams(&config, &client).await.expect("the streams")
}

/// What the others call each stream, by what it is here: a name, or `!` and why there is none.
fn compared(streams: &BTreeSet<&str>) -> String {
    let mut lines = include_str!("peers.tsv").lines();
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

#[tokio::test]
async fn the_tables_of_streams_and_settings_are_those_of_the_code() {
    check(README, "streams", &streams_table(&streams().await));
    check(README, "settings", &settings_table(&settings_schema::<Config>()));
}

#[tokio::test]
async fn every_stream_of_another_tap_is_here_or_has_a_reason() {
    let streams = streams().await;
    let names: BTreeSet<&str> = streams.iter().map(Stream::name).collect();
    check(PEERS, "peers", &compared(&names));
}
