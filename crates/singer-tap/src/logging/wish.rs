//! How a user, or Meltano for him, wants logs to be.

use clap::ValueEnum;
use serde_json::Value;
use tracing::level_filters::LevelFilter;

use crate::config::env_prefix;

/// What a line of the log is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// `LEVEL message`, for people.
    #[default]
    Text,
    /// A JSON object, for programs.
    Json,
}

/// How logs are to be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wish {
    pub(crate) level: LevelFilter,
    pub(crate) format: LogFormat,
    /// What of the wish could not be understood.
    pub(crate) problem: Option<String>,
}

/// Names the file in which Meltano says how Python's logging is to be.
const FILE: &str = "SINGER_SDK_LOG_CONFIG";
/// The formatter in it that asks for JSON.
const STRUCTURED: &str = "singer_sdk.logging.StructuredFormatter";

impl Wish {
    /// What the environment says: `<TAP>_LOGLEVEL`, `LOGLEVEL` and `<TAP>_LOG_FORMAT`, else what
    /// is in the file of `SINGER_SDK_LOG_CONFIG`, else text from `INFO` on.
    pub(crate) fn of(
        tap: &str,
        variable: impl Fn(&str) -> Option<String>,
        read: impl Fn(&str) -> std::io::Result<Vec<u8>>,
    ) -> Wish {
        let set = |name: &str| variable(name).filter(|text| !text.trim().is_empty());
        let prefix = env_prefix(tap);
        let file = set(FILE).map(|path| from_file(&path, &read));
        let (file, mut problem) = match file {
            None => (FromFile::default(), None),
            Some(Ok(file)) => (file, None),
            Some(Err(problem)) => (FromFile::default(), Some(problem)),
        };
        let level = set(&format!("{prefix}_LOGLEVEL")).or_else(|| set("LOGLEVEL"));
        let level = level.or(file.level).map_or(LevelFilter::INFO, |text| level_of(&text));
        let name = format!("{prefix}_LOG_FORMAT");
        let format = set(&name).and_then(|text| {
            let format = LogFormat::from_str(text.trim(), true).ok();
            if format.is_none() {
                problem = Some(format!("`{name}` is neither `text` nor `json`; it has no effect"));
            }
            format
        });
        Wish { level, format: format.unwrap_or(file.format), problem }
    }
}

#[derive(Debug, Default)]
struct FromFile {
    level: Option<String>,
    format: LogFormat,
}

/// Reads a file in the form of Python's `logging.config.dictConfig`.
fn from_file(
    path: &str,
    read: impl Fn(&str) -> std::io::Result<Vec<u8>>,
) -> Result<FromFile, String> {
    let bytes = read(path)
        .map_err(|error| format!("cannot read `{path}` of `{FILE}` ({error}); it has no effect"))?;
    let config: Value = serde_json::from_slice(&bytes)
        .map_err(|_| format!("`{path}` of `{FILE}` is no JSON; it has no effect"))?;
    let formatters = config["formatters"].as_object();
    let is_structured =
        formatters.is_some_and(|formatters| formatters.values().any(|one| one["()"] == STRUCTURED));
    Ok(FromFile {
        level: config["root"]["level"].as_str().map(str::to_owned),
        format: if is_structured { LogFormat::Json } else { LogFormat::Text },
    })
}

/// Reads a level as Python's logging names it; anything unknown is `INFO`.
fn level_of(text: &str) -> LevelFilter {
    match text.trim().to_ascii_uppercase().as_str() {
        "TRACE" => LevelFilter::TRACE,
        "DEBUG" => LevelFilter::DEBUG,
        "WARNING" | "WARN" => LevelFilter::WARN,
        "ERROR" | "CRITICAL" | "FATAL" => LevelFilter::ERROR,
        _ => LevelFilter::INFO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_read_as_python_names_them() {
        for (text, level) in [
            ("debug", LevelFilter::DEBUG),
            ("WARNING", LevelFilter::WARN),
            ("critical", LevelFilter::ERROR),
            ("nonsense", LevelFilter::INFO),
        ] {
            assert_eq!(level_of(text), level, "{text}");
        }
    }

    const MELTANO: &str = r#"{"version": 1,
        "formatters": {"singer_formatter": {"()": "singer_sdk.logging.StructuredFormatter"}},
        "root": {"handlers": ["console"], "level": "DEBUG"}}"#;

    fn check(
        environment: &[(&str, &str)],
        level: LevelFilter,
        format: LogFormat,
        problem: Option<&str>,
    ) {
        let variable = |name: &str| {
            environment
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        };
        let read = |path: &str| match path {
            "meltano.json" => Ok(MELTANO.as_bytes().to_vec()),
            "plain.json" => Ok(br#"{"formatters": {"f": {"format": "%(message)s"}}}"#.to_vec()),
            "broken" => Ok(b"[loggers]".to_vec()),
            _ => Err(std::io::ErrorKind::NotFound.into()),
        };
        let wish = Wish::of("tap-x", variable, read);
        assert_eq!((wish.level, wish.format), (level, format), "{environment:?}");
        match (&wish.problem, problem) {
            (Some(told), Some(part)) => assert!(told.contains(part), "{told}"),
            (told, part) => assert_eq!(told.as_deref(), part, "{environment:?}"),
        }
    }

    #[test]
    fn json_and_level_come_from_the_tap_s_own_variables_or_from_meltano_s_file() {
        let (info, debug) = (LevelFilter::INFO, LevelFilter::DEBUG);
        let (text, json) = (LogFormat::Text, LogFormat::Json);
        check(&[], info, text, None);
        check(&[("TAP_X_LOG_FORMAT", "JSON")], info, json, None);
        check(&[(FILE, "meltano.json")], debug, json, None);
        check(&[(FILE, "plain.json")], info, text, None);
        check(&[(FILE, "meltano.json"), ("LOGLEVEL", "info")], info, json, None);
        check(&[("LOGLEVEL", "info"), ("TAP_X_LOGLEVEL", "debug")], debug, text, None);
        check(&[(FILE, "meltano.json"), ("TAP_X_LOG_FORMAT", "text")], debug, text, None);
    }

    #[test]
    fn a_wish_that_cannot_be_understood_is_told_and_has_no_effect() {
        let (info, text) = (LevelFilter::INFO, LogFormat::Text);
        check(&[(FILE, "nowhere.json")], info, text, Some("cannot read `nowhere.json`"));
        check(&[(FILE, "broken")], info, text, Some("is no JSON"));
        check(&[("TAP_X_LOG_FORMAT", "xml")], info, text, Some("neither `text` nor `json`"));
    }
}
