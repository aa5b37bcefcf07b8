//! The tables of the README and of the comparison with other taps are those of the code.

use std::path::Path;

use serde_json::json;
use singer_test::{Subject, check_peers, check_plugin, check_readme};
use tap_stripe::TapStripe;

const TAP: &str = env!("CARGO_MANIFEST_DIR");

fn subject() -> Subject {
    Subject::new(json!({"client_secret": "sk_test_of_the_test"}))
}

#[test]
fn the_tables_of_streams_and_settings_are_those_of_the_code() {
    check_readme::<TapStripe>(&subject(), &Path::new(TAP).join("README.md"));
}

#[test]
fn every_stream_of_another_tap_is_here_or_has_a_reason() {
    check_peers::<TapStripe>(
        &subject(),
        &Path::new(TAP).join("PEERS.md"),
        include_str!("peers.tsv"),
    );
}

#[test]
fn the_definition_for_meltano_is_that_of_the_code() {
    check_plugin::<TapStripe>(&Path::new(TAP).join("plugin.yml"));
}
