//! The `.http` format of fixtures: one exchange a file, as text that a human can write and review.
//!
//! ```text
//! GET /orders?per_page=100
//! accept: application/json
//!
//! HTTP/1.1 200 OK
//! link: <https://shop.example/orders?page=2>; rel="next"
//!
//! [{"id": 1}]
//! ```
//!
//! The request's path and query are what the tap must send, to the byte; of its headers, those
//! that stand here. All that follows the blank line after the answer's headers is its body.
//!
//! A request with a body has it after its headers, as JSON; of that, too, only what stands here must
//! be sent so, which leaves out the text of a GraphQL query:
//!
//! ```text
//! POST /graphql
//!
//! {"variables": {"first": 100, "after": null}}
//!
//! HTTP/1.1 200 OK
//!
//! {"data": {"shop": {"orders": {"nodes": []}}}}
//! ```

use std::path::{Path, PathBuf};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde_json::Value;

use crate::error::Error;

/// One recorded exchange.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The file that it was read from.
    pub file: PathBuf,
    /// What the tap must send.
    pub request: Asked,
    /// What it gets.
    pub answer: Answer,
}

/// A recorded request.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The method.
    pub method: Method,
    /// Path and query, percent-encoded as they are sent.
    pub target: String,
    /// Headers that must be sent with these values; others may be sent too.
    pub headers: HeaderMap,
    /// What the body must hold, if there is to be one; it may hold more.
    pub body: Option<Value>,
}

/// A recorded answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, without any content encoding.
    pub body: Bytes,
}

impl Exchange {
    /// Reads a file.
    ///
    /// # Errors
    /// The file cannot be read, or holds no exchange.
    pub fn read(file: &Path) -> Result<Exchange, Error> {
        let text = std::fs::read_to_string(file)
            .map_err(|source| Error::Unreadable { path: file.to_owned(), source })?;
        Exchange::parse(file, &text)
    }

    /// Parses the text of `file`, whose name is told in errors.
    ///
    /// # Errors
    /// The text is no exchange.
    pub fn parse(file: &Path, text: &str) -> Result<Exchange, Error> {
        let mut lines = Lines { file, rest: text, number: 0 };
        let (method, target) = lines.request_line()?;
        let request =
            Asked { method, target, headers: lines.headers()?, body: lines.request_body()? };
        let status = lines.status_line()?;
        let headers = lines.headers()?;
        let body = Bytes::copy_from_slice(lines.rest.as_bytes());
        Ok(Exchange { file: file.to_owned(), request, answer: Answer { status, headers, body } })
    }
}

/// The exchanges of these files and folders, in the order given; those of a folder in the order of
/// their numbers (`2.http` before `10.http`), without its subfolders.
///
/// # Errors
/// Something cannot be read, is no exchange, or a folder has none.
pub fn load<P: AsRef<Path>>(paths: &[P]) -> Result<Vec<Exchange>, Error> {
    let mut exchanges = Vec::new();
    for path in paths.iter().map(AsRef::as_ref) {
        let files = if path.is_dir() { files(path)? } else { vec![path.to_owned()] };
        for file in files {
            exchanges.push(Exchange::read(&file)?);
        }
    }
    Ok(exchanges)
}

/// The same; a folder without exchanges stands for the folders in it, one a stream.
///
/// # Errors
/// As [`load`].
pub(crate) fn load_trees<P: AsRef<Path>>(paths: &[P]) -> Result<Vec<Exchange>, Error> {
    let mut exchanges = Vec::new();
    for path in paths.iter().map(AsRef::as_ref) {
        match load(&[path]) {
            Err(Error::Empty(_)) => exchanges.extend(load(&folders(path)?)?),
            found => exchanges.extend(found?),
        }
    }
    Ok(exchanges)
}

fn folders(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let unreadable = |source| Error::Unreadable { path: folder.to_owned(), source };
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        folders.extend(Some(entry.map_err(unreadable)?.path()).filter(|path| path.is_dir()));
    }
    if folders.is_empty() {
        return Err(Error::Empty(folder.to_owned()));
    }
    folders.sort();
    Ok(folders)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let unreadable = |source| Error::Unreadable { path: folder.to_owned(), source };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "http") {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(Error::Empty(folder.to_owned()));
    }
    files.sort_by_cached_key(|path| {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        (stem.parse::<u64>().unwrap_or(u64::MAX), stem)
    });
    Ok(files)
}

