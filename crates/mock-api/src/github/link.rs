//! Link headers, and the addresses in them.

use url::form_urlencoded::Serializer;

use super::cursor::Cursor;
use crate::server::Request;

/// The pages of a list that is paged by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pages {
    pub(crate) current: usize,
    pub(crate) last: usize,
}

/// Links of a list that is paged by number, as the API orders them; `None` if one page holds all.
pub(crate) fn numbered(request: &Request, path: &str, pages: Pages) -> Option<String> {
    let Pages { current, last } = pages;
    let mut links = Vec::new();
    let mut add = |page: usize, relation: &str| {
        let address = address(request, path, &[("page", page.to_string())]);
        links.push(format!("<{address}>; rel=\"{relation}\""));
    };
    if current > 1 {
        add((current - 1).min(last.max(1)), "prev");
    }
    if current < last {
        add(current + 1, "next");
        add(last, "last");
    }
    if current > 1 {
        add(1, "first");
    }
    (!links.is_empty()).then(|| links.join(", "))
}

/// Links of a list that is paged by cursor.
pub(crate) fn cursors(
    request: &Request,
    path: &str,
    page: Option<usize>,
    before: Option<Cursor>,
    after: Option<Cursor>,
) -> Option<String> {
    let mut links = Vec::new();
    let mut add = |name: &'static str, cursor: Cursor, page: Option<usize>, relation: &str| {
        let mut place = vec![(name, cursor.encode())];
        place.extend(page.map(|page| ("page", page.to_string())));
        let address = address(request, path, &place);
        links.push(format!("<{address}>; rel=\"{relation}\""));
    };
    if let Some(cursor) = before {
        add("before", cursor, page.map(|page| page.saturating_sub(1).max(1)), "prev");
    }
    if let Some(cursor) = after {
        add("after", cursor, page.map(|page| page + 1), "next");
    }
    (!links.is_empty()).then(|| links.join(", "))
}

/// The request's address under another path, with the place in the list replaced.
fn address(request: &Request, path: &str, place: &[(&str, String)]) -> String {
    let mut query = Serializer::new(String::new());
    let kept = request.query.iter().filter(|(key, _)| !is_place(key));
    query.extend_pairs(kept);
    query.extend_pairs(place);
    format!("{}{path}?{}", request.origin(), query.finish())
}

fn is_place(key: &str) -> bool {
    matches!(key, "page" | "after" | "before")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(current: usize, last: usize, expected: &[&str]) {
        let request = Request::new("GET", "/repos/a/b/labels?page=9&per_page=2&q=a%2Bb");
        let link = numbered(&request, "/repositories/7/labels", Pages { current, last });
        let base = "http://127.0.0.1/repositories/7/labels?per_page=2&q=a%2Bb&page=";
        let expected: Vec<String> = expected
            .iter()
            .map(|one| one.split_once(' ').unwrap())
            .map(|(page, relation)| format!("<{base}{page}>; rel=\"{relation}\""))
            .collect();
        assert_eq!(link.unwrap_or_default(), expected.join(", "));
    }

    #[test]
    fn a_page_links_to_its_neighbours_and_both_ends() {
        check(1, 0, &[]);
        check(1, 1, &[]);
        check(1, 3, &["2 next", "3 last"]);
        check(2, 3, &["1 prev", "3 next", "3 last", "1 first"]);
        check(3, 3, &["2 prev", "1 first"]);
        check(9, 3, &["3 prev", "1 first"]);
    }

    #[test]
    fn a_cursor_takes_the_place_of_the_one_before() {
        let request = Request::new("GET", "/x?since=2026-01-01T00:00:00Z&after=old&page=2");
        let cursor = Cursor { value: 5, id: 6 };
        let link = cursors(&request, "/y", Some(2), None, Some(cursor)).unwrap();
        let expected = format!(
            "<http://127.0.0.1/y?since=2026-01-01T00%3A00%3A00Z&after={}&page=3>; rel=\"next\"",
            cursor.encode()
        );
        assert_eq!(link, expected);
    }
}
