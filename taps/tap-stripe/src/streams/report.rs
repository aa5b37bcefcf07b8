//! Reports.

mod report_runs;

use crate::resource::Resource;

/// Its streams, in the order in which they are listed.
pub(super) const STREAMS: [Resource; 1] = [report_runs::STREAM];
