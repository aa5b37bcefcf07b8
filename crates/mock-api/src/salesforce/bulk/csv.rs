//! A page of results as CSV.

use crate::salesforce::field::Field;
use crate::salesforce::options::{BulkColumns, SalesforceOptions};
use crate::salesforce::org::Org;
use crate::salesforce::render;
use crate::seed::mix;

/// The rows of a page, and how many they are: those that were purged meanwhile are left out.
pub(super) fn page(
    org: &Org,
    options: &SalesforceOptions,
    (object, fields): (usize, &[usize]),
    (numbers, from): (&[u32], u64),
    now: u32,
) -> (String, usize) {
    let shown = &org.objects[object];
    let columns = columns(options, fields, from);
    let columns: Vec<&Field> = columns.iter().map(|at| &shown.fields[*at]).collect();
    let end = if options.bulk_crlf { "\r\n" } else { "\n" };
    let mut out = String::with_capacity(numbers.len() * (columns.len() * 18 + 2) + 1_000);
    if options.bulk_bom {
        out.push('\u{feff}');
    }
    for (at, field) in columns.iter().enumerate() {
        out.push_str(if at > 0 { ",\"" } else { "\"" });
        out.push_str(&field.name);
        out.push('"');
    }
    out.push_str(end);
    let mut scratch = String::new();
    let mut count = 0;
    for number in numbers {
        let Some(row) = shown.table.get(*number, now) else { continue };
        let record = org.record(object, *number, row);
        for (at, field) in columns.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            render::csv(&record, field, &mut scratch, &mut out);
        }
        out.push_str(end);
        count += 1;
    }
    (out, count)
}

/// The columns of a page: as they were asked for, or in an order of its own.
fn columns(options: &SalesforceOptions, fields: &[usize], from: u64) -> Vec<usize> {
    let mut columns = fields.to_vec();
    if options.bulk_columns == BulkColumns::Shuffled {
        columns.sort_by_key(|at| mix(&[options.seed, from, *at as u64]));
    }
    columns
}
