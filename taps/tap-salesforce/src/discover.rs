//! Which objects an org has, and what they are like: by its own descriptions.

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use http::{HeaderValue, header};
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;
use singer_http::{Client, Request};
use singer_tap::{Error, Wanted};

use crate::api::Api;
use crate::object::{Described, Object, is_worth_describing};

/// Descriptions in one request: the most that Salesforce takes
/// (<https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_batch.htm>).
const BATCH: usize = 25;
/// Requests side by side: the answers are large.
const AT_ONCE: usize = 3;

/// What an org says of all its objects.
#[derive(Debug, Deserialize)]
struct Global {
    sobjects: Vec<Listed>,
}

#[derive(Debug, Deserialize)]
struct Listed {
    name: String,
    #[serde(default)]
    queryable: bool,
}

#[derive(Debug, Deserialize)]
struct Batch {
    results: Vec<Answered>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answered {
    status_code: u16,
    result: Box<RawValue>,
}

/// The objects that are wanted and can be read, in the order of their names.
///
/// # Errors
/// The org cannot be asked. An object that cannot be described is left out, and told.
pub(crate) async fn objects(
    api: &Api,
    client: &Client,
    wanted: &Wanted,
) -> Result<Vec<Object>, Error> {
    let names = match wanted.names() {
        Some(names) => names,
        None => listed(api, client, wanted).await?,
    };
    let batches: Vec<_> = names.chunks(BATCH).map(|names| describe(api, client, names)).collect();
    let described: Vec<Vec<Object>> = stream::iter(batches).buffered(AT_ONCE).try_collect().await?;
    Ok(described.into_iter().flatten().collect())
}

/// The names of the objects that the org lists.
async fn listed(api: &Api, client: &Client, wanted: &Wanted) -> Result<Vec<String>, Error> {
    let global: Global = api.json(client, &api.get(client, "sobjects")).await?;
    let mut names: Vec<String> = global
        .sobjects
        .into_iter()
        .filter(|listed| listed.queryable && is_worth_describing(&listed.name))
        .map(|listed| listed.name)
        .filter(|name| wanted.has(name))
        .collect();
    names.sort();
    Ok(names)
}

/// Describes up to 25 objects.
async fn describe(api: &Api, client: &Client, names: &[String]) -> Result<Vec<Object>, Error> {
    let asked: Vec<_> = names
        .iter()
        .map(|name| {
            json!({"method": "GET", "url": format!("v{}/sobjects/{name}/describe", api.version())})
        })
        .collect();
    let body = json!({"batchRequests": asked}).to_string();
    let mut request = Request::post(api.url(client, "composite/batch"), body);
    "composite/batch".clone_into(&mut request.label);
    request.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    request.repeatable = true;
    let batch: Batch = api.json(client, &request).await?;
    // Each of them counts, and one of them is the request itself.
    client.count(names.len() as u64 - 1);
    if batch.results.len() != names.len() {
        let what = format!("{} of {} objects are described", batch.results.len(), names.len());
        return Err(Error::Page { what });
    }
    let objects = names.iter().zip(batch.results).filter_map(|(name, answer)| {
        let why = match described(&answer) {
            Ok(described) => match described.object() {
                Ok(object) => return Some(object),
                Err(why) => {
                    tracing::debug!("`{name}` is left out: {why}");
                    return None;
                }
            },
            Err(why) => why,
        };
        tracing::warn!("[DISC01] `{name}` cannot be described and is left out ({why})");
        None
    });
    Ok(objects.collect())
}

fn described(answer: &Answered) -> Result<Described, String> {
    if answer.status_code != 200 {
        return Err(format!("status {}", answer.status_code));
    }
    serde_json::from_str(answer.result.get()).map_err(|error| {
        format!("its description is not as documented at column {}", error.column())
    })
}
