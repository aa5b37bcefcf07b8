//! Why a request gave no page, with everything a message needs.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use http::StatusCode;
use url::Url;

use crate::text;

/// A request that gave no page.
///
/// Displays what happened, where, the rule that was broken in parentheses, and what can be done;
/// the identifier is apart, in [`Error::id`].
#[derive(Debug, thiserror::Error)]
#[error("{} ({}): {}", self.happened(), self.details(), self.kind.facts().remedy)]
pub struct Error {
    kind: Kind,
    site: Box<Site>,
}

/// Where an error happened. All text in it is safe to print.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Site {
    /// Scheme, host, port and path.
    pub url: String,
    /// Scheme, host and port.
    pub origin: String,
    /// The quota pool of the request.
    pub resource: String,
    /// The credential's label.
    pub credential: Option<Arc<str>>,
    /// The status of the last answer.
    pub status: Option<StatusCode>,
    /// What the vendor's logs call the last answer.
    pub request_id: Option<String>,
    /// How many requests were sent; zero if it failed before sending.
    pub attempts: u32,
}

impl Site {
    /// The place that `url` is, with nothing sent yet.
    pub fn of(url: &Url) -> Box<Self> {
        let origin = url.origin().ascii_serialization();
        Box::new(Self { url: text::site(url), origin, ..Self::default() })
    }
}

/// What went wrong: one kind for each thing that a caller may treat apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No connection could be made; the text is the cause.
    Unreachable(String),
    /// The server's certificate or the TLS handshake failed; the text is the cause.
    Untrusted(String),
    /// A proxy refused; the text is the cause.
    Proxy(String),
    /// Connections broke before a whole answer arrived; the text is the cause.
    Dropped(String),
    /// A deadline passed; the text says which.
    TimedOut(String),
    /// The server kept answering that it cannot, with 5xx or the like.
    Unavailable,
    /// The body is not what a page is.
    Body(BodyFault),
    /// The API rejected the request as wrong.
    Rejected,
    /// A redirect that is not followed; the text is the rule.
    Redirect(&'static str),
    /// The credential was rejected.
    Unauthorized,
    /// No credential could be had; the text is the cause.
    NoCredential(String),
    /// A credential that must not be sent; the text is the rule.
    BadToken(&'static str),
    /// An address that must not be talked to, found before anything was sent; the text is the rule.
    BadUrl(&'static str),
    /// The credential lacks the permission.
    Forbidden,
    /// Access policy stands against it: single sign-on, an address list, a suspension.
    Policy,
    /// It is not there, or the credential may not know that it is.
    Missing,
    /// It is withheld: for legal reasons, or because of its state.
    Withheld,
    /// A link or redirect leads to an origin that is not allowed. Nothing was sent there.
    ForeignOrigin {
        /// The origin, or what stands in its place.
        target: String,
        /// The rule that it breaks.
        rule: &'static str,
    },
    /// A limit lasts longer than may be waited.
    Limited {
        /// Which limit.
        limit: Limit,
        /// When it frees, if known.
        free_at: Option<DateTime<Utc>>,
    },
    /// The answer is larger than the cap.
    TooLarge(Cap),
    /// A `Link` header that cannot be read; the text is the rule.
    BrokenLink(&'static str),
}

/// The limits of an API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// The quota of a pool is spent, or a `Retry-After` said to wait.
    Quota,
    /// The limit on bursts and abuse.
    Secondary,
    /// Throttled without further word.
    Throttle,
}

/// The caps on an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cap {
    /// Headers.
    Head,
    /// Bytes over the wire.
    Wire,
    /// Bytes after decompression.
    Decoded,
    /// Decoded bytes for one wire byte.
    Ratio,
}

/// Why a body is no page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyFault {
    /// It ended before its end: `got` of `expected` wire bytes, where the length was told.
    Short {
        /// Bytes that came.
        got: u64,
        /// Bytes that the head announced.
        expected: Option<u64>,
    },
    /// It arrived whole by HTTP's account, but the JSON in it has no end.
    Cut,
    /// The compressed data are damaged.
    Damaged,
    /// A content encoding that was not asked for.
    Encoding(String),
    /// HTML or other text where JSON belongs; the title of the page, if it has one.
    NotJson(Option<String>),
    /// Nothing, where JSON belongs.
    Empty,
    /// A success without a page, such as an undeclared 204.
    NoPage,
}

