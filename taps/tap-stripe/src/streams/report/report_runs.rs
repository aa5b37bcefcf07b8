//! Runs of reports.

use singer_tap::schema;

use crate::changes::Changes;
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "report_runs",
    about: "Runs of reports.",
    schema: schema!("report_runs"),
    path: "/v1/reporting/report_runs",
    read: Read::Created("created"),
    changes: Changes {
        object: "reporting.report_run",
        types: &["reporting.report_run.failed", "reporting.report_run.succeeded"],
        ..Changes::NONE
    },
    selected: false,
    ..Resource::LIST
};
