//! Queries whose fields are too many for one request: several, whose records are put together.

use std::collections::HashMap;

use serde_json::value::RawValue;
use singer_http::{Client, Request, Response};
use singer_tap::{Error, Scan};

use super::Records;
use super::lookup::{self, Page};
use crate::api::Api;
use crate::soql::Query;

/// Bytes of an address: Salesforce takes 16,384 with the headers, of which a session may be long
/// (<https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta/salesforce_app_limits_cheatsheet/salesforce_app_limits_platform_api.htm>).
const LONGEST: usize = 12_500;
/// Of them, for the names of fields where records are asked for by identifiers.
const FIELDS: usize = 5_000;
/// Fields that are in every part: the identifier, the replication key, the mark of deletion.
const COMMON: usize = 3;

/// The fields of a query in parts that fit into a request.
pub(super) struct Split<'q> {
    /// Asked for by the query itself.
    pub(super) first: Vec<&'q str>,
    /// Asked for by the identifiers of its records.
    pub(super) others: Vec<Vec<&'q str>>,
}

/// Whether a query fits into one request.
pub(super) fn fits(api: &Api, client: &Client, query: &Query<'_>) -> bool {
    let mut request = Request::get(api.url(client, "queryAll"));
    request.url.query_pairs_mut().append_pair("q", &query.text());
    request.url.as_str().len() <= LONGEST
}

impl<'q> Split<'q> {
    pub(super) fn of(api: &Api, client: &Client, query: &Query<'q>) -> Split<'q> {
        if fits(api, client, query) {
            return Split { first: query.fields.clone(), others: Vec::new() };
        }
        let (common, rest) = query.fields.split_at(COMMON.min(query.fields.len()));
        let mut parts: Vec<Vec<&str>> = vec![common.to_vec()];
        let mut bytes = 0;
        for field in rest {
            // A comma is encoded.
            bytes += field.len() + 3;
            if bytes > FIELDS {
                parts.push(Vec::new());
                bytes = field.len() + 3;
            }
            parts.last_mut().into_iter().for_each(|part| part.push(field));
        }
        let others = parts.split_off(1);
        Split { first: parts.pop().unwrap_or_default(), others }
    }

    /// A page of the query's first part, with the other parts of its records.
    ///
    /// # Errors
    /// [`Error::Body`] where a record is gone meanwhile: the page has to be asked for again.
    pub(super) async fn completed(
        &self,
        of: &Records,
        scan: &Scan<'_>,
        response: &Response,
    ) -> Result<Vec<u8>, Error> {
        let mut page = parse(&response.body)?;
        let id = of.object.id;
        let ids: Vec<String> =
            page.records.iter().map(|record| text_of(record, id)).collect::<Result<_, _>>()?;
        let ids_of: Vec<&str> = ids.iter().map(String::as_str).collect();
        for fields in &self.others {
            let part: Vec<Record> =
                lookup::records(&of.api, &of.object, scan, fields, &ids_of).await?;
            let mut found = HashMap::new();
            for record in part {
                found.insert(text_of(&record, id)?, record);
            }
            for (record, id) in page.records.iter_mut().zip(&ids) {
                let gone = || Error::Body { what: "a record is gone meanwhile".to_owned() };
                record.extend(found.remove(id).ok_or_else(gone)?);
            }
        }
        serde_json::to_vec(&page).map_err(|error| Error::Bug { what: error.to_string() })
    }
}

/// A record, its values as they came.
type Record = HashMap<String, Box<RawValue>>;

fn parse(body: &[u8]) -> Result<Page<Record>, Error> {
    serde_json::from_slice(body)
        .map_err(|error| Error::Body { what: format!("no page at column {}", error.column()) })
}

fn text_of(record: &Record, field: &str) -> Result<String, Error> {
    let text = record.get(field).and_then(|value| serde_json::from_str(value.get()).ok());
    text.ok_or_else(|| Error::Body { what: format!("a record has no `{field}`") })
}
