//! All facts about a kind of objects in one value: where it is listed, how it lives, what it looks like.

use std::sync::LazyLock;

use super::catalog;
use super::kind::Kind;
use super::row::Row;
use super::template::Template;
use super::version::ApiVersion;

/// Where the objects of a kind are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Home {
    /// Rows of their own.
    Top,
    /// Rows of their own that belong to one of another kind.
    Under(Kind),
    /// Items that the row of another kind counts.
    Within(Kind),
    /// At most so many (below 16) that the seed gives to each of another kind, and that never change.
    Seeded(Kind, u16),
}

/// A path, and for lists of children what stands for their parent.
#[derive(Debug)]
pub(super) struct Place {
    /// Segments; `{}` is the id of the parent.
    pub(super) path: &'static str,
    /// The parameter that names the parent, if the path does not.
    pub(super) param: Option<&'static str>,
    pub(super) is_required: bool,
}

/// What is left of an object that was deleted, when it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grave {
    /// `{"id", "object", "deleted": true}`.
    Stub,
    /// Nothing: 404.
    Nothing,
}

/// A phase of a life.
#[derive(Debug)]
pub(super) struct Phase {
    pub(super) name: &'static str,
    /// The phases that may follow.
    pub(super) then: Vec<&'static str>,
    /// The types of the events when it begins.
    pub(super) events: Vec<&'static str>,
}

/// How objects of a kind come, change and go.
#[derive(Debug, Default)]
pub(super) struct Life {
    /// The types of the events when one is made, beside those of its first phase.
    pub(super) made: Vec<&'static str>,
    /// The type of the event when one is changed.
    pub(super) changed: Option<&'static str>,
    /// The type of the event when one is deleted.
    pub(super) deleted: Option<&'static str>,
    pub(super) phases: Vec<Phase>,
    /// Positions of the phases in which one may begin, each as often as it is likely.
    pub(super) first: Vec<u8>,
    /// The types of the events of its parent when it is made, deleted or changed after its parent.
    pub(super) stirs: Vec<&'static str>,
}

/// A kind of objects.
#[derive(Debug)]
pub(super) struct Resource {
    pub(super) kind: Kind,
    /// The value of `object`.
    pub(super) object: &'static str,
    pub(super) prefixes: Vec<&'static str>,
    pub(super) shape: Template,
    pub(super) places: Vec<Place>,
    pub(super) home: Home,
    /// Whether its lists take `created`.
    pub(super) dated: bool,
    /// The day of the first version that has it no more.
    pub(super) until: Option<&'static str>,
    /// Parameters that are compared with the field of their name.
    pub(super) filters: Vec<&'static str>,
    /// Parameters that take bounds, such as `due_date[gte]`.
    pub(super) ranges: Vec<&'static str>,
    pub(super) life: Life,
    /// How a deleted one is answered; `None` if none is deleted.
    pub(super) grave: Option<Grave>,
    /// Whether one never changes.
    pub(super) is_fixed: bool,
    /// The only phase in which one can be deleted.
    pub(super) mortal: Option<&'static str>,
    /// Whether one that is made alone belongs to none.
    pub(super) is_orphan: bool,
    /// The phase that one is brought to when it is ended, because it cannot be deleted.
    pub(super) end: Option<&'static str>,
    /// How many there are at first, unless an option says so.
    pub(super) rows: u32,
    /// The most that are made with their parent.
    pub(super) brood: u32,
}

impl Resource {
    /// A kind with the text of its shape.
    pub(super) fn new(
        kind: Kind,
        object: &'static str,
        prefix: &'static str,
        shape: &'static str,
    ) -> Self {
        Self {
            kind,
            object,
            prefixes: prefix.split(' ').collect(),
            shape: Template::new(shape),
            places: Vec::new(),
            home: Home::Top,
            dated: false,
            until: None,
            filters: Vec::new(),
            ranges: Vec::new(),
            life: Life::default(),
            grave: None,
            is_fixed: false,
            mortal: None,
            is_orphan: false,
            end: None,
            rows: 40,
            brood: 0,
        }
    }

    /// Listed at a path, and each found under it by its id.
    pub(super) fn at(mut self, path: &'static str) -> Self {
        self.places.push(Place { path, param: None, is_required: false });
        self
    }

    /// The last path takes the id of the parent as a parameter, or must be given it.
    pub(super) fn of(mut self, param: &'static str, is_required: bool) -> Self {
        if let Some(place) = self.places.last_mut() {
            (place.param, place.is_required) = (Some(param), is_required);
        }
        self
    }

