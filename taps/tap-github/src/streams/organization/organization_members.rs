//! <https://docs.github.com/en/rest/orgs/members#list-organization-members>

use singer_tap::{Stream, schema};

pub(super) fn stream() -> Stream {
    super::of_organization("organization_members", "/orgs/{org}/members")
        .about(
            "Members of an organisation: all that the credential may see, public ones in any case.",
        )
        .schema(schema!("organization_members"))
        .key(["id"])
        .shrinks()
}
