//! A user's changes to a stream, on its slots and on its SCHEMA.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::error::Error;
use crate::pointer::join;
use crate::schema::Kind;
use crate::stream_map::{Expression, StreamMap};

use super::compile::RecordSpec;
use super::emit::Emit;
use super::plan::{Column, Form, Mapping, Named};
use super::rule::Rule;

/// The scalars of the record that a map reads.
#[derive(Debug, Default)]
pub(super) struct Reads {
    names: Vec<String>,
}

impl Reads {
    /// The scalars that the map of a stream reads, if there is one.
    ///
    /// # Errors
    /// [`Error::Settings`] for a field that the stream does not have, or that is no scalar.
    pub(super) fn of(spec: &RecordSpec<'_>) -> Result<Reads, Error> {
        let mut reads = Reads::default();
        let Some(map) = spec.map else { return Ok(reads) };
        let named = map.fields.iter().filter_map(|(name, it)| Some((name.as_str(), it.as_ref()?)));
        for (name, expression) in map.filter.iter().map(|it| ("__filter__", it)).chain(named) {
            let is_whole = name != "__filter__" && matches!(expression, Expression::Field(_));
            expression.rename(&mut |field: &String| match spec.schema.property(field) {
                None => {
                    Err(map
                        .refuse(name, format!("stream `{}` has no field `{field}`", spec.stream)))
                }
                Some(property) if Rule::of(&property.field.kind).is_some() => {
                    reads.add(field);
                    Ok(())
                }
                // A container is renamed as a whole.
                Some(_) if is_whole => Ok(()),
                Some(_) => Err(map.refuse(
                    name,
                    format!(
                        "`{field}` is a list or an object, which can only be renamed as a whole"
                    ),
                )),
            })?;
        }
        Ok(reads)
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    fn add(&mut self, name: &str) {
        if !self.names.iter().any(|known| known == name) {
            self.names.push(name.to_owned());
        }
    }
}

impl StreamMap {
    /// How many values it makes.
    pub(super) fn made(&self) -> usize {
        self.fields.iter().filter(|(_, it)| it.as_ref().is_some_and(is_made)).count()
    }

    fn refuse(&self, name: &str, problem: impl Into<String>) -> Error {
        Error::Settings { pointer: join(&self.pointer, name), problem: problem.into() }
    }
}

fn is_made(expression: &Expression<String>) -> bool {
    !matches!(expression, Expression::Field(_))
}

/// What a map is applied with.
pub(super) struct Applying<'a> {
    pub(super) spec: &'a RecordSpec<'a>,
    pub(super) map: &'a StreamMap,
    /// The scalars that it reads, with their slots; in the order of [`Reads`].
    pub(super) inputs: Vec<Named>,
    /// The first slot for what it makes.
    pub(super) first: usize,
    pub(super) place: &'a mut dyn FnMut(&str) -> u32,
}