/// How much an error stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One partition: the others of the stream go on, its bookmark stays.
    Partition,
    /// One stream.
    Stream,
    /// Everything: no further request is sent.
    Run,
}

/// What an error means for the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// A request we built is wrong.
    Bug,
    /// The configuration is.
    Usage,
    /// Credentials, rights for the whole run, or trust in the server.
    Auth,
    /// The source is not reachable or not sane.
    Unavailable,
    /// A limit lasts longer than may be waited.
    Limited,
    /// Something was skipped.
    Partial,
    /// The source broke the contract.
    Refused,
}

impl Exit {
    /// The process's exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Bug => 1,
            Self::Usage => 2,
            Self::Auth => 3,
            Self::Unavailable => 4,
            Self::Limited => 5,
            Self::Partial => 6,
            Self::Refused => 7,
        }
    }
}

struct Facts {
    id: &'static str,
    scope: Scope,
    exit: Exit,
    remedy: &'static str,
}

impl Kind {
    #[rustfmt::skip]
    fn facts(&self) -> Facts {
        use Scope::{Partition, Run, Stream};
        let (id, scope, exit, remedy) = match self {
            Self::Unreachable(_) => ("NET01", Run, Exit::Unavailable, "check the address, the network and the proxy settings, then run again"),
            Self::TimedOut(_) => ("NET02", Stream, Exit::Unavailable, "run again later, or raise `request_timeout`"),
            Self::Proxy(_) => ("NET03", Run, Exit::Usage, "check `HTTPS_PROXY` and `NO_PROXY`"),
            Self::Dropped(_) => ("NET04", Stream, Exit::Unavailable, "usually a proxy or a restart at the other end; run again"),
            Self::Untrusted(_) => ("TLS01", Run, Exit::Auth, "add the authority that signed the certificate to the system's trusted ones, or correct the address"),
            Self::Unavailable => ("API02", Stream, Exit::Unavailable, "look at the service's status page and run again later"),
            Self::Body(BodyFault::Short { .. } | BodyFault::Damaged) => ("BODY01", Stream, Exit::Unavailable, "usually a proxy; run again"),
            Self::Body(BodyFault::Cut) => ("BODY02", Stream, Exit::Unavailable, "usually a proxy; run again"),
            Self::Body(BodyFault::NotJson(_) | BodyFault::Encoding(_)) => ("BODY03", Stream, Exit::Unavailable, "a proxy's login or a maintenance page; check what answers at this address"),
            Self::Body(BodyFault::Empty | BodyFault::NoPage) => ("BODY04", Stream, Exit::Unavailable, "run again; if it stays so, report it"),
            Self::Rejected => ("API01", Stream, Exit::Bug, "this is a defect of the tap or of a setting that it passes on; please report it"),
            Self::Redirect(_) => ("API03", Stream, Exit::Refused, "check the base address"),
            Self::Unauthorized => ("AUTH01", Run, Exit::Auth, "create a new credential or name another"),
            Self::NoCredential(_) => ("AUTH02", Run, Exit::Auth, "check the credential's settings"),
            Self::BadToken(_) => ("CFG01", Run, Exit::Usage, "correct the setting"),
            Self::BadUrl(_) => ("CFG01", Run, Exit::Usage, "correct the address"),
            Self::Forbidden => ("PERM01", Partition, Exit::Partial, "grant the permission or de-select it"),
            Self::Policy => ("PERM02", Partition, Exit::Partial, "authorise the credential for single sign-on, or this address in the organisation's list"),
            Self::Missing => ("PERM03", Partition, Exit::Partial, "remove it from the configuration or grant access"),
            Self::Withheld => ("PERM04", Partition, Exit::Partial, "remove it from the configuration"),
            Self::ForeignOrigin { .. } => ("SEC01", Run, Exit::Refused, "if this host is yours, set the base address to it"),
            Self::Limited { limit: Limit::Quota, .. } => ("RATE01", Run, Exit::Limited, "run again then, or raise `max_wait`"),
            Self::Limited { limit: Limit::Secondary, .. } => ("RATE02", Run, Exit::Limited, "run again later with a lower `concurrency`"),
            Self::Limited { limit: Limit::Throttle, .. } => ("RATE03", Run, Exit::Limited, "run again later with a lower `concurrency`"),
            Self::TooLarge(_) => ("CAP02", Stream, Exit::Refused, "ask for smaller pages; if the answer is honest, report it"),
            Self::BrokenLink(_) => ("PAGE04", Stream, Exit::Refused, "report it: without the link the rest of the list would be lost"),
        };
        Facts { id, scope, exit, remedy }
    }
}

