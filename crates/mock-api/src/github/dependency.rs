//! The dependency graph of a repository.

use serde_json::{Value, json};

use super::account::Account;
use super::graphql::made::{actor, page};
use super::review::node_id;
use super::seed::Dice;
use super::text;
use super::world::Repo;

/// File, package manager, and how many packages it names.
const MANIFESTS: [(&str, &str, usize); 3] = [
    ("Cargo.lock", "RUST", 120),
    ("docs/requirements.txt", "PIP", 3),
    ("web/package.json", "NPM", 7),
];

/// The manifests of a repository.
pub(crate) fn manifests(repo: &Repo) -> Vec<Value> {
    let manifest = |(at, (filename, manager, count)): (usize, &(&str, &str, usize))| {
        let package = |number: usize| package(repo, at, manager, number);
        json!({
            "__typename": "DependencyGraphManifest",
            "id": node_id("DGM", repo, at as u64),
            "filename": filename,
            "blobPath": format!("/{}/blob/main/{filename}", repo.full_name()),
            "dependenciesCount": count,
            "exceedsMaxSize": false,
            "parseable": true,
            "dependencies": page((1..=*count).map(package).collect()),
        })
    };
    MANIFESTS.iter().enumerate().map(manifest).collect()
}

fn package(repo: &Repo, manifest: usize, manager: &str, number: usize) -> Value {
    let dice = Dice::new(&[repo.seed, 31, manifest as u64, number as u64]);
    let name = format!("{}-{number}", text::word(dice, 1).replace(' ', "-"));
    let owner = Account::owner("packages", 8_000_001);
    let known = json!({
        "__typename": "Repository",
        "id": node_id("R", repo, number as u64),
        "databaseId": 9_000_000 + number,
        "nameWithOwner": format!("packages/{name}"),
        "url": format!("https://github.com/packages/{name}"),
        "owner": actor(&owner),
    });
    json!({
        "__typename": "DependencyGraphDependency",
        "packageName": name,
        "packageManager": manager,
        "requirements": format!("= 1.{}.0", dice.pick(2, 30)),
        "relationship": dice.of(3, &["direct", "transitive"]),
        "hasDependencies": dice.chance(4, 40),
        "repository": if dice.chance(5, 80) { known } else { Value::Null },
    })
}
