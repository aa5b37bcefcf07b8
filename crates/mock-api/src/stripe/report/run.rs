//! Runs of reports: asked for, pending, and done with a file or failed.

use serde_json::{Value, json};
use url::form_urlencoded;

use super::csv;
use super::kinds::Report;
use super::lines::{self, Scope};
use super::types::available;
use crate::seed::mix;
use crate::server::Request;
use crate::stripe::account::Account;
use crate::stripe::change::{Stamp, Wish};
use crate::stripe::error::Problem;
use crate::stripe::id;
use crate::stripe::kind::Kind;
use crate::stripe::scene::Scene;
use crate::stripe::thing::Thing;

/// How often a run is asked for before it is done.
const POLLS: u8 = 2;
/// What distinguishes ids of their files from those of others.
const IDS: u64 = 0xf17e;
const MONTH: u32 = 30 * 86_400;

/// What a run was asked for.
#[derive(Debug, Clone)]
pub(in crate::stripe) struct Run {
    /// Of its row.
    number: u32,
    report: &'static Report,
    start: u32,
    end: u32,
    /// Those that were named; none for the usual ones.
    columns: Vec<&'static str>,
    currency: Option<String>,
    category: Option<String>,
    timezone: Option<String>,
    /// The idempotency key.
    key: Option<String>,
    polls: u8,
}

/// A field of a run.
#[derive(Debug, Clone, Copy)]
pub(in crate::stripe) enum Part {
    Type,
    Parameters,
    Result,
    Error,
}

/// Starts a run, or gives the one that was started with the same idempotency key.
///
/// # Errors
/// A parameter is missing, unknown or cannot be used.
pub(in crate::stripe) fn start(
    account: &mut Account,
    request: &Request,
    now: u32,
) -> Result<Thing, Problem> {
    let key = request.header("idempotency-key").map(str::to_owned);
    let before = account.runs.iter().find(|run| key.is_some() && run.key == key);
    if let Some(row) = before.and_then(|run| account.table(Kind::ReportRuns).get(run.number)) {
        return Ok(Thing::new(Kind::ReportRuns, *row));
    }
    let run = Run { key, ..asked(account, request, now)? };
    let stamp = Stamp { at: now, delay: 0, is_told: false };
    let made = account.make(Kind::ReportRuns, Wish::default(), stamp);
    let made = made.ok_or_else(|| Problem::new(500, "An unknown error occurred."))?;
    account.runs.push(Run { number: made.row.number, ..run });
    Ok(made)
}

fn asked(account: &Account, request: &Request, now: u32) -> Result<Run, Problem> {
    let (mut report, mut columns) = (None, Vec::new());
    let (mut start, mut end) = (None, None);
    let (mut currency, mut category, mut timezone) = (None, None, None);
    for (name, value) in form_urlencoded::parse(&request.body) {
        let integer = || {
            let wrong = || Problem::new(400, format!("Invalid integer: {value}"));
            let wrong = || wrong().code("parameter_invalid_integer").param(name.as_ref());
            value.parse::<u32>().map_err(|_| wrong())
        };
        match name.as_ref() {
            "report_type" => {
                let wrong = || Problem::missing(400, "report type", &value, "report_type");
                report = Some(Report::find(&value).ok_or_else(wrong)?);
            }
            "parameters[interval_start]" => start = Some(integer()?),
            "parameters[interval_end]" => end = Some(integer()?),
            "parameters[currency]" => currency = Some(value.into_owned()),
            "parameters[reporting_category]" => category = Some(value.into_owned()),
            "parameters[timezone]" if value == "Etc/UTC" => timezone = Some(value.into_owned()),
            _ if name.starts_with("parameters[columns]") => columns.push(value.into_owned()),
            _ => return Err(Problem::unknown_parameter(&name)),
        }
    }
    let report = report.ok_or_else(|| Problem::missing_parameter("report_type"))?;
    let missing = |name: &str| Problem::missing_parameter(&format!("parameters[{name}]"));
    let start = start.ok_or_else(|| missing("interval_start"))?;
    let end = end.ok_or_else(|| missing("interval_end"))?;
    let scene = Scene { account, version: account.version, now, is_whole: false, origin: "" };
    let (first, last) = available(&scene);
    if start >= end || start < first || end > last {
        let text = format!(
            "The interval must begin before it ends, and lie between {first} and {last}, for which \
             data is available."
        );
        return Err(Problem::new(400, text).param("parameters[interval_end]"));
    }
    let column = |name: &String| {
        let text = format!("`{name}` is no column of {}.", report.id);
        report.column(name).ok_or_else(|| Problem::new(400, text).param("parameters[columns]"))
    };
    let columns = columns.iter().map(column).collect::<Result<_, _>>()?;
    Ok(Run {
        number: 0,
        report,
        start,
        end,
        columns,
        currency,
        category,
        timezone,
        key: None,
        polls: 0,
    })
}

/// Counts that a run was asked for, which after a while is done.
pub(in crate::stripe) fn poll(account: &mut Account, id: &str, failing: &[String], now: u32) {
    let Some(thing) = account.find(Kind::ReportRuns, id) else { return };
    let run = account.run(&thing);
    if let Some(run) = account.runs.iter_mut().find(|run| run.number == thing.row.number) {
        run.polls = run.polls.saturating_add(1);
    }
    let is_pending = thing.kind.resource().phase_name(thing.row.phase) == "pending";
    if is_pending && run.polls + 1 >= POLLS {
        let phase =
            if failing.iter().any(|id| id == run.report.id) { "failed" } else { "succeeded" };
        account.bring(&thing, phase, Stamp { at: now, delay: 0, is_told: true });
    }
}

