//! Events: what happened, and what the object was like afterwards.

use serde_json::{Map, Value};

use super::account::Account;
use super::id;
use super::row::Row;
use super::scene::Scene;
use super::thing::Thing;
use crate::json;
use crate::seed::{Dice, mix};

/// For how long an event is told, in seconds.
pub(super) const KEPT: u32 = 30 * 86_400;
/// The type of events of an invoice that is not there yet.
pub(super) const UPCOMING: &str = "invoice.upcoming";
/// What distinguishes ids of events from those of objects.
const IDS: u64 = 0xe7e7;

/// Something that happened to an object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Event {
    /// Seconds of the epoch.
    pub(super) created: u32,
    /// Seconds from then until lists show it.
    pub(super) delay: u16,
    /// The type.
    pub(super) name: &'static str,
    /// The object afterwards, or as it was when it was deleted.
    pub(super) thing: Thing,
    /// The row before a change.
    pub(super) before: Option<Row>,
}

impl Event {
    /// Whether it is told at an instant, and not only to come.
    pub(super) fn is_shown(&self, now: u32) -> bool {
        self.is_kept(now) && self.created.saturating_add(self.delay.into()) <= now
    }

    /// Whether it is not too old.
    pub(super) fn is_kept(&self, now: u32) -> bool {
        self.created.saturating_add(KEPT) >= now
    }
}

impl Account {
    /// The position of the event with an id.
    pub(super) fn find_event(&self, text: &str) -> Option<usize> {
        let number = id::read("evt", mix(&[self.seed, IDS]), text)?;
        usize::try_from(number).ok().filter(|at| *at < self.events.len())
    }

    fn push_event_id(&self, at: usize, out: &mut String) {
        id::push("evt", mix(&[self.seed, IDS]), at as u64, out);
    }
}

impl Scene<'_> {
    /// Appends the event at a position, written in the version of its account.
    pub(super) fn event(&self, at: usize, out: &mut String) {
        let (account, event) = (self.account, &self.account.events[at]);
        let dice = Dice::new(&[account.seed, IDS, at as u64]);
        let scene = Scene { version: account.version, is_whole: false, ..*self };
        out.push_str("{\"id\":\"");
        account.push_event_id(at, out);
        out.push_str("\",\"object\":\"event\",");
        if account.index > 0 {
            out.push_str("\"account\":");
            json::text(&account.id, out);
            out.push(',');
        }
        out.push_str("\"api_version\":");
        json::text(account.version.name(), out);
        out.push_str(",\"created\":");
        json::number(event.created.into(), out);
        out.push_str(",\"data\":{\"object\":");
        let from = out.len();
        scene.content(&event.thing, None, out);
        if event.name == UPCOMING {
            let id = format!("\"id\":\"{}\",", account.id_of(&event.thing));
            out.replace_range(from + 1..from + 1 + id.len(), "");
        }
        if let Some(row) = event.before {
            let before = Thing { row, ..event.thing };
            out.push_str(",\"previous_attributes\":{");
            for (at, (name, old, new)) in
                scene.differences(&before, &event.thing).into_iter().enumerate()
            {
                out.push_str(if at > 0 { "," } else { "" });
                json::text(name, out);
                out.push(':');
                out.push_str(&previous(&old, &new).unwrap_or(old));
            }
            out.push('}');
        }
        out.push_str("},\"livemode\":false,\"pending_webhooks\":");
        json::number(dice.pick(1, 3), out);
        out.push_str(",\"request\":{\"id\":");
        // What Stripe does by itself has no request.
        if dice.chance(2, 70) {
            out.push_str("\"req_");
            id::letters(mix(&[account.seed, at as u64]), 13, out);
            out.push('"');
        } else {
            out.push_str("null");
        }
        out.push_str(",\"idempotency_key\":null},\"type\":");
        json::text(event.name, out);
        out.push('}');
    }
}

/// All events that lists show, oldest first, for tests.
pub(super) fn records(scene: &Scene<'_>) -> Vec<Value> {
    let shown = |at: &usize| scene.account.events[*at].is_shown(scene.now);
    let record = |at| {
        let mut text = String::new();
        scene.event(at, &mut text);
        serde_json::from_str(&text).unwrap_or_default()
    };
    (0..scene.account.events.len()).filter(shown).map(record).collect()
}

/// Of an object the keys that were different before, with what they were.
fn previous(old: &str, new: &str) -> Option<String> {
    let read = |text: &str| serde_json::from_str::<Map<String, Value>>(text).ok();
    Some(Value::Object(differences(&read(old)?, &read(new)?)).to_string())
}

fn differences(old: &Map<String, Value>, new: &Map<String, Value>) -> Map<String, Value> {
    let keys = old.keys().chain(new.keys().filter(|key| !old.contains_key(*key)));
    let differ = keys.filter(|key| old.get(*key) != new.get(*key));
    let before = differ.map(|key| match (old.get(key), new.get(key)) {
        (Some(Value::Object(old)), Some(Value::Object(new))) => {
            (key.clone(), Value::Object(differences(old, new)))
        }
        (old, _) => (key.clone(), old.cloned().unwrap_or_default()),
    });
    before.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_different_is_told_and_what_was_not_there_was_null() {
        let previous = previous(
            r#"{"a": 1, "b": [1], "in": {"x": "1"}, "same": null}"#,
            r#"{"a": 1, "b": [1, 2], "in": {"x": "1", "edition": "2"}, "same": null}"#,
        );
        assert_eq!(previous.unwrap(), r#"{"b":[1],"in":{"edition":null}}"#);
        assert_eq!(super::previous("1", "2"), None);
    }

    #[test]
    fn an_event_is_shown_after_its_delay_and_for_thirty_days() {
        let thing = Thing::new(super::super::kind::Kind::Charges, Row::default());
        let event =
            Event { created: 1_000, delay: 60, name: "charge.updated", thing, before: None };
        let shown = [1_059, 1_060, 1_000 + KEPT, 1_001 + KEPT].map(|now| event.is_shown(now));
        assert_eq!(shown, [false, true, true, false]);
    }
}
