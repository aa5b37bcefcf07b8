//! CSV as the list of objects that it stands for.
//!
//! A page of CSV becomes JSON text and goes the one way of all records. The types of the columns are
//! those of the schema: what is a number or a boolean there is written as one.

use std::collections::HashMap;

use csv::{ReaderBuilder, StringRecord};

use super::body::{BodyError, BodyFault};
use super::number;
use crate::schema::{Kind, Property};

/// The columns of a stream that are no texts.
#[derive(Debug, Default)]
pub(super) struct Columns(HashMap<String, Bare>);

#[derive(Clone, Copy, Debug)]
enum Bare {
    Number,
    Boolean,
}

impl Columns {
    /// Those of a schema.
    pub(super) fn of(properties: &[Property]) -> Columns {
        let bare = |property: &Property| match property.field.kind {
            Kind::Integer | Kind::Number => Some((property.name.clone(), Bare::Number)),
            Kind::Boolean => Some((property.name.clone(), Bare::Boolean)),
            _ => None,
        };
        Columns(properties.iter().filter_map(bare).collect())
    }

    /// The rows of a page whose first line names the columns; an empty value is null.
    ///
    /// # Errors
    /// A row of more or fewer values than there are columns, a column twice, no line of names, a quote
    /// that does not end.
    pub(super) fn list(&self, text: &str) -> Result<String, BodyError> {
        let fault = |offset, row: u64, fault| {
            let pointer = if row == 0 { String::new() } else { format!("/{}", row - 1) };
            Err(BodyError { offset, pointer, fault })
        };
        // Each quote has another one, wherever it stands.
        if text.bytes().filter(|byte| *byte == b'"').count() % 2 == 1 {
            return fault(text.len(), 0, BodyFault::Cut);
        }
        let mut reader = ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let syntax = BodyFault::Syntax("it is no CSV");
        let Ok(names) = reader.headers().cloned() else { return fault(0, 0, syntax) };
        if names.is_empty() {
            return fault(0, 0, BodyFault::NoRecords);
        }
        if (1..names.len()).any(|at| names.iter().take(at).any(|name| name == &names[at])) {
            return fault(0, 0, BodyFault::Twice);
        }
        let leads: Vec<(String, Option<Bare>)> =
            names.iter().map(|name| (lead(name), self.0.get(name).copied())).collect();
        let mut json = String::with_capacity(text.len() * 2);
        json.push('[');
        let (mut record, mut row) = (StringRecord::new(), 0);
        loop {
            let offset = usize::try_from(reader.position().byte()).unwrap_or(text.len());
            row += 1;
            match reader.read_record(&mut record) {
                Ok(false) => break,
                Ok(true) if record.len() == leads.len() => {}
                Ok(true) => {
                    let (found, of) = (record.len(), leads.len());
                    return fault(offset, row, BodyFault::Columns { found, of });
                }
                Err(_) => return fault(offset, row, syntax),
            }
            if row > 1 {
                json.push(',');
            }
            object(&leads, &record, &mut json);
        }
        json.push(']');
        Ok(json)
    }
}

fn lead(name: &str) -> String {
    format!("{}:", serde_json::Value::from(name))
}

/// A text as JSON; most need no escape.
fn string(text: &str, json: &mut String) {
    let is_plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    if text.bytes().all(is_plain) {
        json.push('"');
        json.push_str(text);
        json.push('"');
    } else {
        json.push_str(&serde_json::Value::from(text).to_string());
    }
}

fn object(leads: &[(String, Option<Bare>)], record: &StringRecord, json: &mut String) {
    json.push('{');
    for (at, ((lead, bare), value)) in leads.iter().zip(record).enumerate() {
        if at > 0 {
            json.push(',');
        }
        json.push_str(lead);
        match bare {
            _ if value.is_empty() => json.push_str("null"),
            Some(Bare::Number) if number::is_number(value) => json.push_str(value),
            Some(Bare::Boolean) if matches!(value, "true" | "false") => json.push_str(value),
            _ => string(value, json),
        }
    }
    json.push('}');
}
