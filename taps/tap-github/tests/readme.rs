//! The tables of the README and of the comparison with other taps are those of the code.

use std::path::Path;

use serde_json::json;
use singer_test::{Subject, check_peers, check_plugin, check_readme};
use tap_github::TapGithub;

const TAP: &str = env!("CARGO_MANIFEST_DIR");

fn subject() -> Subject {
    Subject::new(json!({"auth_token": "of-the-test"}))
}

#[test]
fn the_tables_of_streams_and_settings_are_those_of_the_code() {
    check_readme::<TapGithub>(&subject(), &Path::new(TAP).join("README.md"));
}

#[test]
fn every_stream_of_another_tap_is_here_or_has_a_reason() {
    check_peers::<TapGithub>(
        &subject(),
        &Path::new(TAP).join("PEERS.md"),
        include_str!("peers.tsv"),
    );
}

#[test]
fn the_definition_for_meltano_is_that_of_the_code() {
    check_plugin::<TapGithub>(&Path::new(TAP).join("plugin.yml"));
}
