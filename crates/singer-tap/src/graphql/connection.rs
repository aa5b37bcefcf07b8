//! A page of a connection in an answer.

use singer_protocol::scan;

use super::query::Shape;

/// The rows of a page, and how it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Connection<'a> {
    /// The JSON text of the list.
    pub(super) rows: &'a str,
    /// The JSON text of the cursor of the next page, if there is one.
    pub(super) next: Option<&'a str>,
}

/// Why there is no page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// Something on the way is null: what was asked for is not there.
    Null(String),
    /// The answer is not of the shape that the query promises.
    Broken(String),
}

/// Finds a connection in a valid JSON text.
pub(super) fn find<'a>(text: &'a str, at: &str, shape: Shape) -> Result<Connection<'a>, Gap> {
    let value = follow(text, at)?;
    let Some(rows) = shape.rows() else {
        return Ok(Connection { rows: list(value, at)?, next: None });
    };
    let rows = list(member(value, at, rows)?, &format!("{at}/{rows}"))?;
    Ok(Connection { rows, next: next(value, at)? })
}

/// The value at a pointer, which must not be null.
pub(super) fn follow<'a>(text: &'a str, pointer: &str) -> Result<&'a str, Gap> {
    let mut value = text.trim_ascii();
    let mut at = String::new();
    for token in pointer.split('/').skip(1) {
        value = member(value, &at, token)?;
        at = format!("{at}/{token}");
        if value == "null" {
            return Err(Gap::Null(at));
        }
    }
    Ok(value)
}

/// The cursor of the next page of a connection.
fn next<'a>(connection: &'a str, at: &str) -> Result<Option<&'a str>, Gap> {
    let at = format!("{at}/pageInfo");
    let info = member(connection, at.trim_end_matches("/pageInfo"), "pageInfo")?;
    match member(info, &at, "hasNextPage")? {
        "false" => Ok(None),
        "true" => match member(info, &at, "endCursor")? {
            cursor if cursor.starts_with('"') && cursor.len() > 2 => Ok(Some(cursor)),
            _ => Err(Gap::Broken(format!("`{at}` says that there is more, but has no cursor"))),
        },
        _ => Err(Gap::Broken(format!("`{at}/hasNextPage` is no boolean"))),
    }
}

fn member<'a>(value: &'a str, at: &str, name: &str) -> Result<&'a str, Gap> {
    let found = value.starts_with('{').then(|| scan::member(value, name)).flatten();
    found.ok_or_else(|| Gap::Broken(format!("there is nothing at `{at}/{name}`")))
}

fn list<'a>(value: &'a str, at: &str) -> Result<&'a str, Gap> {
    let broken = || Gap::Broken(format!("there is no list at `{at}`"));
    value.starts_with('[').then_some(value).ok_or_else(broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<(&str, Option<&str>), &str>) {
        let found = find(text, "/data/x", Shape::Nodes).map(|page| (page.rows, page.next));
        let found = found.map_err(|gap| match gap {
            Gap::Null(at) => format!("null at {at}"),
            Gap::Broken(what) => what,
        });
        assert_eq!(found, expected.map_err(str::to_owned), "{text}");
    }

    #[test]
    fn a_page_is_whole_or_it_is_none() {
        let of = |x: &str| format!(r#" {{"data": {{"y": 1, "x": {x} }} }} "#);
        let page = |info: &str| of(&format!(r#"{{"pageInfo": {info}, "nodes": [ {{"a":"]"}} ]}}"#));
        let rows = r#"[ {"a":"]"} ]"#;
        check(&page(r#"{"hasNextPage":false,"endCursor":"b"}"#), Ok((rows, None)));
        check(&page(r#"{"hasNextPage": true, "endCursor": "b"}"#), Ok((rows, Some("\"b\""))));
        check(&page(r#"{"hasNextPage":true,"endCursor":null}"#), {
            Err("`/data/x/pageInfo` says that there is more, but has no cursor")
        });
        check(&page(r#"{"hasNextPage":true,"endCursor":""}"#), {
            Err("`/data/x/pageInfo` says that there is more, but has no cursor")
        });
        check(&page(r#"{"hasNextPage":null}"#), {
            Err("`/data/x/pageInfo/hasNextPage` is no boolean")
        });
        check(&page("{}"), Err("there is nothing at `/data/x/pageInfo/hasNextPage`"));
        check(&of(r#"{"nodes":[]}"#), Err("there is nothing at `/data/x/pageInfo`"));
        check(&of(r#"{"nodes":null}"#), Err("there is no list at `/data/x/nodes`"));
        check(&of("null"), Err("null at /data/x"));
        check(r#"{"data":null}"#, Err("null at /data"));
        check(r#"{"data":{}}"#, Err("there is nothing at `/data/x`"));
        check("[]", Err("there is nothing at `/data`"));
    }
}
