//! Pull requests and their parts.

use std::collections::BTreeSet;

use mock_api::Server;
use serde_json::{Value, json};
use singer_test::Messages;

use tap_github::TapGithub;

use crate::{TOKEN, change, check_served, github_with, served};

#[test]
fn reviews() {
    check_served("reviews");
}

#[test]
fn pull_request_commits() {
    check_served("pull_request_commits");
}

#[test]
fn pull_request_commit_diffs() {
    check_served("pull_request_commit_diffs");
}

#[test]
fn pull_request_diffs() {
    check_served("pull_request_diffs");
}

#[test]
fn pull_request_files() {
    check_served("pull_request_files");
}

#[test]
fn pull_request_stats() {
    check_served("pull_request_stats");
}

#[test]
fn review_comments() {
    check_served("review_comments");
}

#[test]
fn review_comment_reactions() {
    check_served("review_comment_reactions");
}

/// A repository with pull requests, some of which have parts of apps and of the web site.
fn repository(pulls: u32) -> Server {
    github_with(|options| {
        let sizes = &mut options.github.sizes;
        (sizes.issues, sizes.pulls, sizes.commits_per_pull) = (pulls, Some(pulls), 6);
    })
}

fn read(github: &Server, pattern: &str, graphql: &str, state: Option<&Value>) -> Messages {
    served(github, pattern, &json!({"organizations": ["acme"], "graphql": graphql}), state)
}

/// The lines of the records of a stream.
fn lines(messages: &Messages, stream: &str) -> BTreeSet<String> {
    let head = format!(r#"{{"type":"RECORD","stream":"{stream}""#);
    let lines = messages.stdout().lines().filter(|line| line.starts_with(&head));
    lines.map(str::to_owned).collect()
}

/// How many queries were sent, and how many lists of a pull request were asked for.
fn asked(github: &Server) -> (usize, usize) {
    let requests: Vec<String> = github.take_requests().iter().map(ToString::to_string).collect();
    let count = |part: &str| requests.iter().filter(|request| request.contains(part)).count();
    (count("POST /graphql"), count("/widgets/pulls/"))
}

/// Reads a stream by GraphQL and by REST, and compares what is written byte by byte.
#[track_caller]
fn check_both_ways(stream: &str, pattern: &str) -> (usize, usize) {
    let github = repository(150);
    let never = read(&github, pattern, "never", None);
    assert_eq!(asked(&github), (0, 150), "REST has a list for each pull request");
    let auto = read(&github, pattern, "auto", None);
    let (rest, graphql) = (lines(&never, stream), lines(&auto, stream));
    assert_eq!(graphql.len(), never.records(stream).len(), "{}", auto.log());
    let differ = graphql.symmetric_difference(&rest).take(2).collect::<Vec<_>>();
    assert!(differ.is_empty(), "{differ:#?}");
    asked(&github)
}

#[test]
fn reviews_are_the_same_by_graphql_and_by_rest() {
    let (queries, lists) = check_both_ways("reviews", "reviews");
    assert_eq!(queries, 2, "a hundred pull requests a query");
    assert!((1..30).contains(&lists), "those that an app reviewed: {lists}");
}

#[test]
fn commits_of_pull_requests_are_the_same_by_graphql_and_by_rest() {
    let (queries, lists) = check_both_ways("pull_request_commits", "pull_request_commits");
    assert!((4..30).contains(&queries), "fifty pull requests, and those with more: {queries}");
    assert!((1..60).contains(&lists), "those of the web site or of an app: {lists}");
    let few = "pull_request_commits.commit.message";
    let (queries, _) = check_both_ways("pull_request_commits", few);
    assert_eq!(queries, 3, "without their parents a hundred commits a page");
}

#[test]
fn what_belongs_to_pull_requests_is_read_of_those_that_changed() {
    for stream in ["reviews", "pull_request_commits", "pull_request_files", "pull_request_diffs"] {
        let github = repository(120);
        let first = read(&github, stream, "auto", None);
        change(&github, "touch?repo=acme/widgets&resource=pull_requests&count=3");
        asked(&github);
        let next = read(&github, stream, "auto", first.state().as_ref());
        let numbers: BTreeSet<String> =
            next.records(stream).iter().map(|it| it["pull_number"].to_string()).collect();
        // Three, some of them without a review, and the one that stands at the bookmark.
        assert!((1..=4).contains(&numbers.len()), "{stream}: {numbers:?}");
        let (queries, lists) = asked(&github);
        // One query for all, and one for each with more than a page of commits.
        assert!(queries <= 5 && lists <= 4, "{stream}: {queries} queries, {lists} lists");
    }
}

#[test]
fn stars_are_read_until_one_is_older_than_the_bookmark() {
    let github = github_with(|options| options.github.sizes.stars = 250);
    let first = read(&github, "stargazers", "auto", None);
    assert_eq!((first.records("stargazers").len(), asked(&github).0), (250, 3));
    change(&github, "delete?repo=acme/widgets&resource=stargazers&count=5");
    change(&github, "create?repo=acme/widgets&resource=stargazers&count=2");
    let next = read(&github, "stargazers", "auto", first.state().as_ref());
    assert!((2..=3).contains(&next.records("stargazers").len()), "{}", next.log());
    assert_eq!(asked(&github).0, 1);
}

#[test]
fn an_enterprise_has_its_graphql_beside_its_rest() {
    let github = github_with(|options| options.serve.base_path = "/api/v3".to_owned());
    let config = json!({"organizations": ["acme"], "api_url_base": "/api/v3"});
    assert!(!served(&github, "reviews", &config, None).records("reviews").is_empty());
    let requests = github.take_requests();
    assert!(
        requests.iter().any(|request| request.starts_with("POST /api/graphql 200")),
        "{requests:?}"
    );
}

#[test]
fn streams_that_only_graphql_has_are_not_there_where_it_is_never_asked() {
    let check = |graphql: &str, is_there: bool| {
        let config = json!({"auth_token": TOKEN, "graphql": graphql});
        let schemas = singer_test::schemas::<TapGithub>(&config);
        for stream in ["stargazers", "pull_request_stats"] {
            assert_eq!(schemas.schema(stream).is_some(), is_there, "{stream}");
        }
    };
    check("auto", true);
    check("never", false);
}