impl Error {
    /// An error of `kind` at `site`.
    pub fn new(kind: Kind, site: Box<Site>) -> Self {
        Self { kind, site }
    }

    /// For authenticators: the credential named `label` cannot be had because of `cause`.
    pub fn no_credential(label: &str, cause: &str) -> Self {
        Self::about_credential(Kind::NoCredential(text::clean(cause)), label)
    }

    pub(crate) fn bad_token(label: &str, rule: &'static str) -> Self {
        Self::about_credential(Kind::BadToken(rule), label)
    }

    fn about_credential(kind: Kind, label: &str) -> Self {
        let credential = Some(text::clean(label).into());
        Self::new(kind, Box::new(Site { credential, ..Site::default() }))
    }

    pub(crate) fn bad_url(url: &Url, rule: &'static str) -> Self {
        Self::new(Kind::BadUrl(rule), Site::of(url))
    }

    pub(crate) fn broken_link(url: &Url, rule: &'static str) -> Self {
        Self::new(Kind::BrokenLink(rule), Site::of(url))
    }

    /// What went wrong.
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// Where.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// The identifier that the documentation lists, such as `NET01`.
    pub fn id(&self) -> &'static str {
        self.kind.facts().id
    }

    /// How much it stops.
    pub fn scope(&self) -> Scope {
        self.kind.facts().scope
    }

    /// What it means for the exit code.
    pub fn exit(&self) -> Exit {
        self.kind.facts().exit
    }

    /// The status of the last answer, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.site.status
    }

    pub(crate) fn happened(&self) -> String {
        let Site { url, origin, resource, credential, .. } = &*self.site;
        let credential = credential.as_deref().unwrap_or("anonymous");
        match &self.kind {
            Kind::Unreachable(_) => format!("cannot reach `{origin}`"),
            Kind::Untrusted(_) => format!("cannot trust `{origin}`"),
            Kind::Proxy(_) => format!("the proxy refused the way to `{origin}`"),
            Kind::Dropped(_) => format!("the connection to `{url}` kept breaking"),
            Kind::TimedOut(_) => format!("`{url}` took too long"),
            Kind::Unavailable => format!("`{url}` is not available"),
            Kind::Body(fault) => fault.happened(url),
            Kind::Rejected => format!("`{url}` rejected the request as wrong"),
            Kind::Redirect(_) => format!("did not follow a redirect of `{url}`"),
            Kind::Unauthorized => format!("`{url}` rejected the credential `{credential}`"),
            Kind::NoCredential(_) => format!("no token could be had for `{credential}`"),
            Kind::BadToken(_) => format!("the credential `{credential}` cannot be used"),
            Kind::BadUrl(_) => format!("refused to talk to `{url}`"),
            Kind::Forbidden => {
                format!("the credential `{credential}` has no permission for `{url}`")
            }
            Kind::Policy => format!("access policy keeps `{credential}` out of `{url}`"),
            Kind::Missing => format!("`{url}` does not exist, moved, or is hidden from us"),
            Kind::Withheld => format!("`{url}` is withheld"),
            Kind::ForeignOrigin { target, .. } => {
                format!("refused to follow a link of `{url}` to `{target}`, nothing was sent there")
            }
            Kind::Limited { limit: Limit::Quota, .. } => {
                format!("the `{resource}` limit of `{origin}` is used up for `{credential}`")
            }
            Kind::Limited { .. } => format!("`{origin}` keeps throttling `{credential}`"),
            Kind::TooLarge(cap) => format!("the answer of `{url}` is too large: {}", cap.what()),
            Kind::BrokenLink(_) => format!("cannot read the `Link` header of `{url}`"),
        }
    }

    fn details(&self) -> String {
        let mut parts = Vec::new();
        match &self.kind {
            Kind::Unreachable(cause)
            | Kind::Untrusted(cause)
            | Kind::Proxy(cause)
            | Kind::Dropped(cause)
            | Kind::TimedOut(cause)
            | Kind::NoCredential(cause) => parts.push(cause.clone()),
            Kind::Redirect(rule)
            | Kind::BadToken(rule)
            | Kind::BadUrl(rule)
            | Kind::ForeignOrigin { rule, .. }
            | Kind::BrokenLink(rule) => parts.push((*rule).to_owned()),
            Kind::Limited { free_at: Some(at), .. } => {
                parts.push(format!("it frees at {}", at.format("%Y-%m-%d %H:%M:%S UTC")));
            }
            _ => {}
        }
        parts.extend(self.site.status.map(|status| format!("status {}", status.as_u16())));
        parts.extend(self.site.request_id.as_ref().map(|id| format!("request `{id}`")));
        match self.site.attempts {
            0 => parts.push("nothing was sent".to_owned()),
            1 => {}
            attempts => parts.push(format!("{attempts} attempts")),
        }
        if parts.is_empty() {
            parts.push("1 attempt".to_owned());
        }
        parts.join(", ")
    }
}

