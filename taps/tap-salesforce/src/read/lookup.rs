//! Records by their identifiers, however many pages they come in.

use std::collections::HashSet;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use singer_http::Client;
use singer_tap::{Error, Scan};

use super::rest::by_query;
use crate::api::Api;
use crate::object::Object;
use crate::soql::Query;

/// Identifiers in one request: quoted and encoded each takes 27 bytes of an address.
pub(super) const IDS: usize = 250;

/// A page of a query.
#[derive(Deserialize, Serialize)]
pub(super) struct Page<R> {
    pub(super) done: bool,
    #[serde(rename = "nextRecordsUrl")]
    pub(super) next: Option<String>,
    pub(super) records: Vec<R>,
}

/// These fields of the records that there still are, deleted ones among them.
///
/// # Errors
/// Those of the client, and [`Error::Body`] where a page cannot be read.
pub(super) async fn records<R: DeserializeOwned>(
    api: &Api,
    object: &Object,
    scan: &Scan<'_>,
    fields: &[&str],
    ids: &[&str],
) -> Result<Vec<R>, Error> {
    let query = Query::of(object);
    let mut found = Vec::new();
    for ids in ids.chunks(IDS) {
        let text = query.of_records(fields, ids);
        let mut request = by_query(api, scan, &text, object.marks_deleted());
        let mut known = HashSet::new();
        loop {
            if !known.insert(request.url.clone()) {
                return Err(Error::Loop { page: known.len() + 1 });
            }
            let page: Page<R> = api.json(scan.client, &request).await?;
            found.extend(page.records);
            match page.next {
                _ if page.done => break,
                Some(link) => request.url = resolved(scan.client, &link)?,
                None => {
                    let what = "a page that is not the last has no `nextRecordsUrl`".to_owned();
                    return Err(Error::Page { what });
                }
            }
        }
    }
    Ok(found)
}

/// An address under the base, which may lead nowhere else.
pub(super) fn resolved(client: &Client, link: &str) -> Result<singer_http::Url, Error> {
    let before = client.base().path().trim_end_matches('/');
    let is_bare = link.starts_with("/services/") && !link.starts_with(&format!("{before}/"));
    let link = if is_bare { &format!("{before}{link}") } else { link };
    Ok(client.origins().resolve_next(client.base(), link)?)
}
