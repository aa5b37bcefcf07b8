//! Comma-separated values (RFC 4180): all quoted, lines end with a line feed.

/// The text of a table.
pub(super) fn write(columns: &[&str], lines: &[Vec<String>]) -> String {
    let mut out = String::new();
    line(columns.iter().copied(), &mut out);
    for values in lines {
        line(values.iter().map(String::as_str), &mut out);
    }
    out
}

fn line<'a>(values: impl Iterator<Item = &'a str>, out: &mut String) {
    for (at, value) in values.enumerate() {
        out.push_str(if at > 0 { ",\"" } else { "\"" });
        out.push_str(&value.replace('"', "\"\""));
        out.push('"');
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_doubled_and_line_breaks_stay() {
        let lines = [vec!["a \"b\"".to_owned(), "c,\nd".to_owned()]];
        assert_eq!(write(&["x", "y"], &lines), "\"x\",\"y\"\n\"a \"\"b\"\"\",\"c,\nd\"\n");
    }
}
