//! <https://docs.github.com/en/rest/repos/custom-properties#get-all-custom-property-values-for-a-repository>

use singer_tap::{Stream, schema};

pub(super) fn stream() -> Stream {
    crate::streams::under_repository("custom_properties", "/repos/{org}/{repo}/properties/values")
        .about("Values of an organisation's custom properties for a repository.")
        .schema(schema!("custom_properties"))
        .key(["repo", "org", "property_name"])
        // The repository belongs to a user.
        .tolerate([404])
}