    pub(super) fn home(self, home: Home) -> Self {
        Self { home, ..self }
    }

    /// Lists take `created`.
    pub(super) fn dated(self) -> Self {
        Self { dated: true, ..self }
    }

    /// Is in versions before a day only.
    pub(super) fn until(self, day: &'static str) -> Self {
        Self { until: Some(day), ..self }
    }

    pub(super) fn filters(self, names: &'static str) -> Self {
        Self { filters: split(names), ..self }
    }

    pub(super) fn ranges(self, names: &'static str) -> Self {
        Self { ranges: split(names), ..self }
    }

    pub(super) fn made(mut self, events: &'static str) -> Self {
        self.life.made = split(events);
        self
    }

    pub(super) fn changed(mut self, event: &'static str) -> Self {
        self.life.changed = Some(event);
        self
    }

    /// Can be deleted, with an event or, if it is empty, without.
    pub(super) fn deleted(mut self, event: &'static str, grave: Grave) -> Self {
        self.life.deleted = Some(event).filter(|event| !event.is_empty());
        Self { grave: Some(grave), ..self }
    }

    /// Never changes.
    pub(super) fn fixed(self) -> Self {
        Self { is_fixed: true, ..self }
    }

    /// Can be deleted in one phase only.
    pub(super) fn mortal(self, phase: &'static str) -> Self {
        Self { mortal: Some(phase), ..self }
    }

    /// One that is made alone belongs to none.
    pub(super) fn orphan(self) -> Self {
        Self { is_orphan: true, ..self }
    }

    /// Ends in a phase in place of being deleted.
    pub(super) fn ends(self, phase: &'static str) -> Self {
        Self { end: Some(phase), ..self }
    }

    /// A phase that may be the first one in so many of all cases.
    pub(super) fn phase(
        mut self,
        name: &'static str,
        first: usize,
        then: &'static str,
        events: &'static str,
    ) -> Self {
        let position = self.life.phases.len() as u8;
        self.life.first.extend(std::iter::repeat_n(position, first));
        self.life.phases.push(Phase { name, then: split(then), events: split(events) });
        self
    }

    pub(super) fn stirs(mut self, events: &'static str) -> Self {
        self.life.stirs = split(events);
        self
    }

    pub(super) fn rows(self, rows: u32) -> Self {
        Self { rows, ..self }
    }

    pub(super) fn brood(self, brood: u32) -> Self {
        Self { brood, ..self }
    }

    /// The name of the phase at a position; none of a kind that has no phases.
    pub(super) fn phase_name(&self, position: u8) -> &'static str {
        self.life.phases.get(usize::from(position)).map_or("", |phase| phase.name)
    }

    /// Whether an object is in the phase, if there is one, in which it can be deleted.
    pub(super) fn is_mortal(&self, row: &Row) -> bool {
        self.mortal.is_none_or(|mortal| mortal == self.phase_name(row.phase))
    }

    /// Whether a version has it.
    pub(super) fn is_in(&self, version: ApiVersion) -> bool {
        self.until.is_none_or(|day| !version.is_since(day))
    }

    /// The kind whose table keeps it.
    pub(super) fn root(&self) -> Kind {
        match self.home {
            Home::Top | Home::Under(_) => self.kind,
            Home::Within(parent) | Home::Seeded(parent, _) => parent.resource().root(),
        }
    }

    /// The kind that it belongs to.
    pub(super) fn parent(&self) -> Option<Kind> {
        match self.home {
            Home::Top => None,
            Home::Under(parent) | Home::Within(parent) | Home::Seeded(parent, _) => Some(parent),
        }
    }
}

impl Kind {
    pub(super) fn resource(self) -> &'static Resource {
        &RESOURCES[self as usize]
    }

    /// The kinds that belong to it.
    pub(super) fn children(self) -> impl Iterator<Item = &'static Resource> {
        RESOURCES.iter().filter(move |resource| resource.parent() == Some(self))
    }

    /// The kind of the items that its rows count.
    pub(super) fn items(self) -> Option<Kind> {
        self.children()
            .find(|resource| resource.home == Home::Within(self))
            .map(|resource| resource.kind)
    }
}

/// All kinds, in the order of [`Kind::ALL`].
static RESOURCES: LazyLock<Vec<Resource>> = LazyLock::new(|| {
    let mut resources = catalog::resources();
    resources.sort_by_key(|resource| resource.kind);
    assert!(resources.iter().map(|resource| &resource.kind).eq(Kind::ALL), "one value a kind");
    resources
});

fn split(names: &'static str) -> Vec<&'static str> {
    names.split_whitespace().collect()
}
