//! What a user changes of a stream: the part of singer-sdk's stream maps that is kept here.
//!
//! The form is that of <https://sdk.meltano.com/en/latest/stream_maps.html>. Whatever is not
//! understood is refused: a map that masks data must not be passed over.

use serde_json::{Map, Value};

use crate::error::Error;
use crate::pointer::join;

mod expression;
mod parser;
#[cfg(test)]
mod tests;
mod token;
mod value;

pub(crate) use expression::Expression;
use parser::{Surroundings, parse};
pub(crate) use value::Scalar;

/// What an expression may be, as messages tell it.
const SUPPORTED: &str = "an expression is a field's name, `record['x']`, `record.get('x')`, `config['x']`, `self`, a text in quotes, a number, `True`, `False`, `None`, `md5(x)`, `sha256(x)`, `str(x)`, texts joined by `+`, and of these comparisons, `in`, `is None`, `and`, `or`, `not` and parentheses";

/// Changes to one stream, read and understood.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamMap {
    /// JSON pointer of the map in the settings.
    pub(crate) pointer: String,
    /// Whether it is meant for several streams, of which some may lack a field.
    pub(crate) is_shared: bool,
    pub(crate) alias: Option<String>,
    pub(crate) filter: Option<Expression<String>>,
    /// Whether fields that it does not name stay.
    pub(crate) keeps_rest: bool,
    pub(crate) key: Option<Vec<String>>,
    /// What becomes of fields; none: they are dropped.
    pub(crate) fields: Vec<(String, Option<Expression<String>>)>,
}

/// Where a map stands in the settings, and what its expressions may speak of.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// JSON pointer of the map.
    pub pointer: &'a str,
    /// The stream that it is read for.
    pub stream: &'a str,
    /// Whether it is meant for several streams, of which some may lack a field.
    pub is_shared: bool,
    /// The setting `stream_map_config`.
    pub config: &'a Map<String, Value>,
}

impl StreamMap {
    /// Reads the map of one stream.
    ///
    /// # Errors
    /// [`Error::Settings`] for each part that is not understood.
    pub fn parse(map: &Map<String, Value>, place: Place<'_>) -> Result<StreamMap, Vec<Error>> {
        let mut read = StreamMap {
            pointer: place.pointer.to_owned(),
            is_shared: place.is_shared,
            alias: None,
            filter: None,
            keeps_rest: true,
            key: None,
            fields: Vec::new(),
        };
        let mut errors = Vec::new();
        for (name, value) in map {
            if let Err(problem) = read.take(name, value, place) {
                errors.push(Error::Settings { pointer: join(place.pointer, name), problem });
            }
        }
        if errors.is_empty() { Ok(read) } else { Err(errors) }
    }

    fn take(&mut self, name: &str, value: &Value, place: Place<'_>) -> Result<(), String> {
        let around = Surroundings { stream: place.stream, config: place.config, own: None };
        match (name, value) {
            ("__filter__", Value::Null) => {}
            ("__filter__", Value::String(text)) => self.filter = Some(read(text, around)?),
            ("__alias__", Value::String(text)) => self.alias = Some(alias(text, around)?),
            ("__else__", value) if is_null(value) => self.keeps_rest = false,
            ("__else__", _) => {
                return Err(
                    "only null is supported (it drops the fields that are not named)".into()
                );
            }
            ("__key_properties__", value) if is_null(value) => self.key = Some(Vec::new()),
            ("__key_properties__", Value::Array(names)) => {
                let names: Option<Vec<String>> =
                    names.iter().map(|name| name.as_str().map(str::to_owned)).collect();
                self.key = Some(names.ok_or("a key is a list of field names, or null")?);
            }
            ("__key_properties__", _) => {
                return Err("a key is a list of field names, or null".into());
            }
            ("__source__", _) => {
                return Err(
                    "not supported (a stream is written once); put a mapper between tap and target"
                        .into(),
                );
            }
            (name, _) if name.starts_with("__") && name.ends_with("__") => {
                return Err("not supported; there are `__alias__`, `__filter__`, `__else__` and `__key_properties__`".into());
            }
            (name, value) if is_null(value) => self.fields.push((name.to_owned(), None)),
            (name, Value::String(text)) => {
                let around = Surroundings { own: Some(name), ..around };
                self.fields.push((name.to_owned(), Some(read(text, around)?)));
            }
            _ => return Err("a field is an expression in a text, or null, which drops it".into()),
        }
        Ok(())
    }
}

/// Null, also as singer-sdk allows to write it where a text is needed.
fn is_null(value: &Value) -> bool {
    value.is_null() || value == "__NULL__"
}

fn read(text: &str, around: Surroundings<'_>) -> Result<Expression<String>, String> {
    parse(text, around).map_err(|why| format!("{why} ({SUPPORTED})"))
}

/// The new name of a stream: a bare name, or an expression without fields.
fn alias(text: &str, around: Surroundings<'_>) -> Result<String, String> {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    if text != "__stream_name__" && !text.is_empty() && text.chars().all(is_plain) {
        return Ok(text.to_owned());
    }
    let constant = read(text, around)?.rename(&mut |_: &String| {
        Err::<usize, _>("a stream's name cannot depend on a record".to_owned())
    })?;
    match constant.value(&[]) {
        Scalar::Text(name) if !name.is_empty() => Ok(name.into_owned()),
        _ => Err("a stream's name is a text".to_owned()),
    }
}
