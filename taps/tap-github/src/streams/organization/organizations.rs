//! <https://docs.github.com/en/rest/orgs/orgs#get-an-organization>

use singer_tap::{Partition, Stream, schema};

use crate::config::Config;

pub(super) fn stream(config: &Config) -> Stream {
    Stream::new("organizations")
        .about("The organisations of `organizations`.")
        .schema(schema!("organizations"))
        .key(["id"])
        .once()
        .get("/orgs/{org}")
        .single()
        .partitions(
            config
                .organizations
                .iter()
                .map(|org| Partition::named([("org", org.as_str())]))
                .collect(),
        )
        .child_context([("org", "login")])
}
