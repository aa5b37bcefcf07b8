//! An answer of a GraphQL API: its data, and the errors beside them.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use singer_http::Response;

use crate::refusal::Refusal;

use super::fault::{Fault, Meaning};
use super::place::{Place, Row, Trail};

/// An answer that is JSON.
#[derive(Debug)]
pub(super) struct Answer {
    /// The response without its body.
    pub(super) response: Response,
    /// The body, a valid JSON text.
    pub(super) text: String,
    pub(super) faults: Vec<Fault>,
    has_data: bool,
}

/// What an answer with these errors is good for.
#[derive(Debug, PartialEq)]
pub(super) enum Verdict {
    /// It is good, but for these troubles.
    Take(Troubles),
    /// The limit is used up.
    Wait(Refusal),
    /// Less should be asked for; the troubles, if it is good beside them.
    Smaller(Refusal, Option<Troubles>),
    /// It is good for nothing.
    Fail(Refusal),
}

/// Errors that are of a part of an answer only.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Troubles {
    pub(super) rows: Vec<(Row, String)>,
    pub(super) parents: Vec<(usize, Refusal)>,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
    #[serde(default)]
    errors: Option<Value>,
}

impl Answer {
    /// Reads a response.
    ///
    /// # Errors
    /// Why its body is no answer.
    pub(super) fn read(mut response: Response) -> Result<Answer, String> {
        let body = std::mem::take(&mut response.body);
        let mut text = String::from_utf8(body)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        if text.starts_with('\u{feff}') {
            text.remove(0);
        }
        let (faults, has_data) = read(&text)?;
        Ok(Answer { response, text, faults, has_data })
    }

    /// What it is good for.
    pub(super) fn judge(&self, trail: &Trail) -> Verdict {
        judge(&self.faults, self.has_data, trail)
    }
}

/// The errors of an answer, and whether it has data.
pub(super) fn read(text: &str) -> Result<(Vec<Fault>, bool), String> {
    if !text.trim_ascii_start().starts_with('{') {
        return Err("it is no object".to_owned());
    }
    let Envelope { data, errors } = serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        format!("it breaks at line {line}, column {column}: {:?} error", error.classify())
    })?;
    let mut faults: Vec<Fault> = match &errors {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(errors)) => errors.iter().map(Fault::of).collect(),
        Some(error) => vec![Fault::of(error)],
    };
    let has_data = data.is_some_and(|data| data.get().starts_with('{'));
    if !has_data && faults.is_empty() {
        faults.push(Fault::no_data("neither data nor an error"));
    }
    Ok((faults, has_data))
}

fn judge(faults: &[Fault], has_data: bool, trail: &Trail) -> Verdict {
    if let Some(fault) = faults.iter().find(|fault| fault.meaning == Meaning::Limited) {
        return Verdict::Wait(fault.refusal());
    }
    let troubles = troubles(faults, has_data, trail);
    if let Some(fault) = faults.iter().find(|fault| fault.meaning == Meaning::Heavy) {
        return Verdict::Smaller(fault.refusal(), troubles.ok());
    }
    match troubles {
        Ok(troubles) => Verdict::Take(troubles),
        Err(refusal) => Verdict::Fail(refusal),
    }
}

/// What the errors speak of, unless one speaks of everything.
fn troubles(faults: &[Fault], has_data: bool, trail: &Trail) -> Result<Troubles, Refusal> {
    let mut troubles = Troubles::default();
    for fault in faults {
        match trail.place(&fault.path) {
            Place::Row(row) if has_data => troubles.rows.push((row, fault.cause.clone())),
            Place::Parent(parent) if has_data => troubles.parents.push((parent, fault.refusal())),
            _ => return Err(fault.refusal()),
        }
    }
    Ok(troubles)
}

#[cfg(test)]
mod tests {
    use super::super::query::{Parents, Shape};
    use super::*;

    /// What an answer to a batch is good for, in short.
    fn check(text: &str, expected: &str) {
        let parents = Parents { at: "/data/nodes", variable: "ids", field: "id" };
        let trail = Trail::of("/reviews", Shape::Nodes, Some(parents));
        let (faults, has_data) = read(text).unwrap();
        let in_short = |troubles: &Troubles| {
            let rows = troubles.rows.iter().map(|(row, _)| (row.parent, row.index));
            let parents = troubles.parents.iter().map(|(parent, _)| parent);
            format!("{:?} {:?}", rows.collect::<Vec<_>>(), parents.collect::<Vec<_>>())
        };
        let found = match judge(&faults, has_data, &trail) {
            Verdict::Take(troubles) => format!("take {}", in_short(&troubles)),
            Verdict::Wait(_) => "wait".to_owned(),
            Verdict::Smaller(_, troubles) => {
                format!("smaller {:?}", troubles.as_ref().map(in_short))
            }
            Verdict::Fail(refusal) => format!("fail {:?}", refusal.refused),
        };
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn an_answer_is_good_but_for_the_rows_and_parents_that_its_errors_name() {
        check(r#"{"data":{"nodes":[]}}"#, "take [] []");
        check(r#"{"data":{"nodes":[]},"errors":null}"#, "take [] []");
        check(r#"{"data":{"nodes":[]},"errors":[]}"#, "take [] []");
        let row = r#"{"type":"FORBIDDEN","path":["nodes",1,"reviews","nodes",4,"author"]}"#;
        let parent = r#"{"type":"NOT_FOUND","path":["nodes",3]}"#;
        let all = r#"{"type":"FORBIDDEN","path":["rateLimit"]}"#;
        let heavy = r#"{"message":"timeout","path":["nodes",0]}"#;
        let limited = r#"{"type":"RATE_LIMITED"}"#;
        let with = |errors: &str| format!(r#"{{"data":{{"nodes":[]}},"errors":[{errors}]}}"#);
        check(&with(&format!("{row},{parent}")), "take [(1, 4)] [3]");
        check(&with(&format!("{row},{all}")), "fail Forbidden");
        check(&with(&format!("{row},{heavy}")), "smaller Some(\"[(1, 4)] [0]\")");
        check(&with(&format!("{heavy},{all}")), "smaller None");
        check(&with(&format!("{heavy},{limited},{all}")), "wait");
    }

    #[test]
    fn an_answer_without_data_is_good_for_nothing() {
        let row = r#"{"type":"NOT_FOUND","path":["nodes",1,"reviews","nodes",4]}"#;
        check(&format!(r#"{{"data":null,"errors":[{row}]}}"#), "fail Missing");
        check(r#"{"errors":"down"}"#, "fail Unknown");
        check(r#"{"errors":[{"message":"no"}]}"#, "fail Unknown");
        for text in ["{}", r#"{"data":null}"#, r#"{"data":"null"}"#, r#"{"data":null,"errors":[]}"#]
        {
            check(text, "smaller None");
        }
        for text in ["[]", "1", r#"{"data":{}"#, r#"{"data":{},"data":{}}"#] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
