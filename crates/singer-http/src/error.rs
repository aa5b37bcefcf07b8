//! Why a request gave no page, with everything a message needs.

use std::sync::Arc;

use http::StatusCode;
use url::Url;

use crate::kind::{Kind, Limit};
use crate::text;

/// A request that gave no page.
///
/// Displays what happened, where, the rule that was broken in parentheses, and what can be done;
/// the identifier is apart, in [`Error::id`].
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}: {}", self.brief(), self.kind.facts().remedy)]
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
    /// What the API itself said of it, in short.
    pub cause: Option<String>,
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
    /// A file could not be written.
    LocalIo,
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
            Self::LocalIo => 8,
        }
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

    /// The file `path` that keeps tokens could not be `done` because of `cause`.
    pub(crate) fn store(path: &str, done: &'static str, cause: &str) -> Self {
        let (path, cause) = (path.to_owned(), text::clean(cause));
        Self::new(Kind::Store { path, done, cause }, Box::default())
    }

    pub(crate) fn locked(path: &str) -> Self {
        Self::new(Kind::Locked(path.to_owned()), Box::default())
    }

    /// A token could not be had at `endpoint` for the credential named `label`.
    pub(crate) fn ungranted(kind: Kind, endpoint: &Url, label: &str) -> Self {
        let mut site = Site::of(endpoint);
        site.credential = Some(text::clean(label).into());
        Self::new(kind, site)
    }

    /// With what the server itself says of it.
    pub(crate) fn because(mut self, cause: Option<String>) -> Self {
        self.site.cause = cause.or(self.site.cause);
        self
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

    /// Whether a smaller page may do where this one failed: the server said so, or it could not make
    /// it (5xx) or not in time.
    pub fn may_be_too_big(&self) -> bool {
        matches!(self.kind, Kind::PageTooBig | Kind::Unavailable | Kind::TimedOut(_))
    }

    /// What happened and the details, without what can be done.
    pub(crate) fn brief(&self) -> String {
        format!("{} ({})", self.happened(), self.details())
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
            Kind::GrantRefused { .. } => {
                format!("`{origin}` refused to grant a token for `{credential}`")
            }
            Kind::GrantFailed(_) => {
                format!("`{origin}` could not grant a token for `{credential}`")
            }
            Kind::Store { path, done, .. } => {
                format!("the token store `{path}` could not be {done}")
            }
            Kind::Locked(path) => format!("the token store `{path}` is in use"),
            Kind::BadToken(_) => format!("the credential `{credential}` cannot be used"),
            Kind::BadUrl(_) => format!("refused to talk to `{url}`"),
            Kind::Setting { name, .. } => format!("the setting `{name}` cannot be used"),
            Kind::Forbidden => {
                format!("the credential `{credential}` has no permission for `{url}`")
            }
            Kind::Policy => format!("access policy keeps `{credential}` out of `{url}`"),
            Kind::Missing => format!("`{url}` does not exist, moved, or is hidden from us"),
            Kind::Withheld => format!("`{url}` is withheld"),
            Kind::Pending => format!("what `{url}` answers is still being prepared"),
            Kind::PageTooBig => format!("`{url}` cannot make a page of this size"),
            Kind::ForeignOrigin { target, .. } => {
                format!("refused to follow a link of `{url}` to `{target}`, nothing was sent there")
            }
            Kind::Limited { limit: Limit::Quota, .. } => {
                format!("the `{resource}` limit of `{origin}` is used up for `{credential}`")
            }
            Kind::Limited { limit: Limit::Reserve, .. } => format!(
                "the `{resource}` limit of `{origin}` is used up for `{credential}` but for what is left to others"
            ),
            Kind::Limited { limit: Limit::Spread, .. } => format!(
                "little is left of the `{resource}` limit of `{origin}` for `{credential}`, and is spread until its reset"
            ),
            Kind::Limited { limit: Limit::Pace, .. } => {
                format!("requests to `{origin}` keep their pace")
            }
            Kind::Limited { limit: Limit::Circuit, .. } => {
                format!("`{origin}` fails again and again")
            }
            Kind::Unserved(what) => format!("no usable credential reaches `{what}`"),
            Kind::Limited { limit: Limit::Daily, .. } => {
                format!("the daily limit of `{origin}` is used up for `{credential}`")
            }
            Kind::Limited { limit: Limit::Crowd, .. } => {
                format!("`{origin}` has too many long requests of `{credential}` at once")
            }
            Kind::Limited { .. } => format!("`{origin}` throttles `{credential}`"),
            Kind::Allowance { used, limit, percent, setting, is_run: false } => format!(
                "{used} of the {limit} requests that `{origin}` takes a day are used (`{setting}` is {percent})"
            ),
            Kind::Allowance { used, limit, percent, setting, is_run: true } => format!(
                "this run has sent {used} of the {limit} requests that `{origin}` takes a day (`{setting}` is {percent})"
            ),
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
            | Kind::GrantFailed(cause)
            | Kind::Store { cause, .. }
            | Kind::NoCredential(cause) => parts.push(cause.clone()),
            Kind::Locked(_) => parts.push("one run at a time may use it".to_owned()),
            Kind::GrantRefused { code, lost } => {
                parts.push(format!("`{code}`"));
                parts.extend(lost.map(|at| {
                    let at = at.format("%Y-%m-%d %H:%M:%S UTC");
                    format!("a renewal begun at {at} did not come to its end, which may have used the token up")
                }));
            }
            Kind::Redirect(rule)
            | Kind::BadToken(rule)
            | Kind::BadUrl(rule)
            | Kind::Setting { rule, .. }
            | Kind::ForeignOrigin { rule, .. }
            | Kind::BrokenLink(rule) => parts.push((*rule).to_owned()),
            Kind::Limited { free_at: Some(at), .. } => {
                parts.push(format!("it frees at {}", at.format("%Y-%m-%d %H:%M:%S UTC")));
            }
            _ => {}
        }
        parts.extend(self.site.cause.as_ref().map(|cause| format!("it says `{cause}`")));
        parts.extend(self.site.status.map(|status| format!("status {}", status.as_u16())));
        parts.extend(self.site.request_id.as_ref().map(|id| format!("request `{id}`")));
        match self.site.attempts {
            0 if parts.is_empty() => parts.push("before sending".to_owned()),
            1 if parts.is_empty() => parts.push("1 attempt".to_owned()),
            0 | 1 => {}
            attempts => parts.push(format!("{attempts} attempts")),
        }
        parts.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::{BodyFault, Cap};

    fn kinds() -> Vec<Kind> {
        let text = || "a cause".to_owned();
        let limited = |limit| Kind::Limited { limit, free_at: None };
        vec![
            Kind::Unreachable(text()),
            Kind::Untrusted(text()),
            Kind::Proxy(text()),
            Kind::Dropped(text()),
            Kind::TimedOut(text()),
            Kind::Unavailable,
            Kind::Body(BodyFault::Short { got: 1, expected: None }),
            Kind::Body(BodyFault::Cut),
            Kind::Body(BodyFault::Damaged),
            Kind::Body(BodyFault::Encoding(text())),
            Kind::Body(BodyFault::NotJson(None)),
            Kind::Body(BodyFault::WebPage(None)),
            Kind::Body(BodyFault::Empty),
            Kind::Body(BodyFault::NoPage),
            Kind::Rejected,
            Kind::Redirect("a rule"),
            Kind::Unauthorized,
            Kind::NoCredential(text()),
            Kind::GrantRefused { code: text(), lost: None },
            Kind::GrantFailed(text()),
            Kind::Store { path: text(), done: "read", cause: text() },
            Kind::Locked(text()),
            Kind::BadToken("a rule"),
            Kind::BadUrl("a rule"),
            Kind::Setting { name: "name", rule: "a rule" },
            Kind::Forbidden,
            Kind::Policy,
            Kind::Missing,
            Kind::Withheld,
            Kind::Pending,
            Kind::PageTooBig,
            Kind::ForeignOrigin { target: text(), rule: "a rule" },
            limited(Limit::Quota),
            limited(Limit::Secondary),
            limited(Limit::Throttle),
            limited(Limit::Daily),
            limited(Limit::Crowd),
            limited(Limit::Reserve),
            limited(Limit::Spread),
            limited(Limit::Pace),
            limited(Limit::Circuit),
            Kind::Unserved("api.example".to_owned()),
            Kind::TooLarge(Cap::Head),
            Kind::BrokenLink("a rule"),
        ]
    }

    #[test]
    fn every_message_names_the_place_and_a_remedy_in_one_style() {
        let url = Url::parse("https://api.example/x?secret=1").unwrap();
        for kind in kinds() {
            let about_a_credential = matches!(kind, Kind::NoCredential(_) | Kind::BadToken(_));
            let about_a_setting = matches!(kind, Kind::Setting { .. });
            let about_a_file = matches!(kind, Kind::Store { .. } | Kind::Locked(_));
            let error = Error::new(kind, Site::of(&url));
            let text = error.to_string();
            assert!(text.starts_with(|c: char| c.is_lowercase() || c == '`'), "{text}");
            assert!(text.contains("): ") && !text.ends_with(['.', ' ']), "{text}");
            assert!(!text.contains("secret") && !text.contains("()"), "{text}");
            let named = about_a_credential || about_a_setting || about_a_file;
            let place = named || text.contains("api.example");
            assert!(place, "{text}");
        }
    }

    #[test]
    fn an_identifier_means_one_exit_code() {
        let mut seen = std::collections::BTreeMap::new();
        for kind in kinds() {
            let error = Error::new(kind, Box::default());
            let code = error.exit().code();
            assert_eq!(*seen.entry(error.id()).or_insert(code), code, "{}", error.id());
        }
    }
}
