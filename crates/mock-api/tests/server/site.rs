//! A server, and a client that shows an answer byte by byte.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;

use clap::Parser;
use mock_api::{Options, Server};
use serde_json::Value;

/// A running server of these arguments.
pub(crate) struct Site {
    server: Server,
}

/// An answer as it came over the wire.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Whether the connection was reset.
    pub(crate) reset: bool,
}

impl Site {
    pub(crate) fn new(arguments: &str) -> Self {
        let arguments = std::iter::once("mock-api").chain(arguments.split_whitespace());
        Self { server: Server::start(Options::parse_from(arguments)).unwrap() }
    }

    pub(crate) fn host(&self) -> String {
        self.server.url().trim_start_matches("http://").to_owned()
    }

    pub(crate) fn get(&self, target: &str) -> Reply {
        self.send("GET", target, &[], "")
    }

    pub(crate) fn post(&self, target: &str, body: &str) -> Value {
        self.send("POST", target, &[], body).json()
    }

    pub(crate) fn send(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Reply {
        let target = target.strip_prefix(&self.server.url()).unwrap_or(target);
        let mut request = format!("{method} {target} HTTP/1.1\r\nhost: {}\r\n", self.host());
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        let length = body.len();
        request.push_str(&format!("content-length: {length}\r\nconnection: close\r\n\r\n{body}"));
        let mut stream = TcpStream::connect(self.host()).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        let reset = match stream.read_to_end(&mut bytes) {
            Ok(_) => false,
            Err(error) => error.kind() == ErrorKind::ConnectionReset,
        };
        Reply::parse(&bytes, reset)
    }

    /// All records of a list, page after page, and the number of pages.
    pub(crate) fn walk(&self, target: &str) -> (Vec<Value>, usize) {
        let (mut records, mut pages, mut next) = (Vec::new(), 0, Some(target.to_owned()));
        while let Some(target) = next {
            let reply = self.get(&target);
            assert_eq!(reply.status, 200, "{target}");
            next = reply.link("next");
            records.extend(reply.json().as_array().unwrap().iter().cloned());
            pages += 1;
        }
        (records, pages)
    }

    /// What the source holds.
    pub(crate) fn truth(&self, query: &str) -> Vec<Value> {
        let body = self.get(&format!("/_mock/truth?{query}")).body;
        let lines = body.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        lines.map(|line| serde_json::from_slice(line).unwrap()).collect()
    }
}

impl Reply {
    fn parse(bytes: &[u8], reset: bool) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        let Some(end) = end else {
            return Self { status: 0, headers: Vec::new(), body: bytes.to_vec(), reset };
        };
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let pair = |line: &str| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_owned(), value.to_owned())
        };
        Self { status, headers: lines.map(pair).collect(), body: bytes[end + 4..].to_vec(), reset }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The address of a relation in the `Link` header.
    pub(crate) fn link(&self, relation: &str) -> Option<String> {
        let wanted = format!("rel=\"{relation}\"");
        let link = self.header("link")?.split(", ").find(|link| link.ends_with(&wanted))?;
        Some(link.trim_start_matches('<').split('>').next().unwrap().to_owned())
    }
}
