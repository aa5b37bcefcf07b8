//! The binary: one line, and an end in order.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

#[test]
fn it_says_where_it_listens_keeps_connections_and_stops_when_told() {
    let mut process = Command::new(env!("CARGO_BIN_EXE_mock-api"))
        .args(["--port", "0", "--issues", "10"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(process.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    let host = line.trim().strip_prefix("listening on http://").unwrap();

    let mut stream = BufReader::new(TcpStream::connect(host).unwrap());
    for _ in 0..2 {
        let request = format!("GET /_mock/health HTTP/1.1\r\nhost: {host}\r\n\r\n");
        stream.get_mut().write_all(request.as_bytes()).unwrap();
        let mut status = String::new();
        stream.read_line(&mut status).unwrap();
        assert_eq!(status, "HTTP/1.1 200 OK\r\n");
        let mut header = String::new();
        while header != "\r\n" {
            header.clear();
            stream.read_line(&mut header).unwrap();
        }
        let mut body = [0; br#"{"status":"ok"}"#.len()];
        stream.read_exact(&mut body).unwrap();
    }

    let killed = Command::new("kill").arg(process.id().to_string()).status().unwrap();
    assert!(killed.success());
    assert!(process.wait().unwrap().success());
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
}

#[test]
fn an_option_that_cannot_be_used_is_told_in_one_line() {
    let output = Command::new(env!("CARGO_BIN_EXE_mock-api"))
        .args(["--repo", "acme/widgets:wishes=1"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "mock-api: option `--repo` cannot be used (`wishes` is no size)\n"
    );
}
