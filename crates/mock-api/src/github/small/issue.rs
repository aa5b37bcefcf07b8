//! What belongs to issues.

use std::sync::LazyLock;

use super::place::{Held, Here};
use super::record::Record;
use super::{Parent, Small, list};
use crate::github::issue::Issue;
use crate::github::table::Row;
use crate::github::template::Template;

static LABELED: LazyLock<Template> =
    LazyLock::new(|| Template::new(include_str!("../shapes/timeline_labeled.json.in")));
static REFERENCE: LazyLock<Template> =
    LazyLock::new(|| Template::new(include_str!("../shapes/timeline_reference.json.in")));
static COMMIT: LazyLock<Template> =
    LazyLock::new(|| Template::new(include_str!("../shapes/timeline_commit.json.in")));

/// No issue has as many.
const MOST_SUB_ISSUES: u32 = 8;

pub(crate) const TABLE: &[Small] = &[
    list!("issue_events", "/repos/{owner}/{repo}/issues/events", 5).node("IE").newest_first(),
    list!("events", "/repos/{owner}/{repo}/events", 5)
        .newest_first()
        .cap(300)
        .header("x-poll-interval", "60"),
    list!("issue_reactions", "/repos/{owner}/{repo}/issues/{issue_number}/reactions", 0)
        .node("REA")
        .of(Parent::Issue)
        .count(reactions),
    list!(
        "issue_comment_reactions",
        "/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions",
        0
    )
    .node("REA")
    .of(Parent::IssueComment)
    .count(reactions),
    list!("sub_issues", "/repos/{owner}/{repo}/issues/{issue_number}/sub_issues", 0)
        .of(Parent::Issue)
        .count(|here| told(here, "\"sub_issues_summary\":{\"total\":"))
        .slots(sub_issue),
    list!("issue_timeline_events", "/repos/{owner}/{repo}/issues/{issue_number}/timeline", 3)
        .node("LE")
        .of(Parent::Issue)
        .slots(timeline_event),
    list!("issue_types", "/orgs/{org}/issue-types", 3).node("IT"),
];

/// As many reactions as what they are for says that it has.
pub(super) fn reactions(here: &Here<'_>) -> u32 {
    told(here, "\"total_count\":")
}

/// The number behind a text in the record of the parent; 0 where there is none.
fn told(here: &Here<'_>, before: &str) -> u32 {
    let Some((parent, above)) = here.parents.split_last() else { return 0 };
    let above = Here { parents: above.to_vec(), ..here.clone() };
    let mut record = String::new();
    parent.object(&above, &mut record);
    let number = record.split_once(before).map_or("", |(_, rest)| rest);
    number.split([',', '}']).next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// An issue that is in no list, since no other has it as a part.
fn sub_issue(record: &Record<'_>, slot: &str, out: &mut String) -> bool {
    let (Some(repo), Some(Held::Issue(parent)), "issue") =
        (record.here.repo(), record.here.parents.last(), slot)
    else {
        return false;
    };
    let number = repo.issues.len() as u32 + parent.number * MOST_SUB_ISSUES + record.row.number;
    Issue { repo, row: &Row { number, pull: false, ..**parent } }.object(out);
    true
}

/// Events of several kinds by turns: one that has an id, one that has none, a commit.
fn timeline_event(record: &Record<'_>, slot: &str, out: &mut String) -> bool {
    if slot != "event" {
        return false;
    }
    let kinds = [&COMMIT, &LABELED, &REFERENCE];
    kinds[record.row.number as usize % kinds.len()].render(record, out);
    true
}
