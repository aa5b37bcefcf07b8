//! How the tap logs in, and where.

mod rules;
mod soap;

use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use singer_http::{Allowance, ClientAuth, ClientSpec, Grant, Jwt, OAuth, Share, Url};
use singer_tap::{Error, Secret};

use crate::config::{AuthFlow, Config};

pub(crate) use rules::{is_lost, is_not_for_bulk, says};

/// What messages call the credential, and under which its refresh token is kept.
const LABEL: &str = "salesforce";
const TOKEN: &str = "/services/oauth2/token";
/// Hosts below which an org may be: <https://help.salesforce.com/s/articleView?id=xcloud.domain_name_login_url.htm>.
const HOSTS: &[&str] = &["salesforce.com", "force.com", "salesforce.mil", "cloudforce.com"];
/// Salesforce ends a query itself that takes longer than two minutes.
const LONGEST_QUERY: Duration = Duration::from_secs(150);
/// A JWT is accepted for up to five minutes.
const JWT_LIFETIME: Duration = Duration::from_secs(3 * 60);

/// The client that the settings describe.
///
/// Sources: <https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_flows.htm>,
/// <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_api_usage.htm>.
pub(crate) fn client(config: &Config) -> Result<ClientSpec, Error> {
    let login = login_url(config)?;
    let oauth = OAuth::new(LABEL, grant(config, &login)?.instances(HOSTS))?;
    let mut spec = ClientSpec::new(login, Arc::new(oauth), rules::RULES);
    spec.deadlines.first_byte = LONGEST_QUERY;
    spec.allowance = Some(Allowance {
        told: rules::usage,
        total: Share { percent: config.quota_percent_total, setting: "quota_percent_total" },
        run: Share { percent: config.quota_percent_per_run, setting: "quota_percent_per_run" },
    });
    Ok(spec)
}

/// How a session is asked for.
fn grant(config: &Config, login: &Url) -> Result<Grant, Error> {
    let endpoint = under(login, TOKEN);
    let user = || config.username.as_deref().ok_or_else(|| lacks("username"));
    let grant = match flow(config)? {
        AuthFlow::RefreshToken => {
            let token = secret(config.refresh_token.as_ref(), "refresh_token")?;
            Grant::refresh_token(endpoint, app(config)?, token)?
        }
        AuthFlow::ClientCredentials => {
            secret(config.client_secret.as_ref(), "client_secret")?;
            // Salesforce takes these at an org's own address only.
            if config.domain.is_none() && config.instance_url.is_none() {
                return Err(lacks("domain"));
            }
            Grant::client_credentials(endpoint, app(config)?)?
        }
        AuthFlow::JwtBearer => {
            let key = secret(config.private_key.as_ref(), "private_key")?;
            let id = config.client_id.as_deref().ok_or_else(|| lacks("client_id"))?;
            let jwt = Jwt::rs256("private_key", &key)?;
            let jwt = jwt.issuer(id).subject(user()?).audience(audience(config, login));
            Grant::jwt_bearer(endpoint, jwt.lifetime(JWT_LIFETIME))?
        }
        AuthFlow::Password => {
            let password = secret(config.password.as_ref(), "password")?;
            let password = with_token(&password, config.security_token.as_ref());
            if config.client_id.is_none() {
                return soap::grant(config, login, user()?, &password);
            }
            Grant::password(endpoint, app(config)?, user()?, password)?
        }
    };
    Ok(grant)
}

/// The way to log in that the settings name, or for which they have what it takes.
fn flow(config: &Config) -> Result<AuthFlow, Error> {
    let given = [
        (config.refresh_token.is_some(), AuthFlow::RefreshToken),
        (config.private_key.is_some(), AuthFlow::JwtBearer),
        (config.password.is_some(), AuthFlow::Password),
        (config.client_secret.is_some(), AuthFlow::ClientCredentials),
    ];
    let first = given.into_iter().find_map(|(is_given, flow)| is_given.then_some(flow));
    config.auth_flow.or(first).ok_or_else(|| {
        Error::setting(
            "/refresh_token",
            "nothing says how to log in; give `refresh_token`, `private_key`, `username` and `password`, or `client_id` and `client_secret`",
        )
    })
}

fn app(config: &Config) -> Result<ClientAuth, Error> {
    let id = config.client_id.as_deref().ok_or_else(|| lacks("client_id"))?;
    Ok(match &config.client_secret {
        Some(secret) => ClientAuth::form(id, secret.expose().clone()),
        None => ClientAuth::public(id),
    })
}

/// Where to log in: an org's own address, else the one for all of production or of sandboxes.
fn login_url(config: &Config) -> Result<Url, Error> {
    if let Some(url) = &config.instance_url {
        return Ok(url.to_url());
    }
    let host = match (&config.domain, config.is_sandbox) {
        (Some(domain), _) => host(domain),
        (None, true) => "test.salesforce.com".to_owned(),
        (None, false) => "login.salesforce.com".to_owned(),
    };
    Url::parse(&format!("https://{host}")).map_err(|_| {
        Error::setting("/domain", "it is no My Domain, such as `acme`, nor a host name")
    })
}

fn host(domain: &str) -> String {
    match domain.trim_start_matches("https://").trim_end_matches('/') {
        whole if HOSTS.iter().any(|host| whole.ends_with(&format!(".{host}"))) => whole.to_owned(),
        general @ ("login" | "test") => format!("{general}.salesforce.com"),
        part if part.contains('.') => format!("{part}.salesforce.com"),
        name => format!("{name}.my.salesforce.com"),
    }
}

/// Whom a JWT is for.
fn audience(config: &Config, login: &Url) -> &'static str {
    let host = login.host_str().unwrap_or_default();
    let is_sandbox =
        config.is_sandbox || host == "test.salesforce.com" || host.contains(".sandbox.");
    if is_sandbox { "https://test.salesforce.com" } else { "https://login.salesforce.com" }
}

/// A path under an address.
fn under(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}{path}", url.path().trim_end_matches('/')));
    url
}

fn with_token(password: &SecretString, token: Option<&Secret>) -> SecretString {
    let token = token.map_or("", |token| token.expose().expose_secret());
    // No log line shows the two in one.
    Secret::new(format!("{}{token}", password.expose_secret())).expose().clone()
}

fn secret(given: Option<&Secret>, name: &str) -> Result<SecretString, Error> {
    given.map(|secret| secret.expose().clone()).ok_or_else(|| lacks(name))
}

fn lacks(name: &str) -> Error {
    Error::setting(format!("/{name}"), "this way to log in needs it")
}
