//! JSON web tokens with which apps sign in.
//!
//! Rules: <https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app>

use serde::Deserialize;
use serde_json::Value;

use super::App;
use crate::github::base64;

/// The most seconds that a token may be valid from now on.
const LONGEST: u64 = 10 * 60;

const UNREADABLE: &str = "A JSON web token could not be decoded";

#[derive(Debug, Deserialize)]
struct Claims {
    iss: Value,
    iat: u64,
    exp: u64,
}

/// The app that signed a token; else the API's words for what is wrong with it.
pub(crate) fn app<'a>(apps: &'a [App], token: &str, now: u64) -> Result<&'a App, &'static str> {
    let mut parts = token.rsplitn(2, '.');
    let (Some(signature), Some(signed)) = (parts.next(), parts.next()) else {
        return Err(UNREADABLE);
    };
    let (head, claims) = signed.split_once('.').ok_or(UNREADABLE)?;
    let head: Value = read(head).ok_or(UNREADABLE)?;
    let claims: Claims = read(claims).ok_or(UNREADABLE)?;
    let issuer = match &claims.iss {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let app = apps.iter().find(|app| app.id.to_string() == issuer || app.client_id == issuer);
    let app = app.ok_or("Integration not found")?;
    let signature = base64::decode(signature).ok_or(UNREADABLE)?;
    if head["alg"] != "RS256" || !app.key.signed(signed, &signature) {
        return Err(UNREADABLE);
    }
    if claims.iat > now {
        return Err("'Issued at' claim ('iat') must be an Integer representing the time that the \
                    assertion was issued");
    }
    if claims.exp <= now {
        return Err("'Expiration time' claim ('exp') must be a numeric value representing the \
                    future time at which the assertion expires");
    }
    if claims.exp > now + LONGEST {
        return Err("'Expiration time' claim ('exp') is too far in the future");
    }
    Ok(app)
}

fn read<T: for<'de> Deserialize<'de>>(part: &str) -> Option<T> {
    serde_json::from_slice(&base64::decode(part)?).ok()
}
