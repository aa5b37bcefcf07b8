//! What the client adds to the latency of a server: 1,000 requests of 50 ms each, 10 in flight, no
//! pace declared, over real sockets. The least that they can take is 1,000 × 50 ms / 10; ten bare
//! sockets in the same run show what this machine makes of it.
//!
//! `cargo run --release -p singer-http --example in_flight`
#![allow(clippy::print_stdout, reason = "an example that reports what it measured")]

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

use singer_http::{Anonymous, Client, ClientSpec, Env, Request, Rules, Url};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream};
use tokio::net::{TcpListener, TcpStream};

const REQUESTS: usize = 1_000;
const IN_FLIGHT: usize = 10;
const LATENCY: Duration = Duration::from_millis(50);
const MOST: f64 = 1.1;
const ANSWER: &[u8] =
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n[]";

/// Answers one request after the other, each after the latency.
async fn serve(stream: TcpStream) -> std::io::Result<()> {
    let mut stream = BufStream::new(stream);
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        if line == "\r\n" {
            latency().await;
            stream.write_all(ANSWER).await?;
            stream.flush().await?;
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a server's slowness is real time")]
async fn latency() {
    tokio::time::sleep(LATENCY).await;
}

async fn server() -> Result<Url, Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?).parse()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A connection that the client closes is no failure.
            tokio::spawn(async move { drop(serve(stream).await) });
        }
    });
    Ok(url)
}

/// The seconds that all requests take without any client.
async fn bare(address: &str) -> Result<f64, Box<dyn Error>> {
    let start = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..IN_FLIGHT {
        let mut stream = TcpStream::connect(address).await?;
        tasks.push(tokio::spawn(async move {
            let mut answer = [0; ANSWER.len()];
            for _ in 0..REQUESTS / IN_FLIGHT {
                stream.write_all(b"GET / HTTP/1.1\r\nhost: here\r\n\r\n").await?;
                stream.read_exact(&mut answer).await?;
            }
            Ok::<(), std::io::Error>(())
        }));
    }
    for task in tasks {
        task.await??;
    }
    Ok(start.elapsed().as_secs_f64())
}

/// The seconds that all requests take.
async fn polite(client: &Client) -> Result<f64, Box<dyn Error>> {
    let (start, next) = (Instant::now(), Arc::new(AtomicUsize::new(0)));
    let tasks: Vec<_> = (0..IN_FLIGHT)
        .map(|_| {
            let (client, next) = (client.clone(), Arc::clone(&next));
            tokio::spawn(async move {
                while next.fetch_add(1, SeqCst) < REQUESTS {
                    client.send(&Request::get(client.base().clone())).await?;
                }
                Ok::<(), singer_http::Error>(())
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    Ok(start.elapsed().as_secs_f64())
}

// One thread, as the taps have.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = server().await?;
    let address = url.socket_addrs(|| None)?[0].to_string();
    let mut spec = ClientSpec::new(url, Arc::new(Anonymous), Rules::PLAIN);
    spec.concurrency = IN_FLIGHT;
    let client = Client::new(spec, Env::real())?;
    let (bare, polite) = (bare(&address).await?, polite(&client).await?);
    let least = LATENCY.as_secs_f64() * REQUESTS as f64 / IN_FLIGHT as f64;
    println!("{REQUESTS} requests of {LATENCY:?}, {IN_FLIGHT} in flight, at least {least:.2} s");
    println!("bare sockets  {bare:.2} s  {:.3} of the least", bare / least);
    println!("the client    {polite:.2} s  {:.3} of the least", polite / least);
    if polite > MOST * bare.max(least) {
        return Err(format!("more than {MOST} times what bare sockets take").into());
    }
    Ok(())
}
