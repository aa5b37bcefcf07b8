//! The list of report types.

use serde_json::{Value, json};

use super::kinds::Report;
use crate::server::Request;
use crate::stripe::error::Problem;
use crate::stripe::kind::Kind;
use crate::stripe::query::{Allowed, Query};
use crate::stripe::scene::Scene;

const PATH: &str = "/v1/reporting/report_types";
const DAY: u32 = 86_400;

/// The first second of which there is data, and the last day's end, in seconds of the epoch.
pub(super) fn available(scene: &Scene<'_>) -> (u32, u32) {
    let rows = scene.account.table(Kind::BalanceTransactions).rows();
    let first = rows.first().map_or(scene.now, |row| row.created);
    (first / DAY * DAY, scene.now / DAY * DAY)
}

/// The body for a path of report types; `None` if it is none.
pub(in crate::stripe) fn answer(
    scene: &Scene<'_>,
    request: &Request,
) -> Option<Result<String, Problem>> {
    let rest = request.path.strip_prefix(PATH)?;
    let checked = Query::parse(request, Allowed::default()).map(drop);
    match rest.strip_prefix('/') {
        None if rest.is_empty() => Some(checked.map(|()| {
            let data: Vec<Value> = Report::all().iter().map(|one| show(scene, one)).collect();
            json!({"object": "list", "data": data, "has_more": false, "url": PATH}).to_string()
        })),
        Some(id) if !id.contains('/') => Some(checked.and_then(|()| {
            let missing = || Problem::missing(404, "report_type", id, "id");
            Ok(show(scene, Report::find(id).ok_or_else(missing)?).to_string())
        })),
        _ => None,
    }
}

fn show(scene: &Scene<'_>, report: &Report) -> Value {
    let (start, end) = available(scene);
    json!({
        "id": report.id,
        "object": "reporting.report_type",
        "data_available_end": end,
        "data_available_start": start,
        "default_columns": report.columns(),
        "livemode": false,
        "name": report.name,
        "updated": end,
        "version": report.version,
    })
}
