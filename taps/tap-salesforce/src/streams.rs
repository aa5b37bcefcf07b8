//! The objects of an org as streams.

use std::sync::Arc;
use std::time::Duration;

use singer_http::Client;
use singer_tap::{Error, Since, Stream, Wanted, gather};

use crate::api::Api;
use crate::config::Config;
use crate::discover;
use crate::object::{IS_DELETED, Object, schema_of};
use crate::read::{Deleted, Records};

/// How late a record may show: its time is set when it is saved, and it is seen when all that is saved with it
/// is.
const LAG: Duration = Duration::from_secs(5 * 60);
/// How long Salesforce knows what was deleted:
/// <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_getdeleted.htm>.
const DELETED_KEPT: Duration = Duration::from_secs(15 * 86_400);
/// All that there is, in one window: a query gives its records in order, and a job needs no smaller ones.
const WHOLE: Duration = Duration::from_secs(100 * 365 * 86_400);

/// A stream for each object that is wanted.
pub(crate) async fn all(
    config: &Config,
    client: &Client,
    wanted: &Wanted,
) -> Result<Vec<Stream>, Error> {
    if wanted.is_by_default() && config.streams_to_discover.is_empty() {
        // A run that nobody has told what to read would describe all objects to read none.
        return Ok(Vec::new());
    }
    let api = Arc::new(Api::open(config, client).await?);
    let listed = &config.streams_to_discover;
    let named = Wanted::named(listed.iter().filter(|name| wanted.has(name)).cloned());
    let wanted = if listed.is_empty() { wanted } else { &named };
    let objects = discover::objects(&api, client, wanted).await?;
    for name in listed.iter().filter(|name| wanted.has(name)) {
        if !objects.iter().any(|object| object.name == **name) {
            tracing::warn!(
                "[DISC03] `streams_to_discover` names `{name}`, which the org does not have, the user may not see, or cannot be queried"
            );
        }
    }
    Ok(objects.into_iter().map(|object| stream(config, &api, object)).collect())
}

/// The stream of an object.
fn stream(config: &Config, api: &Arc<Api>, object: Object) -> Stream {
    let schema = schema_of(&object, &mut |field| {
        tracing::warn!(
            "[DISC02] `{}.{}` has the type `{}`, which this version does not know; it is read as a string",
            object.name,
            field.name,
            field.kind
        );
    });
    let compounds = object.fields.iter().filter(|field| field.is_compound()).map(|field| {
        gather(&field.name, field.parts.iter().map(|(name, from)| (*name, from.as_str())))
    });
    let mut stream = Stream::new(&object.name)
        .about(object.label.clone())
        .schema(schema.to_string())
        .key([object.id])
        .transform(compounds)
        .omit(["attributes"])
        .selected_by_default(config.streams_to_discover.contains(&object.name))
        .fields_selected_by_default(config.select_fields_by_default);
    if object.marks_deleted() {
        stream = stream.deleted_by(IS_DELETED);
    }
    if let Some(key) = &object.key {
        stream = stream
            .incremental(key, Since::Windows { size: WHOLE })
            .lag(LAG)
            .lookback(config.lookback());
    }
    let object = Arc::new(object);
    let is_told = object.is_replicateable && object.marks_deleted() && object.key.is_some();
    if config.emit_key_only_deletes && is_told {
        let deleted = Deleted::new(Arc::clone(&object), Arc::clone(api));
        stream = stream.events(deleted, DELETED_KEPT);
    }
    stream.source(Records::new(object, Arc::clone(api)))
}
