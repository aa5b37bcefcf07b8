//! <https://docs.github.com/en/rest/repos/custom-properties#get-all-custom-property-values-for-a-repository>

use singer_tap::{Stream, json_text, schema};

pub(super) fn stream() -> Stream {
    crate::streams::under_repository("custom_properties", "/repos/{org}/{repo}/properties/values")
        .about("Values of an organisation's custom properties for a repository.")
        .schema(schema!("custom_properties"))
        .key(["repo", "org", "property_name"])
        // A property may have several values.
        .transform([json_text("value")])
        // The repository belongs to a user.
        .tolerate([404])
}
