//! <https://docs.github.com/en/rest/users/users#get-a-user>

use singer_tap::{Partition, Since, Stream, schema};

use crate::config::Config;

pub(super) fn stream(config: &Config) -> Stream {
    let by = |name: &'static str, values: &[String]| -> Vec<Partition> {
        values.iter().map(|value| Partition::named([(name, value.as_str())])).collect()
    };
    Stream::new("users")
        .about("The users of `user_usernames` and `user_ids`.")
        .schema(schema!("users"))
        .key(["id"])
        .once()
        .incremental("updated_at", Since::Scan)
        .lag(crate::streams::LAG)
        .get("/users/{username}")
        .single()
        .partitions(by("username", &config.user_usernames))
        .get("/user/{id}")
        .single()
        .partitions(by("id", &config.user_ids))
        .child_context([("username", "login"), ("user_id", "id")])
}
