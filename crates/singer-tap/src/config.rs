//! Configuration: files and environment, merged, coerced, checked against the JSON Schema at once.

use std::path::Path;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde_json::{Map, Value};
use serde_path_to_error::Segment;
use singer_protocol::pointer;

use crate::error::{CONFIG, Error};
use crate::settings::Settings;

mod check;
mod coerce;
mod load;

/// Where a configuration comes from, in the order of `--config` arguments; later ones win.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// `--config FILE`; `-` is stdin.
    File(std::path::PathBuf),
    /// `--config ENV`: variables `<TAP_NAME>_<SETTING>`.
    Env,
}

/// A checked configuration: the tap's own part and the engine's.
#[derive(Debug)]
pub(crate) struct Loaded<C> {
    pub(crate) tap: C,
    pub(crate) settings: Settings,
    /// Settings that nobody declared, each with the way out, such as the nearest known name.
    pub(crate) unknown: Vec<(String, String)>,
    /// Settings that are accepted and have no effect, each told with the reason.
    pub(crate) ignored: Vec<String>,
}

/// Loads, merges, coerces and checks; all problems are returned at once.
pub(crate) fn load<C: JsonSchema + for<'de> Deserialize<'de>>(
    name: &str,
    origins: &[Origin],
) -> Result<Loaded<C>, Error> {
    let schema = schema_of::<C>();
    let mut merged = Map::new();
    for origin in origins {
        merged.extend(match origin {
            Origin::File(path) => load::file(path)?,
            Origin::Env => load::environment(name, &schema),
        });
    }
    // A setting of null is one that is not set.
    merged.retain(|_, value| !value.is_null());
    coerce::strings(&mut merged, &schema);
    let (unknown, ignored) = (check::unknown(&merged, &schema), check::ignored(&merged, &schema));
    let config = Value::Object(merged);
    let problems = check::problems(&config, &schema);
    if !problems.is_empty() {
        return Err(Error::settings(problems));
    }
    Ok(Loaded { tap: typed(&config)?, settings: typed(&config)?, unknown, ignored })
}

/// The settings as a type; an error names the one that does not fit.
fn typed<C: for<'de> Deserialize<'de>>(config: &Value) -> Result<C, Error> {
    serde_path_to_error::deserialize(config).map_err(|error| {
        let pointer = error.path().iter().fold(String::new(), |at, part| match part {
            Segment::Map { key } => pointer::join(&at, key),
            Segment::Seq { index } => pointer::join(&at, index.to_string()),
            _ => at,
        });
        Error::setting(pointer, without_value(error.inner()))
    })
}

/// The error's text up to the value that it quotes.
fn without_value(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split('"').next().unwrap_or_default().trim_end().to_owned()
}

/// The JSON Schema of a tap's configuration with the engine's common settings added.
pub fn schema_of<C: JsonSchema>() -> Value {
    let settings = |mut generator: SchemaGenerator, schema: fn(&mut SchemaGenerator) -> Schema| {
        schema(&mut generator).to_value()
    };
    // Inlined, so that each setting stands whole where `--about` and the checks read it.
    let inline = || {
        schemars::generate::SchemaSettings::draft2020_12()
            .with(|s| s.inline_subschemas = true)
            .into_generator()
    };
    let mut own = settings(inline(), C::json_schema);
    let common = settings(inline(), Settings::json_schema);
    if let (Some(own), Some(common)) = (properties_mut(&mut own), common["properties"].as_object())
    {
        for (name, setting) in common {
            own.entry(name.clone()).or_insert_with(|| setting.clone());
        }
    }
    own
}

fn properties_mut(schema: &mut Value) -> Option<&mut Map<String, Value>> {
    let schema = schema.as_object_mut()?;
    schema.entry("properties").or_insert_with(|| Value::Object(Map::new())).as_object_mut()
}

/// `tap-github` → `TAP_GITHUB`, the prefix of its environment variables.
pub(crate) fn env_prefix(name: &str) -> String {
    name.to_ascii_uppercase().replace('-', "_")
}

/// What the configuration is called in messages: all of its origins.
pub(crate) fn label(origins: &[Origin]) -> String {
    let names: Vec<String> = origins
        .iter()
        .map(|origin| match origin {
            Origin::File(path) if path == Path::new("-") => "stdin".to_owned(),
            Origin::File(path) => path.display().to_string(),
            Origin::Env => "environment".to_owned(),
        })
        .collect();
    if names.is_empty() { CONFIG.to_owned() } else { names.join(" + ") }
}
