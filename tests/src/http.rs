//! Requests of the tests themselves, to the server's admin paths.

use std::io::{Read, Write};
use std::net::TcpStream;

/// Sends a request to `http://HOST:PORT`; gives status and body.
pub(crate) fn send(method: &str, base: &str, target: &str, body: &str) -> (u16, String) {
    let address = base.strip_prefix("http://").expect("the server speaks plain HTTP");
    let mut stream = TcpStream::connect(address).expect("the server is listening");
    let length = body.len();
    write!(
        stream,
        "{method} {target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
    .expect("the server reads its requests");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("the server answers to the end");
    let answer = String::from_utf8(answer).expect("the server's answers are UTF-8");
    let (head, body) = answer.split_once("\r\n\r\n").expect("an answer has a head");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    (status.expect("an answer has a status"), body.to_owned())
}
