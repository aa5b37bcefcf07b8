//! The fault matrix, row by row.

use super::*;
use crate::kind::Cap;
use crate::meaning::{Answer, Said};
use crate::request::Expect;
use crate::testing::RULES;
use crate::{Exit, Scope, Tries};

const NOW: &str = "2026-11-24T16:00:00Z";
const DATE: &str = "Tue, 24 Nov 2026 16:00:00 GMT";
/// 16:10:00 of the same day.
const RESET: &str = "1795536600";

struct Case {
    rules: Rules,
    method: Method,
    repeatable: bool,
    expect: Expect,
    can_refresh: bool,
    tries: Tries,
    outcome: Owned,
}

enum Owned {
    Answer(StatusCode, HeaderMap, String),
    Broken(TransportError),
    Body(BodyFault),
    TooLarge(Cap),
}

fn case(outcome: Owned) -> Case {
    Case {
        rules: RULES,
        method: Method::GET,
        repeatable: true,
        expect: Expect::default(),
        can_refresh: false,
        tries: Tries::default(),
        outcome,
    }
}

fn broken(kind: Break) -> Case {
    case(Owned::Broken(TransportError::new(kind, "why")))
}

fn answer(status: u16, headers: &[(&'static str, &str)], body: &str) -> Case {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(*name, value.parse().unwrap());
    }
    case(Owned::Answer(StatusCode::from_u16(status).unwrap(), map, body.to_owned()))
}

impl Case {
    fn tries(mut self, set: impl Fn(&mut Tries)) -> Self {
        set(&mut self.tries);
        self
    }

    fn plain(self) -> Self {
        Self { rules: Rules::PLAIN, ..self }
    }

    fn post(self) -> Self {
        Self { method: Method::POST, repeatable: false, ..self }
    }

    fn empty(mut self, status: u16) -> Self {
        self.expect.empty.push(StatusCode::from_u16(status).unwrap());
        self
    }

    fn verdict(&self) -> Verdict {
        let outcome = match &self.outcome {
            Owned::Answer(status, headers, body) => {
                Outcome::Answer { status: *status, headers, body: body.as_bytes() }
            }
            Owned::Broken(error) => Outcome::Broken(error),
            Owned::Body(fault) => Outcome::BrokenBody(fault),
            Owned::TooLarge(cap) => Outcome::TooLarge(*cap),
        };
        let said = match (self.rules.reads, outcome) {
            (Some(reads), Outcome::Answer { status, headers, body }) => {
                reads(&Answer { status, headers, body })
            }
            _ => None,
        };
        let exchange = Exchange {
            said: said.as_ref(),
            method: &self.method,
            repeatable: self.repeatable,
            most_attempts: MOST_ATTEMPTS,
            expect: &self.expect,
            can_refresh: self.can_refresh,
            outcome,
            tries: self.tries,
            now: NOW.parse().unwrap(),
        };
        classify(&self.rules, &exchange)
    }
}

fn check(row: &str, case: Case, want: Verdict) {
    assert_eq!(case.verdict(), want, "row {row}");
}

/// The row ends in an error with this identifier, scope and exit code.
fn fails(row: &str, case: Case, id: &str, scope: Scope, code: u8) {
    let Verdict::Fail(kind) = case.verdict() else {
        panic!("row {row}: {:?}", case.verdict());
    };
    let facts = kind.facts();
    assert_eq!((facts.id, facts.scope, facts.exit.code()), (id, scope, code), "row {row}");
}

/// The row is tried again after our own wait, up to `most` requests in all.
fn retried(row: &str, make: impl Fn() -> Case, most: u32, id: &str, scope: Scope, exit: Exit) {
    let mut case = make();
    for attempt in 1..most {
        let verdict = case.verdict();
        assert!(
            matches!(&verdict, Verdict::Retry { after: None, .. }),
            "row {row}, attempt {attempt}: {verdict:?}"
        );
        case.tries = case.tries.after(&verdict);
    }
    fails(row, case, id, scope, exit.code());
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn connections_that_fail_are_retried_unless_trust_or_a_proxy_stands_against_them() {
    let unavailable = Exit::Unavailable;
    retried("1", || broken(Break::Dns), 3, "NET01", Scope::Run, unavailable);
    retried("2", || broken(Break::Connect), 8, "NET01", Scope::Run, unavailable);
    fails("3", broken(Break::Tls), "TLS01", Scope::Run, 3);
    fails("4", broken(Break::Proxy), "NET03", Scope::Run, 2);
    fails("4", answer(407, &[], ""), "NET03", Scope::Run, 2);
    retried("5", || broken(Break::Timeout), 8, "NET02", Scope::Stream, unavailable);
    check("6", broken(Break::Closed), Verdict::RetryNow);
    let again = || broken(Break::Closed).tries(|tries| tries.races = 1);
    retried("6", again, 8, "NET04", Scope::Stream, unavailable);
    retried("7", || broken(Break::Reset), 8, "NET04", Scope::Stream, unavailable);
}

#[test]
fn a_request_that_must_not_be_repeated_is_repeated_only_if_it_was_not_worked_on() {
    retried("1", || broken(Break::Dns).post(), 3, "NET01", Scope::Run, Exit::Unavailable);
    retried("2", || broken(Break::Connect).post(), 8, "NET01", Scope::Run, Exit::Unavailable);
    retried("33", || answer(429, &[], "").plain().post(), 8, "RATE03", Scope::Run, Exit::Limited);
    fails("5", broken(Break::Timeout).post(), "NET02", Scope::Stream, 4);
    fails("6", broken(Break::Closed).post(), "NET04", Scope::Stream, 4);
    fails("8", answer(200, &[], "").post(), "BODY04", Scope::Stream, 4);
    fails("37", answer(503, &[], "").post(), "API02", Scope::Stream, 4);
}

#[test]
fn a_body_that_is_no_page_is_asked_for_again_and_never_an_empty_page() {
    let fault = |fault: BodyFault| move || case(Owned::Body(fault.clone()));
    let page = |body: &'static str| move || answer(200, &[], body);
    let short = fault(BodyFault::Short { got: 1, expected: Some(2) });
    let stream = |row, make: &dyn Fn() -> Case, id| {
        retried(row, make, 3, id, Scope::Stream, Exit::Unavailable);
    };
    stream("8", &short, "BODY01");
    stream("8", &fault(BodyFault::Damaged), "BODY01");
    stream("9", &page("[{\"id\":1},"), "BODY02");
    stream("10", &page("<html><title>Sign in</title>"), "BODY03");
    stream("10", &fault(BodyFault::Encoding("br".into())), "BODY03");
    stream("11", &page(""), "BODY04");
    stream("12", &|| answer(204, &[], ""), "BODY04");
    stream("14", &|| answer(304, &[], ""), "BODY04");
    stream("12", &|| answer(206, &[], "[]"), "BODY04");
    check("12", answer(204, &[], "").empty(204), Verdict::Empty);
    check("14", answer(304, &[], "").empty(304), Verdict::Empty);
    check("–", answer(200, &[], "[]"), Verdict::Ok);
    check("–", answer(201, &[], "{}"), Verdict::Ok);
    let of = |kind, headers: &[(&'static str, &str)], body| {
        let mut case = answer(200, headers, body);
        case.expect.body = kind;
        case
    };
    check("–", of(BodyKind::Any, &[], ""), Verdict::Ok);
    check("–", of(BodyKind::Text, &[("content-type", "text/x-diff")], ""), Verdict::Ok);
    let page = || of(BodyKind::Text, &[("content-type", "Text/HTML")], "<title>Sign in</title>");
    stream("10", &page, "BODY03");
    fails("56", case(Owned::TooLarge(Cap::Ratio)), "CAP02", Scope::Stream, 7);
}

#[test]
fn refusals_stop_as_much_as_they_concern() {
    fails("19", answer(400, &[], ""), "API01", Scope::Stream, 1);
    fails("19", answer(422, &[], ""), "API01", Scope::Stream, 1);
    fails("19", answer(405, &[], ""), "API01", Scope::Stream, 1);
    let refreshing = || Case { can_refresh: true, ..answer(401, &[], "Bad credentials") };
    check("20", refreshing(), Verdict::Refresh);
    fails("21", refreshing().tries(|tries| tries.refreshed = 1), "AUTH01", Scope::Run, 3);
    fails("21", answer(401, &[], ""), "AUTH01", Scope::Run, 3);
    let left = [("x-ratelimit-remaining", "7"), ("x-ratelimit-reset", RESET)];
    fails("25", answer(403, &left, "no access"), "PERM01", Scope::Partition, 6);
    fails("25", answer(403, &[], ""), "PERM01", Scope::Partition, 6);
    fails("28", answer(403, &[("x-sso", "required; url=x")], ""), "PERM02", Scope::Partition, 6);
    fails("28", answer(403, &[], "the IP allow list says no"), "PERM02", Scope::Partition, 6);
    for status in [404, 410] {
        check("29", answer(status, &[], ""), Verdict::Confirm(secs(2)));
        let again = answer(status, &[], "").tries(|tries| tries.missing = 1);
        fails("29", again, "PERM03", Scope::Partition, 6);
        let mut absent = answer(status, &[], "");
        absent.expect.absent.push(StatusCode::from_u16(status).unwrap());
        fails("29", absent, "PERM03", Scope::Partition, 6);
    }
    fails("30", answer(451, &[], ""), "PERM04", Scope::Partition, 6);
    fails("30", answer(409, &[], ""), "PERM04", Scope::Partition, 6);
    check("30", answer(409, &[], "").empty(409), Verdict::Empty);
    retried("37", || answer(503, &[], ""), 8, "API02", Scope::Stream, Exit::Unavailable);
    retried("18", || answer(502, &[], "{}"), 8, "API02", Scope::Stream, Exit::Unavailable);
}

#[test]
fn redirects_are_followed_only_by_gets_and_only_four_of_them() {
    let to = [("location", "/moved")];
    for status in [301, 302, 307, 308] {
        check("31", answer(status, &to, ""), Verdict::Redirect);
        fails("31", answer(status, &to, "").post(), "API03", Scope::Stream, 7);
        fails("31", answer(status, &[], ""), "API03", Scope::Stream, 7);
    }
    for status in [300, 303, 305, 306] {
        fails("31", answer(status, &to, ""), "API03", Scope::Stream, 7);
    }
}

#[test]
fn a_spent_quota_is_waited_for_until_its_reset() {
    let spent = |status, reset: &'static str| {
        answer(
            status,
            &[("date", DATE), ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", reset)],
            "",
        )
    };
    let quota = |seconds, odd| Verdict::Quota { wait: secs(seconds), odd };
    check("26", spent(403, RESET), quota(600, false));
    check("26", spent(429, RESET), quota(600, false));
    check("40", spent(403, "4070908800"), quota(3600, true));
    check("40", spent(403, "0"), quota(1, true));
    check("40", spent(403, "-9223372036854775808"), quota(1, true));
    check("40", spent(403, "soon"), quota(60, true));
    let no_reset = answer(403, &[("x-ratelimit-remaining", "0")], "");
    check("40", no_reset, quota(60, true));
    let negative = [("x-ratelimit-remaining", "-1"), ("x-ratelimit-reset", RESET)];
    check("40", answer(403, &negative, ""), quota(600, false));
    let garbled = answer(403, &[("x-ratelimit-remaining", "none")], "");
    fails("40", garbled, "PERM01", Scope::Partition, 6);
    let five = |tries: &mut Tries| tries.waits = 5;
    fails("26", spent(403, RESET).tries(five), "RATE01", Scope::Run, 5);
    check("26", spent(403, RESET).empty(403), quota(600, false));
    fails("26", spent(403, RESET).plain(), "PERM01", Scope::Partition, 6);
}

#[test]
fn a_secondary_limit_is_waited_for_a_minute_or_more_and_twice_as_long_each_time() {
    const TEXT: &str = "You have exceeded a Secondary Rate Limit";
    let after = |seconds: &'static str| [("retry-after", seconds)];
    check("27", answer(403, &[], TEXT), Verdict::Secondary(secs(60)));
    check("27", answer(429, &[], ""), Verdict::Secondary(secs(60)));
    check("27", answer(403, &after("30"), ""), Verdict::Secondary(secs(60)));
    check("27", answer(429, &after("90"), TEXT), Verdict::Secondary(secs(90)));
    for (waits, seconds) in [(1, 120), (2, 240), (3, 480), (4, 960)] {
        let case = answer(403, &[], TEXT).tries(|tries| tries.waits = waits);
        check("27", case, Verdict::Secondary(secs(seconds)));
    }
    let five = answer(403, &[], TEXT).tries(|tries| tries.waits = 5);
    fails("27", five, "RATE02", Scope::Run, 5);
    check("27", answer(403, &[], TEXT).empty(403), Verdict::Secondary(secs(60)));
}

#[test]
fn throttling_without_rules_is_retried_and_its_retry_after_obeyed() {
    retried("33", || answer(429, &[], "").plain(), 8, "RATE03", Scope::Run, Exit::Limited);
    let conflict = || Case {
        rules: Rules { retry_statuses: &[409], ..Rules::PLAIN },
        ..answer(409, &[], "lock timeout")
    };
    retried("33", conflict, 8, "RATE03", Scope::Run, Exit::Limited);
    let waits = |status, value: &'static str, seconds| {
        let case = answer(status, &[("date", DATE), ("retry-after", value)], "").plain();
        let Verdict::Retry { after, .. } = case.verdict() else {
            panic!("row 41, {status}: {:?}", case.verdict());
        };
        assert_eq!(after, Some(secs(seconds)), "row 41, {status} {value}");
    };
    waits(429, "7", 7);
    waits(503, "7", 7);
    waits(503, "1.5", 2);
    waits(503, "-1", 1);
    waits(503, "Tue, 24 Nov 2026 16:00:45 GMT", 45);
    waits(503, "1000000000", 315_360_000);
}

/// An API whose bodies are the words that they mean.
fn says(status: u16, headers: &[(&'static str, &str)], word: &str) -> Case {
    fn reads(answer: &Answer<'_>) -> Option<Said> {
        let text = std::str::from_utf8(answer.body).unwrap();
        let meaning = match text.split(':').next().unwrap() {
            "InvalidSessionId" => Meaning::Unauthorized,
            "RATE_LIMITED" => Meaning::Quota { wait: None },
            "used up" => Meaning::DailyQuota,
            "abuse" => Meaning::Secondary { wait: Some(secs(10)) },
            "too many at once" => Meaning::Crowded { wait: None },
            "lock_timeout" => Meaning::Throttled,
            "FORBIDDEN" => Meaning::Forbidden,
            "SAML" => Meaning::Policy,
            "NOT_FOUND" => Meaning::Missing,
            "blocked" => Meaning::Withheld,
            "MALFORMED" => Meaning::Rejected,
            "SERVER_UNAVAILABLE" => Meaning::Unavailable,
            "timedout" => Meaning::PageTooBig,
            "later" => Meaning::Pending,
            _ => return None,
        };
        Some(meaning.because(text))
    }
    let rules = Rules { reads: Some(reads), retry_header: Some("x-should-retry"), ..RULES };
    Case { rules, ..answer(status, headers, word) }
}

#[test]
fn what_the_api_says_counts_more_than_the_status_under_which_it_says_it() {
    for status in [200, 400, 403, 404, 500] {
        let case = |word| says(status, &[], word);
        let refreshing = Case { can_refresh: true, ..case("InvalidSessionId") };
        check("22", refreshing, Verdict::Refresh);
        fails("22", case("InvalidSessionId"), "AUTH01", Scope::Run, 3);
        check("16", case("RATE_LIMITED"), Verdict::Quota { wait: secs(60), odd: true });
        fails("35", case("used up"), "RATE04", Scope::Run, 5);
        check("27", case("abuse"), Verdict::Secondary(secs(60)));
        let again = case("abuse").tries(|tries| tries.waits = 2);
        check("27", again, Verdict::Secondary(secs(240)));
        check("36", case("too many at once"), Verdict::Crowded(secs(30)));
        retried("33", || case("lock_timeout"), 8, "RATE03", Scope::Run, Exit::Limited);
        fails("16", case("FORBIDDEN"), "PERM01", Scope::Partition, 6);
        fails("28", case("SAML"), "PERM02", Scope::Partition, 6);
        check("16", case("NOT_FOUND"), Verdict::Confirm(secs(2)));
        let missing = case("NOT_FOUND").tries(|tries| tries.missing = 1);
        fails("16", missing, "PERM03", Scope::Partition, 6);
        fails("30", case("blocked"), "PERM04", Scope::Partition, 6);
        fails("15", case("MALFORMED"), "API01", Scope::Stream, 1);
        let down = || case("SERVER_UNAVAILABLE");
        retried("37", down, 8, "API02", Scope::Stream, Exit::Unavailable);
        fails("18", case("timedout"), "PAGE05", Scope::Stream, 4);
    }
    check("–", says(200, &[], "[]"), Verdict::Ok);
    fails("25", says(403, &[], "no access"), "PERM01", Scope::Partition, 6);
    let later = [("retry-after", "90"), ("date", DATE)];
    let spent = |headers| says(200, headers, "RATE_LIMITED");
    check("16", spent(&later), Verdict::Quota { wait: secs(90), odd: false });
    let reset = [("x-ratelimit-remaining", "3"), ("x-ratelimit-reset", RESET), ("date", DATE)];
    check("16", spent(&reset), Verdict::Quota { wait: secs(600), odd: false });
    let five = spent(&[]).tries(|tries| tries.waits = 5);
    fails("16", five, "RATE01", Scope::Run, 5);
    let ten = says(403, &[], "too many at once").tries(|tries| tries.waits = 10);
    fails("36", ten, "RATE05", Scope::Run, 5);
}

#[test]
fn a_limit_wins_over_every_other_word_and_over_what_is_expected() {
    let spent = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", RESET), ("date", DATE)];
    let quota = Verdict::Quota { wait: secs(600), odd: false };
    for word in ["FORBIDDEN", "NOT_FOUND", "SAML", "blocked", "MALFORMED"] {
        check("26", says(403, &spent, word), quota.clone());
    }
    check("16", says(200, &[], "abuse").empty(200), Verdict::Secondary(secs(60)));
    check("27", says(429, &[], "FORBIDDEN"), Verdict::Secondary(secs(60)));
}

#[test]
fn an_answer_that_is_being_prepared_is_asked_for_five_times_more() {
    for make in [|| answer(202, &[], "{}"), || says(200, &[], "later")] {
        let mut case = make();
        for seconds in [5, 10, 20, 30, 30] {
            let verdict = case.verdict();
            assert_eq!(verdict, Verdict::Pending(secs(seconds)), "row 13");
            case.tries = case.tries.after(&verdict);
        }
        assert_eq!(case.tries.failed, 0, "row 13: nothing failed");
        fails("13", case, "WAIT01", Scope::Partition, 6);
        fails("13", make().post(), "WAIT01", Scope::Partition, 6);
    }
    let told = |seconds| answer(202, &[("retry-after", seconds)], "");
    check("13", told("1"), Verdict::Pending(secs(5)));
    check("13", told("90"), Verdict::Pending(secs(90)));
    fails("13", told("3600"), "WAIT01", Scope::Partition, 6);
    check("13", answer(202, &[], "").empty(202), Verdict::Empty);
    let mut accepted = answer(202, &[], "");
    accepted.expect.body = BodyKind::Any;
    check("–", accepted, Verdict::Ok);
}

#[test]
fn a_server_that_says_whether_to_retry_is_obeyed() {
    let told = |status, may| says(status, &[("x-should-retry", may)], "{}");
    fails("34", told(500, "false"), "API02", Scope::Stream, 4);
    fails(
        "34",
        Case { rules: Rules { secondary: None, ..told(429, "false").rules }, ..told(429, "false") },
        "RATE03",
        Scope::Run,
        5,
    );
    retried("34", || told(500, "maybe"), 8, "API02", Scope::Stream, Exit::Unavailable);
    retried("34", || told(409, "true"), 8, "PERM04", Scope::Partition, Exit::Partial);
    retried("34", || told(400, "true"), 8, "API01", Scope::Stream, Exit::Bug);
    fails("34", told(400, "true").post(), "API01", Scope::Stream, 1);
    fails("34", told(400, "false"), "API01", Scope::Stream, 1);
    fails("25", told(403, "true"), "PERM01", Scope::Partition, 6);
    check("–", told(200, "false"), Verdict::Ok);
}
