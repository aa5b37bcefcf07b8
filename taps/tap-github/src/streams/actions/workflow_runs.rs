//! <https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-repository>

use std::time::Duration;

use serde_json::Value;
use singer_http::Request;
use singer_tap::{Error, LinkHeader, Next, Page, Paginator, Since, Stream, schema};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// The most runs that GitHub lists of a range of dates.
const SHOWN: u64 = 1_000;

pub(super) fn stream() -> Stream {
    crate::streams::of_repository("workflow_runs", "/repos/{org}/{repo}/actions/runs")
        .about("Workflow runs of a repository. Those of the last 35 days are asked for again, and written if they changed.")
        .schema(schema!("workflow_runs"))
        .key(["id"])
        .records_at("/workflow_runs")
        .paginate(RunPages)
        // Most repositories have fewer runs than are shown at once; the others are halved.
        .incremental("created_at", Since::Range { param: "created", size: 36_500 * DAY })
        // A run can be started again for 30 days, and a job of it can last for 5.
        .lookback(35 * DAY)
        .changed_at("updated_at")
        .child_context([("run_id", "id")])
}

/// Pages of a range; one that holds more than is shown is refused before any of it is taken.
#[derive(Clone, Copy, Debug)]
struct RunPages;

impl Paginator for RunPages {
    fn needs(&self) -> Vec<String> {
        vec!["/total_count".to_owned()]
    }

    fn admit(&self, needed: &[Option<Value>]) -> Result<(), Error> {
        match needed.first().and_then(|total| total.as_ref()?.as_u64()) {
            Some(total) if total > SHOWN => Err(Error::Capped {
                what: format!("{total} runs began at once, and GitHub shows the first {SHOWN}"),
                remedy: "leave this repository out of `workflow_runs`".to_owned(),
            }),
            Some(_) => Ok(()),
            None => Err(Error::Page {
                what: "a page of workflow runs must hold a number at `/total_count`".to_owned(),
            }),
        }
    }

    fn next(&self, request: &Request, page: &Page<'_>) -> Result<Next, Error> {
        LinkHeader.next(request, page)
    }
}
