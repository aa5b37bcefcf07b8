//! The fields of an object that are looked for, collected before they get slots.

use std::collections::{BTreeMap, HashMap};

use crate::pointer::join;

use super::origin::Path;
use super::plan::{Child, Node};

/// What is wanted of a field beside its text.
#[derive(Debug, Default)]
struct Want {
    /// Fields of its own.
    inside: bool,
    /// Whether the schema declares those.
    declared: bool,
}

/// Wanted paths of one object. In their order a path stands right before the paths below it, so
/// that the slots of an object's fields are neighbours.
#[derive(Debug, Default)]
pub(super) struct Fields {
    wants: BTreeMap<Path, Want>,
    known: Vec<Path>,
}

impl Fields {
    /// Wants the text of the value at a path.
    pub(super) fn want(&mut self, path: &[String]) {
        self.pass_through(path);
        self.wants.entry(path.to_vec()).or_default();
    }

    /// Wants an object whose fields the schema declares.
    pub(super) fn want_object(&mut self, path: &[String]) {
        self.pass_through(path);
        let want = self.wants.entry(path.to_vec()).or_default();
        want.inside = true;
        want.declared = true;
    }

    /// Notes a field that is declared and not wanted, so that it does not count as undeclared.
    pub(super) fn know(&mut self, path: &[String]) {
        self.known.push(path.to_vec());
    }

    fn pass_through(&mut self, path: &[String]) {
        for length in 1..path.len() {
            self.wants.entry(path[..length].to_vec()).or_default().inside = true;
        }
    }

    /// Gives every path its slot, the first being `first`.
    pub(super) fn slots(&mut self, first: usize) -> HashMap<Path, usize> {
        for path in std::mem::take(&mut self.known) {
            let outside = (1..=path.len())
                .find(|length| self.wants.get(&path[..*length]).is_none_or(|want| !want.inside));
            if let Some(length) = outside {
                self.wants.entry(path[..length].to_vec()).or_default();
            }
        }
        self.wants.keys().cloned().zip(first..).collect()
    }

    /// Adds the nodes of this object; gives the number of its own. `shapes` has the shapes of
    /// lists by slot.
    pub(super) fn nodes(
        &self,
        slots: &HashMap<Path, usize>,
        shapes: &HashMap<usize, usize>,
        place: &str,
        nodes: &mut Vec<Node>,
        places: &mut Vec<String>,
    ) -> usize {
        let mut builder = Builder { fields: self, slots, shapes, nodes, places };
        builder.node(&[], place, true)
    }
}

struct Builder<'b> {
    fields: &'b Fields,
    slots: &'b HashMap<Path, usize>,
    shapes: &'b HashMap<usize, usize>,
    nodes: &'b mut Vec<Node>,
    places: &'b mut Vec<String>,
}

impl Builder<'_> {
    fn node(&mut self, above: &[String], pointer: &str, declared: bool) -> usize {
        let place = self.place(pointer.to_owned());
        let number = self.nodes.len();
        self.nodes.push(Node { children: Vec::new(), place, declared });
        let fields = self.fields;
        for (path, want) in fields.wants.iter().filter(|(path, _)| is_child(path, above)) {
            let name = &path[above.len()];
            let pointer = join(pointer, name);
            let place = self.place(pointer.clone());
            let node = want.inside.then(|| self.node(path, &pointer, want.declared));
            let slot = self.slots[path];
            let end = slot + self.slots.keys().filter(|other| other.starts_with(path)).count();
            let shape = self.shapes.get(&slot).copied();
            let child = Child { name: name.clone(), slot, end, place, node, shape };
            self.nodes[number].children.push(child);
        }
        number
    }

    fn place(&mut self, pointer: String) -> u32 {
        place(self.places, pointer)
    }
}

fn is_child(path: &[String], above: &[String]) -> bool {
    path.len() == above.len() + 1 && path.starts_with(above)
}

/// The number of a pointer for notes.
pub(super) fn place(places: &mut Vec<String>, pointer: String) -> u32 {
    let number = places.iter().position(|place| *place == pointer).unwrap_or_else(|| {
        places.push(pointer);
        places.len() - 1
    });
    u32::try_from(number).expect("a schema has fewer than 2^32 fields")
}
