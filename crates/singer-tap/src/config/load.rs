//! Reads configuration objects from files and from the environment.

use std::path::Path;

use serde_json::{Map, Value};

use crate::error::{Error, Problem};

/// A JSON object from a file, or from stdin for `-`.
pub(super) fn file(path: &Path) -> Result<Map<String, Value>, Error> {
    let bytes = crate::input::read(path)?;
    let fail = |pointer: &str, message: String| Error::Config {
        file: path.display().to_string(),
        problems: vec![Problem { pointer: pointer.to_owned(), message }],
    };
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(config)) => Ok(config),
        Ok(_) => Err(fail("", "expected a JSON object of settings".to_owned())),
        // The input holds secrets: only where it breaks is told.
        Err(error) => Err(fail("", singer_protocol::json_fault(&error))),
    }
}

/// The settings that the environment holds as `<TAP_NAME>_<SETTING>`.
pub(super) fn environment(name: &str, schema: &Value) -> Map<String, Value> {
    let prefix = super::env_prefix(name);
    let known = schema["properties"].as_object();
    known
        .into_iter()
        .flat_map(|settings| settings.keys())
        .filter_map(|setting| {
            let text = std::env::var(format!("{prefix}_{}", setting.to_ascii_uppercase())).ok()?;
            Some((setting.clone(), Value::String(text)))
        })
        .collect()
}
