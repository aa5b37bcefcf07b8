//! Requests beside the pages of a list, signed for the account of their partition.

use http::{HeaderName, HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::value::RawValue;
use singer_http::{Request, Response, Url};
use singer_tap::{Error, Reread, Scan};

/// The name of the account in a partition, and the column that it is in.
pub(crate) const ACCOUNT: &str = "stripe_account";
/// The header that says whose data is asked for.
pub(crate) const ACCOUNT_HEADER: &str = "stripe-account";
/// The parameter that asks for a field.
pub(crate) const EXPAND: &str = "expand[]";
/// Items a page: the most that Stripe gives.
pub(crate) const PAGE: &str = "100";

/// A GET of `path` for the account of the partition, called `label` in messages. That there is no such
/// thing is believed at once.
pub(crate) fn get(scan: &Scan<'_>, path: &str, label: &str) -> Result<Request, Error> {
    let mut request = Request::get(url(scan, path));
    label.clone_into(&mut request.label);
    request.expect.absent = vec![StatusCode::NOT_FOUND];
    sign(scan, &mut request)?;
    Ok(request)
}

/// A path under the base URL.
pub(crate) fn url(scan: &Scan<'_>, path: &str) -> Url {
    let mut url = scan.client.base().clone();
    url.set_path(&format!("{}{path}", url.path().trim_end_matches('/')));
    url
}

/// Sends a request until its answer can be read as JSON, a few times.
///
/// # Errors
/// Those of the client, and [`Error::Body`].
pub(crate) async fn json(
    scan: &Scan<'_>,
    request: &Request,
) -> Result<(Box<RawValue>, Response), Error> {
    let mut tries = Reread::default();
    loop {
        let response = scan.client.send(request).await?;
        let text = String::from_utf8_lossy(&response.body);
        let error = match RawValue::from_string(text.trim().to_owned()) {
            Ok(json) => return Ok((json, response)),
            Err(error) => Error::Body { what: error.to_string() },
        };
        tries.after(error, scan.client, &request.label).await?;
    }
}

/// What an answer says.
///
/// # Errors
/// [`Error::Page`]: it is not as documented.
pub(crate) fn parse<'j, T: Deserialize<'j>>(json: &'j RawValue) -> Result<T, Error> {
    serde_json::from_str(json.get())
        .map_err(|error| Error::Page { what: format!("an answer is not as documented: {error}") })
}

/// The account that a partition is of, if the settings name one.
pub(crate) fn account<'s>(scan: &Scan<'s>) -> Option<&'s str> {
    scan.partition.context().get(ACCOUNT)?.as_str()
}

/// Says whose data a request is about.
pub(crate) fn sign(scan: &Scan<'_>, request: &mut Request) -> Result<(), Error> {
    let Some(account) = account(scan) else { return Ok(()) };
    let value = HeaderValue::try_from(account).map_err(|_| Error::Usage {
        what: "the id of an account consists of visible ASCII characters".to_owned(),
    })?;
    request.headers.insert(HeaderName::from_static(ACCOUNT_HEADER), value);
    Ok(())
}
