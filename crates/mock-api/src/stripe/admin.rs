//! Changes of the data, and what it really holds, for tests.

use serde_json::{Value, json};

use super::account::Account;
use super::change::{Alter, Stamp, Wish};
use super::kind::Kind;
use super::life::Span;
use super::resource::Home;
use super::scene::Scene;
use super::thing::Thing;
use super::truth;
use super::version::ApiVersion;
use super::world::World;
use crate::seed::mix;
use crate::server::{Answer, Request};

/// What is told of them in `--help`.
pub const AFTER_HELP: &str = "\
Admin requests (not counted, without a key; about a connected account with account=acct_…):
  POST /_mock/create?resource=NAME&count=K[&children=N][&of=PARENT][&late=SECONDS]
  POST /_mock/touch?resource=NAME&count=K[&id=ID][&late=SECONDS]
  POST /_mock/delete?resource=NAME&count=K[&id=ID][&late=SECONDS]
  POST /_mock/clock?advance=SECONDS
  POST /_mock/live?days=D           D days of ordinary life; puts the clock forward
  GET  /_mock/truth?resource=NAME[&fields=id,…][&deleted=1]     one JSON line an object
  GET  /_mock/accounts              ids of the platform and of the connected accounts
  and /_mock/health, requests and faults as in the other rooms (see `mock-api --help`)
NAME is the name of a stream, such as charges or invoice_line_items. What is changed at once has one
time, the server's. `late` is how long lists do not show it and its event, `children` the size of its
nested lists. A deletion of subscriptions cancels them, of items it takes the first of each list. What
no event would tell of is not touched.

The truth is what lists show now, in the shape of 2022-11-15. References are ids; nested lists are
list objects that go to their end, and those that must be expanded are there (refunds of charges;
sources, subscriptions and tax_ids of customers; line_items; tiers). Children have the id of their
parent. With deleted=1 there is also what was deleted, with `_deleted_at` in seconds of the epoch.
Of reports it is the lines, from interval_start to interval_end; of billing_meter_event_summaries
those of each day, from start_time to end_time.";

/// Shows something; `None` if there is no such action.
pub(super) fn show(world: &World, action: &str, request: &Request, now: u32) -> Option<Answer> {
    match action {
        "truth" => Some(match named(world, request) {
            Ok(account) => truth::answer(account, request, now),
            Err(text) => complain(&text),
        }),
        "accounts" => {
            let ids: Vec<&str> = world.accounts.iter().map(|one| one.id.as_str()).collect();
            Some(Answer::value(200, &json!({"platform": ids[0], "connected": ids[1..]})))
        }
        _ => None,
    }
}

/// Changes something; `None` if there is no such action.
pub(super) fn change(
    world: &mut World,
    action: &str,
    request: &Request,
    now: u32,
) -> Option<Answer> {
    let change = match action {
        "create" => create,
        "touch" => touch,
        "delete" => delete,
        _ => return None,
    };
    let id = named(world, request).map(|account| account.id.clone());
    let done = id.and_then(|id| {
        let account =
            world.account_mut(&id).ok_or_else(|| format!("there is no account `{id}`"))?;
        Ok((change(account, &Aim::read(request, now)?)?, id))
    });
    Some(match done {
        Ok((things, id)) => {
            let ids = match world.account(&id) {
                Some(account) => {
                    things.iter().map(|thing| shown_id(account, *thing, now)).collect()
                }
                None => Vec::new(),
            };
            Answer::value(200, &json!({"changed": ids.len(), "first_at": now, "ids": ids}))
        }
        Err(text) => complain(&text),
    })
}

/// Plays so many days of all accounts.
pub(super) fn live(world: &mut World, days: u32, now: u32) -> Answer {
    let mut lives = serde_json::Map::new();
    for account in &mut world.accounts {
        let span = Span { first: now, days };
        let sizes: Vec<u32> =
            Kind::ALL.iter().map(|kind| account.table(*kind).alive() as u32).collect();
        let plans = account.plan(span, |kind| sizes[kind as usize], true);
        let played = account.play(plans, now);
        let played =
            json!({"made": played.made, "touched": played.touched, "deleted": played.deleted});
        lives.insert(account.id.clone(), played);
    }
    Answer::value(200, &Value::Object(lives))
}

fn named<'a>(world: &'a World, request: &Request) -> Result<&'a Account, String> {
    let Some(id) = request.param("account") else { return Ok(world.platform()) };
    world.account(id).ok_or_else(|| format!("there is no account `{id}`"))
}

/// The id of an object as the API shows it.
fn shown_id(account: &Account, (kind, number, ordinal): Changed, now: u32) -> Value {
    let scene = Scene { account, version: ApiVersion::TRUTH, now, is_whole: false, origin: "" };
    let Some(row) = account.table(kind.resource().root()).get(number) else { return Value::Null };
    let mut id = String::new();
    scene.field(&Thing { kind, row: *row, ordinal }, "id", &mut id);
    serde_json::from_str(&id).unwrap_or_default()
}

