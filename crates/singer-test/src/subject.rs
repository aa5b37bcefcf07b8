//! What is under test: a tap's config, and where its answers come from.

use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use singer_http::{Client, Network, Transport};
use singer_tap::{Stream, Tap};

use crate::exchange::{self, Exchange};
use crate::recorded::Recorded;
use crate::run::env;

/// A tap's config and a source that stands still, for [`conformance`](crate::conformance) and
/// [`fault`](crate::fault).
///
/// The source answers the same to the same request however often it is asked. Without
/// [`recorded`](Subject::recorded) and [`answered_by`](Subject::answered_by) it is whatever listens
/// at the address in the config, such as a fake server in the same process.
#[derive(Clone)]
pub struct Subject {
    config: Value,
    answers: Answers,
    waivers: Vec<(String, String)>,
}

#[derive(Clone)]
enum Answers {
    Recorded(Vec<Exchange>),
    Transport(Arc<dyn Transport>),
}

impl Subject {
    /// A tap with this config.
    pub fn new(config: Value) -> Subject {
        let answers = Answers::Transport(Arc::new(Network::new()));
        Subject { config, answers, waivers: Vec::new() }
    }

    /// The source is recorded exchanges: files, folders, and folders of a folder a stream.
    ///
    /// A request is answered by the exchange of the same path. Parameters that tell recorded pages
    /// apart must be the same; others, such as a bookmark, may differ: a recorded source does not
    /// filter, and what depends on that is not checked with it.
    ///
    /// # Panics
    /// When a fixture cannot be used.
    #[must_use]
    #[track_caller]
    pub fn recorded<P: AsRef<Path>>(self, fixtures: &[P]) -> Subject {
        let exchanges = exchange::load_trees(fixtures).unwrap_or_else(|error| panic!("{error}"));
        Subject { answers: Answers::Recorded(exchanges), ..self }
    }

    /// The source is a fake of the author's.
    #[must_use]
    pub fn answered_by(self, transport: Arc<dyn Transport>) -> Subject {
        Subject { answers: Answers::Transport(transport), ..self }
    }

    /// A check that need not hold, and the reason in writing, which is printed with the report;
    /// `check/stream` for one stream.
    ///
    /// ```
    /// # use singer_test::Subject;
    /// # use serde_json::json;
    /// let shop = Subject::new(json!({}))
    ///     .waive("unique_keys/orders", "the API repeats an order that changed while it was listed");
    /// ```
    #[must_use]
    pub fn waive(mut self, check: &str, reason: &str) -> Subject {
        self.waivers.push((check.to_owned(), reason.to_owned()));
        self
    }

    /// The config.
    pub fn config(&self) -> &Value {
        &self.config
    }

    pub(crate) fn waivers(&self) -> &[(String, String)] {
        &self.waivers
    }

    /// Whether the source can leave out what is older than it is asked for.
    pub(crate) fn is_filtering(&self) -> bool {
        matches!(self.answers, Answers::Transport(_))
    }

    /// The streams that the tap has with this config; none if the config is refused.
    pub(crate) fn streams<T: Tap>(&self) -> Option<Vec<Stream>> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime of one thread always starts");
        let config: T::Config = serde_json::from_value(self.config.clone()).ok()?;
        let client = Client::new(T::client(&config).ok()?, env(self.transport())).ok()?;
        runtime.block_on(async { T::streams(&config, &client.located().await?).await }).ok()
    }

    /// What answers one run.
    pub(crate) fn transport(&self) -> Arc<dyn Transport> {
        match &self.answers {
            Answers::Recorded(exchanges) => Arc::new(Recorded::new(exchanges.clone())),
            Answers::Transport(transport) => Arc::clone(transport),
        }
    }
}
