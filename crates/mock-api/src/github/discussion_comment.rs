//! Comments of discussions, and the replies to them, made when they are asked for.

use serde_json::{Value, json};

use super::account::Account;
use super::graphql::made::{actor, page};
use super::review::{instant, node_id};
use super::seed::Dice;
use super::table::Row;
use super::text;
use super::world::{Kind, Repo};

/// Seconds within which a discussion is commented, and a comment is replied to.
const SPAN: u64 = 30 * 86_400;
/// Every so many comments one has more replies than others.
const BUSY: u64 = 40;
const REACTIONS: [&str; 4] = ["THUMBS_UP", "HEART", "ROCKET", "EYES"];

/// The comments of a discussion, oldest first. When a discussion is touched, so is its last comment.
pub(crate) fn all(repo: &Repo, discussion: &Row) -> Vec<Value> {
    let dice = repo.dice(Kind::DiscussionComment, discussion.number);
    let times = times(repo, dice, discussion.created, discussion.comments.into());
    let last = times.len().saturating_sub(1);
    let comment = |(index, created)| {
        let version = if index == last { discussion.version } else { 0 };
        comment(repo, discussion, index as u32, created, version)
    };
    times.into_iter().enumerate().map(comment).collect()
}

/// The comment or reply of an id.
pub(crate) fn by_id(repo: &Repo, id: u64) -> Option<Value> {
    let (kind, number, index) = [Kind::DiscussionComment, Kind::DiscussionReply]
        .into_iter()
        .find_map(|kind| repo.place_within(kind, id).map(|(number, at)| (kind, number, at)))?;
    let (number, comment, reply) = match kind {
        Kind::DiscussionComment => (number, index, None),
        _ => (number / 1_000, number % 1_000, Some(index)),
    };
    let found = all(repo, repo.discussions.find(number)?).into_iter().nth(comment as usize)?;
    match reply {
        None => Some(found),
        Some(reply) => found["replies"]["page"].get(reply as usize).cloned(),
    }
}

/// So many reactions of a purpose.
pub(crate) fn reactions(repo: &Repo, dice: Dice, count: u64, since: u32) -> Value {
    let reaction = |at: u64| {
        let id = dice.pick(700 + at, 1 << 31);
        json!({
            "__typename": "Reaction",
            "id": node_id("REA", repo, id),
            "databaseId": id,
            "content": dice.of(500 + at, &REACTIONS),
            "createdAt": instant(repo.later(since, 60 * (at + 1))),
            // Numbers of bots are left out: only users react.
            "user": actor(&Account::user(1 + (dice.pick(600, 200) as u32 + at as u32) * 40 % 799)),
        })
    };
    page((0..count).map(reaction).collect())
}

fn times(repo: &Repo, dice: Dice, since: u32, count: u64) -> Vec<u32> {
    let mut times: Vec<u32> =
        (0..count).map(|at| repo.later(since, dice.pick(100 + at, SPAN))).collect();
    times.sort_unstable();
    times
}

fn comment(repo: &Repo, discussion: &Row, index: u32, created: u32, version: u16) -> Value {
    let id = repo.id_within(Kind::DiscussionComment, discussion.number, index);
    let dice = Dice::new(&[repo.seed, id]);
    let mut comment = words(repo, discussion, id, created, version);
    let count = if dice.pick(20, BUSY) == 0 { 14 } else { dice.pick(21, 3) };
    let place = discussion.number * 1_000 + index;
    let reply = |(at, created): (usize, u32)| {
        let id = repo.id_within(Kind::DiscussionReply, place, at as u32);
        let mut reply = words(repo, discussion, id, created, 0);
        reply["replies"] = page(Vec::new());
        reply
    };
    let times = times(repo, dice, created, count);
    comment["replies"] = page(times.into_iter().enumerate().map(reply).collect());
    comment
}

/// What a comment and a reply have.
fn words(repo: &Repo, discussion: &Row, id: u64, created: u32, version: u16) -> Value {
    let dice = Dice::new(&[repo.seed, id]);
    let author = Account::user(1 + dice.pick(1, 300) as u32);
    let body = match version {
        0 => text::body(dice, 300, 4),
        version => format!("{} (edit {version})", text::body(dice, 300, 4)),
    };
    let path =
        format!("/{}/discussions/{}#discussioncomment-{id}", repo.full_name(), discussion.number);
    let count = if dice.pick(22, BUSY) == 0 { 25 } else { dice.pick(23, 3) };
    let edited = if version > 0 { instant(discussion.updated) } else { Value::Null };
    json!({
        "__typename": "DiscussionComment",
        "id": node_id("DC", repo, id),
        "databaseId": id,
        "author": actor(&author),
        "authorAssociation": dice.of(3, &["NONE", "CONTRIBUTOR", "MEMBER"]),
        "body": body,
        "bodyHTML": format!("<p dir=\"auto\">{body}</p>"),
        "bodyText": body,
        "createdAt": instant(created),
        "publishedAt": instant(created),
        "lastEditedAt": edited,
        "updatedAt": if version > 0 { edited.clone() } else { instant(created) },
        "createdViaEmail": false,
        "deletedAt": null,
        "includesCreatedEdit": version > 0,
        "isAnswer": false,
        "isMinimized": dice.chance(24, 4),
        "minimizedReason": if dice.chance(24, 4) { json!("off-topic") } else { Value::Null },
        "upvoteCount": dice.pick(2, 9),
        "url": format!("https://github.com{path}"),
        "resourcePath": path,
        "editor": if version > 0 { actor(&author) } else { Value::Null },
        "reactions": reactions(repo, dice, count, created),
    })
}
