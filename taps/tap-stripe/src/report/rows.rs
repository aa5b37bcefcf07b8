//! The rows of a report, page by page, with the interval that they are of.

use chrono::{DateTime, SecondsFormat};
use singer_protocol::{Frame, Rows};
use singer_tap::{Error, PageSink};

use super::run::Run;

/// The columns that say of which interval a row is, and which of its rows.
pub(super) const START: &str = "report_interval_start";
const END: &str = "report_interval_end";
const NUMBER: &str = "report_row";
/// Rows a page.
const PAGE: u64 = 1_000;

/// Pushes the rows of a CSV.
pub(super) async fn push(
    csv: &[u8],
    run: &Run,
    is_numbered: bool,
    sink: &mut PageSink,
) -> Result<(), Error> {
    let mut reader = csv::Reader::from_reader(csv.strip_prefix(b"\xef\xbb\xbf").unwrap_or(csv));
    let mut pages =
        Pages { head: reader.headers().map_err(broken)?.clone(), run, is_numbered, row: 0 };
    pages.head.extend([START, END].into_iter().chain(is_numbered.then_some(NUMBER)));
    let mut records = reader.into_records();
    while let Some(page) = pages.next(&mut records)? {
        sink.push_body(&page, &Frame { rows: Rows::Csv, ..Frame::default() }).await?;
    }
    Ok(())
}

/// Makes pages of the rows of a report.
struct Pages<'r> {
    head: csv::StringRecord,
    run: &'r Run,
    is_numbered: bool,
    row: u64,
}

impl Pages<'_> {
    /// The next page, which has the names of the columns too.
    fn next(
        &mut self,
        records: &mut impl Iterator<Item = csv::Result<csv::StringRecord>>,
    ) -> Result<Option<Vec<u8>>, Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let [from, to] = [self.run.from, self.run.to].map(instant);
        let first = self.row;
        for record in records.take(PAGE as usize) {
            let mut record = record.map_err(broken)?;
            if self.row == first {
                writer.write_record(&self.head).map_err(broken)?;
            }
            self.row += 1;
            record.push_field(&from);
            record.push_field(&to);
            if self.is_numbered {
                record.push_field(&self.row.to_string());
            }
            writer.write_record(&record).map_err(broken)?;
        }
        let page = writer.into_inner().map_err(|error| Error::Body { what: error.to_string() })?;
        Ok((self.row > first).then_some(page))
    }
}

fn instant(seconds: i64) -> String {
    let at = DateTime::from_timestamp_secs(seconds).unwrap_or_default();
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A row that has more or fewer columns than the first line, or no text: nothing of its page is used.
fn broken(error: csv::Error) -> Error {
    let line = error.position().map_or(0, csv::Position::line);
    Error::Body { what: format!("the CSV of a report is broken at line {line}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(csv: &str, is_numbered: bool) -> Result<Vec<String>, Error> {
        let run = Run { kind: "x", from: 1_764_000_000, to: 1_764_086_400 };
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let mut pages =
            Pages { head: reader.headers().unwrap().clone(), run: &run, is_numbered, row: 0 };
        pages.head.extend([START, END].into_iter().chain(is_numbered.then_some(NUMBER)));
        let mut records = reader.into_records();
        let mut made = Vec::new();
        while let Some(page) = pages.next(&mut records)? {
            made.push(String::from_utf8(page).unwrap());
        }
        Ok(made)
    }

    #[test]
    fn rows_are_given_their_interval_and_number() {
        let made = pages("id,note\n1,\"a, \"\"b\"\"\nc\"\n2,\n", true).unwrap();
        let interval = "2025-11-24T16:00:00Z,2025-11-25T16:00:00Z";
        assert_eq!(
            made,
            [format!(
                "id,note,report_interval_start,report_interval_end,report_row\n1,\"a, \"\"b\"\"\nc\",{interval},1\n2,,{interval},2\n"
            )]
        );
        assert_eq!(pages("id,note\n", false).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn rows_come_in_pages_that_go_on_counting() {
        let rows: String = (0..PAGE + 1).map(|row| format!("{row}\n")).collect();
        let made = pages(&format!("id\n{rows}"), true).unwrap();
        assert_eq!(made.len(), 2);
        assert!(made[1].starts_with("id,report_interval_start"), "{}", made[1]);
        assert!(made[1].ends_with(",1001\n"), "{}", made[1]);
    }

    #[test]
    fn a_row_of_another_length_breaks_its_report() {
        let error = pages("id,note\n1,a\n2\n", false).unwrap_err();
        assert!(error.to_string().contains("line 3"), "{error}");
    }
}
