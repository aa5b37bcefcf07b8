//! Discussions of a repository and their comments.

use serde_json::{Value, json};

use super::account::Account;
use super::discussion_comment::{self, reactions};
use super::graphql::made::{actor, page};
use super::label::Label;
use super::review::{instant, node_id};
use super::seed::Dice;
use super::table::Row;
use super::template::Fill;
use super::world::{Kind, Repo};
use super::{json, node, text};

/// Every so many discussions one has more reactions than others.
const BUSY: u64 = 10;
const CATEGORIES: [(&str, &str, &str, &str); 4] = [
    ("General", "general", ":speech_balloon:", "Chat about anything and everything here"),
    ("Ideas", "ideas", ":bulb:", "Share ideas for new features"),
    ("Q&A", "q-a", ":pray:", "Ask the community for help"),
    ("Show and tell", "show-and-tell", ":raised_hands:", "Show off something you've made"),
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

    /// Its category.
    pub(crate) fn category(&self) -> Value {
        category(self.repo, self.category_at())
    }

    /// A field by its name in GraphQL, where it is none of the slots.
    pub(crate) fn value(&self, name: &str) -> Option<Value> {
        let (repo, row, dice) = (self.repo, self.row, self.dice());
        let is_question = CATEGORIES[self.category_at()].1 == "q-a";
        let answer = || {
            let comments = discussion_comment::all(repo, row);
            comments.into_iter().next().filter(|_| is_question && dice.chance(17, 70))
        };
        Some(match name {
            "bodyText" => text::body(dice, 300, 8).into(),
            "publishedAt" => instant(row.created),
            "lastEditedAt" if row.version > 0 => instant(row.updated),
            "closedAt" if row.closed > 0 => instant(row.closed),
            "lastEditedAt" | "closedAt" | "stateReason" => Value::Null,
            "closed" => (row.closed > 0).into(),
            "createdViaEmail" => false.into(),
            "activeLockReason" if dice.chance(14, 5) => "RESOLVED".into(),
            "activeLockReason" => Value::Null,
            "resourcePath" => format!("/{}/discussions/{}", repo.full_name(), row.number).into(),
            "isAnswered" if is_question => answer().is_some().into(),
            "isAnswered" => Value::Null,
            "answer" => answer().map_or(Value::Null, |mut answer| {
                answer["isAnswer"] = true.into();
                answer
            }),
            "answerChosenAt" => answer().map_or(Value::Null, |answer| answer["createdAt"].clone()),
            "answerChosenBy" => answer().map_or(Value::Null, |_| actor(&self.author())),
            "labels" => page(self.labels()),
            "reactions" => {
                let busy = dice.pick(18, BUSY) == 0;
                let count = if busy { 25 } else { dice.pick(19, 4) };
                reactions(repo, dice, count, row.created)
            }
            _ => return None,
        })
    }

    fn category_at(&self) -> usize {
        self.dice().pick(13, CATEGORIES.len() as u64) as usize
    }

    fn labels(&self) -> Vec<Value> {
        let dice = self.dice();
        let count = self.repo.labels.len().min(dice.pick(20, 3) as usize);
        let label = |row| {
            let mut text = String::new();
            Label { repo: self.repo, row }.object(&mut text);
            let label: Value = serde_json::from_str(&text).unwrap_or_default();
            let slug = format!("/{}/labels/{}", self.repo.full_name(), label["id"]);
            json!({
                "__typename": "Label",
                "id": label["node_id"],
                "name": label["name"],
                "description": label["description"],
                "color": label["color"],
                "isDefault": label["default"],
                "createdAt": instant(row.created),
                "updatedAt": instant(row.updated),
                "url": format!("https://github.com{slug}"),
                "resourcePath": slug,
            })
        };
        self.repo.labels.rows().iter().take(count).map(label).collect()
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

/// The categories of a repository's discussions.
pub(crate) fn categories(repo: &Repo) -> Vec<Value> {
    (0..CATEGORIES.len()).map(|at| category(repo, at)).collect()
}

fn category(repo: &Repo, at: usize) -> Value {
    let (name, slug, emoji, description) = CATEGORIES[at];
    json!({
        "__typename": "DiscussionCategory",
        "id": node_id("DIC", repo, at as u64 + 1),
        "name": name,
        "slug": slug,
        "emoji": emoji,
        "description": description,
        "isAnswerable": slug == "q-a",
        "createdAt": instant(repo.created),
        "updatedAt": instant(repo.created),
    })
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
