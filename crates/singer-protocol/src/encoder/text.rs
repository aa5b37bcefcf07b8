//! Strings and free values, copied so that every target takes them.

use super::scan::string_end;

const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

/// Copies a JSON string, quotes included, without NUL and lone surrogates.
///
/// Everything else stays as it was escaped. Says whether something had to be cleaned.
pub(super) fn string(text: &str, out: &mut Vec<u8>) -> bool {
    if text.contains("\\u") {
        return clean(text.as_bytes(), out);
    }
    out.extend_from_slice(text.as_bytes());
    false
}

fn clean(bytes: &[u8], out: &mut Vec<u8>) -> bool {
    let (mut cleaned, mut copied, mut at) = (false, 0, 0);
    while at < bytes.len() {
        if bytes[at] != b'\\' {
            at += 1;
            continue;
        }
        let Some(unit) = code_unit(bytes, at) else {
            at += 2;
            continue;
        };
        let replacement = match unit {
            0 => &[],
            0xD800..=0xDBFF if matches!(code_unit(bytes, at + 6), Some(0xDC00..=0xDFFF)) => {
                at += 12;
                continue;
            }
            0xD800..=0xDFFF => REPLACEMENT,
            _ => {
                at += 6;
                continue;
            }
        };
        out.extend_from_slice(&bytes[copied..at]);
        out.extend_from_slice(replacement);
        at += 6;
        copied = at;
        cleaned = true;
    }
    out.extend_from_slice(&bytes[copied..]);
    cleaned
}

/// The code unit of an escape `\uXXXX` that begins at `at`.
fn code_unit(bytes: &[u8], at: usize) -> Option<u32> {
    let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0, |unit, digit| Some(unit * 16 + (*digit as char).to_digit(16)?))
}

/// Copies any JSON value without the white space between its tokens, its strings as [`string`]
/// does.
///
/// Repeated names stay, since the value is free.
pub(super) fn minified(text: &str, out: &mut Vec<u8>) -> bool {
    let bytes = text.as_bytes();
    let mut cleaned = false;
    let (mut copied, mut at) = (0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                out.extend_from_slice(&bytes[copied..at]);
                copied = at;
                at = string_end(bytes, at);
                cleaned |= string(&text[copied..at], out);
                copied = at;
            }
            b' ' | b'\t' | b'\r' | b'\n' => {
                out.extend_from_slice(&bytes[copied..at]);
                at += 1;
                copied = at;
            }
            _ => at += 1,
        }
    }
    out.extend_from_slice(&bytes[copied..]);
    cleaned
}

/// Copies any JSON value as a JSON string that holds its minified text.
pub(super) fn quoted(text: &str, out: &mut Vec<u8>) -> bool {
    let start = out.len();
    let cleaned = minified(text, out);
    quote_since(start, out);
    cleaned
}

/// Makes a JSON string of the minified JSON text that was written since `start`.
pub(super) fn quote_since(start: usize, out: &mut Vec<u8>) {
    let is_escaped = |byte: u8| matches!(byte, b'"' | b'\\');
    let escapes = out[start..].iter().filter(|byte| is_escaped(**byte)).count();
    let (mut from, mut to) = (out.len(), out.len() + escapes + 2);
    out.resize(to, b'"');
    to -= 1;
    // From the end, so that no byte is overwritten before it has moved.
    while from > start {
        from -= 1;
        to -= 1;
        out[to] = out[from];
        if is_escaped(out[to]) {
            to -= 1;
            out[to] = b'\\';
        }
    }
    out[start] = b'"';
}

/// A JSON string's content, if reading it is possible.
pub(super) fn decoded(text: &str) -> Option<String> {
    let mut clean = Vec::with_capacity(text.len());
    string(text, &mut clean);
    serde_json::from_slice(&clean).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(write: fn(&str, &mut Vec<u8>) -> bool, input: &str, expected: &str, cleaned: bool) {
        let mut out = b"kept ".to_vec();
        assert_eq!(write(input, &mut out), cleaned, "{input}");
        assert_eq!(String::from_utf8(out).unwrap(), format!("kept {expected}"), "{input}");
    }

    #[test]
    fn strings_keep_their_escapes_and_lose_what_targets_refuse() {
        for (input, expected, cleaned) in [
            (r#""""#, r#""""#, false),
            (r#""plain é 🦀""#, r#""plain é 🦀""#, false),
            (r#""a\n\"b\/\\""#, r#""a\n\"b\/\\""#, false),
            (r#""\u00e9\ud83e\udd80""#, r#""\u00e9\ud83e\udd80""#, false),
            (r#""a\u0000b""#, r#""ab""#, true),
            (r#""\u0000\u0000""#, r#""""#, true),
            (r#""\ud800""#, "\"\u{fffd}\"", true),
            (r#""\uDC00x""#, "\"\u{fffd}x\"", true),
            (r#""\ud800\ud800\udc00""#, "\"\u{fffd}\\ud800\\udc00\"", true),
            (r#""\ud800\n""#, "\"\u{fffd}\\n\"", true),
            (r#""\ud800\\udc00""#, "\"\u{fffd}\\\\udc00\"", true),
            (r#""\\u0000""#, r#""\\u0000""#, false),
            (r#""\\\u0000""#, r#""\\""#, true),
            (r#""\u0001""#, r#""\u0001""#, false),
        ] {
            check(string, input, expected, cleaned);
        }
    }

    #[test]
    fn free_values_lose_white_space_between_tokens_only() {
        for (input, expected, cleaned) in [
            (
                "{\n  \"a b\" : [ 1 ,\t2.50 ],\r\n \"c\": \" \\n \" }",
                r#"{"a b":[1,2.50],"c":" \n "}"#,
                false,
            ),
            ("[ ]", "[]", false),
            ("18446744073709551616", "18446744073709551616", false),
            ("{\"\\ud800\": \"\\u0000\"}", "{\"\u{fffd}\":\"\"}", true),
        ] {
            check(minified, input, expected, cleaned);
        }
    }

    #[test]
    fn a_container_becomes_its_own_json_text() {
        check(quoted, r#"{"a": "x\"\n", "b": [1]}"#, r#""{\"a\":\"x\\\"\\n\",\"b\":[1]}""#, false);
        check(quoted, r#"["\u0000"]"#, r#""[\"\"]""#, true);
    }
}
