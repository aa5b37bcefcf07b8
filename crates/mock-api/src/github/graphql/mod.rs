//! The GraphQL side of the room: `POST /graphql`.

pub(super) mod made;
mod node;
mod repository;
mod schema;
mod types;
mod value;

use serde_json::{Value, json};

use super::world::World;
use crate::graphql::{self, Checked, Problem, Weight};
use crate::quota::Standing;
use crate::server::{Answer, Caller, Request};

use node::{Desk, Located, Node};
use schema::GITHUB;

/// The quota of GraphQL, in points.
pub(crate) const POOL: &str = "graphql";

/// The paths to which queries are posted, on the public site and on an enterprise's.
pub(crate) const PATHS: [&str; 2] = ["/graphql", "/api/graphql"];

/// The points that a request costs.
pub(crate) fn cost(request: &Request) -> u64 {
    Checked::read(&request.body, &GITHUB).map_or(1, |checked| checked.weight.cost())
}

/// Answers a query; one of more than `most_nodes` nodes takes too long.
pub(crate) fn answer(
    world: &World,
    request: &Request,
    caller: &Caller<'_>,
    most_nodes: u64,
) -> Answer {
    match Checked::read(&request.body, &GITHUB) {
        Err(problems) => errors(&problems),
        Ok(checked) if checked.weight.nodes > most_nodes => too_slow(),
        Ok(checked) => {
            let Checked { weight, .. } = checked;
            let desk = Desk { standing: caller.standing(POOL), weight };
            let root = Located { world, desk: &desk, node: Node::Query };
            Answer::value(200, &graphql::answer(&checked, &root))
        }
    }
}

/// What a spent quota looks like: a success.
pub(crate) fn spent() -> Answer {
    errors(&[Problem::kind("RATE_LIMITED", "API rate limit exceeded for user ID 1.")])
}

fn errors(problems: &[Problem]) -> Answer {
    let problems: Value = problems.iter().map(Problem::to_value).collect();
    Answer::value(200, &json!({"errors": problems}))
}

fn too_slow() -> Answer {
    let message = "We couldn't respond to your request in time. Sorry about that. Please try \
                   resubmitting your request and contact us if the problem persists.";
    Answer::value(502, &json!({"data": null, "errors": [{"message": message}]}))
}

/// What a query knows of itself.
fn rate_limit(standing: &Standing, weight: Weight, name: &str) -> Value {
    match name {
        "cost" => weight.cost().into(),
        "limit" => standing.limit.into(),
        "nodeCount" => weight.nodes.into(),
        "remaining" => standing.remaining().into(),
        "used" => standing.used.into(),
        _ => value::instant(standing.reset.try_into().unwrap_or(u32::MAX)),
    }
}
