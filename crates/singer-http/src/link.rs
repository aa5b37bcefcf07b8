//! The `Link` header, as far as pagination needs it: <https://www.rfc-editor.org/rfc/rfc8288>.

use http::{HeaderMap, header};

/// The target of the first link with `relation`, unresolved.
///
/// # Errors
/// The rule that the header breaks, if it cannot be read to its end: a list must not look complete
/// because its link was garbled.
pub fn find(headers: &HeaderMap, relation: &str) -> Result<Option<String>, &'static str> {
    let mut found = None;
    for value in headers.get_all(header::LINK) {
        let text = value.to_str().map_err(|_| "its text must be ASCII")?;
        let mut rest = skip(text, [',', ' ', '\t']);
        while !rest.is_empty() {
            let (link, after) = link(rest)?;
            if found.is_none() && link.has(relation) {
                found = Some(link.target.to_owned());
            }
            rest = skip(after, [',', ' ', '\t']);
        }
    }
    Ok(found)
}

struct Link<'a> {
    target: &'a str,
    relations: Option<&'a str>,
}

impl Link<'_> {
    fn has(&self, relation: &str) -> bool {
        let mut relations = self.relations.unwrap_or_default().split_ascii_whitespace();
        relations.any(|name| name.eq_ignore_ascii_case(relation))
    }
}

fn link(text: &str) -> Result<(Link<'_>, &str), &'static str> {
    let text = text.strip_prefix('<').ok_or("a link begins with `<`")?;
    let (target, mut rest) = text.split_once('>').ok_or("a link ends with `>`")?;
    let mut relations = None;
    loop {
        rest = skip(rest, [' ', '\t']);
        let Some(after) = rest.strip_prefix(';') else { break };
        let (name, value, after) = parameter(skip(after, [' ', '\t', ';']))?;
        if relations.is_none() && name.eq_ignore_ascii_case("rel") {
            relations = Some(value);
        }
        rest = after;
    }
    match rest.chars().next() {
        None | Some(',') => Ok((Link { target: target.trim(), relations }, rest)),
        Some(_) => Err("links are separated by `,` and parameters by `;`"),
    }
}

fn parameter(text: &str) -> Result<(&str, &str, &str), &'static str> {
    let end = text.find([';', ',', '=', '"']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let Some(value) = rest.strip_prefix('=') else { return Ok((name.trim(), "", rest)) };
    let value = skip(value, [' ', '\t']);
    if let Some(quoted) = value.strip_prefix('"') {
        let end = end_of_quoted(quoted).ok_or("a quoted value ends with a quote")?;
        let (value, rest) = quoted.split_at(end);
        return Ok((name.trim(), value, &rest[1..]));
    }
    let end = value.find([';', ',']).unwrap_or(value.len());
    let (value, rest) = value.split_at(end);
    Ok((name.trim(), value.trim(), rest))
}

fn end_of_quoted(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|byte| {
        let end = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        end
    })
}

fn skip<const N: usize>(text: &str, what: [char; N]) -> &str {
    text.trim_start_matches(what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn read(values: &[&str]) -> Result<Option<String>, &'static str> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::LINK, HeaderValue::from_str(value).unwrap());
        }
        find(&headers, "next")
    }

    #[test]
    fn the_next_link_is_found_among_others() {
        let check = |values: &[&str], want: Option<&str>| {
            assert_eq!(read(values), Ok(want.map(str::to_owned)), "{values:?}");
        };
        check(&[], None);
        check(&[""], None);
        check(&[r#"<https://a.example/?page=2>; rel="next""#], Some("https://a.example/?page=2"));
        check(&[r#"</p>; rel="prev", </n>; rel="next", </l>; rel="last""#], Some("/n"));
        check(&[r#"</p>; rel="prev""#, r#"</n>; rel="next""#], Some("/n"));
        check(&[r#"</a,b;c>; rel=next"#], Some("/a,b;c"));
        check(&[r#"</a>; title="x, y; rel=\"prev\""; rel="next""#], Some("/a"));
        check(&[r#"</a>; rel="first next""#], Some("/a"));
        check(&[r#"</a>;REL=Next"#], Some("/a"));
        check(&[r#"</a>; rel="prev"; rel="next""#], None);
        check(&[r#"</a>; rel="nextish", </b>; rev="next""#], None);
        check(&[r#"</a>; crossorigin; rel="next""#], Some("/a"));
        check(&[r#", </a> ; rel = "next" ,, </b>; rel="next","#], Some("/a"));
        check(&["<>; rel=next"], Some(""));
    }

    #[test]
    fn a_garbled_header_is_an_error_and_no_end() {
        let check = |value: &str| assert!(read(&[value]).is_err(), "{value}");
        check(r#"/a; rel="next""#);
        check(r#"<https://a.example/?page=2; rel="next""#);
        check(r#"</a>; rel="next"#);
        check(r#"</a> rel="next""#);
        check(r#"</a>; rel="next" </b>; rel="last""#);
        check(r#"</a>; rel="next", oops"#);
    }
}
