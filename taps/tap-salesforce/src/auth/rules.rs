//! How Salesforce speaks of sessions, limits and refusals.

use http::HeaderMap;
use serde::Deserialize;
use singer_http::{Answer, Meaning, Rules, Said, Usage};
use singer_tap::Error;

/// Salesforce's signals are codes in the body.
///
/// Sources: <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm>,
/// <https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_concepts_core_data_objects.htm>.
pub(super) const RULES: Rules = Rules { reads: Some(reads), ..Rules::PLAIN };

/// Codes that tell that a cursor or a locator is gone.
const LOST: [&str; 3] = ["INVALID_QUERY_LOCATOR", "INVALID_LOCATOR", "InvalidLocator"];

/// An error of REST and of Bulk API 2.0, or of the older Bulk API.
#[derive(Debug, Deserialize)]
struct Told {
    #[serde(alias = "exceptionCode", rename = "errorCode")]
    code: String,
    #[serde(default, alias = "exceptionMessage")]
    message: String,
}

fn reads(answer: &Answer<'_>) -> Option<Said> {
    if answer.status.is_success() {
        return None;
    }
    if matches!(answer.status.as_u16(), 414 | 431) {
        return Some(Meaning::PageTooBig.because("the address and the headers are too long"));
    }
    let told = told(answer.body)?;
    let meaning = meaning(&told, answer.status.as_u16());
    Some(meaning.because(&format!("{}: {}", told.code, told.message)))
}

fn told(body: &[u8]) -> Option<Told> {
    let list: Result<Vec<Told>, _> = serde_json::from_slice(body);
    match list {
        Ok(list) => list.into_iter().next(),
        Err(_) => serde_json::from_slice(body).ok(),
    }
}

fn meaning(told: &Told, status: u16) -> Meaning {
    match told.code.as_str() {
        "INVALID_SESSION_ID" | "InvalidSessionId" => Meaning::Unauthorized,
        "REQUEST_LIMIT_EXCEEDED" if told.message.contains("Concurrent") => {
            Meaning::Crowded { wait: None }
        }
        "REQUEST_LIMIT_EXCEEDED" | "ExceededQuota" => Meaning::DailyQuota,
        "API_DISABLED_FOR_ORG" | "API_CURRENTLY_DISABLED" | "FeatureNotEnabled" => Meaning::Policy,
        "INSUFFICIENT_ACCESS" | "INSUFFICIENT_ACCESS_OR_READONLY" | "InvalidUser" => {
            Meaning::Forbidden
        }
        // Less at once is possible.
        "QUERY_TIMEOUT" | "OPERATION_TOO_LARGE" => Meaning::PageTooBig,
        "SERVER_UNAVAILABLE" | "UNABLE_TO_LOCK_ROW" | "UNKNOWN_EXCEPTION" => Meaning::Unavailable,
        "NOT_FOUND" => Meaning::Missing,
        // An object that is described and yet cannot be read, or only through a filter.
        "INVALID_TYPE"
        | "INVALID_TYPE_FOR_OPERATION"
        | "MALFORMED_QUERY"
        | "EXTERNAL_OBJECT_UNSUPPORTED_EXCEPTION"
        | "EXTERNAL_OBJECT_EXCEPTION"
        | "INVALIDENTITY"
        | "InvalidEntity" => Meaning::Withheld,
        _ if status == 401 => Meaning::Unauthorized,
        _ if status >= 500 => Meaning::Unavailable,
        _ if status == 403 => Meaning::Forbidden,
        _ => Meaning::Rejected,
    }
}

/// Whether an error is that a cursor or a locator is not known any more.
pub(crate) fn is_lost(error: &Error) -> bool {
    LOST.iter().any(|code| says(error, code))
}

/// Whether an error is that Bulk API 2.0 does not have an object, or is not there at all.
pub(crate) fn is_not_for_bulk(error: &Error) -> bool {
    const CODES: [&str; 4] =
        ["INVALIDENTITY", "InvalidEntity", "FUNCTIONALITY_NOT_ENABLED", "FeatureNotEnabled"];
    CODES.iter().any(|code| says(error, code))
}

/// Whether an error is what Salesforce says with this code.
pub(crate) fn says(error: &Error, code: &str) -> bool {
    let Error::Http(error) = error else { return false };
    error.site().cause.as_ref().is_some_and(|cause| {
        cause.strip_prefix(code).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    })
}

/// The requests of the day in `Sforce-Limit-Info: api-usage=18/5000; …`.
pub(super) fn usage(headers: &HeaderMap) -> Option<Usage> {
    let told = headers.get("sforce-limit-info")?.to_str().ok()?;
    let usage = told.split([';', ',']).find_map(|part| part.trim().strip_prefix("api-usage="))?;
    let (used, limit) = usage.split_once('/')?;
    Some(Usage { used: used.trim().parse().ok()?, limit: limit.trim().parse().ok()? })
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

    fn check(status: u16, body: &str, expected: Option<Meaning>) {
        let status = StatusCode::from_u16(status).expect("a status");
        let answer = Answer { status, headers: &HeaderMap::new(), body: body.as_bytes() };
        assert_eq!(reads(&answer).map(|said| said.meaning), expected, "{body}");
    }

    #[test]
    fn codes_tell_what_an_answer_means() {
        let rest = |code: &str, message: &str| {
            format!(r#"[{{"message":"{message}","errorCode":"{code}"}}]"#)
        };
        check(401, &rest("INVALID_SESSION_ID", "x"), Some(Meaning::Unauthorized));
        check(400, &rest("InvalidSessionId", "x"), Some(Meaning::Unauthorized));
        let older = r#"{"exceptionCode":"InvalidSessionId","exceptionMessage":"x"}"#;
        check(400, older, Some(Meaning::Unauthorized));
        let limit = |message| rest("REQUEST_LIMIT_EXCEEDED", message);
        check(403, &limit("TotalRequests Limit exceeded."), Some(Meaning::DailyQuota));
        let crowded = Some(Meaning::Crowded { wait: None });
        check(403, &limit("ConcurrentRequests Limit exceeded."), crowded);
        check(400, &rest("QUERY_TIMEOUT", "x"), Some(Meaning::PageTooBig));
        check(400, &rest("MALFORMED_QUERY", "needs a filter"), Some(Meaning::Withheld));
        check(400, &rest("INVALID_FIELD", "x"), Some(Meaning::Rejected));
        check(500, &rest("ODD", "x"), Some(Meaning::Unavailable));
        check(403, &rest("ODD", "x"), Some(Meaning::Forbidden));
        check(401, &rest("INVALID_AUTH_HEADER", "x"), Some(Meaning::Unauthorized));
        check(414, "<html>", Some(Meaning::PageTooBig));
        check(502, "<html>", None);
        check(200, &rest("INVALID_SESSION_ID", "x"), None);
    }

    #[test]
    fn the_requests_of_the_day_are_read_beside_others() {
        let check = |told: &str, expected: Option<(u64, u64)>| {
            let mut headers = HeaderMap::new();
            headers.insert("sforce-limit-info", told.parse().expect("a header"));
            let found = usage(&headers).map(|usage| (usage.used, usage.limit));
            assert_eq!(found, expected, "{told}");
        };
        check("api-usage=10018/100000", Some((10_018, 100_000)));
        check("api-usage=25/5000; per-app-api-usage=17/250(appName=x)", Some((25, 5_000)));
        check("per-app-api-usage=17/250(appName=x), api-usage=1/2", Some((1, 2)));
        check("api-bursts=1/2", None);
        check("api-usage=x/2", None);
    }
}