impl BodyFault {
    fn happened(&self, url: &str) -> String {
        match self {
            Self::Short { got, expected: Some(expected) } => {
                format!("the answer of `{url}` ended early, after {got} of {expected} bytes")
            }
            Self::Short { got, expected: None } => {
                format!("the answer of `{url}` ended early, after {got} bytes")
            }
            Self::Cut => format!("the answer of `{url}` ended early, its JSON has no end"),
            Self::Damaged => format!("the compressed answer of `{url}` is damaged"),
            Self::Encoding(name) => format!("the answer of `{url}` is encoded as `{name}`"),
            Self::NotJson(Some(title)) => {
                format!("`{url}` answered with a page titled `{title}` instead of JSON")
            }
            Self::NotJson(None) => format!("`{url}` answered with something that is not JSON"),
            Self::Empty => format!("`{url}` answered with nothing instead of JSON"),
            Self::NoPage => format!("`{url}` answered without a page"),
        }
    }
}

impl Cap {
    fn what(self) -> &'static str {
        match self {
            Self::Head => "its headers exceed their cap",
            Self::Wire => "its bytes on the wire exceed their cap",
            Self::Decoded => "its decompressed bytes exceed their cap",
            Self::Ratio => "it decompresses to more than any honest page",
        }
    }
}

/// `max_wait` was not enough: the limit frees at `free_at`.
pub(crate) fn limited(limit: Limit, now: DateTime<Utc>, wait: Duration) -> Kind {
    let free_at =
        chrono::Duration::from_std(wait).ok().and_then(|wait| now.checked_add_signed(wait));
    Kind::Limited { limit, free_at }
}
