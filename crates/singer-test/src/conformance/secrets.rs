//! What must not be seen: the secret settings.

use serde_json::json;

use super::trial::Trial;
use crate::leak::{Forms, plant};
use crate::run::Invocation;

/// A secret with every character that some encoding changes; a number makes each its own.
fn canary(number: usize) -> String {
    format!(r#"canary{number:02}/Zk3q+8"Wv=pT5r9Lx%2Y"#)
}

/// The secrets of the config were looked for in every run so far. The other secret settings are set
/// here, in the right shape and in a wrong one; what the tap makes of them does not matter.
pub(super) fn secrets(trial: &Trial<'_>) -> Vec<String> {
    let settings = trial.settings["properties"].as_object().into_iter().flatten();
    for (at, (name, schema)) in settings.enumerate() {
        let canary = canary(at);
        let Some(planted) = plant(schema, &canary) else { continue };
        let forms = [Forms::of(name, &canary)];
        let mut values = vec![json!({"unknown": canary}), json!([[canary]])];
        if trial.config().get(name).is_none() {
            values.push(planted);
        }
        for value in values {
            let mut config = trial.config().clone();
            config[name] = value;
            for arguments in [&["--discover"][..], &["--about"], &[]] {
                trial.watched(&Invocation::of(&config).with(arguments), &forms);
            }
        }
    }
    trial.leaks()
}
