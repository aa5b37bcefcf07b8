//! From a stream's description to a plan.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use crate::cursor::CursorKind;
use crate::error::Error;
use crate::flattening::Flattening;
use crate::pointer::join;
use crate::schema::{Field, Kind, Property, Schema};
use crate::selection::Selection;
use crate::stream_map::StreamMap;

use super::columns::Builder;
use super::emit::{self, Emitted};
use super::fields::{Fields, place};
use super::filter::{Filter, Sieve};
use super::map;
use super::origin::{Origin, Path, origin, path};
use super::plan::{Form, Handed, Named, Op, Plan, Shape, Step};
use super::rule::Rule;
use super::transform::Transform;

/// A stream as the record encoder sees it.
#[derive(Clone, Copy, Debug)]
pub struct RecordSpec<'a> {
    /// The stream's name in messages.
    pub stream: &'a str,
    /// The types of the record as it is written, before selection.
    pub schema: &'a Schema,
    /// Fields of the record that are its key; written whatever the selection says.
    pub key: &'a [String],
    /// The field that is the cursor, and how its values are compared; written like the key, since a
    /// SCHEMA message names both.
    pub cursor: Option<(&'a str, CursorKind)>,
    /// Changes to the record's shape, in their order.
    pub transforms: &'a [Transform],
    /// What holds of every record of the stream; others are passed over.
    pub filters: &'a [Filter],
    /// The fields that the user wants.
    pub selection: &'a Selection,
    /// Fields whose values are handed to child streams; they need not be in the schema.
    pub context: &'a [String],
    /// Fields of the API, their names joined by dots, that are left out on purpose: they do not
    /// count as undeclared.
    pub omit: &'a [String],
    /// What the user changes of the stream.
    pub map: Option<&'a StreamMap>,
    /// How nested objects become columns; none: they stay objects.
    pub flattening: Option<&'a Flattening>,
}

impl RecordSpec<'_> {
    /// Whether a field of the record is written whatever the selection says.
    fn keeps(&self, name: &str) -> bool {
        self.key.iter().any(|key| key == name)
            || self.cursor.is_some_and(|(cursor, _)| cursor == name)
    }
}

