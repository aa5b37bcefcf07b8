//! The tables of the README and of the comparison with other taps are those of the code.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use singer_http::{Client, Env};
use singer_tap::{Stream, Tap, settings_schema, settings_table, streams_table};
use tap_stripe::{Config, TapStripe};

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
    let config: Config = serde_json::from_str(r#"{"client_secret": "sk_test_of_the_test"}"#)
        .expect("all other settings are optional");
    let spec = TapStripe::client(&config).expect("a client");
    let client = Client::new(spec, Env::real()).expect("a client");
    TapStripe::streams(&config, &client).await.expect("the streams")
}

/// What the others call each stream, by what it is here.
fn compared(streams: &BTreeSet<&str>) -> String {
    let mut lines = include_str!("peers.tsv").lines();
    let taps: Vec<&str> = lines.next().expect("a head").split('\t').skip(1).collect();
    let mut rows: BTreeMap<&str, String> =
        streams.iter().map(|name| (*name, " |".repeat(taps.len()))).collect();
    for line in lines {
        let (ours, theirs) = line.split_once('\t').expect("a tab");
        let names: Vec<&str> = theirs.split('\t').collect();
        assert_eq!(names.len(), taps.len(), "{line}");
        assert!(streams.contains(ours), "`{ours}` is missing");
        let shown = |name: &&str| match *name {
            "-" => " |".to_owned(),
            name if name == ours => " ✓ |".to_owned(),
            name => format!(" `{name}` |"),
        };
        rows.insert(ours, names.iter().map(shown).collect());
    }
    let mut text = format!("| here | {} |\n|---|{}\n", taps.join(" | "), "---|".repeat(taps.len()));
    for (name, cells) in rows {
        writeln!(text, "| `{name}` |{cells}").expect("a `String` takes any text");
    }
    text
}

#[tokio::test]
async fn the_tables_of_streams_and_settings_are_those_of_the_code() {
    check(README, "streams", &streams_table(&streams().await));
    check(README, "settings", &settings_table(&settings_schema::<Config>()));
}

#[tokio::test]
async fn every_stream_of_another_tap_is_here() {
    let streams = streams().await;
    let names: BTreeSet<&str> = streams.iter().map(Stream::name).collect();
    check(PEERS, "peers", &compared(&names));
}
