//! Records by Bulk API 2.0: a job, and its result, which must be whole.

use singer_http::Kind;
use singer_tap::{Error, PageSink, Scan};

use super::job::Job;
use super::{Records, results};
use crate::auth::is_lost;
use crate::soql::Query;

/// Jobs for one query at most.
const ATTEMPTS: u32 = 3;

/// Reads what matches a query. Records come in no order: ordered ones take Salesforce far longer
/// (<https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/queries.htm>).
pub(super) async fn read(
    of: &Records,
    query: Query<'_>,
    scan: &Scan<'_>,
    pages: &mut PageSink,
) -> Result<(), Error> {
    pages.ascend(false);
    let text = Query { is_ordered: false, ..query }.text();
    let name = &of.object.name;
    let mut why = String::new();
    for attempt in 0..ATTEMPTS {
        if attempt > 0 {
            tracing::warn!("[BULK02] {why}; asking for it by a new job");
        }
        let job = Job::run(of, &text, scan).await?;
        why = match results::read(of, &job, scan, pages).await {
            Ok(records) if records == job.records => return Ok(()),
            Ok(records) => {
                let of = job.records;
                format!("the result of the Bulk job of `{name}` has {records} of {of} records")
            }
            Err(error) if is_gone(&error) => {
                format!("the result of the Bulk job of `{name}` is lost")
            }
            Err(error) => return Err(error),
        };
    }
    let what = format!("{why}, in {ATTEMPTS} jobs one after the other");
    Err(Error::Job { what, remedy: "run again later, or set `api_type` to REST".to_owned() })
}

/// Whether a result is not there any more, however that is said.
fn is_gone(error: &Error) -> bool {
    let is_unknown =
        |http: &singer_http::Error| matches!(http.kind(), Kind::Missing | Kind::Rejected);
    is_lost(error) || matches!(error, Error::Http(http) if is_unknown(http))
}
