//! The rows that a query finds.

use std::cmp::Ordering;

use super::check::Query;
use super::test::compare;
use crate::salesforce::field::Fill;
use crate::salesforce::org::Org;
use crate::salesforce::record::Record;
use crate::salesforce::row::Row;

/// Numbers of the rows that a query finds, in its order; deleted ones only if they are asked for.
pub(in crate::salesforce) fn run(
    org: &Org,
    query: &Query,
    with_deleted: bool,
    now: u32,
) -> Vec<u32> {
    let object = &org.objects[query.object];
    let table = &object.table;
    let (first, last) = query.test.as_ref().map_or((0, u32::MAX), |test| test.range(object));
    let fill = |at: usize| object.fields[at].fill;
    let keys: Vec<(Fill, bool)> =
        query.order.iter().map(|(at, is_descending)| (fill(*at), *is_descending)).collect();
    let (is_by_change, is_sorted) = match keys.as_slice() {
        [] => ((first, last) != (0, u32::MAX), true),
        [(Fill::Id, false), ..] => (false, true),
        [(Fill::Stamp, false)] | [(Fill::Stamp, false), (Fill::Id, false), ..] => (true, true),
        _ => (true, false),
    };
    let rows: Box<dyn Iterator<Item = (u32, Row)>> = if is_by_change {
        Box::new(table.changed(first..=last, now))
    } else {
        Box::new(table.rows(now))
    };
    let mut scratch = String::new();
    let mut is_found = |number: u32, row: Row| {
        (with_deleted || !row.is_deleted())
            && query
                .test
                .as_ref()
                .is_none_or(|test| test.holds(&org.record(query.object, number, row), &mut scratch))
    };
    let limit = query.limit.unwrap_or(usize::MAX);
    let mut found: Vec<u32> = Vec::new();
    for (number, row) in rows {
        if is_sorted && found.len() >= limit {
            break;
        }
        if is_found(number, row) {
            found.push(number);
        }
    }
    if keys.is_empty() && is_by_change {
        // Without an order rows come as they are kept, which is not by their change.
        found.sort_unstable();
    }
    if !is_sorted {
        sort(org, query, &mut found, now);
        found.truncate(limit);
    }
    found
}

fn sort(org: &Org, query: &Query, found: &mut [u32], now: u32) {
    let object = &org.objects[query.object];
    let mut scratch = (String::new(), String::new());
    let record = |number: u32| -> Option<Record<'_>> {
        Some(org.record(query.object, number, object.table.get(number, now)?))
    };
    found.sort_by(|one, other| {
        let (Some(first), Some(second)) = (record(*one), record(*other)) else {
            return Ordering::Equal;
        };
        let orders = query.order.iter().map(|(at, is_descending)| {
            let order = compare(&first, &second, &object.fields[*at], &mut scratch);
            if *is_descending { order.reverse() } else { order }
        });
        orders.into_iter().find(|order| order.is_ne()).unwrap_or_else(|| one.cmp(other))
    });
}
