//! The README's tables are those of the code.

use singer_http::{Client, Env};
use singer_tap::{Tap, settings_schema, settings_table, streams_table};
use tap_github::{Config, TapGithub};

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

/// Compares what stands between two comments with what the code makes; with `UPDATE_README` set,
/// writes it there.
fn check(section: &str, made: &str) {
    let readme = std::fs::read_to_string(README).expect("the README can be read");
    let begin = format!("<!-- {section}: made by the code, checked by a test -->\n");
    let (head, rest) = readme.split_once(&begin).expect("the section begins");
    let (table, tail) = rest.split_once("<!-- end -->").expect("the section ends");
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(README, format!("{head}{begin}{made}<!-- end -->{tail}"))
            .expect("the README can be written");
    } else {
        assert_eq!(table, made, "run the tests with UPDATE_README=1");
    }
}

#[tokio::test]
async fn the_tables_of_streams_and_settings_are_those_of_the_code() {
    let config: Config = serde_json::from_str(r#"{"auth_token": "of-the-test"}"#)
        .expect("all other settings are optional");
    let spec = TapGithub::client(&config).expect("a client");
    let client = Client::new(spec, Env::real()).expect("a client");
    let streams = TapGithub::streams(&config, &client).await.expect("the streams");
    check("streams", &streams_table(&streams));
    check("settings", &settings_table(&settings_schema::<Config>()));
}
