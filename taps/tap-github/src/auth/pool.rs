//! The credentials that the settings give.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use singer_http::{Anonymous, Authenticator, ExposeSecret};
use singer_tap::{Error, Secret};

use super::app_key::AppKey;
use super::installation::{App, Installation, Whose};
use super::reach::{Reach, Reaching};
use crate::config::Config;
use crate::selectors;

/// As in MeltanoLabs' tap-github.
const EXPIRY_BUFFER: u64 = 10;

/// The variable that takes the place of `auth_app_keys`.
const APP_VARIABLE: &str = "GITHUB_APP_PRIVATE_KEY";

type Pool = Vec<Arc<dyn Authenticator>>;

/// All credentials, each with its reach. Variables of the environment take the place of settings
/// that are not there.
pub(super) fn credentials(
    config: &Config,
    variables: &BTreeMap<String, String>,
) -> Result<Pool, Error> {
    let own: Vec<String> = config.org_auth_app_keys.keys().cloned().collect();
    let mut general = tokens(config, variables)?;
    general.extend(apps(config, variables, &own)?);
    let mut pool: Pool =
        general.into_iter().map(|one| within(Reach::Except(own.clone()), one)).collect();
    // Where there is no other credential, what is public can be read with that of any organisation.
    let serves_others = pool.is_empty();
    for (org, keys) in &config.org_auth_app_keys {
        let reach = if serves_others {
            Reach::Except(own.iter().filter(|other| *other != org).cloned().collect())
        } else {
            Reach::Only(org.clone())
        };
        for (at, key) in keys.iter().enumerate() {
            let key = AppKey::read(&format!("org_auth_app_keys/{org}/{at}"), key)?;
            let whose = key.installation.map_or_else(|| Whose::Of(org.clone()), Whose::Given);
            let installation = Installation::new(Arc::new(app(config, key, &[])), whose);
            pool.push(within(reach.clone(), Arc::new(installation)));
        }
    }
    if pool.is_empty() {
        pool.push(Arc::new(Anonymous));
    }
    Ok(pool)
}

/// Whether neither settings nor variables name a credential.
pub(super) fn is_empty(config: &Config, variables: &BTreeMap<String, String>) -> bool {
    let is_credential = |name: &str| name.starts_with("GITHUB_TOKEN") || name == APP_VARIABLE;
    config.auth_token.is_none()
        && config.additional_auth_tokens.is_empty()
        && config.auth_app_keys.is_empty()
        && config.org_auth_app_keys.values().all(Vec::is_empty)
        && !variables.iter().any(|(name, value)| is_credential(name) && !value.is_empty())
}

fn within(reach: Reach, credential: Arc<dyn Authenticator>) -> Arc<dyn Authenticator> {
    match &reach {
        Reach::Except(others) if others.is_empty() => credential,
        _ => Arc::new(Reaching { reach, credential }),
    }
}

/// The tokens, each once.
fn tokens(config: &Config, variables: &BTreeMap<String, String>) -> Result<Pool, Error> {
    let own = config.auth_token.iter().map(|token| ("auth_token".to_owned(), token.clone()));
    let further = config.additional_auth_tokens.iter().enumerate();
    let further =
        further.map(|(at, token)| (format!("additional_auth_tokens/{at}"), token.clone()));
    let mut tokens: Vec<(String, Secret)> = own.chain(further).collect();
    if tokens.is_empty() {
        let named = variables
            .iter()
            .filter(|(name, token)| name.starts_with("GITHUB_TOKEN") && !token.is_empty());
        tokens.extend(named.map(|(name, token)| (name.clone(), Secret::new(token.clone()))));
    }
    let mut known = Vec::new();
    let mut pool = Pool::new();
    for (label, token) in &tokens {
        let text = token.expose().expose_secret();
        if !known.contains(&text) {
            known.push(text);
            pool.push(token.bearer(label)?);
        }
    }
    Ok(pool)
}

/// The installations of the Apps that are for no organisation in particular: those of the owners
/// that are read, and one for everything else.
fn apps(
    config: &Config,
    variables: &BTreeMap<String, String>,
    own: &[String],
) -> Result<Pool, Error> {
    let set = config.auth_app_keys.iter().enumerate();
    let mut keys: Vec<AppKey> = set
        .map(|(at, key)| AppKey::read(&format!("auth_app_keys/{at}"), key))
        .collect::<Result<_, _>>()?;
    if keys.is_empty()
        && let Some(key) = variables.get(APP_VARIABLE).filter(|key| !key.is_empty())
    {
        keys.push(AppKey::read(APP_VARIABLE, &Secret::new(key.clone()))?);
    }
    let mut owners = selectors::owners(config);
    owners.retain(|owner| !own.iter().any(|other| other.eq_ignore_ascii_case(owner)));
    let mut pool = Pool::new();
    for key in keys {
        if let Some(id) = key.installation {
            let app = Arc::new(app(config, key, &[]));
            pool.push(Arc::new(Installation::new(app, Whose::Given(id))));
            continue;
        }
        let app = Arc::new(app(config, key, &owners));
        for owner in &owners {
            let installation = Installation::new(app.clone(), Whose::Of(owner.clone()));
            pool.push(within(Reach::Only(owner.clone()), Arc::new(installation)));
        }
        pool.push(Arc::new(Installation::new(app, Whose::Any)));
    }
    Ok(pool)
}

fn app(config: &Config, key: AppKey, owners: &[String]) -> App {
    let minutes = config.expiry_time_buffer.unwrap_or(EXPIRY_BUFFER);
    App {
        key,
        base: config.api_url_base.to_url(),
        early: Duration::from_secs(minutes.saturating_mul(60)),
        owners: owners.to_vec(),
        absent: Mutex::default(),
        client: OnceLock::new(),
    }
}
