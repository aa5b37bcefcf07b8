//! What the parameters of a request make of a small list.

use super::registry::List;
use crate::clock::parse_instant;
use crate::github::list::{Sorting, is_descending};
use crate::github::range::Range;
use crate::github::table::{Order, Row};
use crate::server::Request;

/// How a request wants a list sorted.
pub(crate) fn sorting(list: &List, request: &Request) -> Sorting {
    let small = list.small;
    if !small.sorted {
        return Sorting { order: Order::Created, descending: small.newest_first };
    }
    let updated = request.param("sort") == Some("updated");
    Sorting {
        order: if updated { Order::Updated } else { Order::Created },
        descending: is_descending(request, small.newest_first),
    }
}

/// Which rows the parameters of a request leave.
pub(crate) struct Filter {
    since: u32,
    created: Option<Range>,
}

impl Filter {
    pub(crate) fn of(list: &List, request: &Request) -> Result<Self, String> {
        let small = list.small;
        let since = request.param("since").filter(|_| small.since);
        let created = request.param("created").filter(|_| small.window.is_some());
        Ok(Self {
            since: match since {
                // Nothing is later than that.
                Some(text) if text.starts_with("9999-") => u32::MAX,
                since => since.map_or(Ok(0), parse_instant)?,
            },
            created: created.map(Range::parse).transpose()?,
        })
    }

    /// Whether rows are searched for, not only listed.
    pub(crate) fn searches(&self) -> bool {
        self.created.is_some()
    }

    pub(crate) fn holds(&self, row: &Row) -> bool {
        let in_range = self.created.is_none_or(|range| range.holds(row.created));
        in_range && row.updated >= self.since
    }
}
