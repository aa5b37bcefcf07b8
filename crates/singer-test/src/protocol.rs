//! The JSON Schemas of the protocol, which are published in `docs/schemas/`.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::Value;

/// A document of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// One line of stdout.
    Message,
    /// What `--discover` writes and `--catalog` reads.
    Catalog,
    /// The value of a STATE, and what `--state` reads.
    State,
}

impl Document {
    /// Its schema, as text.
    pub fn schema(self) -> &'static str {
        match self {
            Document::Message => include_str!("../../../docs/schemas/message.schema.json"),
            Document::Catalog => include_str!("../../../docs/schemas/catalog.schema.json"),
            Document::State => include_str!("../../../docs/schemas/state.schema.json"),
        }
    }

    /// Every rule of its schema that a value breaks, with the place.
    pub fn breaches(self, value: &Value) -> Vec<String> {
        static MESSAGE: LazyLock<Validator> = LazyLock::new(|| validator(Document::Message));
        static CATALOG: LazyLock<Validator> = LazyLock::new(|| validator(Document::Catalog));
        static STATE: LazyLock<Validator> = LazyLock::new(|| validator(Document::State));
        let validator = match self {
            Document::Message => &MESSAGE,
            Document::Catalog => &CATALOG,
            Document::State => &STATE,
        };
        let errors = validator.iter_errors(value);
        errors.map(|error| format!("`{}`: {error}", error.instance_path())).collect()
    }
}

fn validator(document: Document) -> Validator {
    let schema: Value =
        serde_json::from_str(document.schema()).expect("a published schema is JSON");
    let options = jsonschema::options().should_validate_formats(true);
    options.build(&schema).expect("a published schema is valid")
}

#[cfg(test)]
mod tests;
