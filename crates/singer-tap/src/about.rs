//! `--about`: what a tap is and which settings it has, made from its settings schema.

mod meltano;

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::cli::Format;
use crate::config;
use crate::outcome::Outcome;
use crate::stream::Stream;
use crate::tap::Tap;

/// What Meltano needs to know about what a tap can do.
pub(crate) const CAPABILITIES: [&str; 8] = [
    "about",
    "catalog",
    "discover",
    "schema-flattening",
    "state",
    "stream-maps",
    "structured-logging",
    "test",
];

/// The facts of a tap.
pub(crate) struct About<'a> {
    pub(crate) name: &'a str,
    /// What `pip` installs it as.
    pub(crate) package: &'a str,
    pub(crate) version: &'a str,
    pub(crate) about: &'a str,
    /// The settings, as JSON Schema.
    pub(crate) settings: &'a Value,
}

impl<'a> About<'a> {
    /// Those of a tap with these settings.
    pub(crate) fn of<T: Tap>(settings: &'a Value) -> About<'a> {
        About { name: T::NAME, package: T::PACKAGE, version: T::VERSION, about: T::ABOUT, settings }
    }

    /// The facts in the form that was asked for, ending in a newline.
    pub(crate) fn render(&self, format: Format) -> String {
        match format {
            Format::Text => self.text(),
            Format::Json => self.json(),
            Format::Markdown => self.markdown(),
            Format::Meltano => meltano::definition(self),
        }
    }

    fn json(&self) -> String {
        let about = json!({
            "name": self.name,
            "description": self.about,
            "version": self.version,
            "capabilities": CAPABILITIES,
            "settings": self.settings,
        });
        format!("{about:#}\n")
    }

    fn text(&self) -> String {
        let mut text = format!("{} {}\n{}\n\nSettings:\n", self.name, self.version, self.about);
        for setting in rows(self.settings) {
            let Row { name, kind, default, about } = setting;
            let _ = writeln!(text, "  {name} ({kind}{default})\n      {about}");
        }
        let _ = writeln!(text, "\nCapabilities: {}", CAPABILITIES.join(", "));
        text.push_str(&Outcome::all_codes());
        text
    }

    fn markdown(&self) -> String {
        let mut text = format!("# {}\n\n{}\n\n## Settings\n\n", self.name, self.about);
        text.push_str(&settings_table(self.settings));
        text
    }
}

/// A tap's plugin definition for Meltano, as `--about --format meltano` prints it.
pub fn plugin_definition<T: Tap>() -> String {
    About::of::<T>(&config::schema_of::<T::Config>()).render(Format::Meltano)
}

/// The settings as a markdown table: a row each, in the order of the code.
pub fn settings_table(settings: &Value) -> String {
    let mut text = String::from("| setting | type | meaning |\n|---|---|---|\n");
    for Row { name, kind, default, about } in rows(settings) {
        let _ = writeln!(text, "| `{name}` | {kind}{default} | {about} |");
    }
    text
}

/// The streams as a markdown table, in their order; ○ marks those that are read only when somebody
/// selects them.
pub fn streams_table(streams: &[Stream]) -> String {
    let mut text = String::from(
        "| stream | key | replication | parent | what it holds |\n|---|---|---|---|---|\n",
    );
    for stream in streams {
        let parent = stream.parent_name().map_or(String::new(), |parent| format!("`{parent}`"));
        let replication = match stream.replication_key() {
            Some(key) => format!("`{key}`"),
            None if stream.follows() => format!("where {parent} changed"),
            None => "full table".to_owned(),
        };
        let mark = if stream.is_selected_by_default() { "" } else { " ○" };
        let key = stream
            .key_properties()
            .iter()
            .map(|key| format!("`{key}`"))
            .collect::<Vec<_>>()
            .join(", ");
        let _ = writeln!(
            text,
            "| `{}`{mark} | {key} | {replication} | {parent} | {} |",
            stream.name(),
            stream.description()
        );
    }
    text
}

struct Row<'a> {
    name: &'a str,
    kind: String,
    default: String,
    about: String,
}

fn rows(settings: &Value) -> Vec<Row<'_>> {
    let required = settings["required"].as_array();
    let Some(properties) = settings["properties"].as_object() else { return Vec::new() };
    properties
        .iter()
        .map(|(name, setting)| Row {
            name,
            kind: kind_of(setting)
                + if setting["secret"] == true { ", secret" } else { "" }
                + if required.is_some_and(|names| names.iter().any(|n| n == name)) {
                    ", required"
                } else {
                    ""
                },
            default: match &setting["default"] {
                Value::Null => String::new(),
                default => format!(", default {default}"),
            },
            about: one_line(setting),
        })
        .collect()
}

fn kind_of(setting: &Value) -> String {
    match &types(setting)[..] {
        [] => choices(setting).unwrap_or_else(|| "any".to_owned()),
        types => types.join(" or "),
    }
}

/// The types of a setting, but for null.
fn types(setting: &Value) -> Vec<&str> {
    let types = match &setting["type"] {
        Value::Array(types) => types.as_slice(),
        kind => std::slice::from_ref(kind),
    };
    types.iter().filter_map(Value::as_str).filter(|kind| *kind != "null").collect()
}

/// The texts that a setting takes, if it takes these and no others.
pub(crate) fn choices(setting: &Value) -> Option<String> {
    let texts: Vec<String> =
        choice_texts(setting)?.into_iter().map(|text| format!("`{text}`")).collect();
    Some(format!("one of {}", texts.join(", ")))
}

/// The same, one by one.
fn choice_texts(setting: &Value) -> Option<Vec<&str>> {
    setting["oneOf"].as_array()?.iter().map(|choice| choice["const"].as_str()).collect()
}

/// A doc comment's lines as one line of text, and what is to be known of a setting's effect.
fn one_line(setting: &Value) -> String {
    let text = setting["description"].as_str().unwrap_or_default();
    let mut line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some(why) = setting["x-ignored"].as_str() {
        let _ = write!(line, " Accepted, no effect: {why}.");
    }
    if let Some(why) = setting["x-unsupported"].as_str() {
        let _ = write!(line, " Refused: {why}.");
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: &str = r#"{"required": ["auth_token"], "properties": {
        "auth_token": {"type": "string", "secret": true, "description": "The\ntoken."},
        "concurrency": {"type": ["integer", "null"], "default": 8, "description": "Side by side."},
        "state": {"oneOf": [{"const": "open"}, {"const": "all"}], "description": "Which."}}}"#;

    fn check(format: Format, expected: &[&str]) {
        let settings = serde_json::from_str(SETTINGS).expect("a settings schema");
        let about = About {
            name: "tap-x",
            package: "tap-x",
            version: "1.2.3",
            about: "Reads X.",
            settings: &settings,
        };
        let text = about.render(format);
        for part in expected {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    }

    #[test]
    fn every_form_tells_name_settings_and_what_they_mean() {
        check(
            Format::Text,
            &[
                "tap-x 1.2.3",
                "auth_token (string, secret, required)\n      The token.",
                "  6  some partitions",
            ],
        );
        check(Format::Json, &["\"capabilities\"", "\"auth_token\"", "\"version\": \"1.2.3\""]);
        check(
            Format::Markdown,
            &[
                "| `concurrency` | integer, default 8 | Side by side. |",
                "| `state` | one of `open`, `all` | Which. |",
            ],
        );
    }
}
