//! Lists within records that Stripe cuts after the first ten items: read to their end before the
//! record is taken.

mod cut;

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::value::RawValue;
use singer_http::{BoxFuture, Kind, Request, Response};
use singer_protocol::scan;
use singer_tap::{Complete, Error, Scan};

use crate::ask;

/// Completes the records of a page, whichever lists they have, at any depth.
pub(crate) struct Nested;

impl Complete for Nested {
    fn complete<'a>(
        &'a self,
        scan: &'a Scan<'a>,
        mut page: Response,
    ) -> BoxFuture<'a, Result<Response, Error>> {
        Box::pin(async move {
            if !cut::may_have(&page.body) {
                return Ok(page);
            }
            let text = String::from_utf8_lossy(&page.body);
            if let Cow::Owned(whole) = complete(scan, &text).await? {
                page.body = whole.into_bytes();
            }
            Ok(page)
        })
    }
}

/// Whether any list within a record, or a page of records, goes on elsewhere.
pub(crate) fn is_cut(text: &str) -> bool {
    !cut::find(text).is_empty()
}

/// The same text with every list within it whole.
///
/// # Errors
/// A list cannot be read on: [`Error::Body`] where it is gone, since its record has changed then.
pub(crate) async fn complete<'t>(scan: &Scan<'_>, text: &'t str) -> Result<Cow<'t, str>, Error> {
    let cuts = cut::find(text);
    if cuts.is_empty() {
        return Ok(text.into());
    }
    let (mut whole, mut from) = (String::with_capacity(text.len() * 2), 0);
    for cut in cuts {
        whole.push_str(&text[from..cut.start]);
        from = cut.end;
        read(scan, &text[cut], &mut whole).await?;
    }
    whole.push_str(&text[from..]);
    Ok(whole.into())
}

/// Reads a list from its beginning: what was embedded may have moved since.
async fn read(scan: &Scan<'_>, list: &str, whole: &mut String) -> Result<(), Error> {
    let first = first(scan, list)?;
    whole.push_str(r#"{"object":"list","data":["#);
    let (mut after, mut known, mut is_first) = (None::<String>, HashSet::new(), true);
    loop {
        let page = page(scan, &first, after.as_deref()).await?;
        let data = scan::member(page.get(), "data").filter(|data| data.starts_with('['));
        let data = data.ok_or_else(|| lacks("`data`"))?;
        // A list within an item may be cut as well.
        let data = Box::pin(complete(scan, data)).await?;
        let mut last = None;
        for item in scan::elements(&data) {
            if !std::mem::take(&mut is_first) {
                whole.push(',');
            }
            whole.push_str(item);
            last = Some(item);
        }
        match scan::member(page.get(), "has_more") {
            Some("false") => break,
            Some("true") => {}
            _ => return Err(lacks("`has_more`")),
        }
        let id = last.and_then(|item| scan::member(item, "id")).and_then(text_of);
        let id = id.ok_or_else(|| lacks("an item to go on from"))?;
        if !known.insert(id.clone()) {
            return Err(Error::Loop { page: known.len() + 2 });
        }
        after = Some(id);
    }
    whole.push_str(r#"],"has_more":false}"#);
    Ok(())
}

/// The request for the first page of a list within a record, by the path that the list names.
fn first(scan: &Scan<'_>, list: &str) -> Result<Request, Error> {
    let link = scan::member(list, "url").and_then(text_of);
    let link = link.filter(|link| link.starts_with("/v1/")).ok_or_else(|| lacks("its path"))?;
    let (path, query) = link.split_once('?').unwrap_or((&link, ""));
    let mut request = ask::get(scan, path, &label(path))?;
    request.url.set_query((!query.is_empty()).then_some(query));
    request.url.query_pairs_mut().append_pair("limit", ask::PAGE);
    Ok(request)
}

/// A path without the ids in it.
fn label(path: &str) -> String {
    let shown = |part: &str| {
        if part.contains(|it: char| it.is_ascii_digit()) && part != "v1" { "{id}" } else { part }
            .to_owned()
    };
    path.split('/').map(shown).collect::<Vec<_>>().join("/")
}

async fn page(
    scan: &Scan<'_>,
    first: &Request,
    after: Option<&str>,
) -> Result<Box<RawValue>, Error> {
    let mut request = first.clone();
    if let Some(after) = after {
        request.url.query_pairs_mut().append_pair("starting_after", after);
    }
    match ask::json(scan, &request).await {
        Ok((page, _)) => Ok(page),
        Err(Error::Http(error)) if matches!(error.kind(), Kind::Missing | Kind::Rejected) => {
            Err(Error::Body {
                what: format!(
                    "a list within a record is gone or changed while it was read: {error}"
                ),
            })
        }
        Err(error) => Err(error),
    }
}

fn text_of(json: &str) -> Option<String> {
    serde_json::from_str(json).ok()
}

fn lacks(what: &str) -> Error {
    Error::Page { what: format!("a list within a record goes on elsewhere, but lacks {what}") }
}
