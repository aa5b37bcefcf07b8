//! How a token is asked for.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use secrecy::SecretString;
use url::Url;

use super::granted::{Fields, Granted, Reader};
use super::instance::Instances;
use super::jwt::Jwt;
use crate::error::Error;
use crate::origin::Origins;

/// How long before its end a token is renewed, if nothing else is said.
const EARLY: Duration = Duration::from_secs(60);

/// A way to ask for a token: where, with what, and where the answer has it. Plain data.
///
/// ```
/// use singer_http::{ClientAuth, Grant, Url};
///
/// let endpoint = Url::parse("https://login.example/oauth2/token")?;
/// let client = ClientAuth::basic("my app", "client secret".into());
/// let grant = Grant::client_credentials(endpoint, client)?.param("scope", "read");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Grant {
    pub(super) endpoint: Url,
    pub(super) means: Means,
    pub(super) client: Option<ClientAuth>,
    pub(super) params: Vec<(String, SecretString)>,
    pub(super) headers: HeaderMap,
    pub(super) reader: Reader,
    pub(super) instances: Option<Instances>,
    /// What an error's body refuses, where that is said in words of the API's own.
    pub(super) refusal: Option<ReadsRefusal>,
    pub(super) early: Duration,
}

/// Finds the code of a refusal in a body.
pub(super) type ReadsRefusal = fn(&[u8]) -> Option<String>;

/// What speaks for us.
pub(super) enum Means {
    /// The parameters and the client's authentication.
    Params,
    /// A refresh token, which the server may replace each time.
    RefreshToken { configured: SecretString, rotates: bool },
    /// A JWT as the parameter `assertion`.
    Assertion(Arc<Jwt>),
    /// A JWT in the header `authorization`, without a body.
    Signed(Arc<Jwt>),
    /// A body of the API's own kind.
    Body { kind: HeaderValue, text: SecretString },
}

/// How the app that asks proves who it is.
#[derive(Clone)]
pub enum ClientAuth {
    /// `client_id` and, unless it is a public client, `client_secret` among the parameters.
    Form {
        /// The app.
        id: String,
        /// Its secret.
        secret: Option<SecretString>,
    },
    /// Both in the header `authorization: Basic`, encoded as RFC 6749 §2.3.1 says.
    Basic {
        /// The app.
        id: String,
        /// Its secret.
        secret: SecretString,
    },
}

impl ClientAuth {
    /// `client_id` and `client_secret` among the parameters.
    pub fn form(id: &str, secret: SecretString) -> Self {
        Self::Form { id: id.to_owned(), secret: Some(secret) }
    }

    /// Both in the header `authorization: Basic`.
    pub fn basic(id: &str, secret: SecretString) -> Self {
        Self::Basic { id: id.to_owned(), secret }
    }

    /// Only a `client_id`, for an app without a secret.
    pub fn public(id: &str) -> Self {
        Self::Form { id: id.to_owned(), secret: None }
    }
}

impl Grant {
    /// OAuth 2.0's client credentials (RFC 6749 §4.4).
    ///
    /// # Errors
    /// If the endpoint is neither `https:` nor on this computer, or has a user or a query.
    pub fn client_credentials(endpoint: Url, client: ClientAuth) -> Result<Self, Error> {
        let grant = Self::to(endpoint, Means::Params)?.client(client);
        Ok(grant.param("grant_type", "client_credentials"))
    }

    /// A refresh token (RFC 6749 §6). It is taken for one that the server replaces: say
    /// [`Grant::never_rotates`] if that cannot be.
    ///
    /// # Errors
    /// As for [`Grant::client_credentials`].
    pub fn refresh_token(
        endpoint: Url,
        client: ClientAuth,
        token: SecretString,
    ) -> Result<Self, Error> {
        let means = Means::RefreshToken { configured: token, rotates: true };
        let grant = Self::to(endpoint, means)?.client(client);
        Ok(grant.param("grant_type", "refresh_token"))
    }

    /// A JWT as the assertion (RFC 7523 §2.1).
    ///
    /// # Errors
    /// As for [`Grant::client_credentials`].
    pub fn jwt_bearer(endpoint: Url, jwt: impl Into<Arc<Jwt>>) -> Result<Self, Error> {
        let grant = Self::to(endpoint, Means::Assertion(jwt.into()))?;
        Ok(grant.param("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"))
    }