impl Applying<'_> {
    /// The fields as the map leaves them, and what it does to each record.
    ///
    /// # Errors
    /// [`Error::Settings`].
    pub(super) fn apply(mut self, emits: Vec<Emit>) -> Result<(Vec<Emit>, Mapping), Error> {
        let (map, spec) = (self.map, self.spec);
        let own: HashMap<&str, &Emit> =
            emits.iter().map(|emit| (emit.name.as_str(), emit)).collect();
        let key = map.key.as_deref().unwrap_or(spec.key);
        let mut left: Vec<Emit> = if map.keeps_rest {
            emits.clone()
        } else {
            key.iter().filter_map(|name| own.get(name.as_str()).copied().cloned()).collect()
        };
        let mut made = Vec::new();
        for (name, expression) in &map.fields {
            let emit = match expression {
                None => {
                    self.check_drop(name, key)?;
                    None
                }
                Some(Expression::Field(field)) => self.renamed(name, field, &own),
                Some(expression) => {
                    let slot = self.first + made.len();
                    let (emit, placed) = self.made(name, expression, slot)?;
                    made.push((slot, placed));
                    Some(emit)
                }
            };
            let at = left.iter().position(|emit| emit.name == *name);
            match (at, emit) {
                (Some(at), Some(emit)) => left[at] = emit,
                (Some(at), None) => drop(left.remove(at)),
                (None, emit) => left.extend(emit),
            }
        }
        left.retain(|emit| {
            key.contains(&emit.name)
                || spec.schema.property(&emit.name).is_none()
                || spec.selection.field(&[&emit.name])
        });
        let checked = self.key(key, &mut left)?;
        let filter = map.filter.as_ref().map(|filter| self.placed("__filter__", filter));
        let filter = filter.transpose()?.map(|(filter, _)| filter);
        let written = |slot: usize| {
            left.iter().any(|emit| emit.column.as_ref().is_some_and(|column| column.slot == slot))
        };
        let inputs = self.inputs.into_iter().map(|input| {
            let place = (!written(input.slot)).then(|| (self.place)(&join("", &input.name)));
            (input, place)
        });
        let mapping = Mapping { inputs: inputs.collect(), filter, made, key: checked };
        Ok((left, mapping))
    }

    fn check_drop(&self, name: &str, key: &[String]) -> Result<(), Error> {
        if key.iter().any(|key| key == name) {
            let problem = "a key stays (say in `__key_properties__` what takes its place, or null for no key)";
            return Err(self.map.refuse(name, problem));
        }
        if self.spec.schema.property(name).is_none() && !self.map.is_shared {
            let problem = format!("stream `{}` has no field `{name}`", self.spec.stream);
            return Err(self.map.refuse(name, problem));
        }
        Ok(())
    }

    /// A field under another name; none for a container that is deselected.
    fn renamed(&mut self, name: &str, field: &str, own: &HashMap<&str, &Emit>) -> Option<Emit> {
        let lead = Column::lead(name);
        if let Some(emit) = own.get(field) {
            let column = emit.column.clone().map(|column| Column { lead, ..column });
            return Some(Emit { name: name.to_owned(), json: emit.json.clone(), column });
        }
        let input = self.inputs.iter().find(|input| input.name == field)?;
        let (slot, form) = (input.slot, Form::Scalar(input.rule));
        let column = Column { lead, slot, place: (self.place)(&join("", field)), form };
        let json = self.spec.schema.json()["properties"][field].clone();
        Some(Emit { name: name.to_owned(), json, column: Some(column) })
    }

    fn made(
        &mut self,
        name: &str,
        expression: &Expression<String>,
        slot: usize,
    ) -> Result<(Emit, Expression<usize>), Error> {
        let (placed, kind) = self.placed(name, expression)?;
        let kind = kind.ok_or_else(|| {
            self.map.refuse(name, "always `None` (write null instead of a text to drop a field)")
        })?;
        let typed = Rule::of(&kind).zip(kind.nullable_json());
        let (rule, json) = typed.ok_or_else(|| self.map.refuse(name, "is no scalar"))?;
        let place = (self.place)(&join("", name));
        let column = Column { lead: Column::lead(name), slot, place, form: Form::Scalar(rule) };
        Ok((Emit { name: name.to_owned(), json, column: Some(column) }, placed))
    }

    /// An expression over the inputs, and its type.
    fn placed(
        &self,
        name: &str,
        expression: &Expression<String>,
    ) -> Result<(Expression<usize>, Option<Kind>), Error> {
        let placed = expression.rename(&mut |field: &String| {
            let at = self.inputs.iter().position(|input| input.name == *field);
            at.ok_or_else(|| self.map.refuse(name, format!("`{field}` never has a value")))
        })?;
        let kinds: Vec<&Kind> = self
            .inputs
            .iter()
            .filter_map(|input| self.spec.schema.property(&input.name))
            .map(|property| &property.field.kind)
            .collect();
        let kind = placed.kind(&|at| kinds[*at]).map_err(|why| self.map.refuse(name, why))?;
        Ok((placed, kind))
    }

    /// Makes the key's fields, and no others, such as may not be null. Gives those that a record
    /// may lack.
    fn key(&self, key: &[String], emits: &mut [Emit]) -> Result<Vec<Named>, Error> {
        for emit in emits.iter_mut() {
            set_nullable(&mut emit.json, !key.contains(&emit.name));
        }
        let mut checked = Vec::new();
        for name in key {
            let column =
                emits.iter().find(|emit| emit.name == *name).and_then(|emit| emit.column.as_ref());
            match column {
                Some(Column { slot, form: Form::Scalar(rule), .. }) => {
                    checked.push(Named { name: name.clone(), slot: *slot, rule: *rule });
                }
                _ => {
                    let problem = format!(
                        "the key `{name}` is no text, number or boolean of what is written"
                    );
                    return Err(self.map.refuse("__key_properties__", problem));
                }
            }
        }
        Ok(checked)
    }
}

/// Says whether a field may be null.
fn set_nullable(json: &mut Value, nullable: bool) {
    let mut names: Vec<Value> = match &json["type"] {
        Value::Array(names) => names.clone(),
        name => vec![name.clone()],
    };
    if nullable == names.iter().any(|name| name == "null") {
        return;
    }
    names.retain(|name| name != "null");
    json["type"] = match &names[..] {
        [name] if !nullable => name.clone(),
        _ => json!([&[Value::from("null")], &names[..]].concat()),
    };
}
