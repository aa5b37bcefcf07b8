//! Discussions of a repository and their comments.

use serde_json::{Value, json};

use super::account::Account;
use super::review::{instant, node_id};
use super::seed::Dice;
use super::table::Row;
use super::template::Fill;
use super::world::{Kind, Repo};
use super::{json, node, text};

/// Seconds within which a discussion is commented.
const SPAN: u64 = 30 * 86_400;
const CATEGORIES: [(&str, &str, &str); 4] = [
    ("General", "general", ":speech_balloon:"),
    ("Ideas", "ideas", ":bulb:"),
    ("Q&A", "q-a", ":pray:"),
    ("Show and tell", "show-and-tell", ":raised_hands:"),
];

/// A discussion.
pub(crate) struct Discussion<'a> {
    pub(crate) repo: &'a Repo,
    pub(crate) row: &'a Row,
}

impl Discussion<'_> {
    pub(crate) fn author(&self) -> Account {
        Account::user(1 + self.dice().pick(12, 300) as u32)
    }

    /// Appends it as one object of scalars.
    pub(crate) fn object(&self, out: &mut String) {
        out.push('{');
        for (at, slot) in ["id", "node_id", "number", "title", "created_at", "updated_at", "body"]
            .iter()
            .enumerate()
        {
            if at > 0 {
                out.push(',');
            }
            json::text(slot, out);
            out.push(':');
            self.fill(slot, out);
        }
        out.push('}');
    }

    /// A field of its category.
    pub(crate) fn category(&self, name: &str) -> Value {
        let index = self.dice().pick(13, CATEGORIES.len() as u64);
        let (title, slug, emoji) = CATEGORIES[index as usize];
        match name {
            "id" => node_id("DIC", self.repo, index + 1),
            "name" => title.into(),
            "slug" => slug.into(),
            "emoji" => emoji.into(),
            "isAnswerable" => (slug == "q-a").into(),
            _ => instant(self.repo.created),
        }
    }

    fn dice(&self) -> Dice {
        self.repo.dice(Kind::Discussion, self.row.number)
    }

    fn title(&self) -> String {
        let title = text::title(self.dice(), 1);
        match self.row.version {
            0 => title,
            version => format!("{title} (edit {version})"),
        }
    }
}

impl Fill for Discussion<'_> {
    fn fill(&self, slot: &str, out: &mut String) -> bool {
        let (repo, row, dice) = (self.repo, self.row, self.dice());
        let id = repo.id_of(Kind::Discussion, row.number);
        match slot {
            "id" => json::number(id, out),
            "node_id" => node::within("D", repo.id, id, out),
            "number" => json::number(row.number.into(), out),
            "title" => json::text(&self.title(), out),
            "body" => json::text(&text::body(dice, 300, 8), out),
            "created_at" => json::instant(row.created, out),
            "updated_at" => json::instant(row.updated, out),
            "locked" => json::boolean(dice.chance(14, 5), out),
            "upvote_count" => json::number(dice.pick(15, 30), out),
            "answer_chosen_at" => out.push_str("null"),
            "author_association" => {
                json::text(dice.of(16, &["NONE", "CONTRIBUTOR", "MEMBER"]), out)
            }
            "url" => {
                let url =
                    format!("https://github.com/{}/discussions/{}", repo.full_name(), row.number);
                json::text(&url, out);
            }
            _ => return false,
        }
        true
    }
}

/// A comment on a discussion, made when it is asked for.
#[derive(Debug, Clone)]
pub(crate) struct DiscussionComment<'a> {
    pub(crate) repo: &'a Repo,
    pub(crate) discussion: &'a Row,
    index: u32,
    created: u32,
}

impl<'a> DiscussionComment<'a> {
    /// The comments of a discussion, oldest first.
    pub(crate) fn all(repo: &'a Repo, discussion: &'a Row) -> Vec<DiscussionComment<'a>> {
        let dice = repo.dice(Kind::DiscussionComment, discussion.number);
        let mut times: Vec<u32> = (0..discussion.comments)
            .map(|at| repo.later(discussion.created, dice.pick(100 + u64::from(at), SPAN)))
            .collect();
        times.sort_unstable();
        let comment =
            |(index, created)| DiscussionComment { repo, discussion, index: index as u32, created };
        times.into_iter().enumerate().map(comment).collect()
    }

    pub(crate) fn author(&self) -> Account {
        Account::user(1 + self.dice().pick(1, 300) as u32)
    }

    /// A field by its name in GraphQL.
    pub(crate) fn value(&self, name: &str) -> Value {
        let id = self.repo.id_within(Kind::DiscussionComment, self.discussion.number, self.index);
        match name {
            "id" => node_id("DC", self.repo, id),
            "databaseId" => id.into(),
            "body" => text::body(self.dice(), 300, 4).into(),
            "createdAt" | "updatedAt" => instant(self.created),
            "isAnswer" => false.into(),
            "upvoteCount" => self.dice().pick(2, 9).into(),
            "authorAssociation" => self.dice().of(3, &["NONE", "CONTRIBUTOR", "MEMBER"]).into(),
            "url" => {
                let (repo, number) = (self.repo.full_name(), self.discussion.number);
                json!(format!(
                    "https://github.com/{repo}/discussions/{number}#discussioncomment-{id}"
                ))
            }
            _ => Value::Null,
        }
    }

    fn dice(&self) -> Dice {
        Dice::new(&[
            self.repo.seed,
            Kind::DiscussionComment as u64,
            self.discussion.number.into(),
            self.index.into(),
        ])
    }
}
