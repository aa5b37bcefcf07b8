//! Lists: paging, filters, and what the source says it holds.

use std::collections::BTreeSet;

use crate::site::Site;
use serde_json::{Value, json};

fn ids(records: &[Value]) -> BTreeSet<u64> {
    records.iter().map(|record| record["id"].as_u64().unwrap()).collect()
}

#[test]
fn every_list_shows_exactly_what_the_source_holds() {
    let site = Site::new("--issues 230 --pulls 40 --comments-per-issue 2 --labels 40");
    for (list, resource, state) in [
        ("issues", "issues", "&state=all"),
        ("issues/comments", "issue_comments", ""),
        ("pulls", "pull_requests", "&state=all"),
        ("labels", "labels", ""),
        ("milestones", "milestones", "&state=all"),
        ("releases", "releases", ""),
    ] {
        for per_page in [7, 100] {
            let target = format!("/repos/acme/widgets/{list}?per_page={per_page}{state}");
            let (records, pages) = site.walk(&target);
            let truth = site.truth(&format!("repo=acme/widgets&resource={resource}&fields=id"));
            assert_eq!(ids(&records), ids(&truth), "{list}");
            assert_eq!(records.len(), truth.len(), "{list}: no row twice");
            assert_eq!(pages, truth.len().div_ceil(per_page).max(1), "{list}");
        }
    }
}

#[test]
fn pages_after_the_first_are_found_under_the_id() {
    let site = Site::new("--issues 50 --labels 50");
    let id = site.get("/repos/acme/widgets").json()["id"].to_string();
    for list in ["issues", "labels"] {
        let reply = site.get(&format!("/repos/acme/widgets/{list}?per_page=5"));
        let next = reply.link("next").unwrap();
        assert!(next.contains(&format!("/repositories/{id}/{list}?per_page=5&")), "{next}");
    }
}

#[test]
fn issues_are_paged_by_a_cursor_that_survives_changes() {
    let site = Site::new("--issues 100");
    let target = "/repos/acme/widgets/issues?state=all&sort=updated&direction=asc&per_page=10";
    let first = site.get(target);
    let next = first.link("next").unwrap();
    assert!(next.contains("&after=") && next.contains("&page=2"), "{next}");
    site.post("/_mock/touch?repo=acme/widgets&resource=issues&count=30", "");
    let (rest, _) = site.walk(&next);
    let mut seen: Vec<Value> = first.json().as_array().unwrap().clone();
    seen.extend(rest);
    let truth = site.truth("repo=acme/widgets&resource=issues&fields=id,updated_at,title");
    for row in &truth {
        assert!(
            seen.iter().any(|record| record["id"] == row["id"]
                && record["updated_at"] == row["updated_at"]
                && record["title"] == row["title"]),
            "{row} was not seen"
        );
    }
    let back = site.get(&next).link("prev").unwrap();
    assert!(back.contains("&before="), "{back}");
}

#[test]
fn rows_of_a_numbered_list_shift_when_one_is_deleted() {
    let site = Site::new("--stars 30");
    let page =
        |number| site.get(&format!("/repos/acme/widgets/stargazers?per_page=10&page={number}"));
    let second = page(2).json();
    site.post("/_mock/delete?repo=acme/widgets&resource=stargazers&number=1", "");
    assert_eq!(page(1).json()[9], second[0], "the first row of page 2 has moved to page 1");
}

#[test]
fn since_is_inclusive_and_concerns_the_last_update() {
    let site = Site::new("--issues 300 --comments-per-issue 1");
    for (list, resource) in [("issues", "issues"), ("issues/comments", "issue_comments")] {
        let truth =
            site.truth(&format!("repo=acme/widgets&resource={resource}&fields=id,updated_at"));
        let mut times: Vec<&str> =
            truth.iter().map(|row| row["updated_at"].as_str().unwrap()).collect();
        times.sort_unstable();
        let since = times[times.len() / 2];
        let target = format!("/repos/acme/widgets/{list}?state=all&per_page=100&since={since}");
        let (records, _) = site.walk(&target);
        let expected = times.iter().filter(|&&time| time >= since).count();
        assert_eq!(records.len(), expected, "{list}");
    }
}

#[test]
fn the_issue_list_is_sorted_as_it_is_asked_for() {
    let site = Site::new("--issues 150");
    for (sort, field) in
        [("created", "created_at"), ("updated", "updated_at"), ("comments", "comments")]
    {
        for direction in ["asc", "desc"] {
            let query = format!("state=all&sort={sort}&direction={direction}&per_page=40");
            let (records, _) = site.walk(&format!("/repos/acme/widgets/issues?{query}"));
            assert_eq!(records.len(), 150);
            let mut keys: Vec<(String, u64)> = records
                .iter()
                .map(|one| (format!("{:>30}", one[field].to_string()), one["id"].as_u64().unwrap()))
                .collect();
            if direction == "desc" {
                keys.reverse();
            }
            assert!(keys.is_sorted(), "{query}");
        }
    }
}

