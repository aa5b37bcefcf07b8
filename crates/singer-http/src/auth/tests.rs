//! Credentials whose tokens expire, over scripted login servers.

mod failures;
mod grants;
mod renewals;
mod rotation;

use url::Url;

use super::testing::Login;
use super::{ClientAuth, Grant};

const ENDPOINT: &str = "https://login.example/oauth/token";
const FIRST: &str = "refresh-canary-1";

fn endpoint() -> Url {
    Url::parse(ENDPOINT).unwrap()
}

fn app() -> ClientAuth {
    ClientAuth::form("app", "s3cret".into())
}

/// By a refresh token that the server may replace.
fn rotating() -> Grant {
    Grant::refresh_token(endpoint(), app(), FIRST.into()).unwrap()
}

/// By the app's own name, as often as wanted.
fn repeatable() -> Grant {
    Grant::client_credentials(endpoint(), app()).unwrap()
}
