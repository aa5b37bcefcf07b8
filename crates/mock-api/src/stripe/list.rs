//! Lists, and single objects.

use super::error::Problem;
use super::expandable;
use super::kind::Kind;
use super::query::{Allowed, Query};
use super::resource::{Grave, Home, Resource};
use super::route::Route;
use super::row::Row;
use super::scene::Scene;
use super::thing::Thing;
use crate::json;
use crate::server::Request;

/// Objects of a page, and whether there are more.
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) has_more: bool,
}

impl<T> Page<T> {
    /// The next so many of what is left; backwards they come oldest first.
    pub(super) fn take(items: impl Iterator<Item = T>, limit: usize, backwards: bool) -> Self {
        let mut items: Vec<T> = items.take(limit + 1).collect();
        let has_more = items.len() > limit;
        items.truncate(limit);
        if backwards {
            items.reverse();
        }
        Self { items, has_more }
    }

    /// The body of a list.
    pub(super) fn body(&self, url: &str, mut show: impl FnMut(&T, &mut String)) -> String {
        let mut out = String::with_capacity(64 + self.items.len() * 4_096);
        out.push_str("{\"object\":\"list\",\"data\":[");
        for (at, item) in self.items.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            show(item, &mut out);
        }
        out.push_str("],\"has_more\":");
        json::boolean(self.has_more, &mut out);
        out.push_str(",\"url\":");
        json::text(url, &mut out);
        out.push('}');
        out
    }
}

/// The body for a route.
///
/// # Errors
/// What the API says of a wrong request.
pub(super) fn answer(
    scene: &Scene<'_>,
    route: &Route<'_>,
    request: &Request,
) -> Result<String, Problem> {
    match route.id {
        Some(id) => one(scene, route, id, request),
        None => many(scene, route, request),
    }
}

fn one(
    scene: &Scene<'_>,
    route: &Route<'_>,
    id: &str,
    request: &Request,
) -> Result<String, Problem> {
    let resource = route.resource;
    let query = Query::parse(request, Allowed::default())?;
    let missing = || Problem::missing(404, resource.object, id, "id");
    let thing = scene.account.find(resource.kind, id).ok_or_else(missing)?;
    if let Some(parent) = route.parent {
        let of = scene.account.parent(&thing).map(|parent| scene.account.id_of(&parent));
        if of.as_deref() != Some(parent) {
            return Err(missing());
        }
    }
    let is_gone = thing.row.gone > 0
        && (resource.grave != Some(Grave::Stub) || matches!(resource.home, Home::Within(_)));
    if is_gone {
        return Err(missing());
    }
    expandable::check(resource.kind, &query.expand, scene.version)?;
    let mut out = String::new();
    scene.object(&thing, Some(&query.expand), &mut out);
    Ok(out)
}

fn many(scene: &Scene<'_>, route: &Route<'_>, request: &Request) -> Result<String, Problem> {
    let (resource, place) = (route.resource, route.place);
    let allowed = Allowed {
        dated: resource.dated,
        filters: &resource.filters,
        ranges: &resource.ranges,
        param: place.param,
    };
    let query = Query::parse(request, allowed)?;
    expandable::check_list(resource.kind, &query.expand, scene.version)?;
    let parent = match (route.parent.or(query.parent), place.param) {
        (Some(id), param) => Some(parent(scene, resource, id, param)?),
        (None, Some(param)) if place.is_required => return Err(Problem::missing_parameter(param)),
        (None, _) => None,
    };
    let page = match (parent, resource.home) {
        (Some(parent), _) => among(scene, resource, &parent, &query)?,
        (None, Home::Top | Home::Under(_)) => rows(scene, resource, &query)?,
        (None, _) => Page { items: Vec::new(), has_more: false },
    };
    let within = query.expand.within("data");
    Ok(page.body(&request.path, |thing, out| scene.object(thing, within, out)))
}

/// The object whose children are asked for.
fn parent(
    scene: &Scene<'_>,
    resource: &Resource,
    id: &str,
    param: Option<&'static str>,
) -> Result<Thing, Problem> {
    let kind = resource.parent().unwrap_or(resource.kind);
    let object = kind.resource().object;
    let status = if param.is_some() { 400 } else { 404 };
    let missing = || Problem::missing(status, object, id, param.unwrap_or(object));
    let parent = scene.account.find(kind, id).ok_or_else(missing)?;
    if parent.row.gone > 0 { Err(missing()) } else { Ok(parent) }
}

