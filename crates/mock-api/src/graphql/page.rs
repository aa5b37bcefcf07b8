//! A page of a connection.

use serde_json::Value;

use super::ast::Arguments;
use super::problem::Problem;

/// Where an item stands in its list, for cursors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) value: u64,
    pub(crate) id: u64,
}

/// A part of a list.
#[derive(Debug, Clone)]
pub(crate) struct Page<O> {
    /// Items with their cursors, and what else their edges know.
    pub(crate) items: Vec<Item<O>>,
    pub(crate) has_next: bool,
    pub(crate) has_previous: bool,
    pub(crate) total: usize,
}

#[derive(Debug, Clone)]
pub(crate) struct Item<O> {
    pub(crate) cursor: String,
    pub(crate) object: O,
    pub(crate) edge: Vec<(&'static str, Value)>,
}

impl<O> Page<O> {
    /// The page of a list, in its order, that the arguments ask for.
    ///
    /// `encode` and `decode` are how the API writes cursors; `object` makes what a place stands for.
    pub(crate) fn of<T>(
        list: &[T],
        arguments: &Arguments,
        place: impl Fn(&T) -> Place,
        is_descending: bool,
        (encode, decode): (impl Fn(Place) -> String, impl Fn(&str) -> Option<Place>),
        object: impl Fn(&T) -> (O, Vec<(&'static str, Value)>),
    ) -> Result<Page<O>, Problem> {
        let cursor = |name: &str| match arguments.get(name).and_then(Value::as_str) {
            None => Ok(None),
            Some(text) => decode(text).map(Some).ok_or_else(|| {
                Problem::kind(
                    "INVALID_CURSOR_ARGUMENTS",
                    format!("`{text}` does not appear to be a valid cursor."),
                )
            }),
        };
        let number =
            |name| arguments.get(name).and_then(Value::as_u64).map(|number| number as usize);
        let is_before = |item: &T, at: Place| match is_descending {
            true => place(item) > at,
            false => place(item) < at,
        };
        let start = cursor("after")?.map_or(0, |after| {
            list.partition_point(|item| is_before(item, after) || place(item) == after)
        });
        let end = cursor("before")?
            .map_or(list.len(), |before| list.partition_point(|item| is_before(item, before)));
        let (mut from, mut to) = (start, end.max(start));
        if let Some(first) = number("first") {
            to = to.min(from + first);
        }
        if let Some(last) = number("last") {
            from = from.max(to.saturating_sub(last));
        }
        let item = |item: &T| {
            let (object, edge) = object(item);
            Item { cursor: encode(place(item)), object, edge }
        };
        Ok(Page {
            items: list[from..to].iter().map(item).collect(),
            has_next: to < list.len(),
            has_previous: from > 0,
            total: list.len(),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(arguments: Value, descending: bool, expected: &[u64], (previous, next): (bool, bool)) {
        let mut list = vec![1, 2, 3, 3, 4];
        if descending {
            list.reverse();
        }
        let list: Vec<(usize, u64)> = list.into_iter().enumerate().collect();
        let place = |(at, value): &(usize, u64)| {
            let id = if descending { 9 - *at as u64 } else { *at as u64 };
            Place { value: *value, id }
        };
        let encode = |place: Place| format!("{}.{}", place.value, place.id);
        let decode = |text: &str| {
            let (value, id) = text.split_once('.')?;
            Some(Place { value: value.parse().ok()?, id: id.parse().ok()? })
        };
        let arguments = arguments.as_object().unwrap();
        let page = Page::of(&list, arguments, place, descending, (encode, decode), |(_, value)| {
            (*value, Vec::new())
        });
        let page = page.unwrap();
        let found: Vec<u64> = page.items.iter().map(|item| item.object).collect();
        assert_eq!(found, expected, "{arguments:?}");
        assert_eq!((page.has_previous, page.has_next), (previous, next), "{arguments:?}");
    }

    #[test]
    fn a_page_is_cut_by_cursors_and_counts_from_either_end() {
        check(json!({"first": 2}), false, &[1, 2], (false, true));
        check(json!({"first": 2, "after": "2.1"}), false, &[3, 3], (true, true));
        check(json!({"first": 2, "after": "3.2"}), false, &[3, 4], (true, false));
        check(json!({"first": 9, "after": "4.4"}), false, &[], (true, false));
        check(json!({"last": 2}), false, &[3, 4], (true, false));
        check(json!({"last": 2, "before": "3.3"}), false, &[2, 3], (true, true));
        check(json!({"first": 2}), true, &[4, 3], (false, true));
        check(json!({"first": 2, "after": "3.8"}), true, &[3, 2], (true, true));
    }
}
