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
    Slot {
        name: &'static str,
        /// Whether it stands within a string: then a string fills it without its quotes.
        quoted: bool,
    },
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
                pieces.push(Piece::Slot { name: slot, quoted });
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

    /// Reads a text that is no JSON: all of it stays as it is.
    pub(crate) fn plain(shape: &'static str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = shape;
        while let Some((text, (name, after))) =
            rest.split_once("{{").and_then(|(text, inner)| Some((text, inner.split_once("}}")?)))
        {
            pieces.push(Piece::Text(text.to_owned()));
            pieces.push(Piece::Slot { name, quoted: true });
            rest = after;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        Self { pieces }
    }

    /// Appends the record of a row.
    pub(crate) fn render(&self, row: &dyn Fill, out: &mut String) {
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Slot { name, quoted } => {
                    let from = out.len();
                    let known = row.fill(name, out);
                    debug_assert!(known, "nothing fills `{name}`");
                    if *quoted && out[from..].starts_with('"') {
                        out.pop();
                        out.remove(from);
                    }
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
                "title" => out.push_str("\"c d\""),
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

    #[test]
    fn a_string_that_fills_a_slot_within_a_string_loses_its_quotes() {
        let mut out = String::new();
        Template::new("[{{title}}, \"of {{title}}\"]").render(&Row, &mut out);
        Template::plain("\n {{title}} {{id}}\n").render(&Row, &mut out);
        assert_eq!(out, "[\"c d\",\"of c d\"]\n c d 7\n");
    }
}