/// The lines of a file that are left.
struct Lines<'a> {
    file: &'a Path,
    rest: &'a str,
    number: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> &'a str {
        let (line, rest) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
        self.rest = rest;
        self.number += 1;
        line.strip_suffix('\r').unwrap_or(line)
    }

    fn request_line(&mut self) -> Result<(Method, String), Error> {
        let line = self.next();
        let parsed = line.split_once(' ').and_then(|(method, target)| {
            let is_target = target.starts_with('/') && !target.contains([' ', '#']);
            is_target.then(|| Some((method.parse().ok()?, target.to_owned())))?
        });
        parsed.ok_or_else(|| {
            self.malformed(line, "an exchange begins with a request, `GET /path?query`")
        })
    }

    /// What stands before the answer's status line, if anything does.
    fn request_body(&mut self) -> Result<Option<Value>, Error> {
        if self.rest.is_empty() || self.rest.starts_with("HTTP/") {
            return Ok(None);
        }
        let mut text = String::new();
        let (line, number) = (self.rest.lines().next().unwrap_or_default(), self.number + 1);
        while !self.rest.is_empty() && !self.rest.starts_with("HTTP/") {
            text.push_str(self.next());
            text.push('\n');
        }
        serde_json::from_str(&text).map(Some).map_err(|_| {
            self.number = number;
            self.malformed(line, "a status or a request's JSON body follows its blank line")
        })
    }

    fn status_line(&mut self) -> Result<StatusCode, Error> {
        let line = self.next();
        let mut words = line.split(' ');
        let version = words.next().filter(|version| version.starts_with("HTTP/"));
        let status = version.and_then(|_| words.next()).and_then(|code| code.parse().ok());
        status.ok_or_else(|| {
            self.malformed(line, "a status follows the request's blank line, `HTTP/1.1 200 OK`")
        })
    }

    /// Header lines up to a blank line.
    fn headers(&mut self) -> Result<HeaderMap, Error> {
        let mut headers = HeaderMap::new();
        loop {
            if self.rest.is_empty() {
                self.number += 1;
                return Err(self.malformed("", "a blank line ends the headers"));
            }
            let line = self.next();
            if line.is_empty() {
                return Ok(headers);
            }
            let parsed = line.split_once(':').and_then(|(name, value)| {
                let name: HeaderName = name.parse().ok()?;
                Some((name, HeaderValue::from_str(value.trim()).ok()?))
            });
            match parsed {
                Some((name, value)) => headers.append(name, value),
                None => return Err(self.malformed(line, "a header is `name: value`")),
            };
        }
    }

    fn malformed(&self, line: &str, rule: &'static str) -> Error {
        let found = match line {
            "" => "nothing".to_owned(),
            line => format!("`{}`", line.chars().take(80).collect::<String>()),
        };
        Error::Malformed { file: self.file.to_owned(), line: self.number, found, rule }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exchange_is_a_request_an_answer_and_a_body() {
        let text = "GET /orders?a=1&b=%20\naccept: text/json\n\nHTTP/1.1 409 Conflict\nlink: <a:b>\nlink: <c>\n\n{\n\n}\n";
        let Exchange { request, answer, .. } = Exchange::parse(Path::new("1.http"), text).unwrap();
        assert_eq!((request.method, request.target.as_str()), (Method::GET, "/orders?a=1&b=%20"));
        assert_eq!(request.headers["accept"], "text/json");
        assert_eq!(answer.status, StatusCode::CONFLICT);
        let links: Vec<_> = answer.headers.get_all("link").iter().collect();
        assert_eq!(links, ["<a:b>", "<c>"]);
        assert_eq!(answer.body, "{\n\n}\n");
        let windows = Exchange::parse(Path::new("1.http"), &text.replace('\n', "\r\n")).unwrap();
        assert_eq!(windows.request.target, "/orders?a=1&b=%20");
    }

    #[test]
    fn a_request_may_have_a_body() {
        let text = "POST /q\na: b\n\n{\n\n\"a\": 1}\n\nHTTP/1.1 200 OK\n\n[]";
        let exchange = Exchange::parse(Path::new("1.http"), text).unwrap();
        assert_eq!(exchange.request.body, Some(serde_json::json!({"a": 1})));
        assert_eq!(exchange.answer.body, "[]");
        let plain = text.replace("{\n\n\"a\": 1}\n\n", "");
        assert_eq!(Exchange::parse(Path::new("1.http"), &plain).unwrap().request.body, None);
    }

    #[test]
    fn an_answer_may_have_no_body() {
        let text = "GET /\n\nHTTP/1.1 204 No Content\n\n";
        assert_eq!(Exchange::parse(Path::new("1.http"), text).unwrap().answer.body, "");
    }

    #[test]
    fn what_is_no_exchange_is_told_with_its_file_and_line() {
        let check = |text: &str, expected: &str| {
            let error = Exchange::parse(Path::new("a/1.http"), text).expect_err("a broken text");
            assert_eq!(error.to_string(), expected);
        };
        let request = "an exchange begins with a request, `GET /path?query`";
        check("", &format!("a/1.http:1: nothing ({request})"));
        check(
            "GET /a HTTP/1.1\n\nHTTP/1.1 200\n\n",
            &format!("a/1.http:1: `GET /a HTTP/1.1` ({request})"),
        );
        check(
            "GET https://x.example/a\n\n",
            &format!("a/1.http:1: `GET https://x.example/a` ({request})"),
        );
        check("GET /a\n", "a/1.http:2: nothing (a blank line ends the headers)");
        check("GET /a\naccept\n\n", "a/1.http:2: `accept` (a header is `name: value`)");
        let status = "a status follows the request's blank line, `HTTP/1.1 200 OK`";
        check("GET /a\n\n{}\n", &format!("a/1.http:4: nothing ({status})"));
        let body = "a status or a request's JSON body follows its blank line";
        check("GET /a\n\nhttp 200\n", &format!("a/1.http:3: `http 200` ({body})"));
        check("GET /a\n\nHTTP/1.1 1 x\n", &format!("a/1.http:3: `HTTP/1.1 1 x` ({status})"));
        check(
            "GET /a\n\nHTTP/1.1 200 OK\na: b\n",
            "a/1.http:5: nothing (a blank line ends the headers)",
        );
    }

    #[test]
    fn a_folder_is_read_in_the_order_of_its_numbers() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pages");
        let targets: Vec<_> =
            load(&[&folder]).unwrap().into_iter().map(|exchange| exchange.request.target).collect();
        assert_eq!(targets, ["/pages?n=2", "/pages?n=10"]);
    }

    #[test]
    fn a_path_without_exchanges_is_an_error() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let check = |path: &str, expected: &str| {
            let error = load(&[folder.join(path)]).expect_err("nothing to replay").to_string();
            assert!(error.contains(expected), "{error}");
        };
        check("src", "no exchange in `");
        check("fixtures/none.http", "cannot read `");
    }
}
