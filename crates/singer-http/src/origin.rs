//! Where requests may go. No credential leaves for any other place.

use std::sync::Arc;

use url::{Host, Url};

use crate::error::{Error, Site};
use crate::kind::Kind;
use crate::text;

/// The origins (scheme, host and port) that a client may talk to.
#[derive(Clone, Debug)]
pub struct Origins(Arc<[url::Origin]>);

impl Origins {
    /// The origins of `base` and of `more`.
    ///
    /// # Errors
    /// If one of them is not `https:`, except `http:` to a loopback address, or carries a user,
    /// password, query or fragment.
    pub fn new(base: &Url, more: &[Url]) -> Result<Self, Error> {
        let mut origins = Vec::with_capacity(1 + more.len());
        for url in std::iter::once(base).chain(more) {
            shape(url).map_err(|rule| Error::bad_url(url, rule))?;
            if url.query().is_some() {
                return Err(Error::bad_url(url, "a base address has no query"));
            }
            origins.push(url.origin());
        }
        Ok(Self(origins.into()))
    }

    /// Whether a request to `url` may be sent.
    ///
    /// # Errors
    /// [`Kind::ForeignOrigin`] if not.
    pub fn check(&self, url: &Url) -> Result<(), Error> {
        self.rule(url).map_err(|rule| foreign(url, url, rule))
    }

    /// The URL that `link` means in an answer of `from`.
    ///
    /// # Errors
    /// [`Kind::ForeignOrigin`] if it is no URL, or one that no request may be sent to.
    pub fn resolve_next(&self, from: &Url, link: &str) -> Result<Url, Error> {
        let refuse = |rule| {
            let target = text::clean(link.split(['?', '#']).next().unwrap_or_default());
            Error::new(Kind::ForeignOrigin { target, rule }, Site::of(from))
        };
        // `Url` drops tabs and line breaks and reads `\` as `/`: what is checked must be what is read.
        if link.chars().any(|c| c.is_whitespace() || c.is_control() || c == '\\') {
            return Err(refuse("a link has no blanks, control characters or backslashes"));
        }
        let url = from.join(link).map_err(|_| refuse("a link is a URL"))?;
        self.rule(&url).map_err(|rule| foreign(from, &url, rule))?;
        Ok(url)
    }

    fn rule(&self, url: &Url) -> Result<(), &'static str> {
        shape(url)?;
        if self.0.contains(&url.origin()) {
            Ok(())
        } else {
            Err("only the origin of the base address may be talked to")
        }
    }
}

fn foreign(from: &Url, target: &Url, rule: &'static str) -> Error {
    let target = match target.origin() {
        url::Origin::Opaque(_) => format!("{}:", target.scheme()),
        origin => origin.ascii_serialization(),
    };
    Error::new(Kind::ForeignOrigin { target: text::clean(&target), rule }, Site::of(from))
}

fn shape(url: &Url) -> Result<(), &'static str> {
    match url.scheme() {
        "https" => {}
        "http" if loopback(url) => {}
        "http" => return Err("`http:` is allowed to loopback addresses only, use `https:`"),
        _ => return Err("the scheme must be `https:`"),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("an address has no user or password");
    }
    if url.fragment().is_some() {
        return Err("an address has no fragment");
    }
    Ok(())
}

/// Whether `url` stays on this computer.
pub(crate) fn loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Exit, Scope};

    const FROM: &str = "https://api.example/repos/a/b/issues?page=1";

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn origins() -> Origins {
        Origins::new(&url("https://api.example"), &[url("http://127.0.0.1:8080")]).unwrap()
    }

    #[test]
    fn links_within_the_origin_are_resolved() {
        let check = |link: &str, want: &str| {
            assert_eq!(origins().resolve_next(&url(FROM), link).unwrap().as_str(), want, "{link}");
        };
        check("?page=2", "https://api.example/repos/a/b/issues?page=2");
        check("/repositories/7/issues?page=2", "https://api.example/repositories/7/issues?page=2");
        check("comments", "https://api.example/repos/a/b/comments");
        check("https://API.example:443/x", "https://api.example/x");
        check("//api.example/x", "https://api.example/x");
        check("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x");
        check("/a%40b?x=https://evil.example", "https://api.example/a%40b?x=https://evil.example");
    }

    #[test]
    fn links_to_anywhere_else_are_refused_before_sending() {
        let check = |link: &str| {
            let error = origins().resolve_next(&url(FROM), link).unwrap_err();
            assert_eq!(
                (error.id(), error.scope(), error.exit()),
                ("SEC01", Scope::Run, Exit::Refused)
            );
            let text = error.to_string();
            assert!(text.contains("nothing was sent"), "{text}");
            assert!(!text.contains("hunter2"), "{text}");
        };
        check("https://evil.example/x?token=hunter2");
        check("//evil.example/x");
        check("https://api.example.evil.example/");
        check("https://evilapi.example/");
        check("https://api.example./");
        check("https://api.example:8443/");
        check("http://api.example/");
        check("http://127.0.0.1/");
        check("http://127.0.0.2:8080/");
        check("https://127.0.0.1:8080/");
        check("https://me:hunter2@api.example/");
        check("https://me@api.example/");
        check("https://api.example@evil.example/");
        check("/x#hunter2");
        check("https://api.example\\@evil.example/");
        check("\\\\evil.example/x");
        check("https:\t//evil.example/");
        check("/\t/evil.example/");
        check("/x y");
        check("/x\r\nhost: evil.example");
        check("https://\u{430}pi.example/");
        check("https://[::1/");
        check("ftp://api.example/x");
        check("javascript:alert(1)");
        check("data:text/plain,hunter2");
        check("file:///etc/passwd");
        check("https://169.254.169.254/latest");
    }

    #[test]
    fn a_request_to_a_foreign_origin_is_refused() {
        assert!(origins().check(&url("https://api.example/a?b=c")).is_ok());
        let error = origins().check(&url("https://evil.example/a?b=c")).unwrap_err();
        assert_eq!(error.id(), "SEC01");
    }

    #[test]
    fn a_base_address_is_https_or_loopback() {
        let check = |base: &str, allowed: bool| {
            assert_eq!(Origins::new(&url(base), &[]).is_ok(), allowed, "{base}");
        };
        check("https://api.example/api/v3", true);
        check("http://localhost:8080", true);
        check("http://127.9.9.9:1", true);
        check("http://[::1]:8080", true);
        check("http://api.example", false);
        check("http://localhost.evil.example", false);
        check("http://128.0.0.1", false);
        check("https://me:pw@api.example", false);
        check("https://api.example/?token=1", false);
        check("https://api.example/#f", false);
        check("ftp://api.example", false);
    }
}
