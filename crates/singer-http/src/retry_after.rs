//! The server's clock, and the wait that it asks for.

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderName, header};

const LONGEST: f64 = 10.0 * 365.0 * 86_400.0;

/// The `Date` of an answer.
pub(crate) fn date(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    http_date(headers, header::DATE)
}

/// How long `Retry-After` asks to wait, at least 1 s; `now` is the server's time if it is known.
///
/// Both forms of <https://www.rfc-editor.org/rfc/rfc9110#field.retry-after> are read, and
/// fractions of seconds that some servers send. None if the header is absent or makes no sense.
pub(crate) fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let seconds = match text.parse::<f64>() {
        Ok(seconds) if seconds.is_finite() => seconds,
        Ok(_) => return None,
        Err(_) => {
            let at = http_date(headers, header::RETRY_AFTER)?;
            (at - now).num_milliseconds() as f64 / 1000.0
        }
    };
    Some(Duration::from_secs_f64(seconds.clamp(1.0, LONGEST).ceil()))
}

fn http_date(headers: &HeaderMap, name: HeaderName) -> Option<DateTime<Utc>> {
    let text = headers.get(name)?.to_str().ok()?;
    httpdate::parse_http_date(text.trim()).ok().map(DateTime::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read_against_the_servers_clock() {
        let check = |value: &str, want: Option<u64>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RETRY_AFTER, value.parse().unwrap());
            let now = "2026-11-24T16:00:00Z".parse().unwrap();
            assert_eq!(retry_after(&headers, now), want.map(Duration::from_secs), "{value}");
        };
        check("30", Some(30));
        check(" 30 ", Some(30));
        check("0", Some(1));
        check("-5", Some(1));
        check("1.2", Some(2));
        check("1000000000", Some(315_360_000));
        check("1e400", None);
        check("NaN", None);
        check("soon", None);
        check("", None);
        check("Tue, 24 Nov 2026 16:01:30 GMT", Some(90));
        check("Tue, 24 Nov 2026 15:00:00 GMT", Some(1));
        check("Thu, 01 Jan 1970 00:00:00 GMT", Some(1));
        check("Fri, 31 Dec 9999 23:59:59 GMT", Some(315_360_000));
    }

    #[test]
    fn the_date_of_an_answer_is_read() {
        let mut headers = HeaderMap::new();
        assert_eq!(date(&headers), None);
        headers.insert(header::DATE, "Tue, 24 Nov 2026 16:00:00 GMT".parse().unwrap());
        assert_eq!(date(&headers), "2026-11-24T16:00:00Z".parse().ok());
        headers.insert(header::DATE, "yesterday".parse().unwrap());
        assert_eq!(date(&headers), None);
    }
}
