//! What is written of a record, and the objects of lists that are indexed for it.

use std::collections::HashMap;

use crate::pointer::join;
use crate::schema::{Field, Kind, Property};
use crate::selection::Selection;

use super::fields::{Fields, place};
use super::origin::Path;
use super::plan::{Column, Form, Item, List, Node, Shape};
use super::rule::Rule;

/// What is written, and the items of lists that are indexed for it.
pub(super) struct Builder<'s> {
    selection: &'s Selection,
    pub(super) nodes: Vec<Node>,
    pub(super) places: Vec<String>,
    pub(super) shapes: Vec<Shape>,
    /// The shapes of lists by the slots of their fields.
    pub(super) lists: HashMap<usize, usize>,
    pub(super) slots: usize,
}

/// Finds the slot of a field by its path.
pub(super) type Find<'f> = &'f dyn Fn(&[String]) -> Option<usize>;

impl<'s> Builder<'s> {
    pub(super) fn new(selection: &'s Selection) -> Builder<'s> {
        Builder {
            selection,
            nodes: Vec::new(),
            places: Vec::new(),
            shapes: Vec::new(),
            lists: HashMap::new(),
            slots: 0,
        }
    }

    /// The wanted fields of an object. `above` is the way to it; its first `outer` names lead to
    /// the list of which the object is an item, and are no part of the paths that `find` knows.
    pub(super) fn columns(
        &mut self,
        properties: &[Property],
        above: &mut Path,
        pointer: &str,
        outer: usize,
        always: &dyn Fn(&str) -> bool,
        find: Find<'_>,
    ) -> Vec<Column> {
        let mut columns = Vec::new();
        for Property { name, field } in properties {
            above.push(name.clone());
            let names: Vec<&str> = above.iter().map(String::as_str).collect();
            let wanted = always(name) || self.selection.field(&names);
            if let Some(slot) = find(&above[outer..]).filter(|_| wanted) {
                let pointer = join(pointer, name);
                if let Some(form) = self.form(&field.kind, above, &pointer, outer, find) {
                    if let Form::List(List { item: Item::Shape(shape), .. }) = &form {
                        self.lists.entry(slot).or_insert(*shape);
                    }
                    let lead = Column::lead(name);
                    let place = place(&mut self.places, pointer);
                    columns.push(Column { lead, slot, place, form });
                }
            }
            above.pop();
        }
        columns
    }

    /// The form of a field; none if nothing inside it is wanted.
    fn form(
        &mut self,
        kind: &Kind,
        at: &mut Path,
        pointer: &str,
        outer: usize,
        find: Find<'_>,
    ) -> Option<Form> {
        match kind {
            Kind::Map => Some(Form::Map),
            Kind::Object(properties) => {
                let columns = self.columns(properties, at, pointer, outer, &|_| false, find);
                (!columns.is_empty()).then_some(Form::Object(columns))
            }
            Kind::Array(items) => Some(Form::List(self.list(items, at, pointer)?)),
            scalar => Rule::of(scalar).map(Form::Scalar),
        }
    }

    fn list(&mut self, items: &Field, at: &mut Path, pointer: &str) -> Option<List> {
        let pointer = join(pointer, "*");
        let item = match &items.kind {
            Kind::Map => Item::Map,
            Kind::Array(inner) => Item::List(Box::new(self.list(inner, at, &pointer)?)),
            Kind::Object(properties) => Item::Shape(self.shape(properties, at, &pointer)?),
            scalar => Item::Scalar(Rule::of(scalar)?),
        };
        Some(List { place: place(&mut self.places, pointer), nullable: items.nullable, item })
    }

    /// The objects of a list, whose slots follow those that there are.
    fn shape(&mut self, properties: &[Property], at: &mut Path, pointer: &str) -> Option<usize> {
        let outer = at.len();
        let mut fields = Fields::default();
        self.declare_items(&mut fields, properties, at, outer);
        let first = self.slots;
        let slots = fields.slots(first);
        self.slots += slots.len();
        let find = |path: &[String]| slots.get(path).copied();
        let columns = self.columns(properties, at, pointer, outer, &|_| false, &find);
        let node = fields.nodes(&slots, &self.lists, pointer, &mut self.nodes, &mut self.places);
        let wanted = !columns.is_empty();
        self.shapes.push(Shape { node, slots: first..first + slots.len(), columns });
        wanted.then(|| self.shapes.len() - 1)
    }

    fn declare_items(
        &self,
        fields: &mut Fields,
        properties: &[Property],
        at: &mut Path,
        outer: usize,
    ) {
        for Property { name, field } in properties {
            at.push(name.clone());
            let names: Vec<&str> = at.iter().map(String::as_str).collect();
            match &field.kind {
                _ if !self.selection.field(&names) => fields.know(&at[outer..]),
                Kind::Object(properties) => {
                    fields.want_object(&at[outer..]);
                    self.declare_items(fields, properties, at, outer);
                }
                _ => fields.want(&at[outer..]),
            }
            at.pop();
        }
    }
}
