//! How objects are shown: to whom, in which version, and with what in full.

use super::account::Account;
use super::expand::Expand;
use super::kind::Kind;
use super::resource::{Grave, Place};
use super::template::{Field, Node};
use super::thing::Thing;
use super::version::ApiVersion;
use crate::json;
use crate::seed::Dice;

/// How many items a list within an object shows.
pub(super) const SHOWN: usize = 10;

/// What holds for everything that is shown at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) account: &'a Account,
    pub(super) version: ApiVersion,
    pub(super) now: u32,
    /// Whether lists go to their end, and what has to be asked for is there.
    pub(super) is_whole: bool,
    /// Where the API is, for the addresses of files.
    pub(super) origin: &'a str,
}

/// An object that is being shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame<'a> {
    pub(super) thing: &'a Thing,
    pub(super) dice: Dice,
}

impl<'a> Scene<'a> {
    /// Appends an object, or what is left of it if it was deleted.
    pub(super) fn object(&self, thing: &Thing, expand: Option<&Expand>, out: &mut String) {
        let resource = thing.kind.resource();
        if thing.row.gone > 0 && resource.grave == Some(Grave::Stub) {
            return self.stub(thing, out);
        }
        self.content(thing, expand, out);
    }

    /// Appends an object as it is, or was when it was deleted.
    pub(super) fn content(&self, thing: &Thing, expand: Option<&Expand>, out: &mut String) {
        let frame = Frame { thing, dice: self.account.dice(thing) };
        self.node(&thing.kind.resource().shape.root, frame, expand, out);
    }

    /// Appends one field of an object; false if it has none of that name.
    pub(super) fn field(&self, thing: &Thing, name: &str, out: &mut String) -> bool {
        let field = self.fields(thing).find(|field| field.name == name);
        if let Some(field) = field {
            let frame = Frame { thing, dice: self.account.dice(thing) };
            self.node(&field.node, frame, None, out);
        }
        field.is_some()
    }

