//! Comments on issues and pull requests.

use std::sync::LazyLock;

use super::account::Account;
use super::reactions::Reactions;
use super::table::Row;
use super::template::{Fill, Template, shape};
use super::world::{Kind, Repo};
use super::{app, json, node, text};

static COMMENT: LazyLock<Template> = shape!("comment");

/// A comment.
pub(crate) struct Comment<'a> {
    pub(crate) repo: &'a Repo,
    pub(crate) row: &'a Row,
}

impl Comment<'_> {
    pub(crate) fn object(&self, out: &mut String) {
        COMMENT.render(self, out);
    }

    fn body(&self) -> String {
        let body = text::body(self.repo.dice(Kind::Comment, self.row.number), 300, 6);
        match self.row.version {
            0 => body,
            version => format!("{body} (edit {version})"),
        }
    }
}

impl Fill for Comment<'_> {
    fn fill(&self, slot: &str, out: &mut String) -> bool {
        let (repo, row) = (self.repo, self.row);
        let dice = repo.dice(Kind::Comment, row.number);
        let id = repo.id_of(Kind::Comment, row.number);
        match slot {
            "repo" => repo.push_full_name(out),
            "word" => {
                let pull = repo.issues.find(row.parent).is_some_and(|issue| issue.pull);
                out.push_str(if pull { "pull" } else { "issues" });
            }
            "id" => json::number(id, out),
            "node_id" => node::within("IC", repo.id, id, out),
            "issue_number" => json::number(row.parent.into(), out),
            "user" => Account::user(1 + dice.pick(1, 300) as u32).object(out),
            "created_at" => json::instant(row.created, out),
            "updated_at" => json::instant(row.updated, out),
            "body" => json::text(&self.body(), out),
            "author_association" => {
                json::text(dice.of(2, &["NONE", "CONTRIBUTOR", "MEMBER", "OWNER"]), out);
            }
            "minimized" if dice.chance(3, 2) => out.push_str("{\"reason\":\"resolved\"}"),
            "minimized" => out.push_str("null"),
            "reactions" => {
                let name = repo.full_name();
                let url = format!("https://api.github.com/repos/{name}/issues/comments/{id}");
                Reactions { url: &url, dice }.object(out);
            }
            "app" => app::object_or_null(repo, dice.chance(4, 3), out),
            _ => return false,
        }
        true
    }
}
