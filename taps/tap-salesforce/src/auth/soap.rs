//! The login of SOAP, which takes user and password without a connected app.

use http::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use singer_http::{Grant, Granted, Url};
use singer_tap::{Error, Secret};

use super::under;
use crate::config::Config;

/// The last version of the API that takes it.
const LAST: &str = "64.0";

/// Asks for a session.
///
/// Source: <https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_login.htm>.
pub(super) fn grant(
    config: &Config,
    login: &Url,
    user: &str,
    password: &SecretString,
) -> Result<Grant, Error> {
    let version = if *config.api_version > *LAST { LAST } else { &config.api_version };
    let endpoint = under(login, &format!("/services/Soap/u/{version}"));
    let escaped = Secret::new(escape(password.expose_secret()));
    let body = format!(
        r#"<?xml version="1.0" encoding="utf-8"?><env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/"><env:Body><login xmlns="urn:partner.soap.sforce.com"><username>{}</username><password>{}</password></login></env:Body></env:Envelope>"#,
        escape(user),
        escaped.expose().expose_secret(),
    );
    let kind = HeaderValue::from_static("text/xml; charset=utf-8");
    let grant = Grant::login(endpoint, kind, body.into(), read)?.refusals(refusal);
    Ok(grant.header(HeaderName::from_static("soapaction"), HeaderValue::from_static("login")))
}

/// The session in an answer.
fn read(answer: &[u8]) -> Result<Granted, String> {
    let answer = String::from_utf8_lossy(answer);
    let session = element(&answer, "sessionId").ok_or("its answer has no `sessionId`")?;
    let server = element(&answer, "serverUrl").ok_or("its answer has no `serverUrl`")?;
    let mut base = Url::parse(&server).map_err(|_| "its `serverUrl` is no address")?;
    // What is before the path of SOAP is where the org is.
    let path = base.path().split("/services/").next().unwrap_or_default().to_owned();
    base.set_path(&path);
    let mut granted = Granted::token(session.into());
    granted.base = Some(base);
    Ok(granted)
}

/// The code of a fault, which comes with the status 500: a wrong password must not be tried again, or the user is
/// locked out.
fn refusal(answer: &[u8]) -> Option<String> {
    let answer = String::from_utf8_lossy(answer);
    let code = element(&answer, "sf:exceptionCode").or_else(|| {
        let fault = element(&answer, "faultcode")?;
        Some(fault.rsplit(':').next().unwrap_or(&fault).to_owned())
    })?;
    // Those pass by themselves.
    let may_pass = ["SERVER_UNAVAILABLE", "UNKNOWN_EXCEPTION", "REQUEST_RUNNING_TOO_LONG"];
    (!may_pass.contains(&&*code)).then_some(code)
}

/// The text of the first element of this name.
fn element(xml: &str, name: &str) -> Option<String> {
    let start = xml.find(&format!("<{name}>"))? + name.len() + 2;
    let end = start + xml[start..].find("</")?;
    let text = xml[start..end].replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    Some(text.replace("&amp;", "&")).filter(|text| !text.is_empty())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_and_the_place_of_the_org_are_read() {
        let answer = "<result><serverUrl>https://acme.my.salesforce.com/services/Soap/u/62.0/00D</serverUrl><sessionId>00D!A&amp;B</sessionId></result>";
        let granted = read(answer.as_bytes()).expect("a session");
        assert_eq!(granted.token.expose_secret(), "00D!A&B");
        assert_eq!(granted.base.expect("a place").as_str(), "https://acme.my.salesforce.com/");
        let fault = "<soapenv:Fault><faultcode>sf:INVALID_LOGIN</faultcode></soapenv:Fault>";
        assert_eq!(refusal(fault.as_bytes()).as_deref(), Some("INVALID_LOGIN"));
        let detail =
            "<faultcode>x</faultcode><sf:exceptionCode>SERVER_UNAVAILABLE</sf:exceptionCode>";
        assert_eq!(refusal(detail.as_bytes()), None);
        assert_eq!(refusal(b"<html>busy</html>"), None);
        for lacking in ["<result/>", "<sessionId>x</sessionId>", "<sessionId></sessionId>"] {
            assert!(read(lacking.as_bytes()).is_err(), "{lacking}");
        }
    }
}
