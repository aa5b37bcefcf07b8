//! Small lists: everything whose rows follow from a shape and a number alone.
//!
//! An endpoint is one shape file, `shapes/small/NAME.json.in`, and one line in the table of its area:
//!
//! ```text
//! list!("workflow_runs", "/repos/{owner}/{repo}/actions/runs", 5).node("WFR").named("workflow_runs").newest_first(),
//! list!("workflow_run_jobs", "/repos/{owner}/{repo}/actions/runs/{run_id}/jobs", 2).node("J").named("jobs")
//!     .of(Parent::Small("workflow_runs")),
//! ```
//!
//! What can be said of a list stands in `list`, the slots of a shape in `record`. Rows are made from the
//! seed; `/_mock/touch`, `create`, `delete` and `truth` take the names of these lists too.

mod actions;
mod admin;
mod answer;
mod commit;
mod filter;
mod issue;
mod list;
mod organization;
mod place;
mod pull;
mod record;
mod registry;
mod repository;
mod security;
mod slots;
mod store;
mod user;

pub(crate) use admin::{change, endpoints, truth};
pub(crate) use answer::{Found, answer, find};
pub(crate) use list::{Parent, Small, list};
pub(crate) use registry::{List, RootKind};
pub(crate) use store::Store;

/// The tables of the areas.
const TABLES: [&[Small]; 8] = [
    actions::TABLE,
    commit::TABLE,
    issue::TABLE,
    organization::TABLE,
    pull::TABLE,
    repository::TABLE,
    security::TABLE,
    user::TABLE,
];

/// The path as the API's documentation has it, if a small list has it.
pub(crate) fn pattern(path: &str) -> Option<String> {
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    let (kind, length, root) = RootKind::of(segments.first()?)?;
    let list = List::find(kind, segments.get(length..)?)?;
    Some(format!("{root}/{}", list.pattern()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::Parser;

    use super::*;
    use crate::Options;
    use crate::github::world::World;

    #[test]
    fn every_line_of_the_tables_can_be_used() {
        let mut names = BTreeSet::new();
        for list in List::all() {
            let small = list.small;
            assert!(names.insert(small.name), "{}: one line a name", small.name);
            let parents = list.descent().len();
            assert_eq!(list.variables().count(), parents, "{}: a variable a parent", small.name);
            if let Parent::Small(parent) = small.parent {
                assert!(List::named(parent).is_some(), "{}: there is a parent", small.name);
            }
        }
    }

    #[test]
    fn every_list_has_rows_whose_records_are_json_with_every_slot_filled() {
        let arguments = ["mock-api", "--repos", "1", "--issues", "10", "--commits", "3"];
        let world = World::new(&Options::parse_from(arguments).github).unwrap();
        for list in List::all() {
            let rows = admin::lines(&world, list);
            assert!(!rows.is_empty(), "{} has no rows anywhere", list.small.name);
            for row in rows {
                let text =
                    if list.small.form == list::Form::Members { format!("{{{row}}}") } else { row };
                let read: Result<serde_json::Value, _> = serde_json::from_str(&text);
                assert!(read.is_ok(), "{}: {text}", list.small.name);
            }
        }
    }

    #[test]
    fn words_of_a_path_go_before_its_variables() {
        for (path, expected) in [
            (
                "/repos/a/b/actions/runs/7/jobs",
                Some("/repos/{owner}/{repo}/actions/runs/{run_id}/jobs"),
            ),
            ("/repositories/7/actions/runs", Some("/repositories/{id}/actions/runs")),
            ("/repos/a/b/wishes", None),
            ("/repos/a", None),
        ] {
            assert_eq!(pattern(path).as_deref(), expected, "{path}");
        }
    }
}