/// A page of the children of one object.
fn among(
    scene: &Scene<'_>,
    resource: &Resource,
    parent: &Thing,
    query: &Query<'_>,
) -> Result<Page<Thing>, Problem> {
    let children = scene.account.children(resource.kind, parent, scene.now);
    let is_kept =
        |one: &Thing| query.created.has(one.row.created.into()) && keeps(scene, one, query);
    let children: Vec<Thing> = children.filter(is_kept).collect();
    // Newest first: keys descend.
    let place = |cursor, name| {
        let key = key(scene, resource.kind, cursor, name)?;
        Ok(children.partition_point(|child| child.key() > key))
    };
    let end = match query.ending_before {
        Some(cursor) => place(cursor, "ending_before")?,
        None => children.len(),
    };
    let start = match query.starting_after {
        Some(cursor) => {
            let at = place(cursor, "starting_after")?;
            let is_there = scene
                .account
                .find(resource.kind, cursor)
                .is_some_and(|one| children.get(at).is_some_and(|child| child.key() == one.key()));
            at + usize::from(is_there)
        }
        None => 0,
    };
    let part = children[start.min(end)..end].iter().copied();
    let is_backwards = query.ending_before.is_some() && query.starting_after.is_none();
    Ok(match is_backwards {
        true => Page::take(part.rev(), query.limit, true),
        false => Page::take(part, query.limit, false),
    })
}

/// A page of all objects of a kind.
fn rows(scene: &Scene<'_>, resource: &Resource, query: &Query<'_>) -> Result<Page<Thing>, Problem> {
    let kind = resource.kind;
    let rows = scene.account.table(kind).rows();
    let (mut low, mut high) = (0, rows.len());
    if resource.dated {
        low = rows.partition_point(|row| u64::from(row.created) < query.created.low);
        high = rows.partition_point(|row| u64::from(row.created) <= query.created.high);
    }
    if let Some(cursor) = query.starting_after {
        high = high.min((key(scene, kind, cursor, "starting_after")? >> 16) as usize - 1);
    }
    if let Some(cursor) = query.ending_before {
        low = low.max((key(scene, kind, cursor, "ending_before")? >> 16) as usize);
    }
    let keep =
        |row: &&Row| row.is_shown(scene.now) && keeps(scene, &Thing::new(kind, **row), query);
    let part = rows[low.min(high)..high].iter().filter(keep);
    let part = part.map(|row| Thing::new(kind, *row));
    let is_backwards = query.ending_before.is_some() && query.starting_after.is_none();
    Ok(match is_backwards {
        true => Page::take(part, query.limit, true),
        false => Page::take(part.rev(), query.limit, false),
    })
}

/// The key of the object that a cursor names; deleted ones still have their place.
fn key(scene: &Scene<'_>, kind: Kind, cursor: &str, name: &str) -> Result<u64, Problem> {
    let thing = scene.account.find(kind, cursor);
    let missing = || Problem::missing(400, kind.resource().object, cursor, name);
    Ok(thing.ok_or_else(missing)?.key())
}

/// Whether an object has the values that are asked for.
fn keeps(scene: &Scene<'_>, thing: &Thing, query: &Query<'_>) -> bool {
    let has_status = query.filters.iter().any(|(name, _)| *name == "status");
    if thing.kind == Kind::Subscriptions && !has_status && thing.is_canceled() {
        return false;
    }
    let mut text = String::new();
    let mut field = |name: &str| {
        text.clear();
        scene.field(thing, name, &mut text);
        text.clone()
    };
    let fits = query.filters.iter().all(|(name, values)| {
        let is_any = *name == "status" && values.contains(&"all");
        is_any || has_one(&field(if *name == "ids" { "id" } else { name }), values)
    });
    let within = |(name, bounds): &(&'static str, super::query::Bounds)| {
        field(name).parse().is_ok_and(|value| bounds.has(value))
    };
    fits && query.ranges.iter().all(within)
}

/// Whether a value is one of those, or an object or a list that has one of them in it.
fn has_one(value: &str, wanted: &[&str]) -> bool {
    wanted.iter().any(|one| match value.as_bytes().first() {
        Some(b'{' | b'[') => value.contains(&format!("\"{one}\"")),
        Some(b'"') => value.trim_matches('"') == *one,
        _ => value == *one,
    })
}
