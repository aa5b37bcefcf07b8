//! A tap for the source: what an author would write for it.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use singer_http::testing::RULES;
use singer_http::{Anonymous, Client, ClientSpec};
use singer_tap::{
    Cursor, Error, Keyset, LastId, LinkHeader, NextUrl, Offset, PageNumber, Partition, Since,
    Stream, Tap,
};

use crate::case::{Key, List, Shape, Tree};
use crate::server::BASE;
use crate::world::TICK;

pub(crate) struct TapModel;

#[derive(serde::Deserialize, schemars::JsonSchema)]
pub(crate) struct Config {
    /// What the source is like.
    #[schemars(with = "Value")]
    shape: Shape,
}

impl Tap for TapModel {
    const NAME: &'static str = "tap-model";
    const VERSION: &'static str = "1.0.0";
    const ABOUT: &'static str = "Reads a source that changes while it is read.";
    type Config = Config;

    fn client(_: &Config) -> Result<ClientSpec, Error> {
        let base = BASE.parse().expect("a constant URL that parses");
        Ok(ClientSpec::new(base, Arc::new(Anonymous), RULES))
    }

    async fn streams(config: &Config, _: &Client) -> Result<Vec<Stream>, Error> {
        let shape = config.shape;
        let rows = |stream: Stream| read(stream.records_at("/data"), shape.list, &shape);
        Ok(match shape.tree {
            Tree::Flat => vec![rows(stream("rows", shape.key).get("/rows"))],
            Tree::Partitions(count) => {
                let parts = (0..count).map(|part| Partition::named([("part", part)])).collect();
                let stream = stream("rows", shape.key).get("/parts/{part}/rows");
                vec![rows(stream.partitions(parts))]
            }
            Tree::Children(_) => vec![parents(&shape), rows(children(&shape))],
            Tree::Followers(_) => {
                let lookback = ticks(shape.lookback);
                let followers = rows(children(&shape)).follows_parent();
                vec![parents(&shape), followers.lookback(lookback)]
            }
        })
    }
}

fn parents(shape: &Shape) -> Stream {
    let parents = stream("parents", shape.key).get("/parents").records_at("/data");
    read(parents, shape.parents, shape).child_context([("part", "id")])
}

fn children(shape: &Shape) -> Stream {
    let children = stream("rows", shape.key).child_of("parents", ["part"]);
    children.batch(shape.batch).get("/parents/{part*}/rows")
}

/// A stream of rows as the source shows them.
fn stream(name: &str, key: Key) -> Stream {
    Stream::new(name).key(["id"]).schema(match key {
        Key::Instant => {
            r#"{"type": "object", "properties": {
                "id": {"type": "integer"}, "ref": {"type": ["null", "string"]},
                "at": {"type": ["null", "string"], "format": "date-time"}}}"#
        }
        Key::Integer => {
            r#"{"type": "object", "properties": {
                "id": {"type": "integer"}, "ref": {"type": ["null", "string"]},
                "at": {"type": ["null", "integer"]}}}"#
        }
    })
}

/// Declares how the list is read.
fn read(stream: Stream, list: List, shape: &Shape) -> Stream {
    let size = shape.page as u64;
    let numbers = || PageNumber { param: "page", first: 1, size_param: "per_page", size };
    let stream = match list {
        List::Ascending => stream.paginate(LinkHeader),
        List::Keyset => stream.paginate(Keyset { param: "since" }),
        List::Unordered | List::Window | List::Full => {
            stream.paginate(Cursor { at: "/after", param: "after" })
        }
        List::NewestFirst => stream.paginate(NextUrl("/next")),
        List::Scan => stream.paginate(LastId { has_more: "/has_more", param: "after" }),
        List::Reread => {
            let offset = Offset { param: "offset", limit_param: "limit", limit: size };
            stream.paginate(offset).shrinks()
        }
        List::FullNumbered => stream.paginate(numbers()).shrinks(),
        List::Numbered | List::NewestNumbered => stream.paginate(numbers()),
    };
    let since = match list {
        List::Ascending | List::Keyset | List::Numbered => Since::Param("since"),
        List::Unordered => Since::UnorderedParam("since"),
        List::NewestFirst | List::NewestNumbered => Since::StopAt,
        List::Scan => Since::Scan,
        List::Window => Since::Window { from: "from", to: "to", size: ticks(shape.window) },
        List::Reread => Since::Reread,
        List::Full | List::FullNumbered => return stream,
    };
    stream.incremental("at", since).lag(ticks(shape.lag)).lookback(ticks(shape.lookback))
}

fn ticks(count: i64) -> Duration {
    Duration::from_millis((count * TICK).unsigned_abs())
}