impl Account {
    /// What a run was asked for: by a request, or long ago by somebody.
    fn run(&self, thing: &Thing) -> Run {
        let asked = self.runs.iter().find(|run| run.number == thing.row.number);
        asked.cloned().unwrap_or_else(|| {
            let reports = Report::all();
            let at = self.dice(thing).pick(1, reports.len() as u64) as usize;
            let end = thing.row.created / 86_400 * 86_400;
            Run {
                number: thing.row.number,
                report: &reports[at],
                start: end.saturating_sub(MONTH),
                end,
                columns: Vec::new(),
                currency: None,
                category: None,
                timezone: None,
                key: None,
                polls: POLLS,
            }
        })
    }

    fn file_seed(&self) -> u64 {
        mix(&[self.seed, IDS])
    }
}

impl Run {
    fn csv(&self, scene: &Scene<'_>) -> String {
        let columns = match self.columns.is_empty() {
            true => self.report.columns(),
            false => self.columns.clone(),
        };
        csv::write(&columns, &lines::lines(scene, self.report, self.scope(), &columns))
    }

    fn scope(&self) -> Scope<'_> {
        let (currency, category) = (self.currency.as_deref(), self.category.as_deref());
        Scope { start: self.start, end: self.end, currency, category }
    }

    fn parameters(&self) -> Value {
        let mut parameters = json!({"interval_end": self.end, "interval_start": self.start});
        for (name, value) in [
            ("currency", &self.currency),
            ("reporting_category", &self.category),
            ("timezone", &self.timezone),
        ] {
            if let Some(value) = value {
                parameters[name] = json!(value);
            }
        }
        if !self.columns.is_empty() {
            parameters["columns"] = json!(self.columns);
        }
        parameters
    }
}

impl Scene<'_> {
    /// Appends a field of a run.
    pub(in crate::stripe) fn run(&self, thing: &Thing, part: Part, out: &mut String) {
        let run = self.account.run(thing);
        let phase = thing.kind.resource().phase_name(thing.row.phase);
        let value = match part {
            Part::Type => json!(run.report.id),
            Part::Parameters => run.parameters(),
            Part::Result if phase == "succeeded" => self.file(&run, thing),
            Part::Error if phase == "failed" => {
                json!("The report could not be made. Try again later, or with a shorter interval.")
            }
            Part::Result | Part::Error => Value::Null,
        };
        out.push_str(&value.to_string());
    }

    /// The file of a run.
    fn file(&self, run: &Run, thing: &Thing) -> Value {
        let (mut id, run_id) = (String::new(), self.account.id_of(thing));
        id::push("file", self.account.file_seed(), thing.key(), &mut id);
        json!({
            "id": id,
            "object": "file",
            "created": thing.row.since,
            "expires_at": thing.row.since + 365 * 86_400,
            "filename": format!("{run_id}.csv"),
            "links": {
                "object": "list",
                "data": [],
                "has_more": false,
                "url": format!("/v1/file_links?file={id}"),
            },
            "purpose": "finance_report_run",
            "size": run.csv(self).len(),
            "title": format!("FinanceReportRun {run_id}"),
            "type": "csv",
            "url": format!("{}/v1/files/{id}/contents", self.origin),
        })
    }
}

/// The file of a run, or with `/contents` what is in it; `None` for a path of something else.
pub(in crate::stripe) fn file(scene: &Scene<'_>, path: &str) -> Option<(&'static str, String)> {
    let rest = path.strip_prefix("/v1/files/")?;
    let (id, contents) = rest.split_once('/').map_or((rest, None), |(id, rest)| (id, Some(rest)));
    let key = id::read("file", scene.account.file_seed(), id)?;
    let row = *scene.account.table(Kind::ReportRuns).get(u32::try_from(key >> 16).ok()?)?;
    let thing = Thing::new(Kind::ReportRuns, row);
    let run = scene.account.run(&thing);
    match contents {
        None => Some(("application/json", scene.file(&run, &thing).to_string())),
        Some("contents") => Some(("text/csv", run.csv(scene))),
        Some(_) => None,
    }
}

/// The lines of a report as objects, for tests.
pub(in crate::stripe) fn objects(
    scene: &Scene<'_>,
    report: &Report,
    interval: [Option<u32>; 2],
) -> Vec<Value> {
    let (first, last) = available(scene);
    let [start, end] = interval;
    let (start, end) = (start.unwrap_or(first), end.unwrap_or(last));
    let others = report.others.iter().flat_map(|others| others.split_whitespace());
    let columns: Vec<&str> = report.columns().into_iter().chain(others).collect();
    let scope = Scope { start, end, currency: None, category: None };
    let lines = lines::lines(scene, report, scope, &columns);
    let object = |values: Vec<String>| {
        let pairs = columns.iter().zip(values).map(|(column, value)| match *column {
            "count" => ("count".to_owned(), json!(value.parse::<u64>().ok())),
            _ => ((*column).to_owned(), Value::from(value)),
        });
        pairs.collect()
    };
    lines.into_iter().map(object).map(Value::Object).collect()
}
