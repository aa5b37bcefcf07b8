//! The next link of an answer (RFC 8288), as a fault bends it.

use crate::server::Answer;

/// The address of the next page.
pub(crate) fn next(answer: &Answer) -> Option<&str> {
    let link = answer.header("link")?;
    let next = link.split(", ").find(|part| part.ends_with("rel=\"next\""))?;
    next.strip_prefix('<')?.split_once('>').map(|(address, _)| address)
}

/// Puts another address in place of the next page's; adds one if there was none.
pub(crate) fn set_next(answer: &mut Answer, address: &str) {
    let mut parts = vec![format!("<{address}>; rel=\"next\"")];
    let link = answer.header("link").unwrap_or_default();
    let others =
        link.split(", ").filter(|part| !part.is_empty() && !part.ends_with("rel=\"next\""));
    parts.extend(others.map(str::to_owned));
    answer.set("link", parts.join(", "));
}

/// An address with another host.
pub(crate) fn with_host(address: &str, host: &str) -> String {
    let (scheme, rest) = address.split_once("://").unwrap_or(("http", address));
    let path = rest.find('/').map_or("/", |at| &rest[at..]);
    format!("{scheme}://{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_link_is_replaced_and_the_others_stay() {
        let mut answer = Answer::json(200, "[]");
        answer.set("link", "<http://h/a?page=1>; rel=\"prev\", <http://h/a?page=3>; rel=\"next\"");
        assert_eq!(next(&answer), Some("http://h/a?page=3"));
        set_next(&mut answer, &with_host("http://h/a?page=3", "evil.example"));
        assert_eq!(next(&answer), Some("http://evil.example/a?page=3"));
        assert!(answer.header("link").unwrap().contains("rel=\"prev\""));
    }
}
