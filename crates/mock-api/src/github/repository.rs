//! Repositories, as lists, searches and their own page show them.

use std::sync::LazyLock;

use super::account::Account;
use super::seed::Dice;
use super::template::{Fill, Template, shape};
use super::world::Repo;
use super::{json, node, text};

static REPOSITORY: LazyLock<Template> = shape!("repository");
static MINIMAL: LazyLock<Template> = shape!("repository_minimal");
static FULL: LazyLock<Template> = shape!("repository_full");

const LANGUAGES: &[&str] = &["Rust", "Python", "Go", "TypeScript", "C", "Elixir"];
const TOPICS: &[&str] = &["cli", "data", "http", "parser", "async", "tools", "etl"];
const MIT: &str = r#"{"key":"mit","name":"MIT License","spdx_id":"MIT","url":"https://api.github.com/licenses/mit","node_id":"MDc6TGljZW5zZTEz"}"#;
const APACHE: &str = r#"{"key":"apache-2.0","name":"Apache License 2.0","spdx_id":"Apache-2.0","url":"https://api.github.com/licenses/apache-2.0","node_id":"MDc6TGljZW5zZTI="}"#;

/// A repository.
pub(crate) struct Repository<'a>(pub(crate) &'a Repo);

impl Repository<'_> {
    /// Appends it as pull requests show it.
    pub(crate) fn nested(&self, out: &mut String) {
        out.push('{');
        REPOSITORY.render(self, out);
        out.push('}');
    }

    /// Appends it as lists show it.
    pub(crate) fn minimal(&self, out: &mut String) {
        MINIMAL.render(self, out);
    }

    /// Appends it as a search shows it.
    pub(crate) fn found(&self, out: &mut String) {
        out.push('{');
        REPOSITORY.render(self, out);
        out.push_str(",\"score\":1.0}");
    }

    /// Appends it as its own page shows it.
    pub(crate) fn full(&self, out: &mut String) {
        FULL.render(self, out);
    }

    fn description(&self) -> String {
        let repo = self.0;
        let words = format!("{} of {}", repo.name, repo.owner);
        match repo.version {
            0 => words,
            version => format!("{words} (edit {version})"),
        }
    }
}

impl Fill for Repository<'_> {
    fn fill(&self, slot: &str, out: &mut String) -> bool {
        let repo = self.0;
        let dice = Dice::new(&[repo.seed, 13]);
        match slot {
            "repository" => REPOSITORY.render(self, out),
            "id" => json::number(repo.id, out),
            "node_id" => node::of("R", repo.id, out),
            "name" => json::text(&repo.name, out),
            "repo" => repo.push_full_name(out),
            "full_name" => json::text(&repo.full_name(), out),
            "owner" => Account::owner(&repo.owner, repo.owner_id).object(out),
            "description" => json::text(&self.description(), out),
            "fork" => json::boolean(repo.fork, out),
            "archived" => json::boolean(repo.archived, out),
            "homepage" if dice.chance(2, 50) => json::text("https://docs.example", out),
            "homepage" => out.push_str("null"),
            "language" if dice.chance(3, 10) => out.push_str("null"),
            "language" => json::text(dice.of(4, LANGUAGES), out),
            "forks_count" => json::number(dice.pick(5, 400), out),
            "stargazers_count" => json::number(repo.stars.len() as u64, out),
            "subscribers_count" => json::number(dice.pick(6, 90), out),
            "open_issues_count" => json::number(repo.open_issues as u64, out),
            "size" => json::number(100 + dice.pick(7, 90_000), out),
            "topics" => {
                let topics = [dice.of(8, &TOPICS[..3]), dice.of(9, &TOPICS[3..])];
                out.push_str(&format!("[\"{}\",\"{}\"]", topics[0], topics[1]));
            }
            "has_pages" => json::boolean(dice.chance(10, 30), out),
            "has_discussions" => json::boolean(repo.discussions.len() > 0, out),
            "license" => out.push_str(if dice.chance(12, 50) { MIT } else { APACHE }),
            "custom_properties" => {
                out.push_str("{\"team\":");
                json::text(&text::word(dice, 14), out);
                out.push('}');
            }
            "pushed_at" => json::instant(repo.pushed, out),
            "created_at" => json::instant(repo.created, out),
            "updated_at" => json::instant(repo.updated, out),
            _ => return false,
        }
        true
    }
}
