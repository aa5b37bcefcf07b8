//! JSON as Stripe lays it out: two spaces a level, and a line for each value.

/// The text with line breaks and indents; what stands in strings stays.
pub(super) fn print(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 3 / 2);
    let bytes = json.as_bytes();
    let (mut depth, mut from, mut at) = (0, 0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at = end_of_string(bytes, at),
            open @ (b'{' | b'[') => {
                depth += 1;
                out.push_str(&json[from..=at]);
                from = at + 1;
                if matches!(bytes.get(at + 1), Some(b'}' | b']')) {
                    // An empty object closes on the next line, an empty list on the one after it.
                    if open == b'[' {
                        out.push('\n');
                    }
                } else {
                    line(depth, &mut out);
                }
            }
            b'}' | b']' => {
                depth -= 1;
                out.push_str(&json[from..at]);
                line(depth, &mut out);
                from = at;
            }
            b',' => {
                out.push_str(&json[from..=at]);
                line(depth, &mut out);
                from = at + 1;
            }
            b':' => {
                out.push_str(&json[from..=at]);
                out.push(' ');
                from = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    out.push_str(&json[from..]);
    out.push('\n');
    out
}

/// The position of the quote that closes a string.
fn end_of_string(bytes: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at
}

fn line(depth: usize, out: &mut String) {
    out.push('\n');
    for _ in 0..depth {
        out.push_str("  ");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_on_lines_of_their_own_and_strings_stay_as_they_are() {
        let compact = r#"{"a":[1,{"b":"x: {\"y\", [z]}"}],"c":{},"d":[],"e":null}"#;
        let expected = "{\n  \"a\": [\n    1,\n    {\n      \"b\": \"x: {\\\"y\\\", [z]}\"\n    }\n  ],\n  \
            \"c\": {\n  },\n  \"d\": [\n\n  ],\n  \"e\": null\n}\n";
        assert_eq!(print(compact), expected);
    }
}
