//! From what events tell to whole records.

use std::collections::HashSet;

use chrono::{DateTime, SecondsFormat};
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use serde_json::Value;
use singer_http::Kind;
use singer_protocol::scan;
use singer_tap::{Error, PageSink, Reread, Scan};

use super::newest::Change;
use super::{CHANGED_AT, CHANGED_BY, DELETED_AT, Object};
use crate::ask;
use crate::nested;

/// Objects that are asked for side by side; the client's limits hold all the same.
const SIDE_BY_SIDE: usize = 8;

/// Makes records of changes, and asks for an object only once.
pub(super) struct Fetcher {
    path: &'static str,
    created: &'static str,
    /// Fields that anyone reads and no event has.
    expand: Vec<&'static str>,
    had: HashSet<String>,
    deleted: HashSet<String>,
}

impl Fetcher {
    pub(super) fn new(object: &Object, sink: &PageSink) -> Fetcher {
        let expand = object.expand.iter().copied().filter(|field| sink.reads(field)).collect();
        Fetcher {
            path: object.path,
            created: object.created,
            expand,
            had: HashSet::new(),
            deleted: HashSet::new(),
        }
    }

    /// Whether an object was asked for, so that it is as it is now.
    pub(super) fn has(&self, id: &str) -> bool {
        self.had.contains(id)
    }

    /// Whether the deletion of an object was told, which may have been made anew since.
    pub(super) fn has_deleted(&self, id: &str) -> bool {
        self.deleted.contains(id)
    }

    /// The records of these changes, in their order. Objects that are gone have none, unless the event
    /// of their deletion carries them.
    pub(super) async fn records(
        &mut self,
        scan: &Scan<'_>,
        changes: &[Change],
        version: &str,
        writes_keys: bool,
    ) -> Result<Vec<String>, Error> {
        let mut making = Vec::with_capacity(changes.len());
        for change in changes {
            making.push(self.record(scan, change, version, writes_keys));
        }
        let records: Vec<(bool, Option<String>)> =
            stream::iter(making).buffered(SIDE_BY_SIDE).try_collect().await?;
        let asked = changes.iter().zip(&records).filter(|(_, (is_asked, _))| *is_asked);
        self.had.extend(asked.map(|(change, _)| change.id.clone()));
        for change in changes.iter().filter(|change| change.is_deleted) {
            self.had.remove(&change.id);
            self.deleted.insert(change.id.clone());
        }
        Ok(records.into_iter().filter_map(|(_, record)| record).collect())
    }

    /// The record of a change, and whether its object was asked for.
    async fn record(
        &self,
        scan: &Scan<'_>,
        change: &Change,
        version: &str,
        writes_keys: bool,
    ) -> Result<(bool, Option<String>), Error> {
        if change.is_deleted {
            let text = match &change.object {
                Some((text, _)) if change.is_whole() => text.clone(),
                _ if writes_keys => self.stub(change),
                _ => {
                    tracing::debug!("{} of {} carries no object", change.kind, change.id);
                    return Ok((false, None));
                }
            };
            return Ok((false, Some(marked(&text, change))));
        }
        let is_whole = |(text, of): &&(String, Option<String>)| {
            of.as_deref() == Some(version) && self.expand.is_empty() && !nested::is_cut(text)
        };
        if let Some((text, _)) = change.object.as_ref().filter(is_whole) {
            return Ok((false, Some(marked(text, change))));
        }
        Ok((true, self.fetch(scan, change).await?.map(|text| marked(&text, change))))
    }

    /// The object as it is now; none if it is gone. It is asked for again where a list within it changed
    /// meanwhile.
    async fn fetch(&self, scan: &Scan<'_>, change: &Change) -> Result<Option<String>, Error> {
        let mut tries = Reread::default();
        loop {
            match self.fetch_once(scan, change).await {
                Ok(fetched) => return Ok(fetched),
                Err(error) => tries.after(error, scan.client, self.path).await?,
            }
        }
    }

    async fn fetch_once(&self, scan: &Scan<'_>, change: &Change) -> Result<Option<String>, Error> {
        let label = format!("{}/{{id}}", self.path);
        let mut request = ask::get(scan, self.path, &label)?;
        if let Ok(mut path) = request.url.path_segments_mut() {
            path.push(&change.id);
        }
        for field in &self.expand {
            request.url.query_pairs_mut().append_pair(ask::EXPAND, field);
        }
        let text = match ask::json(scan, &request).await {
            Ok((text, _)) => text,
            Err(Error::Http(error)) if matches!(error.kind(), Kind::Missing) => {
                tracing::debug!("{} is gone", change.id);
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        // An event of its deletion follows.
        if scan::member(text.get(), "deleted") == Some("true") {
            return Ok(None);
        }
        Ok(Some(nested::complete(scan, text.get()).await?.into_owned()))
    }

    /// What is left of a deleted object: its id, and when it was deleted in place of when it was made.
    fn stub(&self, change: &Change) -> String {
        let (id, created) = (Value::from(&*change.id), Value::from(self.created));
        format!("{{\"id\":{id},{created}:{}}}", change.seconds())
    }
}

/// An object's text with what the event tells of it.
fn marked(object: &str, change: &Change) -> String {
    let rest = object.trim_start().strip_prefix('{').unwrap_or(object).trim_start();
    let comma = if rest.starts_with('}') { "" } else { "," };
    let kind = Value::from(&*change.kind);
    let seconds = change.seconds();
    let deleted = match DateTime::from_timestamp_secs(seconds).filter(|_| change.is_deleted) {
        Some(at) => {
            format!("\"{DELETED_AT}\":\"{}\",", at.to_rfc3339_opts(SecondsFormat::Secs, true))
        }
        None => String::new(),
    };
    format!("{{{deleted}\"{CHANGED_AT}\":{seconds},\"{CHANGED_BY}\":{kind}{comma}{rest}")
}
