use serde_json::json;

use super::*;
use Document::{Catalog, Message, State};

#[track_caller]
fn good(document: Document, values: &[Value]) {
    for value in values {
        let breaches = document.breaches(value);
        assert!(breaches.is_empty(), "{value}: {breaches:#?}");
    }
}

/// Values that break a rule, each with what must be named.
#[track_caller]
fn bad(document: Document, values: &[(Value, &str)]) {
    for (value, place) in values {
        let breaches = document.breaches(value);
        assert!(breaches.iter().any(|breach| breach.contains(place)), "{value}: {breaches:#?}");
    }
}

#[test]
fn the_schemas_are_of_draft_2020_12_and_have_relative_names() {
    for (document, name) in [(Message, "message"), (Catalog, "catalog"), (State, "state")] {
        let schema: Value = serde_json::from_str(document.schema()).unwrap();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!(schema["$id"], format!("{name}.schema.json"));
        assert!(schema["description"].is_string() && schema["title"].is_string());
        assert!(jsonschema::meta::is_valid(&schema), "{name}");
    }
}

fn schema(fields: Value, key: Value) -> Value {
    json!({"type": "SCHEMA", "stream": "orders", "schema": fields, "key_properties": key})
}

fn orders() -> Value {
    json!({"type": "object", "properties": {"id": {"type": "integer"}}})
}

#[test]
fn messages_of_every_kind_are_valid() {
    good(
        Message,
        &[
            schema(orders(), json!(["id"])),
            schema(json!({"type": ["null", "object"], "properties": {"id": {}}}), json!([])),
            json!({"type": "SCHEMA", "stream": "s", "schema": orders(), "key_properties": [],
            "bookmark_properties": ["at"], "x-more": 1}),
            json!({"type": "RECORD", "stream": "orders", "record": {}}),
            json!({"type": "RECORD", "stream": "orders", "record": {"id": 1}, "version": 3,
            "time_extracted": "2026-11-24T15:00:00.000000Z", "x-more": {}}),
            json!({"type": "STATE", "value": {}}),
            json!({"type": "STATE", "value": null}),
            json!({"type": "ACTIVATE_VERSION", "stream": "orders", "version": 1}),
            json!({"type": "BATCH", "stream": "orders", "manifest": ["file:///a.jsonl.gz"],
            "encoding": {"format": "jsonl", "compression": "gzip"}}),
        ],
    );
}

#[test]
fn what_targets_stumble_on_is_no_message() {
    let record = |more: Value| {
        let mut record = json!({"type": "RECORD", "stream": "orders", "record": {}});
        record.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        record
    };
    bad(
        Message,
        &[
            (json!([]), "object"),
            (json!({}), "type"),
            (json!({"type": "record", "stream": "orders", "record": {}}), "/type"),
            (json!({"type": "SHAPE", "stream": "orders"}), "/type"),
            (json!({"type": "SCHEMA", "stream": "orders", "schema": orders()}), "key_properties"),
            (schema(orders(), json!(null)), "/key_properties"),
            (schema(orders(), json!("id")), "/key_properties"),
            (schema(orders(), json!(["id", "id"])), "/key_properties"),
            (schema(orders(), json!([[]])), "/key_properties/0"),
            (schema(json!({}), json!([])), "/schema"),
            (schema(json!(true), json!([])), "/schema"),
            (schema(json!({"type": "array", "properties": {"id": {}}}), json!([])), "/schema/type"),
            (schema(json!({"type": "object", "properties": {}}), json!([])), "/schema/properties"),
            (
                schema(json!({"type": "object", "properties": {"id": true}}), json!([])),
                "/schema/properties/id",
            ),
            (record(json!({"record": []})), "/record"),
            (record(json!({"stream": ""})), "/stream"),
            (record(json!({"stream": 5})), "/stream"),
            (record(json!({"version": "1"})), "/version"),
            (record(json!({"time_extracted": "yesterday"})), "/time_extracted"),
            (record(json!({"time_extracted": 1_795_532_400})), "/time_extracted"),
            (json!({"type": "RECORD", "stream": "orders"}), "record"),
            (json!({"type": "STATE"}), "value"),
            (json!({"type": "ACTIVATE_VERSION", "stream": "orders"}), "version"),
            (json!({"type": "ACTIVATE_VERSION", "stream": "orders", "version": 1.5}), "/version"),
            (
                json!({"type": "BATCH", "stream": "orders", "manifest": "a", "encoding": {"format": "jsonl"}}),
                "/manifest",
            ),
        ],
    );
}

fn catalog(entry: Value) -> Value {
    let mut stream = json!({"tap_stream_id": "orders", "schema": orders()});
    stream.as_object_mut().unwrap().extend(entry.as_object().unwrap().clone());
    json!({"streams": [stream]})
}

fn place(breadcrumb: Value, metadata: Value) -> Value {
    catalog(json!({"metadata": [{"breadcrumb": breadcrumb, "metadata": metadata}]}))
}

