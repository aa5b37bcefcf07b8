//! The newest event of each object, of those in a window.

use std::cmp::Ordering;
use std::collections::HashMap;

use chrono::{DateTime, Utc};
use singer_protocol::scan;

use super::Changes;
use super::event::Event;

/// What is held at once: more objects than this make a window too large.
const MOST_OBJECTS: usize = 1_000;
/// The same in bytes of their texts.
const MOST_BYTES: usize = 4 << 20;
/// An object of which no more than so many fields are left is not a whole one: id, type, a flag.
const STUB: usize = 4;

/// The newest events of a window.
#[derive(Debug, Default)]
pub(super) struct Newest {
    changes: HashMap<String, Change>,
    /// The newest event about another object that changes a field of this one.
    touches: HashMap<String, Change>,
    bytes: usize,
    events: usize,
}

/// What the newest event of an object tells of it.
#[derive(Debug)]
pub(super) struct Change {
    /// The object's id.
    pub(super) id: String,
    created: i64,
    event: String,
    /// The type of the event.
    pub(super) kind: String,
    /// The object as it was then, in this version of the API; none if the event is about another, or if it
    /// is not known which of several events of one second was the last.
    pub(super) object: Option<(String, Option<String>)>,
    /// When the object was made, in seconds since 1970, if the event tells it.
    pub(super) made: Option<i64>,
    /// It is gone since.
    pub(super) is_deleted: bool,
}

impl Change {
    /// When it happened.
    pub(super) fn at(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_secs(self.created).unwrap_or_default()
    }

    /// When it happened, in seconds since 1970.
    pub(super) fn seconds(&self) -> i64 {
        self.created
    }

    /// Whether the event carries all of the object: of some deletions only the id is left.
    pub(super) fn is_whole(&self) -> bool {
        self.object.as_ref().is_some_and(|(text, _)| {
            let fields = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text);
            fields.is_ok_and(|fields| fields.len() > STUB)
        })
    }

    /// A later event holds, and in one second a deletion.
    fn rank(&self) -> (i64, bool) {
        (self.created, self.is_deleted)
    }
}

impl Newest {
    /// Takes an event that carries an object of the list.
    pub(super) fn take(&mut self, event: &Event<'_>, changes: &Changes, created: &str) {
        self.events += 1;
        let is_ours = event.text("object").is_some_and(|object| object == changes.object);
        let Some(id) = event.text("id").filter(|_| is_ours) else { return };
        let version = event.api_version.as_deref().map(str::to_owned);
        let object = Some((event.object().to_owned(), version));
        let is_deleted = changes.deletes.contains(&&*event.kind);
        let made = scan::member(event.object(), created).and_then(|made| made.parse().ok());
        self.keep(Change { id, object, made, is_deleted, ..Change::of(event) });
    }

    /// Takes an event about another object, which has the ids of some of the list at these paths.
    pub(super) fn touch(&mut self, event: &Event<'_>, paths: &[&str]) {
        self.events += 1;
        for id in paths.iter().flat_map(|path| event.texts(path)) {
            let change = Change { id, ..Change::of(event) };
            match self.touches.get_mut(&change.id) {
                Some(known) if known.created >= change.created => {}
                Some(known) => *known = change,
                None => drop(self.touches.insert(change.id.clone(), change)),
            }
        }
    }

    fn keep(&mut self, change: Change) {
        let Some(known) = self.changes.get_mut(&change.id) else {
            self.bytes += change.size();
            self.changes.insert(change.id.clone(), change);
            return;
        };
        self.bytes -= known.size();
        match known.rank().cmp(&change.rank()) {
            Ordering::Less => *known = change,
            // Ids of events have no order.
            Ordering::Equal if !known.is_deleted && known.event != change.event => {
                known.object = None;
            }
            Ordering::Equal | Ordering::Greater => {}
        }
        self.bytes += known.size();
    }

    /// Whether it holds as much as may be held.
    pub(super) fn is_full(&self) -> bool {
        self.changes.len() + self.touches.len() >= MOST_OBJECTS || self.bytes >= MOST_BYTES
    }

    /// About how many pages of events there were.
    pub(super) fn pages(&self) -> usize {
        self.events / super::PAGE
    }

    /// What changed, the oldest first. What is told of others after a deletion, as of what is deleted with
    /// it, does not bring the object back.
    pub(super) fn in_order(mut self) -> Vec<Change> {
        for (id, touch) in self.touches {
            match self.changes.get(&id) {
                Some(own) if own.is_deleted || own.created > touch.created => {}
                own => {
                    let made = own.and_then(|own| own.made);
                    self.changes.insert(id, Change { made, ..touch });
                }
            }
        }
        let mut changes: Vec<Change> = self.changes.into_values().collect();
        changes.sort_by(|a, b| (a.created, &a.event).cmp(&(b.created, &b.event)));
        changes
    }
}

