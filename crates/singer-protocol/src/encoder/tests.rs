//! The encoder from outside: bodies in, lines out.

mod fidelity;
mod flattened;
mod frames;
mod generated;
mod hostile;
mod mapped;
mod reshaped;
mod rows;
mod undeclared;
mod values;

use chrono::DateTime;
use serde_json::{Value, json};

use crate::catalog::Catalog;
use crate::cursor::CursorKind;
use crate::flattening::Flattening;
use crate::schema::Schema;
use crate::selection::Selection;
use crate::stream_map::StreamMap;

use super::*;

/// A stream and a page request, with what most tests do not care about filled in.
struct Setup {
    properties: Value,
    key: Vec<String>,
    cursor: Option<(&'static str, CursorKind)>,
    transforms: Vec<Transform>,
    filters: Vec<Filter>,
    deselected: Vec<&'static [&'static str]>,
    context: Vec<String>,
    omit: Vec<String>,
    map: Option<Value>,
    flattening: Option<Flattening>,
    frame: Frame,
    parent: Context,
    version: Option<i64>,
}

impl Setup {
    /// A stream of these fields, without a key.
    fn new(properties: Value) -> Setup {
        Setup {
            properties,
            key: Vec::new(),
            cursor: None,
            transforms: Vec::new(),
            filters: Vec::new(),
            deselected: Vec::new(),
            context: Vec::new(),
            omit: Vec::new(),
            map: None,
            flattening: None,
            frame: Frame::list(),
            parent: Vec::new(),
            version: None,
        }
    }

    fn encoder(&self) -> Result<Encoder, Error> {
        let schema = Schema::parse(json!({"type": "object", "properties": self.properties}))?;
        let map = self.map.as_ref().map(|map| {
            let map = map.as_object().unwrap();
            let place = crate::stream_map::Place {
                pointer: "/stream_maps/things",
                stream: "things",
                is_shared: false,
                config: &serde_json::Map::new(),
            };
            StreamMap::parse(map, place).unwrap()
        });
        Encoder::compile(&RecordSpec {
            stream: "things",
            schema: &schema,
            key: &self.key,
            cursor: self.cursor,
            transforms: &self.transforms,
            filters: &self.filters,
            selection: &self.selection(),
            context: &self.context,
            omit: &self.omit,
            map: map.as_ref(),
            flattening: self.flattening.as_ref(),
        })
    }

    fn selection(&self) -> Selection {
        let mut metadata = vec![json!({"breadcrumb": [], "metadata": {"selected": true}})];
        for breadcrumb in &self.deselected {
            metadata.push(json!({"breadcrumb": breadcrumb, "metadata": {"selected": false}}));
        }
        let entry = json!({"tap_stream_id": "things", "metadata": metadata});
        let catalog = Catalog::from_json(json!({"streams": [entry]})).unwrap();
        Selection::of(catalog.entry("things").unwrap())
    }

    fn stamp(&self) -> Stamp {
        Stamp {
            time_extracted: DateTime::from_timestamp(1_764_000_000, 0).unwrap(),
            version: self.version,
        }
    }

    fn encode_into(&self, body: &[u8], out: &mut Output) -> Result<PageFacts, BodyError> {
        self.encode_with(body, &mut |_| Keep::Emit, out)
    }

    fn encode_with(
        &self,
        body: &[u8],
        decide: &mut dyn FnMut(&Seen<'_>) -> Keep,
        out: &mut Output,
    ) -> Result<PageFacts, BodyError> {
        let encoder = self.encoder().unwrap();
        encoder.page(body, &self.frame, &self.parent, &self.stamp(), decide, out)
    }

    /// Encodes a page that is whole.
    fn encode(&self, body: impl AsRef<[u8]>) -> Page {
        let mut out = Output::default();
        let facts = self.encode_into(body.as_ref(), &mut out).unwrap();
        assert_eq!(facts.records, out.emitted + out.dropped + out.rejects.len() as u64);
        Page { facts, out }
    }

    /// The text of the only record of a page.
    fn record(&self, body: impl AsRef<[u8]>) -> String {
        let [record] = self.encode(body).records().try_into().unwrap();
        record
    }
}

struct Page {
    facts: PageFacts,
    out: Output,
}

impl Page {
    /// The texts of the records, cut out of their lines.
    fn records(&self) -> Vec<String> {
        let lines = str::from_utf8(&self.out.lines).unwrap();
        assert_eq!(lines.matches('\n').count() as u64, self.out.emitted);
        lines
            .lines()
            .map(|line| {
                let line: Value = serde_json::from_str(line).unwrap();
                assert_eq!((&line["type"], &line["stream"]), (&json!("RECORD"), &json!("things")));
                line
            })
            .zip(lines.lines())
            .map(|(_, line)| {
                let head = r#"{"type":"RECORD","stream":"things","record":"#;
                let (record, _) = line.rsplit_once(r#","time_extracted":""#).unwrap();
                record.strip_prefix(head).unwrap().to_owned()
            })
            .collect()
    }

    fn misfits(&self) -> Vec<(&str, Misfit, u64)> {
        self.out.misfits.iter().collect()
    }
}

fn integer() -> Value {
    json!({"type": ["integer", "null"]})
}

fn string() -> Value {
    json!({"type": ["string", "null"]})
}

fn object(properties: Value) -> Value {
    json!({"type": ["object", "null"], "properties": properties})
}

fn list(items: Value) -> Value {
    json!({"type": ["array", "null"], "items": items})
}

fn date_time() -> Value {
    json!({"type": ["string", "null"], "format": "date-time"})
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn a_line_is_the_protocols_message() {
    let mut setup = Setup::new(json!({"id": integer()}));
    let page = setup.encode(r#"[{"id": 1}]"#);
    let line = r#"{"type":"RECORD","stream":"things","record":{"id":1},"time_extracted":"2025-11-24T16:00:00.000000Z"}"#;
    assert_eq!(String::from_utf8(page.out.lines).unwrap(), format!("{line}\n"));
    setup.version = Some(17);
    let page = setup.encode(r#"[{"id": 1}]"#);
    let line = r#"{"type":"RECORD","stream":"things","record":{"id":1},"time_extracted":"2025-11-24T16:00:00.000000Z","version":17}"#;
    assert_eq!(String::from_utf8(page.out.lines).unwrap(), format!("{line}\n"));
}

#[test]
fn an_encoder_is_shared_by_workers() {
    fn shared<T: Send + Sync>() {}
    shared::<Encoder>();
}
