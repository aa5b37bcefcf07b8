//! What the engine reads of a stream.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use singer_http::Kind as Failure;
use singer_protocol::{Filter, Format, Kind, Schema, Transform, transform};

use super::{Parent, SchemaFrom, Stream};
use crate::error::Error;
use crate::items::Items;
use crate::partition::Partition;
use crate::replication::Replication;
use crate::rest::Route;
use crate::source::Source;

/// The field of [`Stream::deleted_by`], as targets know it.
const DELETED_AT: &str = "_sdc_deleted_at";

impl Stream {
    /// Its name, as in messages and catalog.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it holds.
    pub fn description(&self) -> &str {
        &self.about
    }

    /// The fields that identify a record.
    pub fn key_properties(&self) -> &[String] {
        &self.key
    }

    /// The replication key of an incremental stream.
    pub fn replication_key(&self) -> Option<&str> {
        match &self.replication {
            Replication::FullTable => None,
            Replication::Incremental { key, .. } => Some(key),
        }
    }

    /// The name of its parent stream.
    pub fn parent_name(&self) -> Option<&str> {
        self.parent.as_ref().map(|parent| parent.stream.as_str())
    }

    /// Its schema, parsed.
    ///
    /// # Errors
    /// The text is no JSON Schema in the dialect.
    pub fn parsed_schema(&self) -> Result<&Schema, Error> {
        if let Some(schema) = self.parsed.get() {
            return Ok(schema);
        }
        let broken = |why: String| Error::Bug {
            what: format!("the schema of stream `{}` is broken ({why})", self.name),
        };
        let json = match &self.schema {
            SchemaFrom::Text(text) => {
                let json = serde_json::from_str(text).map_err(|error| broken(error.to_string()))?;
                with_key(json, &self.key)
            }
            SchemaFrom::Type(schema_of) => schema_of(&self.key),
        };
        let mut schema = Schema::parse(json).map_err(|error| broken(error.to_string()))?;
        if self.deleted_by.is_some() {
            schema = schema
                .with_field(&[], DELETED_AT, &Kind::String(Format::DateTime))
                .ok_or_else(|| broken(format!("`{DELETED_AT}` is the engine's")))?;
        }
        Ok(self.parsed.get_or_init(|| schema))
    }

    /// How it is read again.
    pub fn replication(&self) -> &Replication {
        &self.replication
    }

    pub(crate) fn parent(&self) -> Option<&Parent> {
        self.parent.as_ref()
    }

    /// Whom requests for a partition are about.
    pub(crate) fn audience_of<'a>(&self, partition: &'a Partition) -> Option<&'a str> {
        partition.context().get(self.audience?)?.as_str()
    }

    pub(crate) fn routes(&self) -> &[Route] {
        &self.rest.routes
    }

    pub(crate) fn reader(&self) -> &dyn Source {
        match &self.source {
            Some(source) => source.as_ref(),
            None => &self.rest,
        }
    }

    /// What reads its changes, if anything does.
    pub(crate) fn events_reader(&self) -> Option<&dyn Source> {
        self.events.as_ref().map(|events| events.source.as_ref())
    }

    /// How long its changes are kept.
    pub(crate) fn events_kept(&self) -> Option<Duration> {
        self.events.as_ref().map(|events| events.kept)
    }

    /// What is done to a record, the declared changes first.
    pub(crate) fn transforms(&self) -> Vec<Transform> {
        let mut transforms = self.transforms.clone();
        transforms
            .extend(self.deleted_by.as_ref().map(|field| transform::deleted(field, DELETED_AT)));
        transforms
    }

    pub(crate) fn filters(&self) -> &[Filter] {
        &self.filters
    }

    pub(crate) fn omitted(&self) -> &[String] {
        &self.omitted
    }

    pub(crate) fn children_get(&self) -> &[(String, String)] {
        &self.child_context
    }

    /// How late its changes may show, and how far before its bookmark it is read again.
    pub fn lag_and_lookback(&self) -> (Duration, Duration) {
        (self.lag, self.lookback)
    }

    /// The status of an error that the stream tolerates, or the error.
    pub(crate) fn tolerated(&self, error: Error) -> Result<u16, Error> {
        let Error::Http(http) = &error else { return Err(error) };
        let may_be = matches!(
            http.kind(),
            Failure::Forbidden | Failure::Missing | Failure::Withheld | Failure::Rejected
        );
        let (statuses, words) = &self.tolerated_saying;
        let says = http
            .site()
            .cause
            .as_ref()
            .is_some_and(|cause| words.iter().any(|word| cause.contains(word)));
        let is_tolerated = |status: &u16| {
            may_be && (self.rest.absent.contains(status) || says && statuses.contains(status))
        };
        http.status().map(|status| status.as_u16()).filter(is_tolerated).ok_or(error)
    }

    pub(crate) fn is_read_in_part(&self) -> bool {
        self.in_part
    }

    pub(crate) fn is_newest_first(&self) -> bool {
        self.newest_first
    }

    pub(crate) fn is_selected_by_default(&self) -> bool {
        self.selected_by_default
    }

    pub(crate) fn are_fields_selected_by_default(&self) -> bool {
        self.fields_selected_by_default
    }

    pub(crate) fn follows(&self) -> bool {
        self.follows
    }

    pub(crate) fn changed_at_field(&self) -> Option<&str> {
        self.changed_at.as_deref()
    }

    pub(crate) fn deleted_by_field(&self) -> Option<&str> {
        self.deleted_by.as_deref()
    }

    pub(crate) fn only_if_field(&self) -> Option<&str> {
        self.only_if.as_deref()
    }

    /// Where in its parent's records its own are, if they are there.
    pub(crate) fn items(&self) -> Option<&Items> {
        self.items.as_ref()
    }

    pub(crate) fn batch_size(&self) -> usize {
        self.batch
    }

    pub(crate) fn is_written_once(&self) -> bool {
        self.once
    }

    /// Takes the source that its description makes of its routes: that of its list, and the first
    /// shortcut that gives every field of this schema. Parameters that are for the sake of other
    /// fields than these and those that are `handed` down go.
    pub(crate) fn settle_source(&mut self, selected: &Value, handed: &[String]) {
        let is_read = |field: &str| {
            selected["properties"].get(field).is_some() || handed.iter().any(|known| known == field)
        };
        for route in &mut self.rest.routes {
            route.params.retain(|param| param.of.is_none_or(is_read));
        }
        if let Some(listing) = &self.listing {
            self.source = Some(Arc::new(listing.source(self.rest.clone())));
        }
        if let Some(shortcut) = self.shortcuts.iter().find(|shortcut| shortcut.covers(selected)) {
            self.batch = shortcut.batch_size();
            self.source = Some(Arc::new(shortcut.source(self.rest.clone())));
        }
    }

    /// Whether it may be read for many parents at once.
    pub(crate) fn may_batch(&self) -> bool {
        self.batch > 1 || !self.shortcuts.is_empty()
    }

    pub(crate) fn is_skipped_unselected(&self) -> bool {
        self.skip_unselected
    }
}

/// A schema in which no field of the key may be null, whatever it says of it: a tap may have another key
/// by its settings.
fn with_key(mut schema: Value, key: &[String]) -> Value {
    for field in key {
        if let Some(Value::Array(kinds)) = schema.pointer_mut(&format!("/properties/{field}/type"))
            && kinds.len() > 1
        {
            kinds.retain(|kind| kind != "null");
        }
    }
    schema
}
