//! A server whose certificate nobody has signed.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection};

const CERTIFICATE: &[u8] = include_bytes!("stranger.cert.der");
const KEY: &[u8] = include_bytes!("stranger.key.der");

/// Shakes hands on `https://localhost` with whoever comes, and says nothing else.
pub(super) struct Stranger {
    address: SocketAddr,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Stranger {
    pub(super) fn listen() -> Stranger {
        let listener =
            TcpListener::bind("127.0.0.1:0").expect("a port of the loopback interface is free");
        let address = listener.local_addr().expect("a bound listener has an address");
        let is_over = Arc::new(AtomicBool::new(false));
        let thread = std::thread::spawn({
            let (is_over, config) = (Arc::clone(&is_over), Arc::new(config()));
            move || {
                while let Ok((stream, _)) = listener.accept() {
                    if is_over.load(Ordering::Relaxed) {
                        return;
                    }
                    shake(stream, &config);
                }
            }
        });
        Stranger { address, is_over, thread: Some(thread) }
    }

    pub(super) fn url(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }
}

fn config() -> ServerConfig {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(KEY));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring has the versions that rustls takes for safe")
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(CERTIFICATE)], key)
        .expect("the certificate is of this key")
}

fn shake(mut stream: TcpStream, config: &Arc<ServerConfig>) {
    // Whoever says nothing is not waited for.
    let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
    let Ok(mut connection) = ServerConnection::new(Arc::clone(config)) else { return };
    while connection.is_handshaking() {
        match connection.complete_io(&mut stream) {
            Err(error) if error.kind() != ErrorKind::Interrupted => return,
            _ => {}
        }
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        // Wakes the listener.
        let woken = TcpStream::connect(self.address).is_ok();
        if let Some(thread) = self.thread.take().filter(|_| woken) {
            let _ = thread.join();
        }
    }
}
