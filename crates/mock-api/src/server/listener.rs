//! The running server, as tests and `main` hold it.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use crate::server::{Api, Service, connection};
use crate::{Error, ServeOptions};

/// How long connections may take to end when the server stops.
const GRACE: Duration = Duration::from_millis(50);

/// A server that runs in threads of its own until it is stopped or dropped.
pub struct Server {
    address: SocketAddr,
    service: Arc<Service>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Serves a room on a loopback port.
    ///
    /// # Errors
    /// The port is taken, or the fault script cannot be used.
    pub fn serve(api: Box<dyn Api>, options: &ServeOptions) -> Result<Self, Error> {
        let service = Arc::new(Service::new(api, options)?);
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(Error::Runtime)?;
        let port = options.port;
        let listener = runtime
            .block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, port)))
            .map_err(|source| Error::Listen { port, source })?;
        let address = listener.local_addr().map_err(|source| Error::Listen { port, source })?;
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new()
            .name("mock-api".to_owned())
            .spawn({
                let service = Arc::clone(&service);
                move || run(runtime, &listener, &service, stopped)
            })
            .map_err(Error::Runtime)?;
        Ok(Self { address, service, stop: Some(stop), thread: Some(thread) })
    }

    /// The address, such as `http://127.0.0.1:40123`, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The last requests, such as `GET /orgs/acme 200`, and none of them from now on.
    pub fn take_requests(&self) -> Vec<String> {
        self.service.journal.take()
    }

    /// Misbehaves by this script from now on, in place of the one before; `[]` is honest.
    ///
    /// # Errors
    /// The script is not a list of rules.
    pub fn misbehave(&self, script: &serde_json::Value) -> Result<(), Error> {
        self.service.faults.replace(script.to_string().as_bytes()).map(drop)
    }

    /// Ends all connections and waits for the threads.
    pub fn stop(self) {
        drop(self);
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so on stderr.
            let _ = thread.join();
        }
    }
}

fn run(
    runtime: Runtime,
    listener: &TcpListener,
    service: &Arc<Service>,
    stopped: oneshot::Receiver<()>,
) {
    runtime.block_on(async {
        tokio::select! {
            _ = stopped => {}
            () = accept(listener, service) => {}
        }
    });
    runtime.shutdown_timeout(GRACE);
}

async fn accept(listener: &TcpListener, service: &Arc<Service>) {
    loop {
        // A failed accept concerns that connection alone.
        if let Ok((stream, _)) = listener.accept().await {
            let service = Arc::clone(service);
            tokio::spawn(async move {
                // A client that goes away is no failure of the server.
                let _ = connection::serve(stream, &service).await;
            });
        }
    }
}
