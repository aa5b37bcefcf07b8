//! What belongs to repositories.

use super::record::Record;
use super::{Small, list};
use crate::github::account::Account;
use crate::github::json;
use crate::github::template::Fill;
use crate::server::Request;

/// Whoever wrote it has no account, or none any more: of each so many.
const UNKNOWN: u32 = 3;
/// Days of which visits are counted.
const COUNTED: u32 = 14;

pub(crate) const TABLE: &[Small] = &[
    list!("assignees", "/repos/{owner}/{repo}/assignees", 4),
    list!("branches", "/repos/{owner}/{repo}/branches", 2),
    list!("tags", "/repos/{owner}/{repo}/tags", 3).node("REF"),
    list!("refs", "/repos/{owner}/{repo}/git/matching-refs", 3)
        .node("REF")
        .empty(409, "Git Repository is empty."),
    list!("collaborators", "/repos/{owner}/{repo}/collaborators", 4),
    list!("contributors", "/repos/{owner}/{repo}/contributors", 6)
        .empty(204, "")
        .slots(contributor)
        .keep(is_contributor),
    list!("community_profile", "/repos/{owner}/{repo}/community/profile", 1).single(),
    list!("languages", "/repos/{owner}/{repo}/languages", 3).members(),
    list!("readme", "/repos/{owner}/{repo}/readme", 1)
        .single()
        .media("application/vnd.github.html", include_str!("../shapes/small/readme.html.in")),
    list!("stats_contributors", "/repos/{owner}/{repo}/stats/contributors", 4)
        .first(202)
        .empty(204, "")
        .slots(author),
    list!("custom_properties", "/repos/{owner}/{repo}/properties/values", 2).slots(value),
    list!("environments", "/repos/{owner}/{repo}/environments", 2).node("EN").named("environments"),
    list!("rulesets", "/repos/{owner}/{repo}/rulesets", 2).node("RRS"),
    list!("deploy_keys", "/repos/{owner}/{repo}/keys", 2),
    list!("traffic_clones", "/repos/{owner}/{repo}/traffic/clones", COUNTED)
        .within(r#"{"count":{{count:9000}},"uniques":{{count:900}},"clones":{{rows}}}"#),
    list!("traffic_pageviews", "/repos/{owner}/{repo}/traffic/views", COUNTED)
        .within(r#"{"count":{{count:9000}},"uniques":{{count:900}},"views":{{rows}}}"#),
    list!("traffic_referral_paths", "/repos/{owner}/{repo}/traffic/popular/paths", 3),
    list!("traffic_referrers", "/repos/{owner}/{repo}/traffic/popular/referrers", 3),
];

fn is_unknown(record: &Record<'_>) -> bool {
    record.row.number.is_multiple_of(UNKNOWN)
}

fn contributor(record: &Record<'_>, slot: &str, out: &mut String) -> bool {
    if slot != "contributor" {
        return false;
    }
    if !is_unknown(record) {
        return record.fill("user_fields:member", out);
    }
    let person = Account::user(record.row.number).login;
    out.push_str("\"email\":");
    json::text(&format!("{person}@users.example"), out);
    out.push_str(",\"name\":");
    json::text(&person, out);
    out.push_str(",\"type\":\"Anonymous\"");
    true
}

fn is_contributor(record: &Record<'_>, request: &Request) -> bool {
    !is_unknown(record) || request.param("anon").is_some()
}

fn author(record: &Record<'_>, slot: &str, out: &mut String) -> bool {
    match slot {
        "author" if is_unknown(record) => out.push_str("null"),
        "author" => return record.fill("user:member", out),
        _ => return false,
    }
    true
}

/// A property of one value, and one of several.
fn value(record: &Record<'_>, slot: &str, out: &mut String) -> bool {
    match slot {
        "value" if record.row.number == 2 => out.push_str(r#"["inner","outer"]"#),
        "value" => json::text("core", out),
        _ => return false,
    }
    true
}