fn complain(text: &str) -> Answer {
    Answer::value(400, &json!({"message": text}))
}

/// What a change is to be made to.
struct Aim<'a> {
    kind: Kind,
    count: usize,
    /// One object only.
    id: Option<&'a str>,
    of: Option<&'a str>,
    children: Option<u32>,
    stamp: Stamp,
}

/// An object that was changed: its kind, its number, and its number within that.
type Changed = (Kind, u32, u16);

impl<'a> Aim<'a> {
    fn read(request: &'a Request, now: u32) -> Result<Self, String> {
        let name = request.param("resource").unwrap_or_default();
        let kind = truth::kind(name).ok_or_else(|| format!("there is no list `{name}`"))?;
        let delay = request.number("late").unwrap_or(0).min(u16::MAX.into()) as u16;
        Ok(Self {
            kind,
            count: request.number("count").unwrap_or(1) as usize,
            id: request.param("id"),
            of: request.param("of"),
            children: request.number("children").map(|number| number as u32),
            stamp: Stamp { at: now, delay, is_told: true },
        })
    }

    /// The number of the object that new ones are to belong to.
    fn parent(&self, account: &Account) -> Result<Option<u32>, String> {
        let Some(id) = self.of else { return Ok(None) };
        let kind = self.kind.resource().parent();
        let parent = kind.and_then(|kind| account.find(kind, id));
        parent.map(|parent| Some(parent.row.number)).ok_or_else(|| format!("there is no `{id}`"))
    }

    /// The numbers of the rows that are meant, spread evenly over those that may be.
    fn chosen(&self, account: &Account, root: Kind, may: impl Fn(u32) -> bool) -> Vec<u32> {
        if let Some(id) = self.id {
            return account.find(self.kind, id).map(|thing| thing.row.number).into_iter().collect();
        }
        let rows = account.table(root).rows().iter().filter(|row| row.gone == 0);
        let numbers: Vec<u32> = rows.map(|row| row.number).filter(|one| may(*one)).collect();
        let (length, count) = (numbers.len(), self.count.min(numbers.len()));
        let first = mix(&[self.stamp.at.into(), root as u64]) as usize % length.max(1);
        (0..count).map(|at| numbers[(first + at * length / count) % length]).collect()
    }
}

fn create(account: &mut Account, aim: &Aim<'_>) -> Result<Vec<Changed>, String> {
    let parent = aim.parent(account)?;
    if let Home::Within(root) = aim.kind.resource().home {
        let numbers = match parent {
            Some(number) => vec![number; aim.count],
            None => aim.chosen(account, root, |_| true),
        };
        return Ok(alter(account, aim, Alter::Add, numbers));
    }
    if matches!(aim.kind.resource().home, Home::Seeded(..)) || aim.kind == Kind::Accounts {
        return Err(format!("`{}` are made at the start only", aim.kind.name()));
    }
    let mut made = Vec::new();
    for _ in 0..aim.count {
        let wish = Wish { parent, children: aim.children };
        let thing = account.make(aim.kind, wish, aim.stamp);
        let thing = thing.ok_or("there is nothing that it could belong to")?;
        account.adopt(&thing, aim.stamp);
        made.push((aim.kind, thing.row.number, 0));
    }
    Ok(made)
}

fn touch(account: &mut Account, aim: &Aim<'_>) -> Result<Vec<Changed>, String> {
    let root = aim.kind.resource().root();
    match aim.kind.resource().home {
        Home::Within(_) => {
            let numbers = aim.chosen(account, root, |_| true);
            Ok(alter(account, aim, Alter::Edit, numbers))
        }
        Home::Seeded(..) => Err(format!("`{}` do not change", aim.kind.name())),
        Home::Top | Home::Under(_) => {
            let numbers = aim.chosen(account, root, |number| account.can_change(root, number));
            Ok(numbers
                .into_iter()
                .filter(|number| account.touch(root, *number, aim.stamp))
                .map(|number| (aim.kind, number, 0))
                .collect())
        }
    }
}

fn delete(account: &mut Account, aim: &Aim<'_>) -> Result<Vec<Changed>, String> {
    let resource = aim.kind.resource();
    let numbers = aim.chosen(account, resource.root(), |_| true);
    if let Home::Within(_) = resource.home {
        return Ok(alter(account, aim, Alter::Remove, numbers));
    }
    if resource.grave.is_none() && resource.end.is_none() {
        return Err(format!("`{}` are not deleted", aim.kind.name()));
    }
    Ok(numbers
        .into_iter()
        .filter(|number| account.remove(aim.kind, *number, aim.stamp))
        .map(|number| (aim.kind, number, 0))
        .collect())
}

/// Changes items of rows; what has none is left out.
fn alter(account: &mut Account, aim: &Aim<'_>, change: Alter, numbers: Vec<u32>) -> Vec<Changed> {
    let altered = numbers.into_iter().filter_map(|number| {
        let ordinal = account.alter(aim.kind, change, number, aim.stamp)?;
        Some((aim.kind, number, ordinal))
    });
    altered.collect()
}