#[test]
fn catalogs_of_taps_and_tools_are_valid() {
    good(
        Catalog,
        &[
            json!({"streams": []}),
            catalog(json!({})),
            catalog(
                json!({"stream": "orders", "selected": true, "replication_method": "INCREMENTAL",
            "replication_key": "at", "key_properties": ["id"], "is_view": false, "x-more": 1}),
            ),
            place(
                json!([]),
                json!({"selected": true, "inclusion": "available", "replication-method": "FULL_TABLE",
            "valid-replication-keys": ["at"], "table-key-properties": ["id"], "x-more": 1}),
            ),
            place(
                json!(["properties", "id"]),
                json!({"inclusion": "automatic", "selected": "false"}),
            ),
            place(json!(["properties", "lines", "items", "properties", "sku"]), json!({})),
        ],
    );
}

#[test]
fn a_catalog_of_the_wrong_shape_is_none() {
    let root = |metadata: Value| place(json!([]), metadata);
    bad(
        Catalog,
        &[
            (json!([]), "object"),
            (json!({}), "streams"),
            (json!({"streams": {}}), "/streams"),
            (json!({"streams": [{"stream": "orders", "schema": {}}]}), "tap_stream_id"),
            (json!({"streams": [{"tap_stream_id": "orders"}]}), "schema"),
            (catalog(json!({"tap_stream_id": ""})), "/streams/0/tap_stream_id"),
            (catalog(json!({"schema": true})), "/streams/0/schema"),
            (catalog(json!({"metadata": {}})), "/streams/0/metadata"),
            (
                catalog(json!({"replication_method": "incremental"})),
                "/streams/0/replication_method",
            ),
            (place(json!("properties"), json!({})), "/metadata/0/breadcrumb"),
            (place(json!(["id"]), json!({})), "/metadata/0/breadcrumb"),
            (place(json!(["fields", "id"]), json!({})), "/metadata/0/breadcrumb"),
            (root(json!({"selected": "yes"})), "/metadata/0/metadata/selected"),
            (root(json!({"inclusion": "maybe"})), "/metadata/0/metadata/inclusion"),
            (root(json!({"replication-method": "FULL"})), "replication-method"),
            (root(json!({"table-key-properties": "id"})), "table-key-properties"),
        ],
    );
}

fn bookmarks(stream: Value) -> Value {
    json!({"bookmarks": {"orders": stream}})
}

#[test]
fn states_of_these_taps_and_of_others_are_valid() {
    good(
        State,
        &[
            json!({}),
            json!({"bookmarks": {}, "currently_syncing": null, "x-more": 1}),
            bookmarks(json!({"since": "2026-01-01"})),
            bookmarks(
                json!({"replication_key": "at", "replication_key_value": 5, "intervals": []}),
            ),
            bookmarks(json!({"partitions": {"acme/widgets": {"replication_key": "at",
            "replication_key_value": null, "start": null, "pending": [{"shop": 1}],
            "intervals": [[null, "2026-01-01"], ["2026-02-01", "2026-03-01"]]}}})),
            bookmarks(
                json!({"partitions": [{"context": {"org": "acme"}, "replication_key_value": "2026-01-01",
            "progress_markers": {"Note": "unfinished"}}]}),
            ),
            json!({"bookmarks": {}, "tap": {"name": "tap-shop", "state_version": 1, "account": "a1"}}),
        ],
    );
}

#[test]
fn a_state_of_the_wrong_shape_is_none() {
    let partition = |bookmark: Value| bookmarks(json!({"partitions": {"acme": bookmark}}));
    bad(
        State,
        &[
            (json!([]), "object"),
            (json!("2026-01-01"), "object"),
            (json!({"bookmarks": []}), "/bookmarks"),
            (json!({"bookmarks": {"": {}}}), "/bookmarks"),
            (bookmarks(json!("2026-01-01")), "/bookmarks/orders"),
            (bookmarks(json!({"replication_key": 5})), "/bookmarks/orders/replication_key"),
            (
                bookmarks(json!({"replication_key_value": true})),
                "/bookmarks/orders/replication_key_value",
            ),
            (bookmarks(json!({"intervals": {}})), "/bookmarks/orders/intervals"),
            (bookmarks(json!({"intervals": [["a"]]})), "/bookmarks/orders/intervals/0"),
            (bookmarks(json!({"intervals": [["a", null]]})), "/bookmarks/orders/intervals/0/1"),
            (bookmarks(json!({"partitions": {"": {}}})), "/bookmarks/orders/partitions"),
            (bookmarks(json!({"partitions": [{}]})), "/bookmarks/orders/partitions"),
            (bookmarks(json!({"partitions": [{"context": {}}]})), "/bookmarks/orders/partitions"),
            (partition(json!(5)), "/bookmarks/orders/partitions"),
            (partition(json!({"pending": [{}]})), "/bookmarks/orders/partitions"),
            (json!({"currently_syncing": 5}), "/currently_syncing"),
            (json!({"tap": {"name": "tap-shop"}}), "state_version"),
            (json!({"tap": {"name": "tap-shop", "state_version": "1"}}), "/tap/state_version"),
            (json!({"tap": {"name": "", "state_version": 1}}), "/tap/name"),
        ],
    );
}
