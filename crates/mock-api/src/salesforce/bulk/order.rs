//! The order in which a job's rows come.

use crate::salesforce::options::BulkOrder;
use crate::salesforce::org::Org;
use crate::seed::mix;

/// Rows that belong together in a mixed order.
const CHUNK: usize = 997;

/// Puts rows in an order; each is by its number at first.
pub(super) fn arrange(org: &Org, object: usize, numbers: &mut Vec<u32>, order: BulkOrder) {
    let table = &org.objects[object].table;
    let stamp = |number: &u32| (table.latest(*number).map_or(0, |row| row.stamp), *number);
    match order {
        BulkOrder::Sorted => numbers.sort_by_key(stamp),
        BulkOrder::Descending => {
            numbers.sort_by_key(stamp);
            numbers.reverse();
        }
        BulkOrder::Mixed => {
            *numbers = mixed(org.seed, numbers);
            if numbers.is_sorted_by_key(stamp) {
                numbers.reverse();
            }
        }
    }
}

/// Chunk after chunk in an order that looks like chance, as if several had been read at once.
fn mixed(seed: u64, numbers: &[u32]) -> Vec<u32> {
    let mut chunks: Vec<&[u32]> = numbers.chunks(CHUNK).collect();
    chunks.sort_by_key(|chunk| mix(&[seed, chunk[0].into(), 0xb01c]));
    let mut rows = Vec::with_capacity(numbers.len());
    for (at, chunk) in chunks.into_iter().enumerate() {
        if at % 2 == 0 {
            rows.extend(chunk.iter().rev());
        } else {
            rows.extend(chunk);
        }
    }
    rows
}
