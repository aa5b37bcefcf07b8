//! What there is one of: the account itself, and its balance.

use serde_json::{Value, json};

use super::error::Problem;
use super::expandable;
use super::kind::Kind;
use super::query::{Allowed, Query};
use super::scene::Scene;
use super::thing::Thing;
use super::world::World;
use crate::server::Request;

/// The body for a path that no list has; `None` if it is none.
pub(super) fn answer(
    scene: &Scene<'_>,
    world: &World,
    request: &Request,
) -> Option<Result<String, Problem>> {
    match request.path.as_str() {
        "/v1/account" => Some(itself(scene, world, request)),
        path if path.strip_prefix("/v1/accounts/") == Some(&scene.account.id) => {
            Some(itself(scene, world, request))
        }
        "/v1/balance" => {
            let checked = Query::parse(request, Allowed::default());
            Some(checked.map(|_| balance(scene).to_string()))
        }
        _ => None,
    }
}

/// The account as the platform has it.
fn itself(scene: &Scene<'_>, world: &World, request: &Request) -> Result<String, Problem> {
    let query = Query::parse(request, Allowed::default())?;
    expandable::check(Kind::Accounts, &query.expand, scene.version)?;
    let platform = world.platform();
    let row = platform.table(Kind::Accounts).get(scene.account.index).copied();
    let thing = row.map_or_else(|| platform.itself(), |row| Thing::new(Kind::Accounts, row));
    let mut out = String::new();
    Scene { account: platform, ..*scene }.object(&thing, Some(&query.expand), &mut out);
    Ok(out)
}

/// The balance, which each transaction that lists show raises.
pub(super) fn balance(scene: &Scene<'_>) -> Value {
    let rows = scene.account.table(Kind::BalanceTransactions).rows().iter();
    let shown = rows.filter(|row| row.is_shown(scene.now)).count();
    let amount = |share: usize| {
        let amount = shown * share;
        json!([{"amount": amount, "currency": "usd", "source_types": {"card": amount}}])
    };
    let mut balance = json!({
        "object": "balance",
        "available": amount(97),
        "connect_reserved": [{"amount": 0, "currency": "usd"}],
        "instant_available": amount(90),
        "livemode": false,
        "pending": amount(3),
    });
    if scene.version.is_since("2025-09-30") {
        balance["refund_and_dispute_prefunding"] =
            json!({"available": amount(0), "pending": amount(0)});
    }
    balance
}
