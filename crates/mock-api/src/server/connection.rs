//! One connection: requests in, answers out, until either side has enough.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::clock::pass;
use crate::server::{Answer, Delivery, Ending, Framing, Request, Service, answer};

/// The most bytes of a head, and of a body.
const MAX_HEAD: usize = 64 * 1024;
const MAX_BODY: usize = 8 * 1024 * 1024;
/// The size of a chunk of a chunked body.
const CHUNK: usize = 16 * 1024;

/// Serves a connection to its end.
pub(crate) async fn serve(mut stream: TcpStream, service: &Service) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::new();
    while let Some(request) = read(&mut stream, &mut buffer).await? {
        if !service.latency.is_zero() && !request.path.starts_with("/_mock/") {
            pass(service.latency).await;
        }
        let (answer, delivery) = service.handle(&request);
        let goes_on = write(&mut stream, &request, &answer, delivery).await?;
        if !goes_on || request.wants_close() {
            break;
        }
    }
    stream.shutdown().await
}

/// The next request; `None` when the client has closed the connection.
async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<Option<Request>> {
    loop {
        let parsed = Request::parse_head(buffer)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        if let Some((mut request, head)) = parsed {
            let length = request.content_length();
            if length > MAX_BODY {
                return Err(io::ErrorKind::InvalidData.into());
            }
            while buffer.len() < head + length {
                if stream.read_buf(buffer).await? == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            }
            request.body = buffer[head..head + length].to_vec();
            buffer.drain(..head + length);
            return Ok(Some(request));
        }
        if buffer.len() > MAX_HEAD {
            return Err(io::ErrorKind::InvalidData.into());
        }
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    }
}

/// Writes an answer; false if the connection is over.
async fn write(
    stream: &mut TcpStream,
    request: &Request,
    answer: &Answer,
    delivery: Delivery,
) -> io::Result<bool> {
    let empty = request.method == "HEAD" || matches!(answer.status, 204 | 304);
    let body = if empty { &[][..] } else { &answer.body[..] };
    let head = head(answer, delivery);
    let Some(stop) = delivery.stop else {
        // One write for both, as a client that waits for the body is woken once only.
        let mut bytes = head.into_bytes();
        frame(body, delivery.framing, true, &mut bytes);
        stream.write_all(&bytes).await?;
        return Ok(delivery.lie == 0 && delivery.framing != Framing::Close);
    };
    let (first, rest) = body.split_at(stop.after.unwrap_or(0).min(body.len()));
    let mut bytes = Vec::new();
    if stop.after.is_some() {
        bytes.extend_from_slice(head.as_bytes());
        frame(first, delivery.framing, false, &mut bytes);
        stream.write_all(&bytes).await?;
        stream.flush().await?;
    }
    match stop.ending {
        Ending::Close => Ok(false),
        Ending::Reset => {
            stream.set_zero_linger()?;
            Err(io::ErrorKind::ConnectionReset.into())
        }
        Ending::Stall(time) => {
            if !stall(stream, time).await {
                return Ok(false);
            }
            let mut bytes = Vec::new();
            if stop.after.is_none() {
                bytes.extend_from_slice(head.as_bytes());
            }
            frame(rest, delivery.framing, true, &mut bytes);
            stream.write_all(&bytes).await?;
            Ok(delivery.framing != Framing::Close)
        }
    }
}

/// Stays silent; false if the client gave up meanwhile.
async fn stall(stream: &mut TcpStream, time: Option<Duration>) -> bool {
    let mut byte = [0];
    let Some(time) = time else {
        return matches!(stream.peek(&mut byte).await, Ok(read) if read > 0);
    };
    tokio::select! {
        () = pass(time) => true,
        _ = stream.peek(&mut byte) => false,
    }
}

fn head(answer: &Answer, delivery: Delivery) -> String {
    let mut head = format!("HTTP/1.1 {} {}\r\n", answer.status, answer::reason(answer.status));
    for (name, value) in &answer.headers {
        head.push_str(name);
        head.push_str(": ");
        head.push_str(value);
        head.push_str("\r\n");
    }
    let bodiless = matches!(answer.status, 204 | 304);
    match delivery.framing {
        _ if bodiless || answer.header("content-length").is_some() => {}
        Framing::Length => {
            let told = i64::try_from(answer.body.len()).unwrap_or(i64::MAX) + delivery.lie;
            head.push_str(&format!("content-length: {}\r\n", told.max(0)));
        }
        Framing::Chunked => head.push_str("transfer-encoding: chunked\r\n"),
        Framing::Close => head.push_str("connection: close\r\n"),
    }
    head.push_str("\r\n");
    head
}

/// Appends a body, or a part of it, in its framing.
fn frame(body: &[u8], framing: Framing, last: bool, out: &mut Vec<u8>) {
    if framing != Framing::Chunked {
        out.extend_from_slice(body);
        return;
    }
    for chunk in body.chunks(CHUNK) {
        out.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        out.extend_from_slice(chunk);
        out.extend_from_slice(b"\r\n");
    }
    if last {
        out.extend_from_slice(b"0\r\n\r\n");
    }
}
