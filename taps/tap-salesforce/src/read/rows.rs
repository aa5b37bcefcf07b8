//! CSV that comes in pieces, cut where a row ends: each part with the names of the columns before it.

use memchr::memchr2;

/// A part holds so many bytes, or one row.
const PART: usize = 64 << 10;
/// A row is not longer: Salesforce's largest text has 131,072 characters, of which an object has 1.6 million at
/// most.
const LONGEST_ROW: usize = 64 << 20;
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Takes pieces and gives parts.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// The line of names, with its end.
    names: Option<Vec<u8>>,
    pending: Vec<u8>,
    /// How far `pending` has been looked at, where the last whole row of it ends, and where the row at hand
    /// begins.
    seen: usize,
    whole: usize,
    is_quoted: bool,
    is_begun: bool,
    /// Rows in `pending` that are whole.
    rows: u64,
}

/// Whole rows with the names of their columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) csv: Vec<u8>,
    pub(super) rows: u64,
}

/// Why a text is no table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Torn {
    /// It ends within a row.
    Cut,
    /// A row has no end.
    Endless,
}

impl Rows {
    /// Takes the next piece; a part, if there is enough for one.
    pub(super) fn push(&mut self, piece: &[u8]) -> Result<Option<Part>, Torn> {
        self.pending.extend_from_slice(piece);
        if !self.is_begun {
            if self.pending.len() < MARK.len() {
                return Ok(None);
            }
            self.is_begun = true;
            if self.pending.starts_with(MARK) {
                self.pending.drain(..MARK.len());
            }
        }
        self.look();
        if self.pending.len() - self.whole > LONGEST_ROW {
            return Err(Torn::Endless);
        }
        Ok(if self.whole >= PART { self.part() } else { None })
    }

    /// The last part.
    pub(super) fn end(mut self) -> Result<Option<Part>, Torn> {
        if self.is_quoted {
            return Err(Torn::Cut);
        }
        let last = self.pending[self.whole..].trim_ascii();
        if !last.is_empty() {
            // One without an end may be a part of a row.
            if self.names.as_ref().is_some_and(|names| columns(names) != columns(last)) {
                return Err(Torn::Cut);
            }
            self.pending.push(b'\n');
            self.look();
        }
        Ok(self.part())
    }

    /// Looks for the ends of rows.
    fn look(&mut self) {
        while let Some(at) = memchr2(b'"', b'\n', &self.pending[self.seen..]) {
            let at = self.seen + at;
            self.seen = at + 1;
            if self.pending[at] == b'"' {
                self.is_quoted = !self.is_quoted;
            } else if !self.is_quoted {
                self.row_ends(at + 1);
            }
        }
        self.seen = self.pending.len();
    }

    fn row_ends(&mut self, end: usize) {
        let row = &self.pending[self.whole..end];
        // A line of nothing is no row.
        let is_row = !matches!(row, b"\n" | b"\r\n");
        if is_row && self.names.is_none() {
            self.names = Some(row.to_vec());
            self.pending.drain(..end);
            self.seen -= end;
            self.whole = 0;
            return;
        }
        self.rows += u64::from(is_row);
        self.whole = end;
    }

    fn part(&mut self) -> Option<Part> {
        let names = self.names.as_ref()?;
        let rows = std::mem::take(&mut self.rows);
        let mut csv = Vec::with_capacity(names.len() + self.whole);
        csv.extend_from_slice(names);
        csv.extend_from_slice(&self.pending[..self.whole]);
        self.pending.drain(..self.whole);
        self.seen -= self.whole;
        self.whole = 0;
        (rows > 0).then_some(Part { csv, rows })
    }
}

/// How many values a row has.
fn columns(row: &[u8]) -> usize {
    let mut is_quoted = false;
    let ends = row.iter().filter(|byte| {
        is_quoted ^= **byte == b'"';
        **byte == b',' && !is_quoted
    });
    ends.count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parts of a text that comes in pieces of this size.
    fn parts(text: &[u8], size: usize) -> Result<Vec<Part>, Torn> {
        let (mut rows, mut parts) = (Rows::default(), Vec::new());
        for piece in text.chunks(size) {
            parts.extend(rows.push(piece)?);
        }
        parts.extend(rows.end()?);
        Ok(parts)
    }

    fn check(text: &str, expected: &str, count: u64) {
        for size in [1, 2, 3, 7, 1_000] {
            let parts = parts(text.as_bytes(), size).expect("a table");
            let found: Vec<&[u8]> = parts.iter().map(|part| &*part.csv).collect();
            let rows: u64 = parts.iter().map(|part| part.rows).sum();
            assert_eq!((found.concat(), rows), (expected.as_bytes().to_vec(), count), "{text:?}");
        }
    }

    #[test]
    fn a_row_ends_at_a_line_break_outside_of_quotes() {
        check(
            "\"Id\",\"x\"\n\"1\",\"a\n\"\"b\"\"\n\"\n\"2\",\"\"\n",
            "\"Id\",\"x\"\n\"1\",\"a\n\"\"b\"\"\n\"\n\"2\",\"\"\n",
            2,
        );
        check("\u{feff}Id\r\n1\r\n\r\n2", "Id\r\n1\r\n\r\n2\n", 2);
        check("Id\n", "", 0);
        check("Id", "", 0);
        check("Id\n1\n\n", "Id\n1\n\n", 1);
    }

    #[test]
    fn large_tables_come_in_parts_each_with_the_names() {
        let row = format!("\"{}\",\"x\"\n", "y".repeat(1_000));
        let text = format!("\"Id\",\"x\"\n{}", row.repeat(1_000));
        let parts = parts(text.as_bytes(), 10_000).expect("a table");
        assert!(parts.len() > 3, "{}", parts.len());
        assert!(parts.iter().all(|part| part.csv.starts_with(b"\"Id\",\"x\"\n\"y")));
        assert!(parts.iter().all(|part| part.csv.len() < PART + 20_000));
        assert_eq!(parts.iter().map(|part| part.rows).sum::<u64>(), 1_000);
    }

    #[test]
    fn a_table_that_ends_within_quotes_or_without_a_line_is_torn() {
        assert_eq!(parts(b"\"Id\"\n\"1", 3), Err(Torn::Cut));
        assert_eq!(parts(b"\"Id\",\"x\"\n\"1\"", 3), Err(Torn::Cut));
        assert_eq!(parts(b"", 1), Ok(Vec::new()));
        let endless = vec![b'x'; LONGEST_ROW + 2];
        assert_eq!(parts(&endless, 1 << 20), Err(Torn::Endless));
    }
}
