//! Ranges of instants, as searches and filters write them: `A..B`, `>=A`, `<B`, a day.

use crate::clock::parse_instant;

const DAY: u32 = 86_400;

/// Instants between two, both of which belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    first: u32,
    last: u32,
}

impl Range {
    /// Reads a range; a day is all of its instants.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let all = Self { first: 0, last: u32::MAX };
        if let Some((first, last)) = text.split_once("..") {
            let first = if first == "*" { all } else { Self::at(first)? };
            let last = if last == "*" { all } else { Self::at(last)? };
            return Ok(Self { first: first.first, last: last.last });
        }
        for (mark, beyond) in [(">=", false), ("<=", false), (">", true), ("<", true)] {
            let Some(rest) = text.strip_prefix(mark) else { continue };
            let at = Self::at(rest)?;
            return Ok(match (mark.starts_with('>'), beyond) {
                (true, false) => Self { first: at.first, ..all },
                (true, true) => Self { first: at.last.saturating_add(1), ..all },
                (false, false) => Self { last: at.last, ..all },
                (false, true) => Self { last: at.first.saturating_sub(1), ..all },
            });
        }
        Self::at(text)
    }

    pub(crate) fn holds(self, instant: u32) -> bool {
        (self.first..=self.last).contains(&instant)
    }

    fn at(text: &str) -> Result<Self, String> {
        let first = parse_instant(text)?;
        let length = if text.len() == 10 { DAY - 1 } else { 0 };
        Ok(Self { first, last: first.saturating_add(length) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_what_their_marks_say() {
        // Noon of the first of November 2026.
        let noon = 1_793_534_400;
        for (text, expected) in [
            ("2026-11-01", true),
            ("2026-10-31", false),
            ("2026-10-01..2026-11-01", true),
            ("2026-11-01T12:00:01Z..*", false),
            ("*..2026-11-01T12:00:00Z", true),
            (">=2026-11-01T12:00:00Z", true),
            (">2026-11-01T12:00:00Z", false),
            (">2026-11-01", false),
            ("<=2026-11-01", true),
            ("<2026-11-01", false),
            ("<2026-11-01T12:00:01Z", true),
        ] {
            assert_eq!(Range::parse(text).map(|range| range.holds(noon)), Ok(expected), "{text}");
        }
        assert!(Range::parse("soon").is_err());
    }
}
