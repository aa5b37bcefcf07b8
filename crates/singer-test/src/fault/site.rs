//! The source behind a server that misbehaves, and the way there.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use mock_api::server::{Answer, Api, Caller, Refusal, Request};
use mock_api::{Options, Pool, Server, Standing};
use serde_json::Value;
use singer_http::{
    Body, BoxFuture, Break, Bytes, Deadlines, Incoming, Network, Outgoing, Transport,
    TransportError, Url,
};

use super::stranger::Stranger;
use crate::subject::Subject;

/// What the server adds itself, or what holds for one connection only.
const OWN_HEADERS: [header::HeaderName; 5] = [
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::CONTENT_ENCODING,
    header::CONNECTION,
    header::DATE,
];

/// What stands behind the server in this run.
type Source = Arc<Mutex<Arc<dyn Transport>>>;

/// Serves a source on a loopback port, so that faults happen to real bytes on real connections.
pub(super) struct Site {
    subject: Subject,
    source: Source,
    server: Server,
    seen: Arc<Mutex<Vec<Answer>>>,
    base: Url,
    stranger: Stranger,
}

impl Site {
    /// Serves the subject's source, which is to be found under `base`.
    pub(super) fn open(subject: &Subject, base: &Url) -> Site {
        let source = Arc::new(Mutex::new(subject.transport()));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let api =
            Forward { source: Arc::clone(&source), base: base.clone(), seen: Arc::clone(&seen) };
        let server = Server::serve(Box::new(api), &Options::default().serve);
        let server = server.expect("a port of the loopback interface is free");
        Site {
            subject: subject.clone(),
            source,
            server,
            seen,
            base: base.clone(),
            stranger: Stranger::listen(),
        }
    }

    /// Misbehaves by this script from now on, and forgets what was asked.
    pub(super) fn misbehave(&self, script: &Value) {
        self.server.misbehave(script).expect("the matrix has valid scripts");
        *self.source.lock().unwrap_or_else(PoisonError::into_inner) = self.subject.transport();
        self.seen().clear();
    }

    /// The bodies of the honest answers so far.
    pub(super) fn answers(&self) -> Vec<Vec<u8>> {
        self.seen().iter().map(|answer| answer.body.clone()).collect()
    }

    /// Whether any of them had a link to a next page in its head.
    pub(super) fn is_linked(&self) -> bool {
        let is_linked =
            |answer: &Answer| answer.header("link").is_some_and(|link| link.contains("next"));
        self.seen().iter().any(is_linked)
    }

    fn seen(&self) -> MutexGuard<'_, Vec<Answer>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A way from the tap to this server, or to where nobody is.
    pub(super) fn way(&self, to: Way) -> Arc<Detour> {
        let to = match to {
            Way::Here => self.server.url(),
            // Port 1 is nobody's; a name under `invalid` never is (RFC 6761).
            Way::Nobody => "http://127.0.0.1:1".to_owned(),
            Way::NoName => "http://nobody.invalid".to_owned(),
            Way::Stranger => self.stranger.url(),
        };
        let to = Url::parse(&to).expect("an address of a server");
        let (base, network) = (self.base.clone(), Network::new());
        Arc::new(Detour { base, to, network, strayed: Mutex::default() })
    }
}

/// Where requests are led.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the server of the matrix.
    Here,
    /// To a port at which nobody listens.
    Nobody,
    /// To a name that nobody has.
    NoName,
    /// To a server whose certificate nobody has signed.
    Stranger,
}

/// The way from the tap to the server: only the address is another one, so that the tap believes
/// to talk to its API. Whatever is meant for anybody else goes nowhere.
pub(super) struct Detour {
    base: Url,
    to: Url,
    network: Network,
    strayed: Mutex<Vec<String>>,
}

impl Detour {
    /// Requests that were meant for another server than the API.
    pub(super) fn strayed(&self) -> Vec<String> {
        self.strayed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Transport for Detour {
    fn send<'a>(
        &'a self,
        mut request: Outgoing,
        deadlines: &'a Deadlines,
    ) -> BoxFuture<'a, Result<Incoming, TransportError>> {
        if request.url.origin() != self.base.origin() {
            let host = request.url.host_str().unwrap_or_default().to_owned();
            self.strayed.lock().unwrap_or_else(PoisonError::into_inner).push(host);
            let nowhere = TransportError::new(Break::Connect, "this leads out of the test");
            return Box::pin(std::future::ready(Err(nowhere)));
        }
        let mut url = self.to.clone();
        url.set_path(request.url.path());
        url.set_query(request.url.query());
        request.url = url;
        self.network.send(request, deadlines)
    }
}

/// The API of the server: what the source answers.
struct Forward {
    source: Source,
    base: Url,
    seen: Arc<Mutex<Vec<Answer>>>,
}

impl Forward {
    async fn ask(&self, request: &Request) -> Result<Answer, TransportError> {
        let mut url = self.base.clone();
        url.set_path(&request.path);
        url.set_query(request.target.split_once('?').map(|(_, query)| query));
        let mut headers = HeaderMap::new();
        for (name, value) in &request.headers {
            // A compressed page cannot be bent.
            let is_own = ["host", "accept-encoding", "connection", "content-length"]
                .contains(&name.as_str());
            if let (false, Ok(name), Ok(value)) =
                (is_own, name.parse::<HeaderName>(), HeaderValue::from_str(value))
            {
                headers.append(name, value);
            }
        }
        let method = request.method.parse().unwrap_or(Method::GET);
        let body = (!request.body.is_empty()).then(|| Bytes::from(request.body.clone()));
        let outgoing = Outgoing { method, url, headers, body };
        let source = Arc::clone(&self.source.lock().unwrap_or_else(PoisonError::into_inner));
        let mut incoming = source.send(outgoing, &Deadlines::default()).await?;
        let body = whole(&mut *incoming.body).await?;
        let mut answer = Answer { status: incoming.status.as_u16(), headers: Vec::new(), body };
        for (name, value) in &incoming.headers {
            if !OWN_HEADERS.contains(name) {
                answer.headers.push((
                    name.to_string(),
                    String::from_utf8_lossy(value.as_bytes()).into_owned(),
                ));
            }
        }
        Ok(answer)
    }
}

async fn whole(body: &mut dyn Body) -> Result<Vec<u8>, TransportError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = body.chunk().await? {
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

impl Api for Forward {
    fn pools(&self) -> Vec<Pool> {
        Vec::new()
    }

    fn pool(&self, _: &Request) -> Option<&'static str> {
        None
    }

    fn pattern(&self, path: &str) -> String {
        path.to_owned()
    }

    fn answer(&self, request: &Request, _: &Caller<'_>) -> Answer {
        let asked = self.ask(request);
        let answer =
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(asked));
        let answer = answer.unwrap_or_else(|error| Answer::json(500, format!("\"{error}\"")));
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(answer.clone());
        answer
    }

    fn refuse(&self, _: Refusal, _: &str, _: &Caller<'_>) -> Answer {
        Answer::json(500, "null")
    }

    fn sign(&self, _: &mut Answer, _: Option<&Standing>, _: u64) {}

    fn admin(&self, _: &str, _: &Request, _: u64) -> Option<Answer> {
        None
    }

    fn advance(&self, _: u64, _: u64) -> String {
        String::new()
    }
}
