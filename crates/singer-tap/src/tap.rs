//! What a tap author writes: a config type, a client, a list of streams.

use std::future::Future;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;
use singer_http::{Client, ClientSpec};

use crate::error::Error;
use crate::stream::Stream;
use crate::wanted::Wanted;

/// A tap: description and nothing else.
///
/// ```no_run
/// use singer_tap::{BaseUrl, Client, ClientSpec, Error, Rules, Secret, Stream, Tap};
///
/// struct TapShop;
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// struct Config {
///     /// The key of the API.
///     api_key: Secret,
///     /// Where the API is.
///     api_url_base: BaseUrl,
/// }
///
/// impl Tap for TapShop {
///     const NAME: &'static str = "tap-shop";
///     const VERSION: &'static str = env!("CARGO_PKG_VERSION");
///     const ABOUT: &'static str = "Reads orders of a shop.";
///     type Config = Config;
///
///     fn client(config: &Config) -> Result<ClientSpec, Error> {
///         let key = config.api_key.bearer("api_key")?;
///         Ok(ClientSpec::new(config.api_url_base.to_url(), key, Rules::PLAIN))
///     }
///
///     async fn streams(_: &Config, _: &Client) -> Result<Vec<Stream>, Error> {
///         Ok(vec![Stream::new("orders").get("/orders").key(["id"])])
///     }
/// }
///
/// fn main() -> std::process::ExitCode {
///     singer_tap::main::<TapShop>()
/// }
/// ```
pub trait Tap: Send + Sync + 'static {
    /// The name of the command, such as `tap-github`.
    const NAME: &'static str;
    /// The name of the package that `pip` installs, where it is not that of the command: other
    /// people's taps are on the index under those.
    const PACKAGE: &'static str = Self::NAME;
    /// The version of the tap: `env!("CARGO_PKG_VERSION")`.
    const VERSION: &'static str;
    /// What the tap reads, in a sentence or two.
    const ABOUT: &'static str;
    /// The tap's own settings; doc comments are their documentation.
    type Config: DeserializeOwned + JsonSchema + Send + Sync;

    /// Whose data these settings read, where the API has such a thing: an account, an organisation.
    /// A hash of it stands in the state, and the state of another one is refused.
    fn account(_config: &Self::Config) -> Option<String> {
        None
    }

    /// A state as this tap reads it, from one that the tap wrote which it takes the place of; any
    /// other comes back as it is. The forms of singer-sdk and of partitions first are read without it.
    fn adopt(state: Value) -> Value {
        state
    }

    /// A path that is asked for once before anything is read, for a tap whose streams have lists of
    /// changes: its answer, whichever, tells the server's time, and whether the credential is good.
    fn greeting(_config: &Self::Config) -> Option<String> {
        None
    }

    /// How requests are sent: base URL, credential, limits.
    ///
    /// The engine adds the user's common settings (`user_agent`, `request_timeout`, `max_wait`,
    /// `concurrency`).
    ///
    /// # Errors
    /// Settings that do not go together.
    fn client(config: &Self::Config) -> Result<ClientSpec, Error>;

    /// The streams that these settings give, in the order in which they are listed.
    ///
    /// # Errors
    /// Discovery by request failed, or settings that do not go together.
    fn streams(
        config: &Self::Config,
        client: &Client,
    ) -> impl Future<Output = Result<Vec<Stream>, Error>> + Send;

    /// The same for a tap that has to ask its API for each stream: those that are wanted, and others
    /// where they cost nothing.
    ///
    /// # Errors
    /// As [`Tap::streams`].
    fn streams_of(
        config: &Self::Config,
        client: &Client,
        _wanted: &Wanted,
    ) -> impl Future<Output = Result<Vec<Stream>, Error>> + Send {
        Self::streams(config, client)
    }
}
