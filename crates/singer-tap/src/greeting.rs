//! The one request before all others, of a tap whose streams have lists of changes.

use http::StatusCode;
use singer_http::{Client, Request, Scope};

use crate::error::Error;

/// Asks for a path to hear the server's time, and whether the credential is good; what is said of the path
/// itself does not matter.
///
/// # Errors
/// What would end any run: the credential is refused, the server cannot be reached.
pub(crate) async fn greet(client: &Client, path: &str) -> Result<(), Error> {
    let mut url = client.base().clone();
    url.set_path(&format!("{}{path}", url.path().trim_end_matches('/')));
    let mut request = Request::get(url);
    request.expect.absent = vec![StatusCode::NOT_FOUND];
    match client.send(&request).await {
        Err(error) if error.scope() == Scope::Run => Err(error.into()),
        _ => Ok(()),
    }
}
