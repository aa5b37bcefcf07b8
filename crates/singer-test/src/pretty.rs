//! JSON broken into lines without being read: numbers, escapes and the order of fields stay.

/// The text of one JSON value over several lines, indented by two spaces a level.
pub(crate) fn pretty(json: &str) -> String {
    let mut out = Printer::default();
    let mut characters = json.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => {
                out.text.push('"');
                let mut is_escaped = false;
                for inner in characters.by_ref() {
                    out.text.push(inner);
                    if inner == '"' && !is_escaped {
                        break;
                    }
                    is_escaped = inner == '\\' && !is_escaped;
                }
            }
            '{' | '[' => {
                out.text.push(character);
                if let Some(close) = characters.next_if(|next| matches!(next, '}' | ']')) {
                    out.text.push(close);
                } else {
                    out.depth += 1;
                    out.new_line();
                }
            }
            '}' | ']' => {
                out.depth = out.depth.saturating_sub(1);
                out.new_line();
                out.text.push(character);
            }
            ',' => {
                out.text.push(',');
                out.new_line();
            }
            ':' => out.text.push_str(": "),
            other => out.text.push(other),
        }
    }
    out.text
}

#[derive(Default)]
struct Printer {
    text: String,
    depth: usize,
}

impl Printer {
    fn new_line(&mut self) {
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n("  ", self.depth));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_on_lines_of_their_own_and_keep_their_text() {
        let check = |json: &str, expected: &str| {
            assert_eq!(pretty(json), expected);
        };
        check("{}", "{}");
        check("1.50", "1.50");
        check(r#"{"a":[],"b":{}}"#, "{\n  \"a\": [],\n  \"b\": {}\n}");
        check(
            r#"{"b":1.0,"a":[1e400,{"c":"x, {y}: \"z\" \\"}]}"#,
            "{\n  \"b\": 1.0,\n  \"a\": [\n    1e400,\n    {\n      \"c\": \"x, {y}: \\\"z\\\" \\\\\"\n    }\n  ]\n}",
        );
    }

    #[test]
    fn the_lines_put_together_are_the_text_again() {
        let json = r#"{"a":{"b":[[],[null,true]],"é":"\u00e9"},"c":12345678901234567890}"#;
        let lines: Vec<_> = pretty(json).lines().map(|line| line.trim_start().to_owned()).collect();
        assert_eq!(lines.concat().replace("\": ", "\":"), json);
    }
}
