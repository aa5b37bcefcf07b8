//! GraphQL streams against a server that runs queries.

// Clippy allows what tests do in what is marked as a test, helpers of the tests included.
#[cfg(test)]
mod site;

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use singer_tap::Outcome;
    use singer_test::{Subject, conformance, fault};

    use crate::site::{Ran, Site, TapForum};

    fn discussions(site: &Site, state: Option<&Value>) -> Ran {
        site.run("discussions", &json!({}), state)
    }

    /// Every discussion is there once, with all of its comments.
    fn assert_whole(site: &Site, ran: &Ran) {
        assert_eq!(ran.column("discussions", "id"), site.truth("discussions", "node_id"));
        for record in ran.records("discussions") {
            let comments = &record["comments"];
            let count = comments["nodes"].as_array().unwrap().len();
            assert_eq!(comments["totalCount"], count, "{record}");
        }
    }

    #[test]
    fn recorded_exchanges_give_whole_records() {
        let fixtures = [concat!(env!("CARGO_MANIFEST_DIR"), "/tests/graphql/fixtures")];
        let config = json!({
            "api_url_base": "https://api.example", "page_sizes": [20, 10, 5], "repo": "widgets",
        });
        let messages = singer_test::stream::<TapForum>("discussions", &fixtures, &config);
        let records = messages.records("discussions");
        let comments =
            json!({"totalCount": 3, "nodes": [{"id": "DC_1"}, {"id": "DC_2"}, {"id": "DC_3"}]});
        assert_eq!((&records[0]["title"], &records[0]["comments"]), (&json!("Größer"), &comments));
        assert_eq!((records.len(), &records[1]["author"]), (2, &Value::Null));
    }

    #[test]
    fn all_is_read_once_with_its_nested_lists_and_then_only_what_changed() {
        let site = Site::new("--discussions 90 --comments-per-discussion 9");
        let first = discussions(&site, None);
        assert_eq!(first.outcome, Outcome::Ok);
        assert_whole(&site, &first);
        let most = first
            .records("discussions")
            .iter()
            .map(|it| it["comments"]["totalCount"].as_u64())
            .max();
        assert!(most >= Some(Some(10)), "some lists have several pages");
        site.queries();

        let again = discussions(&site, Some(&first.state()));
        assert_eq!((again.outcome, again.state()), (Outcome::Ok, first.state()));
        assert!(again.records("discussions").len() <= 2, "what stands at the bookmark");

        site.admin("POST", "touch?repo=acme/widgets&resource=discussions&count=7", "");
        let changed = discussions(&site, Some(&first.state()));
        let titles = changed.column("discussions", "title");
        let edited = titles.iter().filter(|title| title.as_str().unwrap().contains("(edit 1)"));
        assert_eq!(edited.count(), 7);
        assert!(changed.records("discussions").len() <= 9);
        // A page a run, and the rest of the comments of the few that are written.
        assert!(site.queries() <= 2 + 2 + 9, "the rest is not asked for");
    }

    #[test]
    fn a_graphql_stream_keeps_to_what_every_stream_must_and_meets_the_matrix() {
        let site = Site::new("--discussions 41 --pulls 105");
        let subject = Subject::new(site.config());
        conformance::check::<TapForum>(&subject);
        fault::check::<TapForum>(&subject, "discussions");
    }

    #[test]
    fn what_is_too_much_for_the_server_is_read_in_smaller_pages() {
        // A page of n discussions asks for 3n comments too.
        let site = Site::new("--discussions 40 --comments-per-discussion 2 --graphql-nodes 25");
        let ran = discussions(&site, None);
        assert_eq!(ran.outcome, Outcome::Ok);
        assert_whole(&site, &ran);
        // Two for each larger size, one a page of the smallest; the rests of comments have their own.
        assert!(site.queries() >= 4 + 8);
    }

    #[test]
    fn what_is_too_much_in_every_size_fails_and_is_no_empty_page() {
        let site = Site::new("--discussions 40 --graphql-nodes 19");
        let faulty = r#"[{"match": {"path": "/graphql"}, "fault": {"kind": "status", "status": 200,
            "body": "{\"data\":null,\"errors\":[{\"message\":\"Something went wrong\"}]}"}}]"#;
        site.admin("POST", "faults", faulty);
        let ran = discussions(&site, None);
        assert_eq!((ran.outcome, ran.records("discussions").len()), (Outcome::Unavailable, 0));
        assert_eq!(site.queries(), 2 + 3);
    }

    #[test]
    fn a_row_that_fails_is_rejected_and_read_by_the_next_run() {
        let site = Site::new("--discussions 50 --comments-per-discussion 1");
        let fault = r#"[{"match": {"path": "/graphql"}, "nth": 2, "fault": {"kind": "partial",
            "pointer": "/data/repository/discussions/nodes/4/author", "error": "FORBIDDEN"}}]"#;
        site.admin("POST", "faults", fault);
        let ran = discussions(&site, None);
        assert_eq!(ran.outcome, Outcome::Partial);
        let rejects = ran.records("tap_forum_rejects");
        assert_eq!((rejects.len(), &rejects[0]["pointer"]), (1, &json!("/author")));
        assert_eq!(ran.records("discussions").len(), 49);

        site.admin("DELETE", "faults", "");
        let next = discussions(&site, Some(&ran.state()));
        assert_eq!(next.outcome, Outcome::Ok);
        let mut all = [ran.column("discussions", "id"), next.column("discussions", "id")].concat();
        all.sort_by_key(Value::to_string);
        all.dedup();
        assert_eq!(all, site.truth("discussions", "node_id"), "the two runs have every row");
    }

    #[test]
    fn a_spent_quota_ends_the_run_where_it_may_not_wait() {
        let site = Site::new("--discussions 50 --comments-per-discussion 0 --graphql-quota 2");
        let ran = site.run("discussions", &json!({"max_wait": 0}), None);
        assert_eq!((ran.outcome, ran.records("discussions").len()), (Outcome::Limited, 40));
    }

    #[test]
    fn what_is_not_there_is_skipped() {
        let site = Site::new("");
        let ran = site.run("discussions", &json!({"repo": "nope"}), None);
        assert_eq!((ran.outcome, ran.records("discussions").len()), (Outcome::Partial, 0));
    }

    #[test]
    fn children_of_many_parents_are_read_together() {
        let site = Site::new("--issues 60 --pulls 60 --reviews-per-pull 3");
        let ran = site.run("reviews", &json!({}), None);
        assert_eq!(ran.outcome, Outcome::Ok);
        assert_eq!(ran.column("reviews", "id"), site.truth("reviews", "id"));
    }
}
