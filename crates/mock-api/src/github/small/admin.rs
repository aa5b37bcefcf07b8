//! What small lists hold, and changes of it.

use serde_json::{Value, json};

use super::place::{Here, Root};
use super::record::Record;
use super::registry::{List, RootKind};
use crate::github::account::Account;
use crate::github::json::bare_instant;
use crate::github::seed::mix;
use crate::github::table::Row;
use crate::github::template::Fill;
use crate::github::world::World;
use crate::server::Request;

/// Users whose lists are shown when none is named.
const USERS: u32 = 5;
/// Seconds that pass before a change.
const PAUSE: u32 = 60;

/// The records of a list at all its places.
#[cfg(test)]
pub(crate) fn lines(world: &World, list: &'static List) -> Vec<String> {
    let places = roots(world, list, None).into_iter().flat_map(|root| places(list, root));
    let mut lines = Vec::new();
    for here in places {
        for row in world.small.rows(list, &here).rows() {
            let mut out = String::new();
            Record { list, here: &here, row }.object(&mut out);
            lines.push(out);
        }
    }
    lines
}

/// One JSON line a row, with the fields that are asked for; a path such as `/user/id` is a field too.
pub(crate) fn truth(world: &World, list: &'static List, request: &Request) -> String {
    let fields: Vec<&str> = request.param("fields").unwrap_or("id").split(',').collect();
    let roots = roots(world, list, request.param("repo").or(request.param("of_root")));
    let mut out = String::new();
    for here in roots.into_iter().flat_map(|root| places(list, root)) {
        for row in world.small.rows(list, &here).rows() {
            let record = Record { list, here: &here, row };
            let values = fields.iter().map(|field| ((*field).to_owned(), value(&record, field)));
            out.push_str(&Value::Object(values.collect()).to_string());
            out.push('\n');
        }
    }
    out
}

/// The endpoints, as the API's documentation has them, and a path of each that leads to something.
pub(crate) fn endpoints(world: &World) -> Value {
    let named = |list: &'static List| {
        let roots = roots(world, list, None).into_iter();
        let mut places = roots.flat_map(|root| places(list, root));
        let here = places.find(|here| world.small.rows(list, here).len() > 0)?;
        Some((list.small.path.to_owned(), Value::from(list.address(&here))))
    };
    Value::Object(List::all().iter().filter_map(named).collect())
}

/// A field of a record, or else a slot of it.
fn value(record: &Record<'_>, field: &str) -> Value {
    let mut text = String::new();
    record.object(&mut text);
    let whole: Value = serde_json::from_str(&text).unwrap_or_default();
    let found = whole.get(field).or_else(|| whole.pointer(field)).cloned();
    found.unwrap_or_else(|| {
        let mut text = String::new();
        let known = record.fill(field, &mut text);
        if known { serde_json::from_str(&text).unwrap_or_default() } else { Value::Null }
    })
}

/// The roots that a list is in, or the one of that name.
fn roots<'a>(world: &'a World, list: &List, name: Option<&str>) -> Vec<Here<'a>> {
    let is_named = |full_name: &str| name.is_none_or(|name| name.eq_ignore_ascii_case(full_name));
    let roots: Vec<Root<'a>> = match list.root {
        RootKind::Repository => {
            let repos = world.repos.iter().filter(|repo| is_named(&repo.full_name()));
            repos.map(Root::Repository).collect()
        }
        RootKind::Organization => {
            // An organization may be named by one of its repositories.
            let owner = name.map(|name| name.split_once('/').map_or(name, |(owner, _)| owner));
            let is_meant =
                |login: &str| owner.is_none_or(|owner| owner.eq_ignore_ascii_case(login));
            let owners = world.owners.iter().filter(|owner| is_meant(&owner.login));
            owners.map(Root::Organization).collect()
        }
        RootKind::User => match name {
            Some(login) => Account::find(login).map(Root::User).into_iter().collect(),
            None => (1..=USERS).map(|number| Root::User(Account::user(number))).collect(),
        },
    };
    roots.into_iter().map(|root| Here::new(world, root)).collect()
}

/// All places of a list within a root.
fn places<'a>(list: &'static List, root: Here<'a>) -> Vec<Here<'a>> {
    let mut places = vec![root];
    for list in list.descent() {
        let below = |here: &Here<'a>| {
            let held = here.every(list).into_iter();
            held.map(|held| here.under(held)).collect::<Vec<_>>()
        };
        places = places.iter().flat_map(below).collect();
    }
    places
}

/// Touches, creates or deletes rows of a list at one place: of `repo`, `org` or `user`, and of the
/// parent that `of` names as a path would (`of=7`, or `of=team-1/…` from the outermost one).
pub(crate) fn change(
    world: &mut World,
    list: &'static List,
    action: &str,
    request: &Request,
) -> Result<Value, String> {
    let count = request.number("count").unwrap_or(1) as usize;
    world.clock += PAUSE;
    let now = world.clock;
    world.clock += u32::try_from(count).unwrap_or(0);
    let name = ["repo", "org", "user"].iter().find_map(|name| request.param(name));
    let here = roots(world, list, name).into_iter().next();
    let mut here = here.ok_or_else(|| format!("there is no `{}`", name.unwrap_or_default()))?;
    let mut named = request.param("of").unwrap_or_default().split('/');
    for (list, (_, variable)) in list.descent().into_iter().zip(list.variables()) {
        let parent = match named.next().filter(|name| !name.is_empty()) {
            Some(name) => here.find(list, variable, name),
            None => here.every(list).pop(),
        };
        here = here.under(parent.ok_or("there is no such parent (`of` names it as a path does)")?);
    }
    let number = request.number("number").map(|number| number as u32);
    let table = world.small.rows(list, &here);
    let chosen = match number {
        Some(number) => table.find(number).map(|row| row.number).into_iter().collect(),
        None => spread(table.rows(), count, now),
    };
    let is_chosen = |number: u32| chosen.binary_search(&number).is_ok();
    let mut changed = chosen.clone();
    world.small.change(list, &here, |table| match action {
        "touch" => table.edit(|rows| {
            for (at, row) in rows.iter_mut().filter(|row| is_chosen(row.number)).enumerate() {
                row.updated = now + at as u32;
                row.version += 1;
            }
        }),
        "delete" => table.remove(|row| is_chosen(row.number)),
        _ => {
            let first = table.next();
            for at in 0..count as u32 {
                let created = now + at;
                table.push(Row { created, updated: created, ..Row::default() });
            }
            changed = (first..table.next()).collect();
        }
    });
    let verb = match action {
        "touch" => "touched",
        "delete" => "deleted",
        _ => "created",
    };
    let mut first_at = String::new();
    bare_instant(now, &mut first_at);
    Ok(json!({verb: changed.len(), "first_at": first_at, "numbers": changed}))
}

/// The numbers of so many rows, spread evenly.
fn spread(rows: &[Row], count: usize, now: u32) -> Vec<u32> {
    let (length, count) = (rows.len(), count.min(rows.len()));
    let first = mix(&[now.into()]) as usize % length.max(1);
    let mut chosen: Vec<u32> =
        (0..count).map(|at| rows[(first + at * length / count) % length].number).collect();
    chosen.sort_unstable();
    chosen
}