#[test]
fn the_default_is_thirty_open_issues_and_a_page_holds_a_hundred_at_most() {
    let site = Site::new("--issues 300");
    let page = |query: &str| site.get(&format!("/repos/acme/widgets/issues?{query}")).json();
    assert_eq!(page("").as_array().unwrap().len(), 30);
    assert_eq!(page("per_page=500&state=all").as_array().unwrap().len(), 100);
    assert!(page("").as_array().unwrap().iter().all(|issue| issue["state"] == "open"));
    let numbers: Vec<u64> = page("state=all")
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["number"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, (271..=300).rev().collect::<Vec<_>>(), "newest first");
}

#[test]
fn pull_requests_are_issues_with_a_key_more() {
    let site = Site::new("--issues 100 --pulls 20");
    let (issues, _) = site.walk("/repos/acme/widgets/issues?state=all&per_page=100");
    let (pulls, _) = site.walk("/repos/acme/widgets/pulls?state=all&per_page=100");
    let numbers = |records: &[Value]| -> BTreeSet<u64> {
        records.iter().map(|record| record["number"].as_u64().unwrap()).collect()
    };
    let marked: Vec<Value> =
        issues.iter().filter(|one| one.get("pull_request").is_some()).cloned().collect();
    assert_eq!(numbers(&marked), numbers(&pulls));
    assert_eq!(pulls.len(), 20);
    assert!(issues.iter().all(|issue| issue.get("type").is_some()));
}

#[test]
fn an_empty_repository_has_no_commits_and_says_so() {
    let site = Site::new("--repo acme/bare:commits=0,issues=0");
    let reply = site.get("/repos/acme/bare/commits");
    assert_eq!(reply.status, 409);
    assert_eq!(reply.json()["message"], "Git Repository is empty.");
    let issues = site.get("/repos/acme/bare/issues");
    assert_eq!((issues.status, issues.json()), (200, json!([])));
}

#[test]
fn commits_are_cut_by_the_date_of_the_committer() {
    let site = Site::new("--commits 60");
    let (all, _) = site.walk("/repos/acme/widgets/commits?per_page=100");
    let date = |commit: &Value| commit["commit"]["committer"]["date"].as_str().unwrap().to_owned();
    assert!(all.is_sorted_by(|a, b| date(a) >= date(b)), "newest first");
    assert_eq!(all[0]["parents"][0]["sha"], all[1]["sha"]);
    let (since, until) = (date(&all[40]), date(&all[10]));
    let (part, _) = site.walk(&format!("/repos/acme/widgets/commits?since={since}&until={until}"));
    assert_eq!(part.len(), 31);
}

#[test]
fn stars_have_their_time_only_when_it_is_asked_for() {
    let site = Site::new("--stars 5");
    let path = "/repos/acme/widgets/stargazers";
    assert!(site.get(path).json()[0].get("login").is_some());
    let accept = [("accept", "application/vnd.github.star+json")];
    let timed = site.send("GET", path, &accept, "").json();
    assert!(timed[0]["user"].get("login").is_some());
    assert!(timed[0]["starred_at"].as_str() < timed[4]["starred_at"].as_str(), "oldest first");
}

#[test]
fn comments_of_an_issue_are_those_that_it_counts() {
    let site = Site::new("--issues 30 --comments-per-issue 3");
    for issue in site.truth("repo=acme/widgets&fields=number,comments") {
        let path = format!("/repos/acme/widgets/issues/{}/comments?per_page=100", issue["number"]);
        let comments = site.get(&path).json();
        assert_eq!(json!(comments.as_array().unwrap().len()), issue["comments"], "{path}");
    }
}

#[test]
fn search_shows_a_thousand_results_at_most() {
    let site = Site::new(
        "--repos 1100 --issues 0 --commits 1 --labels 0 --milestones 0 --releases 0 --stars 0",
    );
    let reply = site.get("/search/repositories?q=org:acme&per_page=100&page=10");
    assert_eq!(reply.json()["total_count"], 1100);
    assert_eq!(reply.json()["items"].as_array().unwrap().len(), 100);
    assert_eq!(reply.link("next"), None);
    assert_eq!(site.get("/search/repositories?q=org:acme&per_page=100&page=11").status, 422);
    assert_eq!(site.get("/search/repositories?q=repo:acme/widgets").json()["total_count"], 1);
}

#[test]
fn a_renamed_repository_is_found_by_its_id_and_an_unknown_one_is_not() {
    let site = Site::new("--renamed acme/gears=acme/widgets --issues 40");
    let reply = site.get("/repos/acme/gears/issues?state=all");
    assert_eq!(reply.status, 301);
    let location = reply.header("location").unwrap();
    assert_eq!(site.get(location).json().as_array().unwrap().len(), 30);
    assert_eq!(site.get("/repos/acme/nothing/issues").status, 404);
    assert_eq!(site.get("/orgs/nobody").json()["message"], "Not Found");
}