pub(super) fn compile(spec: &RecordSpec<'_>) -> Result<(Plan, Emitted), Error> {
    let mut record = Record { spec, fields: Fields::default(), made: BTreeMap::new() };
    record.declare(spec.schema.properties(), &mut Vec::new())?;
    let key: Vec<(&str, Rule, Origin)> =
        spec.key.iter().map(|name| record.scalar(name, "key")).collect::<Result<_, _>>()?;
    let cursor = spec.cursor.map(|(name, _)| record.scalar(name, "cursor")).transpose()?;
    let context: Vec<Origin> =
        spec.context.iter().map(|name| origin(spec.transforms, path(name))).collect();
    for source in &context {
        record.need(source);
    }
    let sieves: Vec<Vec<Origin>> = spec
        .filters
        .iter()
        .map(|filter| {
            let origins = filter.fields().iter().map(|at| origin(spec.transforms, path(at)));
            origins.inspect(|source| record.need(source)).collect()
        })
        .collect();
    let reads = map::Reads::of(spec)?;
    let read: Vec<(&str, Rule, Origin)> = reads
        .names()
        .iter()
        .map(|name| record.scalar(name, "mapped field"))
        .collect::<Result<_, _>>()?;
    for name in spec.omit {
        record.fields.know(&path(name));
    }
    for (index, transform) in spec.transforms.iter().enumerate() {
        record.fields.know(&path(transform.output()));
        for input in transform.inputs() {
            if let Origin::Input(path) = origin(&spec.transforms[..index], path(input)) {
                record.fields.know(&path);
            }
        }
    }

    let mut builder = Builder::new(spec.selection);
    let slots = record.fields.slots(0);
    let first_mapped = slots.len() + record.made.len();
    builder.slots = first_mapped + spec.map.map_or(0, StreamMap::made);
    let record_slots = 0..builder.slots;
    let made: HashMap<usize, usize> = record.made.keys().copied().zip(slots.len()..).collect();
    let source = |origin: &Origin| match origin {
        Origin::Input(path) => slots.get(path).copied(),
        Origin::Step(index) => made.get(index).copied(),
        Origin::Gone => None,
    };
    let instant = cursor
        .as_ref()
        .filter(|_| matches!(spec.cursor, Some((_, CursorKind::Instant))))
        .map(|(_, _, origin)| origin.clone());
    let steps: Vec<Step> = record
        .made
        .iter()
        .map(|(index, inputs)| {
            let transform = &spec.transforms[*index];
            let pointer =
                path(transform.output()).iter().fold(String::new(), |at, name| join(&at, name));
            Step {
                slot: made[index],
                place: place(&mut builder.places, pointer),
                inputs: inputs.iter().filter_map(source).collect(),
                op: op(transform, instant.as_ref().and_then(source)),
            }
        })
        .collect();
    let find = |path: &[String]| source(&origin(spec.transforms, path.to_vec()));
    let mut columns = builder.columns(
        spec.schema.properties(),
        &mut Vec::new(),
        "",
        0,
        &|name| spec.keeps(name),
        &find,
    );
    for extra in steps.iter().filter(|step| matches!(step.op, Op::Extra)) {
        for column in columns.iter_mut().filter(|column| column.slot == extra.slot) {
            column.form = Form::Text(Box::new(Form::Map));
        }
    }
    let node =
        record.fields.nodes(&slots, &builder.lists, "", &mut builder.nodes, &mut builder.places);
    let named = |(name, rule, origin): (&str, Rule, Origin)| {
        source(&origin).map(|slot| Named { name: name.to_owned(), slot, rule })
    };
    let mut emits = emit::selected(spec, columns);
    let mut mapping = None;
    if let Some(map) = spec.map {
        let applying = map::Applying {
            spec,
            map,
            inputs: read.into_iter().filter_map(named).collect(),
            first: first_mapped,
            place: &mut |pointer| place(&mut builder.places, pointer.to_owned()),
        };
        let (mapped, done) = applying.apply(emits)?;
        emits = mapped;
        mapping = Some(done);
    }
    let cursor = cursor.and_then(named);
    let (columns, emitted) = emit::finish(spec, emits, cursor.as_ref().map(|cursor| cursor.slot))?;
    let filters = spec.filters.iter().zip(&sieves).map(|(filter, origins)| Sieve {
        slots: origins.iter().filter_map(source).collect(),
        text: filter.text().map(str::to_owned),
    });
    let plan = Plan {
        filters: filters.collect(),
        key: key.into_iter().filter_map(named).collect(),
        cursor,
        context: spec
            .context
            .iter()
            .zip(&context)
            .map(|(name, origin)| Handed {
                slot: source(origin),
                rule: spec
                    .schema
                    .property(name)
                    .and_then(|property| Rule::of(&property.field.kind)),
            })
            .collect(),
        record: Shape { node, slots: record_slots, columns },
        mapping,
        keeps_extra: steps.iter().any(|step| matches!(step.op, Op::Extra)),
        steps,
        shapes: builder.shapes,
        nodes: builder.nodes,
        slots: builder.slots,
        places: builder.places,
    };
    Ok((plan, emitted))
}

/// What is needed of the record as it comes.
struct Record<'s> {
    spec: &'s RecordSpec<'s>,
    fields: Fields,
    /// The transforms that are needed, and what each reads.
    made: BTreeMap<usize, Vec<Origin>>,
}

impl<'s> Record<'s> {
    fn declare(&mut self, properties: &[Property], above: &mut Path) -> Result<(), Error> {
        for Property { name, field } in properties {
            above.push(name.clone());
            self.declare_field(field, above)?;
            above.pop();
        }
        Ok(())
    }

