//! <https://docs.github.com/en/rest/orgs/issue-types#list-issue-types-for-an-organization>

use singer_tap::{Stream, from_parent, schema};

pub(super) fn stream() -> Stream {
    Stream::new("issue_types")
        .about("The types that the issues of an organisation can have.")
        .schema(schema!("issue_types"))
        .key(["org", "id"])
        .child_of("organizations", ["org"])
        .get("/orgs/{org}/issue-types")
        .transform([from_parent("org")])
        .tolerate([404])
        .selected_by_default(false)
}
