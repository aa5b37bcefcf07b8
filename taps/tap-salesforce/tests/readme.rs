//! The table of settings in the README is that of the code.

use std::path::Path;

use singer_tap::{settings_schema, settings_table};
use singer_test::{check_plugin, check_table};
use tap_salesforce::{Config, TapSalesforce};

#[test]
fn the_table_of_settings_is_that_of_the_code() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    check_table(&readme, "settings", &settings_table(&settings_schema::<Config>()));
}

#[test]
fn the_definition_for_meltano_is_that_of_the_code() {
    check_plugin::<TapSalesforce>(&Path::new(env!("CARGO_MANIFEST_DIR")).join("plugin.yml"));
}
