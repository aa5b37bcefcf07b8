//! What every tap must keep to, over a fake GitHub in this process.

use mock_api::{Options, Server};
use serde_json::json;
use singer_test::{Subject, conformance};
use tap_github::TapGithub;

const TOKEN: &str = "ghp_c0nf0rmance/Zk3q+8Wv=pT5r9LxQ2";

/// Two repositories with more than a page of issues. Each commit costs a request in every stream that
/// is read commit by commit, so there are few.
fn github() -> Server {
    let mut options = Options::default();
    options.serve.tokens = vec![TOKEN.to_owned()];
    // A list that is read up to now has another bookmark at another time.
    (options.serve.date, options.serve.still) = (Some(options.github.now), true);
    options.github.named = ["acme/widgets:issues=102,pulls=12,commits=9", "acme/gadgets"]
        .map(|named| named.parse().expect("a repository and its sizes"))
        .into();
    let sizes = &mut options.github.sizes;
    (sizes.issues, sizes.pulls, sizes.commits, sizes.stars) = (7, Some(3), 5, 4);
    (sizes.labels, sizes.milestones, sizes.releases, sizes.discussions) = (3, 3, 3, 3);
    Server::start(options).expect("a port of the loopback interface is free")
}

#[test]
fn the_tap_keeps_to_what_every_tap_must() {
    let github = github();
    let subject = Subject::new(json!({
        "api_url_base": github.url(),
        "auth_token": TOKEN,
        "organizations": ["acme"],
        "user_usernames": ["salty-cactus-3"],
    }));
    // Its key is that of MeltanoLabs' tap-github.
    let subject =
        subject.waive("unique_keys/assignees", "a user of several repositories is one row");
    let report = conformance::check::<TapGithub>(&subject);
    let is_stream = |name: &&String| !name.contains('.');
    let unread: Vec<_> = report.unseen.iter().filter(is_stream).collect();
    assert!(unread.is_empty(), "streams without records: {unread:?}");
}
