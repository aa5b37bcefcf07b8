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
/// Times that a description is asked for that Salesforce cannot give for now.
const ATTEMPTS: u32 = 3;
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
    let (names, are_named) = match wanted.names() {
        Some(names) => (names, true),
        None => (listed(api, client, wanted).await?, false),
    };
    let batches: Vec<_> =
        names.chunks(BATCH).map(|some| describe(api, client, some, are_named)).collect();
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

/// Describes up to 25 objects, and those again whose description Salesforce cannot give for now.
///
/// # Errors
/// One that is named cannot be had.
async fn describe(
    api: &Api,
    client: &Client,
    names: &[String],
    are_named: bool,
) -> Result<Vec<Object>, Error> {
    let mut found: Vec<Option<Object>> = names.iter().map(|_| None).collect();
    let mut left: Vec<usize> = (0..names.len()).collect();
    for attempt in 0..ATTEMPTS {
        let asked: Vec<&str> = left.iter().map(|at| names[*at].as_str()).collect();
        let answers = answers(api, client, &asked).await?;
        let is_last = attempt + 1 == ATTEMPTS;
        let mut again = Vec::new();
        for (at, answer) in left.into_iter().zip(answers) {
            let name = &names[at];
            match described(&answer) {
                Ok(described) => match described.object() {
                    Ok(object) => found[at] = Some(object),
                    Err(why) => tracing::debug!("`{name}` is left out: {why}"),
                },
                Err(_) if answer.may_pass() && !is_last => again.push(at),
                Err(why) if answer.may_pass() && are_named => {
                    let what = format!("`{name}` cannot be described: {why}");
                    return Err(Error::Body { what });
                }
                Err(why) => {
                    tracing::warn!("[DISC01] `{name}` cannot be described and is left out ({why})")
                }
            }
        }
        if again.is_empty() {
            break;
        }
        client.backoff(attempt).await;
        left = again;
    }
    Ok(found.into_iter().flatten().collect())
}

/// What Salesforce says of each of up to 25 objects.
async fn answers(api: &Api, client: &Client, names: &[&str]) -> Result<Vec<Answered>, Error> {
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
    Ok(batch.results)
}

impl Answered {
    /// Whether another answer may come later.
    fn may_pass(&self) -> bool {
        self.status_code >= 500 || self.status_code == 429
    }
}

fn described(answer: &Answered) -> Result<Described, String> {
    if answer.status_code != 200 {
        return Err(format!("status {}", answer.status_code));
    }
    serde_json::from_str(answer.result.get()).map_err(|error| {
        format!("its description is not as documented at column {}", error.column())
    })
}
