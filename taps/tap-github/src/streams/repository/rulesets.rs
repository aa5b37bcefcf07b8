//! <https://docs.github.com/en/rest/repos/rules#get-all-repository-rulesets>

use singer_tap::{Stream, schema};

pub(super) fn stream() -> Stream {
    crate::streams::of_repository("rulesets", "/repos/{org}/{repo}/rulesets")
        .about("Rulesets that apply to a repository, those of its organisation too; without their rules.")
        .schema(schema!("rulesets"))
        .key(["id", "repo", "org"])
        .selected_by_default(false)
        // A private repository in a plan without rulesets.
        .tolerate([403])
}