#[test]
fn users_and_organizations_are_found_by_name_and_by_id() {
    let site = Site::new("--issues 5");
    let user = site.get("/repos/acme/widgets/issues?state=all").json()[0]["user"].clone();
    let by_name = site.get(&format!("/users/{}", user["login"].as_str().unwrap())).json();
    assert_eq!(by_name, site.get(&format!("/user/{}", user["id"])).json());
    assert_eq!(by_name["id"], user["id"]);
    let organization = site.get("/orgs/acme").json();
    assert_eq!(organization, site.get(&format!("/organizations/{}", organization["id"])).json());
    assert_eq!(site.get("/orgs/acme/repos").json().as_array().unwrap().len(), 3);
    assert_eq!(site.get("/users/nobody-at-all").status, 404);
}

#[test]
fn the_same_options_give_the_same_bytes() {
    let (one, two) = (Site::new("--issues 90"), Site::new("--issues 90"));
    for path in [
        "/orgs/acme",
        "/repos/acme/widgets/issues?state=all&per_page=100",
        "/repos/acme/gizmos/pulls?state=all",
        "/repos/acme/gadgets/commits",
        "/repos/acme/gadgets/releases",
    ] {
        assert_eq!(one.get(path).body, two.get(path).body, "{path}");
    }
}

#[test]
fn reviews_and_commits_of_a_pull_request_are_those_of_graphql() {
    let site = Site::new("--repos 1 --issues 20 --pulls 20");
    let query = "query($n: Int!) { repository(owner: \"acme\", name: \"widgets\") { \
        pullRequest(number: $n) { \
            reviews(first: 100) { nodes { databaseId id state submittedAt body } } \
            commits(first: 100) { nodes { commit { oid message committedDate } } } } } }";
    for number in 1..=20 {
        let body = json!({"query": query, "variables": {"n": number}});
        let pull = &site.post("/graphql", &body.to_string())["data"]["repository"]["pullRequest"];
        let list = |name: &str| {
            site.walk(&format!("/repos/acme/widgets/pulls/{number}/{name}?per_page=2")).0
        };
        let reviews = list("reviews").into_iter().map(|one| {
            json!({"databaseId": one["id"], "id": one["node_id"], "state": one["state"],
                "submittedAt": one["submitted_at"], "body": one["body"]})
        });
        assert_eq!(reviews.collect::<Value>(), pull["reviews"]["nodes"]);
        let commits = list("commits").into_iter().map(|one| {
            json!({"commit": {"oid": one["sha"], "message": one["commit"]["message"],
                "committedDate": one["commit"]["committer"]["date"]}})
        });
        assert_eq!(commits.collect::<Value>(), pull["commits"]["nodes"]);
    }
    assert_eq!(site.get("/repos/acme/widgets/pulls/21/reviews").status, 404);
}

#[test]
fn repositories_are_archived_or_forks_as_the_options_say() {
    let site = Site::new("--archived acme/gadgets --fork acme/gizmos");
    let names = |target: &str| -> BTreeSet<String> {
        let body = site.get(target).json();
        let rows = body.get("items").unwrap_or(&body).as_array().unwrap().clone();
        rows.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
    };
    for (target, expected) in [
        ("/search/repositories?q=org:acme", "gadgets widgets"),
        ("/search/repositories?q=org:acme+fork:true", "gadgets gizmos widgets"),
        ("/search/repositories?q=org:acme+fork:only", "gizmos"),
        ("/search/repositories?q=org:acme+archived:false", "widgets"),
        ("/search/repositories?q=org:acme+archived:true", "gadgets"),
        ("/search/repositories?q=org:acme+-repo:acme/widgets", "gadgets"),
        ("/search/repositories?q=org:acme+created:<2020-01-01", ""),
        ("/search/repositories?q=org:acme+created:2020-01-01..2026-01-01", "gadgets widgets"),
        ("/orgs/acme/repos", "gadgets gizmos widgets"),
        ("/orgs/acme/repos?type=forks", "gizmos"),
        ("/orgs/acme/repos?type=sources", "gadgets widgets"),
        ("/orgs/acme/repos?type=private", ""),
    ] {
        let expected = expected.split_whitespace().map(str::to_owned).collect();
        assert_eq!(names(target), expected, "{target}");
    }
    assert_eq!(site.get("/repos/acme/gadgets").json()["archived"], true);
    assert_eq!(site.get("/repos/acme/gizmos").json()["fork"], true);
}

#[test]
fn a_repository_or_a_part_of_it_is_refused_by_name_and_by_id() {
    let site = Site::new("--refuse acme/gizmos=451 --refuse acme/widgets/actions=403");
    let truth = site.truth("resource=repositories&fields=id,full_name");
    let id =
        |name: &str| truth.iter().find(|row| row["full_name"] == name).unwrap()["id"].to_string();
    for (name, rest, status) in [
        ("acme/gizmos", "", 451),
        ("acme/gizmos", "/issues", 451),
        ("acme/widgets", "", 200),
        ("acme/widgets", "/issues", 200),
        ("acme/widgets", "/actions/runs", 403),
        ("acme/gadgets", "/actions/runs", 200),
    ] {
        for path in [format!("/repos/{name}{rest}"), format!("/repositories/{}{rest}", id(name))] {
            assert_eq!(site.get(&path).status, status, "{path}");
        }
    }
}
