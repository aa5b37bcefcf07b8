//! GraphQL: what a query gets, what it costs, and how it fails.

use serde_json::{Value, json};

use crate::site::Site;

fn ask(site: &Site, query: &str, variables: Value) -> Value {
    let body = json!({"query": query, "variables": variables}).to_string();
    let reply = site.send("POST", "/graphql", &[("authorization", "bearer t")], &body);
    assert_eq!(reply.status, 200, "{query}");
    reply.json()
}

/// All nodes of a connection of the repository, page after page.
fn walk(site: &Site, fields: &str, list: &str, size: u32) -> Vec<Value> {
    let query = format!(
        "query Walk($first: Int!, $after: String) {{ repository(owner: \"acme\", name: \"widgets\") {{
            {list} {{ nodes {{ {fields} }} pageInfo {{ hasNextPage endCursor }} }} }} }}"
    );
    let name = list.split('(').next().unwrap();
    let (mut nodes, mut after) = (Vec::new(), Value::Null);
    loop {
        let answer = ask(site, &query, json!({"first": size, "after": after}));
        let page = &answer["data"]["repository"][name];
        nodes.extend(page["nodes"].as_array().unwrap().iter().cloned());
        if page["pageInfo"]["hasNextPage"] == false {
            return nodes;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

#[test]
fn a_connection_is_walked_to_its_end_in_either_order() {
    let site = Site::new("--discussions 57 --issues 40 --pulls 9");
    let truth = site.truth("repo=acme/widgets&resource=discussions&fields=node_id,updated_at");
    let order = |direction| {
        format!(
            "discussions(first: $first, after: $after, orderBy: {{field: UPDATED_AT, direction: {direction}}})"
        )
    };
    let newest = walk(&site, "id updatedAt", &order("DESC"), 10);
    assert_eq!(newest.len(), 57);
    assert!(newest.is_sorted_by(|a, b| a["updatedAt"].as_str() >= b["updatedAt"].as_str()));
    let mut oldest = walk(&site, "id updatedAt", &order("ASC"), 7);
    oldest.reverse();
    assert_eq!(newest, oldest);
    let known = |node: &Value| {
        truth
            .iter()
            .any(|row| row["node_id"] == node["id"] && row["updated_at"] == node["updatedAt"])
    };
    assert!(newest.iter().all(known));
    let pulls = walk(&site, "number __typename", "pullRequests(first: $first, after: $after)", 4);
    assert_eq!((pulls.len(), &pulls[0]["__typename"]), (9, &json!("PullRequest")));
    let issues = walk(&site, "number", "issues(first: $first, after: $after)", 100);
    assert_eq!(issues.len(), 31);
}

#[test]
fn the_children_of_many_nodes_come_with_one_query() {
    let site = Site::new("--issues 30 --pulls 30 --reviews-per-pull 4");
    let pulls = walk(&site, "id number", "pullRequests(first: $first, after: $after)", 30);
    let ids: Vec<&Value> = pulls.iter().map(|pull| &pull["id"]).collect();
    let query = "query Reviews($ids: [ID!]!) { nodes(ids: $ids) { ... on PullRequest {
        number
        reviews(first: 100) { totalCount nodes { id state submittedAt author { login ... on User { databaseId } } commit { oid } } }
        commits(first: 100) { nodes { commit { oid message author { name date user { login } } } } }
    } } rateLimit { cost nodeCount remaining resetAt limit } }";
    let answer = ask(&site, query, json!({"ids": ids}));
    assert_eq!(answer["errors"], Value::Null);
    let nodes = answer["data"]["nodes"].as_array().unwrap();
    let truth = site.truth("repo=acme/widgets&resource=reviews&fields=id,state");
    let all: Vec<&Value> =
        nodes.iter().flat_map(|node| node["reviews"]["nodes"].as_array().unwrap()).collect();
    assert_eq!((all.len(), truth.len() > 60), (truth.len(), true));
    for (found, row) in all.iter().zip(&truth) {
        assert_eq!((&found["id"], &found["state"]), (&row["id"], &row["state"]));
    }
    let commits = nodes.iter().map(|node| node["commits"]["nodes"].as_array().unwrap().len());
    assert!(commits.min() >= Some(1));
    let limit = &answer["data"]["rateLimit"];
    // 30 parents with two connections of 100 each.
    assert_eq!((&limit["cost"], &limit["nodeCount"]), (&json!(1), &json!(30 + 2 * 30 * 100)));
    assert_eq!(limit["remaining"], 999_998, "the walk before took one too");
}

