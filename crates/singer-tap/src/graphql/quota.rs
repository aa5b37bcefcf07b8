//! What an API tells of its limits in an answer's body.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use singer_http::{Client, Meaning, QuotaTold, Said, StatusCode};
use singer_protocol::scan;

use super::answer::{Answer, read};
use super::fault;

/// The object that tells of a quota, with GitHub's names.
///
/// Source: <https://docs.github.com/en/graphql/reference/objects#ratelimit>.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    cost: Option<u32>,
    limit: Option<u64>,
    remaining: Option<u64>,
    reset_at: Option<DateTime<Utc>>,
}

/// Books what an answer tells at a pointer of its cost and of what is left.
pub(super) fn book(client: &Client, answer: &Answer, at: &str) {
    let told = scan::at(&answer.text, at).and_then(|told| serde_json::from_str(told).ok());
    let Some(Told { cost, limit, remaining, reset_at }) = told else { return };
    if let (Some(remaining), Some(reset_at)) = (remaining, reset_at) {
        client.record_quota(&answer.response, &QuotaTold { limit, remaining, reset_at });
    }
    if let Some(points) = cost {
        client.spend(&answer.response, points);
    }
}

/// What GraphQL says of limits in a success: for the `reads` of a client's
/// [`Rules`](singer_http::Rules), so that a spent quota is waited for as any other, or another
/// credential is taken.
///
/// ```
/// use singer_http::{QuotaHeaders, Rules};
///
/// const RULES: Rules = Rules {
///     quota: Some(QuotaHeaders::X_RATELIMIT),
///     reads: Some(singer_tap::graphql_limits),
///     ..Rules::PLAIN
/// };
/// ```
pub fn graphql_limits(answer: &singer_http::Answer<'_>) -> Option<Said> {
    // Pages of data are not looked through: what has data is no refusal.
    let body = answer.body.trim_ascii_start();
    let may_refuse = [&br#"{"errors""#[..], br#"{"data":null"#, br#"{"data": null"#];
    if answer.status != StatusCode::OK || !may_refuse.iter().any(|start| body.starts_with(start)) {
        return None;
    }
    let (faults, has_data) = read(str::from_utf8(body).ok()?).ok()?;
    let fault = faults.iter().find(|fault| fault.meaning == fault::Meaning::Limited)?;
    let meaning = match fault.cause.to_lowercase() {
        cause if cause.contains("secondary") || cause.contains("abuse") => {
            Meaning::Secondary { wait: None }
        }
        _ => Meaning::Quota { wait: None },
    };
    (!has_data).then(|| meaning.because(&fault.cause))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use singer_http::testing::{ManualClock, Reply, ScriptedTransport, env};
    use singer_http::{Anonymous, ClientSpec, HeaderMap, Rules};

    use super::super::ask::{Asker, TooMuch};
    use super::super::query::Query;
    use super::*;

    #[tokio::test]
    async fn what_is_left_is_booked_and_the_next_query_waits_for_the_reset() {
        let clock = ManualClock::at("2026-11-24T15:00:00Z");
        let page = |remaining: u32| {
            Reply::json(format!(
                r#"{{"data":{{"a":[],"rateLimit":{{"cost":3,"limit":9,"remaining":{remaining},"resetAt":"2026-11-24T15:10:00Z"}}}}}}"#
            ))
        };
        let transport = ScriptedTransport::new(&clock, [page(4), page(1), page(9)]);
        let base = "https://api.example.com".parse().unwrap();
        let spec = ClientSpec::new(base, Arc::new(Anonymous), Rules::PLAIN);
        let client = Client::new(spec, env(&transport, &clock)).unwrap();
        let query = Query::new("{ a }", "/data/a").list().quota_at("/data/rateLimit");
        let mut asker = Asker::new(&query, &client);
        for _ in 0..3 {
            asker.ask(&serde_json::Map::new(), TooMuch::Shrink).await.unwrap();
        }
        let sent: Vec<Duration> = transport.sent().iter().map(|sent| sent.at).collect();
        assert_eq!(sent[1], Duration::ZERO, "four are enough for three");
        assert!(sent[2] >= Duration::from_secs(600), "one is not: {sent:?}");
    }

    fn check(body: &str, expected: Option<Meaning>) {
        let headers = HeaderMap::new();
        let answer = singer_http::Answer {
            status: StatusCode::OK,
            headers: &headers,
            body: body.as_bytes(),
        };
        assert_eq!(graphql_limits(&answer).map(|said| said.meaning), expected, "{body}");
    }

    #[test]
    fn a_limit_is_read_from_an_answer_without_data() {
        let quota = || Some(Meaning::Quota { wait: None });
        check(
            r#"{"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded"}]}"#,
            quota(),
        );
        check(r#" {"data": null,"errors":[{"extensions":{"code":"THROTTLED"}}]}"#, quota());
        let secondary = r#"{"errors":[{"message":"You have exceeded a secondary rate limit."}]}"#;
        check(secondary, Some(Meaning::Secondary { wait: None }));
        check(r#"{"errors":[{"type":"NOT_FOUND","message":"rate limit"}]}"#, None);
        check(r#"{"data":{"a":1},"errors":[{"type":"RATE_LIMITED"}]}"#, None);
        check(r#"{"errors":[{"type":"RATE_LIMITED"}],"data":{"a":1}}"#, None);
        check(r#"[{"errors":1}]"#, None);
        check(r#"{"errors":"#, None);
    }
}