    fn declare_field(&mut self, field: &Field, at: &mut Path) -> Result<(), Error> {
        let source = origin(self.spec.transforms, at.clone());
        let names: Vec<&str> = at.iter().map(String::as_str).collect();
        let is_kept = matches!(&at[..], [name] if self.spec.keeps(name));
        let is_wanted = is_kept || self.spec.selection.field(&names);
        match (&source, &field.kind) {
            (Origin::Step(index), Kind::Object(_)) if self.gathers(*index) && !is_wanted => {}
            (Origin::Step(index), Kind::Object(properties)) if self.gathers(*index) => {
                self.need(&source);
                self.declare(properties, at)?;
            }
            (Origin::Step(_), Kind::Object(_) | Kind::Map) => {
                return Err(self.refuse(format!(
                    "the transform to `{}` makes no object (declare the type that it makes)",
                    at.join(".")
                )));
            }
            (Origin::Step(index), Kind::Array(items)) if !self.may_make(*index, &items.kind) => {
                return Err(self.refuse(format!(
                    "`pluck` to `{}` makes a list of scalars (declare such `items`)",
                    at.join(".")
                )));
            }
            (Origin::Input(path), _) if !is_wanted => self.fields.know(path),
            (Origin::Input(path), Kind::Object(properties)) => {
                self.fields.want_object(path);
                self.declare(properties, at)?;
            }
            _ if is_wanted => self.need(&source),
            _ => {}
        }
        Ok(())
    }

    fn gathers(&self, index: usize) -> bool {
        matches!(self.spec.transforms[index], Transform::Gather { .. })
    }

    fn may_make(&self, index: usize, items: &Kind) -> bool {
        !matches!(self.spec.transforms[index], Transform::Pluck { .. }) || Rule::of(items).is_some()
    }

    fn need(&mut self, source: &Origin) {
        match source {
            Origin::Input(path) => self.fields.want(path),
            Origin::Step(index) if !self.made.contains_key(index) => {
                let earlier = &self.spec.transforms[..*index];
                let inputs = self.spec.transforms[*index].inputs().iter();
                let inputs: Vec<Origin> =
                    inputs.map(|input| origin(earlier, path(input))).collect();
                inputs.iter().for_each(|input| self.need(input));
                self.made.insert(*index, inputs);
            }
            Origin::Step(_) | Origin::Gone => {}
        }
    }

    /// A scalar field of the record that is needed in some `role`.
    fn scalar<'n>(&mut self, name: &'n str, role: &str) -> Result<(&'n str, Rule, Origin), Error> {
        let rule = self
            .spec
            .schema
            .property(name)
            .and_then(|property| Rule::of(&property.field.kind))
            .ok_or_else(|| {
                self.refuse(format!("its {role} `{name}` is no scalar of the schema"))
            })?;
        let source = origin(self.spec.transforms, vec![name.to_owned()]);
        if source == Origin::Gone {
            return Err(self.refuse(format!("a transform takes its {role} `{name}` away")));
        }
        self.need(&source);
        Ok((name, rule, source))
    }

    fn refuse(&self, problem: String) -> Error {
        Error::Stream { stream: self.spec.stream.to_owned(), problem }
    }
}

/// What a transform does; `instant` is the slot of a cursor that is one.
fn op(transform: &Transform, instant: Option<usize>) -> Op {
    let quoted = |text: &str| Value::from(text).to_string();
    match transform {
        Transform::FromParent { name } => Op::FromParent { name: name.clone() },
        Transform::Exists { then, otherwise, .. } => {
            Op::Exists { then: quoted(then), otherwise: quoted(otherwise) }
        }
        Transform::Has { .. } => {
            Op::Exists { then: true.to_string(), otherwise: false.to_string() }
        }
        Transform::Epoch { .. } => Op::Epoch,
        Transform::EpochMillis { .. } => Op::EpochMillis,
        Transform::JsonText { .. } => Op::JsonText,
        Transform::Pluck { field, .. } => Op::Pluck { field: field.clone() },
        Transform::Joined { .. } => Op::Joined,
        Transform::FirstOf { .. } => Op::FirstOf,
        Transform::Gather { .. } => Op::Gather,
        Transform::UrlId { .. } => Op::UrlId,
        Transform::Deleted { .. } => Op::Deleted { cursor: instant },
        Transform::Extra { .. } => Op::Extra,
        Transform::Move { .. } | Transform::Copy { .. } => {
            unreachable!("moves and copies are resolved and make no step")
        }
    }
}