impl Change {
    fn of(event: &Event<'_>) -> Change {
        Change {
            id: String::new(),
            created: event.created,
            event: event.id.to_string(),
            kind: event.kind.to_string(),
            object: None,
            made: None,
            is_deleted: false,
        }
    }

    fn size(&self) -> usize {
        self.object.as_ref().map_or(0, |(text, _)| text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANGES: Changes = Changes {
        object: "charge",
        types: &["charge.updated", "charge.deleted"],
        deletes: &["charge.deleted"],
        touches: &[],
    };

    fn event(id: &str, created: i64, kind: &str, object: &str) -> String {
        format!(
            r#"{{"id":"{id}","created":{created},"type":"{kind}","api_version":"2022-11-15","data":{{"object":{object}}}}}"#
        )
    }

    fn charge(id: &str, n: u32) -> String {
        format!(r#"{{"id":"{id}","object":"charge","created":5,"n":{n}}}"#)
    }

    /// Takes events newest first; `~` before one means that it is about another object.
    #[track_caller]
    fn check(events: &[(&str, i64, &str, String)], expected: &[(&str, &str, Option<u32>)]) {
        let mut newest = Newest::default();
        for (id, created, kind, object) in events {
            let text = event(id.trim_start_matches('~'), *created, kind, object);
            let event = serde_json::from_str(&text).unwrap();
            match id.starts_with('~') {
                true => newest.touch(&event, &["charge"]),
                false => newest.take(&event, &CHANGES, "created"),
            }
        }
        let found = newest.in_order();
        let found: Vec<(&str, &str, Option<u32>)> = found
            .iter()
            .map(|change| {
                let text = change.object.as_ref().map(|(text, _)| text.as_str());
                let n = text.and_then(|text| scan::member(text, "n")?.parse().ok());
                (change.id.as_str(), change.event.as_str(), n)
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn of_each_object_the_newest_event_holds_and_the_oldest_of_these_comes_first() {
        check(
            &[
                ("e4", 9, "charge.updated", charge("a", 4)),
                ("e3", 8, "charge.updated", charge("b", 3)),
                ("e2", 7, "charge.updated", charge("a", 2)),
                ("e1", 6, "charge.updated", charge("c", 1)),
            ],
            &[("c", "e1", Some(1)), ("b", "e3", Some(3)), ("a", "e4", Some(4))],
        );
    }

    #[test]
    fn which_of_two_events_of_one_second_was_the_last_is_not_known() {
        for events in [["e1", "e2"], ["e2", "e1"]] {
            let events = events.map(|id| (id, 9, "charge.updated", charge("a", 1)));
            check(&events, &[("a", events[0].0, None)]);
        }
        let twice = ("e1", 9, "charge.updated", charge("a", 1));
        check(&[twice.clone(), twice], &[("a", "e1", Some(1))]);
    }

    #[test]
    fn in_one_second_a_deletion_is_the_last_and_later_it_may_be_made_anew() {
        let gone = ("e1", 9, "charge.deleted", charge("a", 1));
        let odd = |created| ("e2", created, "charge.updated", charge("a", 2));
        check(&[gone.clone(), odd(9)], &[("a", "e1", Some(1))]);
        check(&[odd(9), gone.clone()], &[("a", "e1", Some(1))]);
        check(&[odd(10), gone], &[("a", "e2", Some(2))]);
    }

    #[test]
    fn an_event_about_another_object_leaves_the_object_to_be_asked_for() {
        let refund = r#"{"id":"r","object":"refund","charge":"a"}"#.to_owned();
        let own = |created| ("e1", created, "charge.updated", charge("a", 1));
        let touch = |created| ("~e2", created, "refund.created", refund.clone());
        check(&[touch(9), own(8)], &[("a", "e2", None)]);
        check(&[own(9), touch(9)], &[("a", "e2", None)]);
        check(&[touch(9), own(9)], &[("a", "e2", None)]);
        check(&[own(9), touch(8)], &[("a", "e1", Some(1))]);
        let gone = ("e1", 9, "charge.deleted", charge("a", 1));
        for at in [8, 9, 10] {
            check(&[gone.clone(), touch(at)], &[("a", "e1", Some(1))]);
            check(&[touch(at), gone.clone()], &[("a", "e1", Some(1))]);
        }
        check(&[touch(11), own(10), gone], &[("a", "e2", None)]);
        let lone = ("~e4", 7, "refund.created", r#"{"id":"r","charge":null}"#.to_owned());
        check(&[lone], &[]);
    }

    #[test]
    fn objects_of_another_kind_and_without_an_id_are_passed_over() {
        let other = ("e1", 9, "charge.updated", r#"{"id":"x","object":"refund"}"#.to_owned());
        let nameless = ("e2", 9, "charge.updated", r#"{"object":"charge"}"#.to_owned());
        check(&[other, nameless], &[]);
    }
}