#[test]
fn stars_have_their_time_on_the_edge() {
    let site = Site::new("--stars 5");
    let query = "{ repository(owner: \"acme\", name: \"widgets\") { stargazers(last: 2) {
        totalCount edges { starredAt node { login } cursor } pageInfo { hasPreviousPage } } } }";
    let answer = ask(&site, query, json!({}));
    let stars = &answer["data"]["repository"]["stargazers"];
    let truth = site.truth("repo=acme/widgets&resource=stargazers&fields=starred_at");
    let times: Vec<&Value> = truth[3..].iter().map(|row| &row["starred_at"]).collect();
    let found = stars["edges"].as_array().unwrap();
    assert_eq!(found.iter().map(|edge| &edge["starredAt"]).collect::<Vec<_>>(), times);
    assert_eq!(
        (&stars["totalCount"], &stars["pageInfo"]["hasPreviousPage"]),
        (&json!(5), &json!(true))
    );
}

#[test]
fn what_is_not_there_is_null_with_an_error_at_its_path() {
    let site = Site::new("");
    let query = "query Q($ids: [ID!]!) { a: repository(owner: \"acme\", name: \"nope\") { id }
        nodes(ids: $ids) { id } b: repository(owner: \"acme\", name: \"widgets\") { name } }";
    let answer = ask(&site, query, json!({"ids": ["PR_x"]}));
    assert_eq!(answer["data"], json!({"a": null, "nodes": [null], "b": {"name": "widgets"}}));
    let errors = answer["errors"].as_array().unwrap();
    let told: Vec<_> = errors.iter().map(|error| (&error["type"], &error["path"])).collect();
    assert_eq!(
        told,
        [(&json!("NOT_FOUND"), &json!(["a"])), (&json!("NOT_FOUND"), &json!(["nodes", 0])),]
    );
}

#[test]
fn a_query_that_is_wrong_gives_errors_and_no_data() {
    let site = Site::new("");
    let check = |query: &str, kind: Value, code: Value, message: &str| {
        let answer = ask(&site, query, json!({}));
        assert_eq!(answer.get("data"), None, "{query}");
        let error = &answer["errors"][0];
        assert_eq!((&error["type"], &error["extensions"]["code"]), (&kind, &code), "{query}");
        assert!(error["message"].as_str().unwrap().starts_with(message), "{error}");
    };
    let of_repository =
        |text: &str| format!("{{ repository(owner: \"acme\", name: \"widgets\") {{ {text} }} }}");
    let null = || Value::Null;
    check("{ a", null(), null(), "Unexpected end");
    check(
        "{ wish }",
        null(),
        json!("undefinedField"),
        "Field 'wish' doesn't exist on type 'Query'",
    );
    check("query($x: Int) { rateLimit { cost } }", null(), json!("variableNotUsed"), "Variable $x");
    check(
        "query($ids: [ID!]!) { nodes(ids: $ids) { id } }",
        null(),
        null(),
        "Variable $ids of type [ID!]!",
    );
    check("{ rateLimit }", null(), json!("selectionMismatch"), "Field must have selections");
    check(
        &of_repository("name { x }"),
        null(),
        json!("selectionMismatch"),
        "Selections can't be made",
    );
    check(
        &of_repository("issues { nodes { id } }"),
        json!("MISSING_PAGINATION_BOUNDARIES"),
        null(),
        "You must provide",
    );
    check(
        &of_repository("issues(first: 101) { totalCount }"),
        json!("EXCESSIVE_PAGINATION"),
        null(),
        "Requesting 101",
    );
    check(
        &of_repository("issues(wish: 1, first: 1) { totalCount }"),
        null(),
        json!("argumentNotAccepted"),
        "Field 'issues'",
    );
    let deep = "issues(first: 100) { nodes { comments(first: 100) { totalCount } } }";
    assert_eq!(ask(&site, &of_repository(deep), json!({}))["errors"], Value::Null);
    let deeper = "pullRequests(first: 100) { nodes { commits(first: 100) { nodes { commit { parents(first: 100) { totalCount } } } } } }";
    check(
        &of_repository(deeper),
        json!("MAX_NODE_LIMIT_EXCEEDED"),
        null(),
        "This query requests up to 1010100",
    );
}

#[test]
fn fragments_and_aliases_are_dissolved_and_fields_are_merged() {
    let site = Site::new("");
    let query = "query Q { r: repository(owner: \"acme\", name: \"widgets\") { ...R ...R owner { login } ... on User { name } } }
        fragment R on Repository { owner { id } title: name }";
    let repository = &ask(&site, query, json!({}))["data"]["r"];
    assert_eq!(repository["title"], "widgets");
    let owner: Vec<&String> = repository["owner"].as_object().unwrap().keys().collect();
    assert_eq!(owner, ["id", "login"]);
    assert_eq!(repository.get("name"), None);
    let circle = "{ ...A } fragment A on Query { ...A }";
    assert_eq!(ask(&site, circle, json!({}))["errors"][0]["extensions"]["code"], "infiniteLoop");
}

#[test]
fn points_are_counted_by_cost_and_a_spent_quota_is_a_success() {
    let site = Site::new("--graphql-quota 3 --issues 20");
    // One list of 100, and one in each of its rows: 101 requests.
    let query = "{ repository(owner: \"acme\", name: \"widgets\") { issues(first: 100) { nodes { comments(first: 1) { totalCount } } } }
        rateLimit { cost remaining } }";
    assert_eq!(
        ask(&site, query, json!({}))["data"]["rateLimit"],
        json!({"cost": 1, "remaining": 2})
    );
    let two = query.replace("rateLimit", "b: repository(owner: \"acme\", name: \"gadgets\") { pullRequests(first: 100) { nodes { reviews(first: 1) { totalCount } } } } rateLimit");
    assert_eq!(
        ask(&site, &two, json!({}))["data"]["rateLimit"],
        json!({"cost": 2, "remaining": 0})
    );
    let body = json!({"query": query}).to_string();
    let reply = site.send("POST", "/graphql", &[("authorization", "bearer t")], &body);
    assert_eq!((reply.status, reply.header("x-ratelimit-remaining")), (200, Some("0")));
    assert_eq!(reply.header("x-ratelimit-resource"), Some("graphql"));
    assert_eq!(reply.json()["errors"][0]["type"], "RATE_LIMITED");
    assert_eq!(site.get("/repos/acme/widgets").status, 200, "REST has a quota of its own");
    site.post("/_mock/clock?advance=3601", "");
    assert_eq!(ask(&site, query, json!({}))["data"]["rateLimit"]["remaining"], 2);
}