    /// User and password (RFC 6749 §4.3), where a server still takes them.
    ///
    /// # Errors
    /// As for [`Grant::client_credentials`].
    pub fn password(
        endpoint: Url,
        client: ClientAuth,
        user: &str,
        password: SecretString,
    ) -> Result<Self, Error> {
        let grant = Self::to(endpoint, Means::Params)?.client(client);
        let grant = grant.param("grant_type", "password").param("username", user);
        Ok(grant.secret_param("password", password))
    }

    /// A POST without a body, signed by a JWT as bearer token: how an app asks for the token of one
    /// of its installations.
    ///
    /// # Errors
    /// As for [`Grant::client_credentials`].
    pub fn signed_by(endpoint: Url, jwt: impl Into<Arc<Jwt>>) -> Result<Self, Error> {
        Self::to(endpoint, Means::Signed(jwt.into()))
    }

    /// A login that is no OAuth: `body` of the content type `kind`, and `read` for the answer. What
    /// `read` says if it fails becomes part of a message: it must quote nothing of the answer.
    ///
    /// # Errors
    /// As for [`Grant::client_credentials`].
    pub fn login(
        endpoint: Url,
        kind: HeaderValue,
        body: SecretString,
        read: fn(&[u8]) -> Result<Granted, String>,
    ) -> Result<Self, Error> {
        let grant = Self::to(endpoint, Means::Body { kind, text: body })?;
        Ok(Self { reader: Reader::Own(read), ..grant })
    }

    fn to(endpoint: Url, means: Means) -> Result<Self, Error> {
        Origins::new(&endpoint, &[])?;
        Ok(Self {
            endpoint,
            means,
            client: None,
            params: Vec::new(),
            headers: HeaderMap::new(),
            reader: Reader::Json(Fields::OAUTH),
            instances: None,
            refusal: None,
            early: EARLY,
        })
    }

    /// The app that asks, for a grant that does not say so already.
    #[must_use]
    pub fn client(self, client: ClientAuth) -> Self {
        Self { client: Some(client), ..self }
    }

    /// One more parameter, such as `scope` or `audience`.
    #[must_use]
    pub fn param(self, name: &str, value: &str) -> Self {
        self.secret_param(name, value.into())
    }

    /// One more parameter that is a secret.
    #[must_use]
    pub fn secret_param(mut self, name: &str, value: SecretString) -> Self {
        self.params.push((name.to_owned(), value));
        self
    }

    /// One more header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// The server never replaces the refresh token, so that asking twice does no harm.
    #[must_use]
    pub fn never_rotates(mut self) -> Self {
        if let Means::RefreshToken { rotates, .. } = &mut self.means {
            *rotates = false;
        }
        self
    }

    /// Where the JSON of the answer has what is asked for, if it is not where OAuth has it.
    #[must_use]
    pub fn fields(self, fields: Fields) -> Self {
        Self { reader: Reader::Json(fields), ..self }
    }

    /// The answer tells where the API is, which is believed if it is `https:` and the host is one
    /// of `hosts` or below it, or has the endpoint's origin.
    #[must_use]
    pub fn instances(self, hosts: &'static [&'static str]) -> Self {
        Self { instances: Some(Instances(hosts)), ..self }
    }

    /// Reads from the body of an error why the login is refused, if it is, whatever the status: a short code.
    #[must_use]
    pub fn refusals(self, read: fn(&[u8]) -> Option<String>) -> Self {
        Self { refusal: Some(read), ..self }
    }

    /// How long before its end a token is renewed: a minute if not told, and of a short life half.
    #[must_use]
    pub fn renewed_before_end(self, early: Duration) -> Self {
        Self { early, ..self }
    }

    /// Whether asking twice may use up what cannot be had again.
    pub(super) fn rotates(&self) -> bool {
        matches!(self.means, Means::RefreshToken { rotates: true, .. })
    }
}

impl std::fmt::Debug for Grant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Grant({})", crate::text::site(&self.endpoint))
    }
}

impl std::fmt::Debug for ClientAuth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Self::Form { id, .. } | Self::Basic { id, .. }) = self;
        write!(f, "ClientAuth({id})")
    }
}
