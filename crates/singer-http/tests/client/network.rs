//! The real transport, against sockets of this computer.

use std::sync::Arc;

use singer_http::testing::RULES;
use singer_http::{Anonymous, Deadlines, Env, Request};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;

/// How a connection ends after its bytes were written.
#[derive(Clone, Copy)]
enum End {
    Close,
    Reset,
    Hold,
}

/// Sends one request to a server that answers with `bytes`.
async fn once(bytes: &[u8], end: End) -> Result<Response, Error> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/a?q={QUERY}", listener.local_addr().unwrap());
    let bytes = bytes.to_vec();
    let server = tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let bytes = bytes.clone();
            tokio::spawn(answer(stream, bytes, end));
        }
    });
    let result = get_once(&base).await;
    server.abort();
    result
}

async fn answer(mut stream: TcpStream, bytes: Vec<u8>, end: End) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    assert!(
        head.starts_with(b"GET /a?q=")
            && !head.to_ascii_lowercase().windows(7).any(|w| w == b"cookie:")
    );
    stream.write_all(&bytes).await.unwrap();
    stream.flush().await.unwrap();
    match end {
        End::Close => {}
        End::Reset => stream.set_zero_linger().unwrap(),
        End::Hold => std::future::pending().await,
    }
}

async fn get_once(url: &str) -> Result<Response, Error> {
    let url = Url::parse(url).unwrap();
    let mut base = url.clone();
    base.set_query(None);
    let mut spec = ClientSpec::new(base, Arc::new(Anonymous), RULES);
    spec.deadlines = Deadlines {
        connect: millis(2000),
        first_byte: millis(2000),
        idle: millis(60),
        total: millis(4000),
    };
    let client = Client::new(spec, Env::real()).unwrap();
    let request = Request { repeatable: false, ..Request::get(url) };
    let result = client.send(&request).await;
    if let Err(error) = &result {
        assert!(!format!("{error} {error:?}").contains(QUERY), "{error:?}");
    }
    result
}

async fn check(bytes: impl AsRef<[u8]>, end: End, want: Result<&str, &str>) {
    let got = once(bytes.as_ref(), end).await;
    let got = got.map(|page| String::from_utf8(page.body.clone()).unwrap()).map_err(|error| {
        assert!(!error.to_string().contains("request or response body error"), "{error}");
        error.id()
    });
    assert_eq!(
        got.as_deref(),
        want.as_ref().copied(),
        "{}",
        String::from_utf8_lossy(bytes.as_ref())
    );
}

#[tokio::test]
async fn whole_answers_are_pages() {
    let ok = "HTTP/1.1 200 OK\r\n";
    check(format!("{ok}content-length: 3\r\n\r\n[1]"), End::Hold, Ok("[1]")).await;
    let chunked = format!("{ok}transfer-encoding: chunked\r\n\r\n2\r\n[1\r\n1\r\n]\r\n0\r\n\r\n");
    check(chunked, End::Hold, Ok("[1]")).await;
    check(format!("{ok}\r\n[1]"), End::Close, Ok("[1]")).await;
    let zipped = super::bodies::gzip("[1]");
    let head = format!("{ok}content-encoding: gzip\r\ncontent-length: {}\r\n\r\n", zipped.len());
    check([head.as_bytes(), &zipped].concat(), End::Hold, Ok("[1]")).await;
}

#[tokio::test]
async fn broken_answers_are_told_by_how_they_broke() {
    let ok = "HTTP/1.1 200 OK\r\n";
    check(format!("{ok}content-length: 9\r\n\r\n[1]"), End::Close, Err("BODY01")).await;
    check(format!("{ok}content-length: 9\r\n\r\n[1]"), End::Reset, Err("BODY01")).await;
    let chunked = format!("{ok}transfer-encoding: chunked\r\n\r\n3\r\n[1]\r\n");
    check(chunked, End::Close, Err("BODY01")).await;
    check(format!("{ok}content-length: 9\r\n\r\n[1]"), End::Hold, Err("NET02")).await;
    check(format!("{ok}\r\n[1"), End::Close, Err("BODY02")).await;
    check("", End::Close, Err("NET04")).await;
    check("", End::Reset, Err("NET04")).await;
    check("SSH-2.0-OpenSSH_9.9\r\n", End::Close, Err("NET04")).await;
    check("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\n\r\n", End::Close, Err("SEC01"))
        .await;
}

#[tokio::test]
async fn a_server_that_does_not_speak_tls_is_not_trusted() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/a?q={QUERY}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        std::future::pending::<()>().await;
    });
    let error = get_once(&url).await.unwrap_err();
    server.abort();
    assert_eq!(error.id(), "TLS01", "{error}");
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/a?q={QUERY}", listener.local_addr().unwrap());
    drop(listener);
    let url = Url::parse(&url).unwrap();
    let deadlines = Deadlines::default();
    let outgoing = singer_http::Outgoing {
        method: singer_http::Method::GET,
        url,
        headers: singer_http::HeaderMap::new(),
        body: None,
    };
    let error = Env::real().transport.send(outgoing, &deadlines).await.unwrap_err();
    assert_eq!(error.kind, singer_http::Break::Connect);
    assert!(error.cause.to_lowercase().contains("refused"), "{error}");
    assert!(!error.cause.contains(QUERY), "{error}");
}
