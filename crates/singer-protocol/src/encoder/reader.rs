//! JSON's grammar, checked while the text is walked.
//!
//! The general parser gives a value's text or goes into the value, not both, and its ways of doing
//! either cost more than the walk: measured, this makes the encoder about twice as fast.

use super::body::BodyFault;

/// How deep containers may nest, from the body's root.
const MOST_DEPTH: usize = 128;

/// A place in a text that is being checked.
///
/// Every method that takes a value leaves the place right after it. After an error the place is
/// where the grammar is broken.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

/// The content of a string, as it is escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Content<'a> {
    pub(super) text: &'a str,
    pub(super) escaped: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Reader<'a> {
        Reader { text, at: 0 }
    }

    /// How many bytes were read.
    pub(super) fn offset(&self) -> usize {
        self.at
    }

    /// The text from an offset up to here.
    pub(super) fn since(&self, start: usize) -> &'a str {
        &self.text[start..self.at]
    }

    /// What has not been read.
    pub(super) fn rest(&self) -> &'a [u8] {
        &self.bytes()[self.at..]
    }

    /// Goes on by some bytes that were looked at in the rest.
    pub(super) fn pass(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// The next byte after white space.
    #[inline]
    pub(super) fn peek(&mut self) -> Result<u8, BodyFault> {
        let bytes = self.bytes();
        while let Some(byte) = bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
                return Ok(*byte);
            }
            self.at += 1;
        }
        Err(BodyFault::Cut)
    }

    /// Takes a byte if it is the next after white space.
    #[inline]
    pub(super) fn take(&mut self, byte: u8) -> Result<bool, BodyFault> {
        let next = self.peek()? == byte;
        self.at += usize::from(next);
        Ok(next)
    }

    /// Enters a container that stands in `level` others; false if it is empty and already left.
    #[inline]
    pub(super) fn enter(&mut self, level: usize) -> Result<bool, BodyFault> {
        if level >= MOST_DEPTH {
            return Err(BodyFault::TooDeep);
        }
        let close = closing(self.bytes()[self.at]);
        self.at += 1;
        Ok(!self.take(close)?)
    }

    /// After a member or item: true if there is another, false at the end of the container.
    #[inline]
    pub(super) fn more(&mut self, close: u8) -> Result<bool, BodyFault> {
        let next = self.peek()?;
        if next == b',' {
            self.at += 1;
            return Ok(true);
        }
        if next != close {
            return Err(BodyFault::Syntax("a comma or the end of the container is missing"));
        }
        self.at += 1;
        Ok(false)
    }

    /// Takes a colon.
    #[inline]
    pub(super) fn colon(&mut self) -> Result<(), BodyFault> {
        if self.take(b':')? { Ok(()) } else { Err(BodyFault::Syntax("a colon follows a name")) }
    }

    /// Takes the name of a member.
    pub(super) fn name(&mut self) -> Result<Content<'a>, BodyFault> {
        if self.peek()? == b'"' {
            self.string()
        } else {
            Err(BodyFault::Syntax("a name is a string"))
        }
    }

    /// Takes any value that stands in `level` containers, and gives its text.
    pub(super) fn value(&mut self, level: usize) -> Result<&'a str, BodyFault> {
        self.peek()?;
        let start = self.at;
        self.skip(level)?;
        Ok(self.since(start))
    }

    /// The end of the text, with nothing but white space before it.
    pub(super) fn end(&mut self) -> Result<(), BodyFault> {
        match self.peek() {
            Ok(_) => Err(BodyFault::Syntax("something follows the value")),
            Err(_) => Ok(()),
        }
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    fn skip(&mut self, level: usize) -> Result<(), BodyFault> {
        match self.peek()? {
            b'"' => self.string().map(drop),
            b'{' => self.skip_object(level),
            b'[' => self.skip_list(level),
            b'-' | b'0'..=b'9' => self.number(),
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            b'n' => self.word(b"null"),
            _ => Err(BodyFault::Syntax("a value is missing")),
        }
    }

    fn skip_object(&mut self, level: usize) -> Result<(), BodyFault> {
        let mut more = self.enter(level)?;
        while more {
            self.name()?;
            self.colon()?;
            self.skip(level + 1)?;
            more = self.more(b'}')?;
        }
        Ok(())
    }

    fn skip_list(&mut self, level: usize) -> Result<(), BodyFault> {
        let mut more = self.enter(level)?;
        while more {
            self.skip(level + 1)?;
            more = self.more(b']')?;
        }
        Ok(())
    }

    fn word(&mut self, word: &[u8]) -> Result<(), BodyFault> {
        let rest = self.rest();
        if rest.starts_with(word) {
            self.at += word.len();
            return Ok(());
        }
        let cut = word.starts_with(rest);
        Err(if cut { BodyFault::Cut } else { BodyFault::Syntax("a value is missing") })
    }

    /// Takes a string; the place is its opening quote.
    pub(super) fn string(&mut self) -> Result<Content<'a>, BodyFault> {
        let bytes = self.bytes();
        let start = self.at + 1;
        let mut escaped = false;
        self.at = start;
        loop {
            self.at = special(bytes, self.at);
            match bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                Some(_) => return Err(BodyFault::Syntax("control characters are escaped")),
                None => return Err(BodyFault::Cut),
            }
        }
        let text = self.since(start);
        self.at += 1;
        Ok(Content { text, escaped })
    }

    fn escape(&mut self) -> Result<(), BodyFault> {
        const RULE: BodyFault = BodyFault::Syntax("this is no escape");
        match self.bytes().get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
            Some(b'u') => {
                self.at += 2;
                for _ in 0..4 {
                    match self.bytes().get(self.at) {
                        Some(digit) if digit.is_ascii_hexdigit() => self.at += 1,
                        Some(_) => return Err(RULE),
                        None => return Err(BodyFault::Cut),
                    }
                }
            }
            Some(_) => return Err(RULE),
            None => return Err(BodyFault::Cut),
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), BodyFault> {
        self.at += usize::from(self.next() == Some(b'-'));
        if self.next() == Some(b'0') {
            self.at += 1;
            if self.next().is_some_and(|byte| byte.is_ascii_digit()) {
                return Err(BodyFault::Syntax("a number begins with one zero at most"));
            }
        } else {
            self.digits()?;
        }
        if self.next() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.next(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.next(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), BodyFault> {
        let start = self.at;
        while self.next().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        match self.next() {
            _ if self.at > start => Ok(()),
            Some(_) => Err(BodyFault::Syntax("a digit is missing")),
            None => Err(BodyFault::Cut),
        }
    }

    fn next(&self) -> Option<u8> {
        self.bytes().get(self.at).copied()
    }
}

/// The byte that closes what another opens.
pub(super) fn closing(open: u8) -> u8 {
    if open == b'{' { b'}' } else { b']' }
}

/// The index of the next quote, backslash or control character, eight bytes at a time.
#[inline]
fn special(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    while let Some(eight) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*eight);
        let quote = word ^ (ONES * b'"' as u64);
        let backslash = word ^ (ONES * b'\\' as u64);
        // The lowest bit that is set is right; those above may come from a borrow.
        let hits = (quote.wrapping_sub(ONES) & !quote)
            | (backslash.wrapping_sub(ONES) & !backslash)
            | (word.wrapping_sub(ONES * 0x20) & !word);
        if hits & HIGH != 0 {
            return at + (hits & HIGH).trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20)) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use serde::de::IgnoredAny;

    use super::*;

    fn read(text: &str) -> Result<&str, BodyFault> {
        let mut reader = Reader::new(text);
        let value = reader.value(0)?;
        reader.end()?;
        Ok(value)
    }

    /// The general parser has the last word on what is valid.
    fn check(text: &str) {
        let expected = serde_json::from_str::<IgnoredAny>(text);
        let found = read(text);
        assert_eq!(found.is_ok(), expected.is_ok(), "{text:?} {found:?} {expected:?}");
        assert!(found.is_err() || found == Ok(text.trim_matches([' ', '\t', '\r', '\n'])));
    }

    #[test]
    fn it_takes_exactly_what_the_general_parser_takes() {
        for text in [
            "null",
            " true ",
            "false\n",
            "nul",
            "nulll",
            "tru e",
            "True",
            "0",
            "-0",
            "-",
            "01",
            "-01",
            "1.",
            ".1",
            "1.0",
            "1e",
            "1e+",
            "1E+5",
            "1e-05",
            "1.5e3.2",
            "+1",
            "0x1",
            "1_0",
            "NaN",
            "Infinity",
            "-Infinity",
            "1 2",
            "\"\"",
            "\"",
            "\"a\\",
            "\"a\\\"",
            "\"\\u12\"",
            "\"\\u12g4\"",
            "\"\\uD800\"",
            "\"\\x\"",
            "\"\t\"",
            "\"\u{7f}\"",
            "\"seven77\"",
            "\"eight888\"",
            "\"0123456789abcdef\\n\"",
            "\"01234567\u{1f}\"",
            "\"é🦀é🦀é🦀\"",
            "'a'",
            "[]",
            "[ ]",
            "[,]",
            "[1,]",
            "[1 2]",
            "[1,2",
            "[1]]",
            "{}",
            "{ }",
            "{,}",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{a:1}",
            "{1:1}",
            "{\"a\":1 \"b\":2}",
            "{\"a\" : 1 , \"b\":[{}]}",
            "{\"a\":1]",
            "[1}",
            "",
            "  ",
            "\u{a0}1",
            "// c\n1",
            "[1]//",
            "{\"a\nb\":1}",
        ] {
            check(text);
        }
    }

    #[test]
    fn a_small_change_anywhere_is_judged_as_the_general_parser_judges_it() {
        let text = r#"{"a" : [1.5e-3, -0, "x\u00e9\n é", true, null, {}], "bcdefghijkl":{"c":[[]] , "d":false}}"#;
        for at in 0..text.len() {
            check(text.get(..at).unwrap_or_default());
            for byte in *b"\"\\{}[],: 0e.-tn\n\x01" {
                let mut changed = text.as_bytes().to_vec();
                changed[at] = byte;
                check(&String::from_utf8_lossy(&changed));
            }
        }
    }

    #[test]
    fn what_ends_early_is_cut_and_nothing_else_is() {
        let text = r#"{"a":[-1.5e-3,"x\u00e9\n",true,null,{"b":0}],"c":false}"#;
        for at in 0..text.len() {
            assert_eq!(read(&text[..at]), Err(BodyFault::Cut), "{}", &text[..at]);
        }
        for text in ["[1}", "nulx", "[01", "\"\\x", "{1"] {
            assert!(matches!(read(text), Err(BodyFault::Syntax(_))), "{text}");
        }
    }

    #[test]
    fn depth_counts_containers_and_not_brackets_in_strings() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let nested = |depth: usize| open.repeat(depth) + "1" + &close.repeat(depth);
            assert!(read(&nested(128)).is_ok());
            assert_eq!(read(&nested(129)), Err(BodyFault::TooDeep));
            assert_eq!(read(&nested(1_000_000)), Err(BodyFault::TooDeep));
        }
        assert!(read(&format!("[\"{}\",{}[]]", "[".repeat(500), "[],".repeat(500))).is_ok());
    }
}
