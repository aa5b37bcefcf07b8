//! The Singer protocol: messages, catalog, selection, state, target-safe schemas and the record
//! encoder.
//!
//! No network and no async here. The protocol is described in the
//! [Singer specification](https://github.com/singer-io/getting-started/blob/master/docs/SPEC.md).

pub mod bookmark;
pub mod catalog;
pub mod cursor;
pub mod discovery;
pub mod encoder;
pub mod entry;
pub mod error;
pub mod flattening;
pub mod interval;
pub mod lint;
pub mod message;
pub mod metadata;
pub mod partition;
pub mod schema;
pub mod selection;
pub mod state;
pub mod stream_map;
pub mod writer;

pub mod pointer;
mod shape;

pub use bookmark::{Bookmark, Origin};
pub use catalog::Catalog;
pub use cursor::{Cursor, CursorKind};
pub use discovery::Discovered;
pub use encoder::{
    BodyError, BodyFault, Context, Emitted, Encoder, Filter, Found, Frame, Keep, Misfit, Misfits,
    News, Output, PageFacts, RecordSpec, Reject, RejectReason, Rows, Seen, Stamp, Transform,
    Values, filter, scan, transform,
};
pub use entry::{CatalogEntry, ReplicationChoice};
pub use error::{Error, json_fault, type_name};
pub use flattening::Flattening;
pub use interval::{Interval, Intervals};
pub use lint::{Violation, lint};
pub use metadata::{Inclusion, Method};
pub use partition::PartitionKey;
pub use schema::{Field, Format, Kind, Property, Schema};
pub use selection::Selection;
pub use state::{Layout, State};
pub use stream_map::{Place, StreamMap};
pub use writer::{MessageWriter, WriteError};
