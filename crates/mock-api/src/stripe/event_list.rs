//! The list of events, and single ones.

use super::error::Problem;
use super::event::KEPT;
use super::list::Page;
use super::query::{Allowed, Query};
use super::scene::Scene;
use crate::server::Request;

const PATH: &str = "/v1/events";
/// The most types that one request may name.
const MAX_TYPES: usize = 20;

/// The body for a path of events; `None` if it is none.
pub(super) fn answer(scene: &Scene<'_>, request: &Request) -> Option<Result<String, Problem>> {
    let rest = request.path.strip_prefix(PATH)?;
    match rest.strip_prefix('/') {
        Some(id) if !id.is_empty() && !id.contains('/') => Some(one(scene, id, request)),
        None if rest.is_empty() => Some(many(scene, request)),
        _ => None,
    }
}

fn one(scene: &Scene<'_>, id: &str, request: &Request) -> Result<String, Problem> {
    Query::parse(request, Allowed::default())?;
    let at = position(scene, id).ok_or_else(|| Problem::missing(404, "event", id, "id"))?;
    let mut out = String::new();
    scene.event(at, &mut out);
    Ok(out)
}

fn many(scene: &Scene<'_>, request: &Request) -> Result<String, Problem> {
    let filters = &["type", "types", "delivery_success"];
    let query = Query::parse(request, Allowed { dated: true, filters, ..Allowed::default() })?;
    let values =
        |name| query.filters.iter().find(|(one, _)| *one == name).map(|(_, values)| values);
    let (pattern, types) = (values("type"), values("types"));
    if types.is_some_and(|types| types.len() > MAX_TYPES) {
        let text = format!("You may only specify up to {MAX_TYPES} event types.");
        return Err(Problem::new(400, text).param("types"));
    }
    if pattern.is_some() && types.is_some() {
        let text = "You may only specify one of these parameters: type, types.";
        return Err(Problem::new(400, text).param("type"));
    }
    let is_wanted = |name: &str| match (pattern.and_then(|one| one.last()), types) {
        (Some(pattern), _) => matches(pattern, name),
        (None, Some(types)) => types.contains(&name),
        (None, None) => true,
    };
    let is_delivered = values("delivery_success").is_none_or(|values| !values.contains(&"false"));
    let events = &scene.account.events;
    let oldest = query.created.low.max(scene.now.saturating_sub(KEPT).into());
    let mut low = events.partition_point(|event| u64::from(event.created) < oldest);
    let mut high = events.partition_point(|event| u64::from(event.created) <= query.created.high);
    let cursor = |id: &str, name| {
        position(scene, id).ok_or_else(|| Problem::missing(400, "event", id, name))
    };
    if let Some(id) = query.starting_after {
        high = high.min(cursor(id, "starting_after")?);
    }
    if let Some(id) = query.ending_before {
        low = low.max(cursor(id, "ending_before")? + 1);
    }
    let part = (low.min(high)..high).filter(|at| {
        is_delivered && events[*at].is_shown(scene.now) && is_wanted(events[*at].name)
    });
    let page = match query.ending_before.is_some() && query.starting_after.is_none() {
        true => Page::take(part, query.limit, true),
        false => Page::take(part.rev(), query.limit, false),
    };
    Ok(page.body(PATH, |at, out| scene.event(*at, out)))
}

/// The position of an event that is not too old.
fn position(scene: &Scene<'_>, id: &str) -> Option<usize> {
    let at = scene.account.find_event(id)?;
    scene.account.events[at].is_kept(scene.now).then_some(at)
}

/// Whether a type fits a pattern, in which `*` stands for any letters.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else { return pattern == name };
    name.strip_prefix(before)
        .is_some_and(|rest| (0..=rest.len()).any(|at| matches(after, &rest[at..])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_letters() {
        for (pattern, name, fits) in [
            ("charge.*", "charge.dispute.created", true),
            ("charge.*", "charge", false),
            ("*.updated", "customer.subscription.updated", true),
            ("customer.*.deleted", "customer.deleted", false),
            ("*", "plan.created", true),
            ("plan.created", "plan.created", true),
            ("plan", "plan.created", false),
        ] {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
        }
    }
}