#[test]
fn a_query_for_too_many_nodes_takes_too_long() {
    let site = Site::new("--graphql-nodes 50");
    let query = |first: u32| {
        let text = format!(
            "{{ repository(owner: \"acme\", name: \"widgets\") {{ issues(first: {first}) {{ totalCount }} }} }}"
        );
        json!({"query": text}).to_string()
    };
    assert_eq!(site.send("POST", "/graphql", &[], &query(50)).status, 200);
    let slow = site.send("POST", "/graphql", &[], &query(51));
    assert_eq!((slow.status, &slow.json()["data"]), (502, &Value::Null));
}

#[test]
fn a_repository_that_is_refused_is_refused_here_too() {
    let site = Site::new(
        "--refuse acme/widgets=404 --refuse acme/gadgets=451 --refuse acme/gizmos/issues=403",
    );
    let query = "{ a: repository(owner: \"acme\", name: \"widgets\") { id }
        b: repository(owner: \"acme\", name: \"gadgets\") { id }
        c: repository(owner: \"acme\", name: \"gizmos\") { name } }";
    let answer = ask(&site, query, json!({}));
    assert_eq!(answer["data"], json!({"a": null, "b": null, "c": {"name": "gizmos"}}));
    let kinds = answer["errors"].as_array().unwrap().iter().map(|error| &error["type"]);
    assert_eq!(kinds.collect::<Vec<_>>(), ["NOT_FOUND", "FORBIDDEN"]);
}