    /// The fields that an object has in this version, except what has to be asked for.
    fn fields(&self, thing: &Thing) -> impl Iterator<Item = &'static Field> {
        let mut node = &thing.kind.resource().shape.root;
        if let Node::Choose { purpose, nodes } = node {
            let dice = self.account.dice(thing);
            node = &nodes[dice.pick(*purpose, nodes.len() as u64) as usize];
        }
        let (version, is_whole) = (self.version, self.is_whole);
        node.fields().iter().filter(move |field| field.is_there(version, is_whole))
    }

    /// The fields that were different before: their names, what they were, and what they are.
    pub(super) fn differences(
        &self,
        before: &Thing,
        after: &Thing,
    ) -> Vec<(&'static str, String, String)> {
        let dice = self.account.dice(after);
        let show = |thing, node| {
            let mut text = String::new();
            self.node(node, Frame { thing, dice }, None, &mut text);
            text
        };
        let changing = self.fields(after).filter(|field| !matches!(field.node, Node::Text(_)));
        changing
            .map(|field| (&*field.name, show(before, &field.node), show(after, &field.node)))
            .filter(|(_, before, after)| before != after)
            .collect()
    }

    fn stub(&self, thing: &Thing, out: &mut String) {
        let resource = thing.kind.resource();
        out.push_str("{\"id\":");
        json::text(&self.account.id_of(thing), out);
        out.push_str(",\"object\":");
        json::text(resource.object, out);
        out.push_str(",\"deleted\":true}");
    }

    fn node(&self, node: &Node, frame: Frame<'_>, expand: Option<&Expand>, out: &mut String) {
        match node {
            Node::Text(text) => out.push_str(text),
            Node::Slot(choice) => self.fill(choice, frame, expand, out),
            Node::Join(nodes) => {
                out.push('"');
                for node in nodes {
                    let from = out.len();
                    self.node(node, frame, None, out);
                    // A string within a string has no quotes of its own.
                    if matches!(node, Node::Slot(_)) && out[from..].starts_with('"') {
                        out.pop();
                        out.remove(from);
                    }
                }
                out.push('"');
            }
            Node::Object(fields) => {
                out.push('{');
                let mut comma = "";
                for field in fields {
                    let within = expand.and_then(|expand| expand.within(&field.name));
                    if field.is_there(self.version, self.is_whole || within.is_some()) {
                        out.push_str(comma);
                        out.push_str(&field.key);
                        self.node(&field.node, frame, within, out);
                        comma = ",";
                    }
                }
                out.push('}');
            }
            Node::Array(nodes) => {
                out.push('[');
                for (at, node) in nodes.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    self.node(node, frame, expand, out);
                }
                out.push(']');
            }
            Node::Maybe { purpose, percent, node } => match frame.dice.chance(*purpose, *percent) {
                true => self.node(node, frame, expand, out),
                false => out.push_str("null"),
            },
            Node::If { phases, node } => match self.is_in(frame.thing, phases) {
                true => self.node(node, frame, expand, out),
                false => out.push_str("null"),
            },
            Node::Choose { purpose, nodes } => {
                let at = frame.dice.pick(*purpose, nodes.len() as u64) as usize;
                self.node(&nodes[at], frame, expand, out);
            }
        }
    }

    /// Whether an object is in one of these phases.
    pub(super) fn is_in(&self, thing: &Thing, phases: &[String]) -> bool {
        let phase = thing.kind.resource().phase_name(thing.row.phase);
        phases.iter().any(|name| name == phase)
    }

    /// Appends the id of an object, or the object if it is to be whole.
    pub(super) fn reference(&self, thing: &Thing, expand: Option<&Expand>, out: &mut String) {
        match expand {
            Some(_) => self.object(thing, expand, out),
            None => self.id(thing, None, out),
        }
    }

    /// Appends an id with its quotes.
    pub(super) fn id(&self, thing: &Thing, prefix: Option<&str>, out: &mut String) {
        out.push('"');
        let prefix = prefix.unwrap_or_else(|| thing.kind.resource().prefixes[0]);
        self.account.push_id(thing, prefix, out);
        out.push('"');
    }

    /// The children of a kind as the API shows them to whoever has the parent.
    pub(super) fn children(
        &self,
        kind: Kind,
        parent: &Thing,
    ) -> Box<dyn DoubleEndedIterator<Item = Thing> + 'a> {
        let children = self.account.children(kind, parent, self.now);
        match kind {
            Kind::Subscriptions => Box::new(children.filter(|one| !one.is_canceled())),
            _ => children,
        }
    }

    /// Appends the children of an object as a list within it.
    pub(super) fn list(
        &self,
        kind: Kind,
        parent: &Thing,
        is_counted: bool,
        expand: Option<&Expand>,
        out: &mut String,
    ) {
        let limit = if self.is_whole { usize::MAX } else { SHOWN };
        let mut children = self.children(kind, parent);
        let within = expand.and_then(|expand| expand.within("data"));
        out.push_str("{\"object\":\"list\",\"data\":[");
        let mut shown = 0;
        for child in children.by_ref().take(limit) {
            if shown > 0 {
                out.push(',');
            }
            self.object(&child, within, out);
            shown += 1;
        }
        let rest = children.count();
        out.push_str("],\"has_more\":");
        json::boolean(rest > 0, out);
        if is_counted {
            out.push_str(",\"total_count\":");
            json::number((shown + rest) as u64, out);
        }
        out.push_str(",\"url\":");
        json::text(&self.url(kind, parent), out);
        out.push('}');
    }

    /// The path of a list of children.
    fn url(&self, kind: Kind, parent: &Thing) -> String {
        let id = self.account.id_of(parent);
        let places = &kind.resource().places;
        let of_parent = |place: &&Place| place.path.contains("{}");
        match (places.iter().find(of_parent), places.first()) {
            (Some(place), _) => place.path.replace("{}", &id),
            (None, Some(Place { path, param: Some(param), .. })) => format!("{path}?{param}={id}"),
            _ => String::new(),
        }
    }
}
