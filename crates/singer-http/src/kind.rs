//! The kinds of error, and what each means for the run: one table.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::error::{Exit, Scope};

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
    /// The server refused to grant a token.
    GrantRefused {
        /// The `error` code of its answer, or the status.
        code: String,
        /// When an earlier run began to renew the token without coming to keep the new one.
        lost: Option<DateTime<Utc>>,
    },
    /// The server kept failing to grant a token; the text is the cause.
    GrantFailed(String),
    /// The file that keeps tokens cannot be used.
    Store {
        /// The file.
        path: String,
        /// What could not be done with it: `read`, `written`, `locked`.
        done: &'static str,
        /// What the system said.
        cause: String,
    },
    /// Another run has the file that keeps tokens; the text is its path.
    Locked(String),
    /// A credential that must not be sent; the text is the rule.
    BadToken(&'static str),
    /// An address that must not be talked to, found before anything was sent; the text is the rule.
    BadUrl(&'static str),
    /// A setting of the client that cannot be used.
    Setting {
        /// Its name.
        name: &'static str,
        /// The rule that it breaks.
        rule: &'static str,
    },
    /// The credential lacks the permission.
    Forbidden,
    /// None of the credentials reaches it; the text is what.
    Unserved(String),
    /// Access policy stands against it: single sign-on, an address list, a suspension.
    Policy,
    /// It is not there, or the credential may not know that it is.
    Missing,
    /// The answer was still being prepared when it was asked for the last time.
    Pending,
    /// The page is more than the server can make; a smaller one may do.
    PageTooBig,
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
    /// What the user allows of the API's requests a day is used up.
    Allowance {
        /// Requests that count.
        used: u64,
        /// Requests that the API takes a day.
        limit: u64,
        /// The part of them that may be used, such as `80 %`.
        percent: String,
        /// The setting that says so.
        setting: &'static str,
        /// Whether it speaks of this run's requests alone.
        is_run: bool,
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
    /// A quota that frees too late to be waited for.
    Daily,
    /// Too many long requests at the same time.
    Crowd,
    /// What is left of a quota is kept for others.
    Reserve,
    /// The last of a quota is spread over the time until its reset.
    Spread,
    /// The pace that the tap or the user declared.
    Pace,
    /// The server fails again and again, and is left alone for a while.
    Circuit,
}

impl Limit {
    /// Whether the server told of it, so that waiting for it counts against `max_wait`.
    pub(crate) fn is_told(self) -> bool {
        !matches!(self, Self::Spread | Self::Pace | Self::Circuit)
    }
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
    /// It is a web page instead of a text; the page's title, if it has one.
    WebPage(Option<String>),
    /// Nothing, where JSON belongs.
    Empty,
    /// A success without a page, such as an undeclared 204.
    NoPage,
}

pub(crate) struct Facts {
    pub(crate) id: &'static str,
    pub(crate) scope: Scope,
    pub(crate) exit: Exit,
    pub(crate) remedy: &'static str,
}

impl Kind {
    #[rustfmt::skip]
    pub(crate) fn facts(&self) -> Facts {
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
            Self::Body(BodyFault::NotJson(_) | BodyFault::WebPage(_) | BodyFault::Encoding(_)) => ("BODY03", Stream, Exit::Unavailable, "a proxy's login or a maintenance page; check what answers at this address"),
            Self::Body(BodyFault::Empty | BodyFault::NoPage) => ("BODY04", Stream, Exit::Unavailable, "run again; if it stays so, report it"),
            Self::Rejected => ("API01", Stream, Exit::Bug, "this is a defect of the tap or of a setting that it passes on; please report it"),
            Self::Redirect(_) => ("API03", Stream, Exit::Refused, "check the base address"),
            Self::Unauthorized => ("AUTH01", Run, Exit::Auth, "create a new credential or name another"),
            Self::NoCredential(_) => ("AUTH02", Run, Exit::Auth, "check the credential's settings"),
            Self::GrantRefused { code, .. } => ("AUTH01", Run, Exit::Auth, match code.as_str() {
                "invalid_grant" => "log in anew and configure what it gives; if the access was taken away, grant it again",
                "invalid_client" | "unauthorized_client" => "check the client's id and secret",
                _ => "check the credential's settings",
            }),
            Self::GrantFailed(_) => ("AUTH04", Run, Exit::Unavailable, "look at the service's status page and run again later"),
            Self::Store { .. } => ("AUTH03", Run, Exit::LocalIo, "mend it, or let `token_store` name another file"),
            Self::Locked(_) => ("LOCK01", Run, Exit::Usage, "wait for the other run to end, or give each its own `token_store` and its own login"),
            Self::BadToken(_) => ("CFG01", Run, Exit::Usage, "correct the setting"),
            Self::Setting { .. } => ("CFG01", Run, Exit::Usage, "correct the setting"),
            Self::BadUrl(_) => ("CFG01", Run, Exit::Usage, "correct the address"),
            Self::Forbidden => ("PERM01", Partition, Exit::Partial, "grant the permission or de-select it"),
            Self::Policy => ("PERM02", Partition, Exit::Partial, "authorise the credential for single sign-on, or this address in the organisation's list"),
            Self::Missing => ("PERM03", Partition, Exit::Partial, "remove it from the configuration or grant access"),
            Self::Withheld => ("PERM04", Partition, Exit::Partial, "remove it from the configuration"),
            Self::Pending => ("WAIT01", Partition, Exit::Partial, "run again later, when it is ready"),
            Self::PageTooBig => ("PAGE05", Stream, Exit::Unavailable, "ask for smaller pages, or run again later"),
            Self::ForeignOrigin { .. } => ("SEC01", Run, Exit::Refused, "if this host is yours, set the base address to it"),
            Self::Limited { limit: Limit::Quota | Limit::Reserve, .. } => ("RATE01", Run, Exit::Limited, "run again then, or raise `max_wait`"),
            Self::Limited { limit: Limit::Secondary, .. } => ("RATE02", Run, Exit::Limited, "run again later with a lower `concurrency`"),
            Self::Limited { limit: Limit::Throttle, .. } => ("RATE03", Run, Exit::Limited, "run again later with a lower `concurrency`"),
            Self::Limited { limit: Limit::Daily, .. } => ("RATE04", Run, Exit::Limited, "run again when it has freed"),
            Self::Limited { limit: Limit::Crowd, .. } => ("RATE05", Run, Exit::Limited, "run again later with a lower `concurrency`"),
            Self::Limited { limit: Limit::Spread | Limit::Pace, .. } => ("RATE07", Run, Exit::Limited, "run again later"),
            Self::Limited { limit: Limit::Circuit, .. } => ("NET05", Run, Exit::Unavailable, "look at the service's status page and run again later"),
            Self::Allowance { .. } => ("RATE08", Run, Exit::Limited, "run again when requests have freed, or raise the setting"),
            Self::Unserved(_) => ("PERM06", Partition, Exit::Partial, "add a credential that reaches it, or remove it from the configuration"),
            Self::TooLarge(_) => ("CAP02", Stream, Exit::Refused, "ask for smaller pages; if the answer is honest, report it"),
            Self::BrokenLink(_) => ("PAGE04", Stream, Exit::Refused, "report it: without the link the rest of the list would be lost"),
        };
        Facts { id, scope, exit, remedy }
    }
}

impl BodyFault {
    pub(crate) fn happened(&self, url: &str) -> String {
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
            Self::WebPage(Some(title)) => {
                format!("`{url}` answered with a page titled `{title}` instead of a text")
            }
            Self::WebPage(None) => format!("`{url}` answered with a web page instead of a text"),
            Self::Empty => format!("`{url}` answered with nothing instead of JSON"),
            Self::NoPage => format!("`{url}` answered without a page"),
        }
    }
}

impl Cap {
    pub(crate) fn what(self) -> &'static str {
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
