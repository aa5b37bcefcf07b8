//! Records as JSON text with slots, filled for each row.
//!
//! The shapes in `shapes/` are the vendor's objects (<https://github.com/github/rest-api-description>),
//! with `{{name}}` where a value goes.

/// Fills the slots of a template.
pub(crate) trait Fill {
    /// Appends the value of a slot; false if there is no such slot.
    fn fill(&self, slot: &str, out: &mut String) -> bool;
}

/// A template of a shape file, read once.
macro_rules! shape {
    ($name:literal) => {
        std::sync::LazyLock::new(|| {
            $crate::github::template::Template::new(include_str!(concat!(
                "shapes/", $name, ".json.in"
            )))
        })
    };
}
pub(crate) use shape;

#[derive(Debug)]
enum Piece {
    Text(String),
    Slot(&'static str),
}

/// A JSON text with slots.
#[derive(Debug)]
pub(crate) struct Template {
    pieces: Vec<Piece>,
}

impl Template {
    /// Reads a shape, and drops the white space between its values.
    pub(crate) fn new(shape: &'static str) -> Self {
        let mut pieces = Vec::new();
        let (mut text, mut rest, mut quoted) = (String::new(), shape, false);
        while let Some(character) = rest.chars().next() {
            if let Some((slot, after)) =
                rest.strip_prefix("{{").and_then(|inner| inner.split_once("}}"))
            {
                pieces.push(Piece::Text(std::mem::take(&mut text)));
                pieces.push(Piece::Slot(slot));
                rest = after;
                continue;
            }
            quoted ^= character == '"';
            if quoted || !character.is_ascii_whitespace() {
                text.push(character);
            }
            rest = &rest[character.len_utf8()..];
        }
        pieces.push(Piece::Text(text));
        Self { pieces }
    }

    /// Appends the record of a row.
    pub(crate) fn render(&self, row: &dyn Fill, out: &mut String) {
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Slot(slot) => {
                    let known = row.fill(slot, out);
                    debug_assert!(known, "nothing fills `{slot}`");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Row;

    impl Fill for Row {
        fn fill(&self, slot: &str, out: &mut String) -> bool {
            match slot {
                "id" => out.push('7'),
                "name" => out.push_str("a b"),
                _ => return false,
            }
            true
        }
    }

    #[test]
    fn slots_are_filled_and_white_space_goes_except_in_strings() {
        let template = Template::new("{\n  \"id\": {{id}},\n  \"x y\": \"{{name}}{/z}\"\n}\n");
        let mut out = String::new();
        template.render(&Row, &mut out);
        assert_eq!(out, r#"{"id":7,"x y":"a b{/z}"}"#);
    }
}
