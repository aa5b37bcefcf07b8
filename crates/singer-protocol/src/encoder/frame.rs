//! The way through a body to its records, and what is picked up beside them.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::body::BodyFault;
use super::index::TextSeed;
use super::misfit::Found;
use super::page::Pass;

/// Where the records are in a body, and what else of it is asked for.
///
/// Pointers are [RFC 6901](https://www.rfc-editor.org/rfc/rfc6901); the empty one is the body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// The list of records, or the record itself.
    pub records_at: String,
    /// Whether there is one record, and no list.
    pub single: bool,
    /// Values for the paginator. What stands around the records or in them is not captured.
    pub needs: Vec<String>,
}

impl Frame {
    /// A body that is the list of records.
    pub fn list() -> Frame {
        Frame::default()
    }

    /// A body that holds the list of records at a pointer.
    pub fn list_at(pointer: &str) -> Frame {
        Frame { records_at: pointer.to_owned(), ..Frame::default() }
    }

    /// A body that is one record.
    pub fn one() -> Frame {
        Frame { single: true, ..Frame::default() }
    }
}

/// The names of a pointer.
pub(super) fn tokens(pointer: &str) -> impl Iterator<Item = String> {
    let names = pointer.strip_prefix('/').or((!pointer.is_empty()).then_some(pointer));
    names
        .into_iter()
        .flat_map(|names| names.split('/'))
        .map(|name| name.replace("~1", "/").replace("~0", "~"))
}

/// A place of the body that is of interest, or that leads to one.
#[derive(Debug, Default)]
pub(super) struct Spot {
    children: Vec<(String, Spot)>,
    needs: Vec<usize>,
    records: bool,
    leads_to_records: bool,
}

impl Spot {
    pub(super) fn of(frame: &Frame) -> Spot {
        let mut root = Spot::default();
        for (index, need) in frame.needs.iter().enumerate() {
            root.at(need, false).needs.push(index);
        }
        root.at(&frame.records_at, true).records = true;
        root
    }

    fn at(&mut self, pointer: &str, to_records: bool) -> &mut Spot {
        let mut spot = self;
        for token in tokens(pointer) {
            spot.leads_to_records |= to_records;
            let known = spot.children.iter().position(|(name, _)| *name == token);
            let index = known.unwrap_or_else(|| {
                spot.children.push((token, Spot::default()));
                spot.children.len() - 1
            });
            spot = &mut spot.children[index].1;
        }
        spot
    }

    fn child(&self, name: &[u8]) -> Option<usize> {
        self.children.iter().position(|(child, _)| child.as_bytes() == name)
    }
}

/// Reads the value at a spot.
pub(super) struct SpotSeed<'r, 'a, 'o> {
    pub(super) pass: &'r mut Pass<'a, 'o>,
    pub(super) spot: &'r Spot,
    pub(super) level: usize,
}

impl<'a> DeserializeSeed<'a> for SpotSeed<'_, 'a, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        let SpotSeed { pass, spot, level } = self;
        if spot.records {
            return records(pass, level, deserializer);
        }
        if spot.leads_to_records {
            return deserializer.deserialize_any(SpotSeed { pass, spot, level });
        }
        let text = TextSeed { sheet: pass.sheet(), level }.deserialize(deserializer)?;
        for need in &spot.needs {
            pass.needed[*need] = Some(text);
        }
        if !spot.children.is_empty() && text.starts_with(['{', '[']) {
            serde_json::Deserializer::from_str(text)
                .deserialize_any(SpotSeed { pass, spot, level })
                .map_err(D::Error::custom)?;
        }
        Ok(())
    }
}

fn records<'a, D: Deserializer<'a>>(
    pass: &mut Pass<'a, '_>,
    level: usize,
    deserializer: D,
) -> Result<(), D::Error> {
    if pass.met {
        return pass.fail(BodyFault::Twice);
    }
    pass.met = true;
    if !pass.single {
        return deserializer.deserialize_any(ListVisitor { pass, level });
    }
    if pass.done > 0 {
        return IgnoredAny::deserialize(deserializer).map(drop);
    }
    match pass.begin(level).deserialize(deserializer)? {
        Found::Object => pass.finish(Found::Object),
        found => return pass.fail(BodyFault::NotAnObject(found)),
    }
    Ok(())
}

macro_rules! passed_over {
    ($($visit:ident($type:ty)),*) => {
        $(fn $visit<E: Error>(self, _: $type) -> Result<(), E> {
            Ok(())
        })*
    };
}

impl<'a> Visitor<'a> for SpotSeed<'_, 'a, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        let level = self.level + 1;
        while let Some(child) = map.next_key_seed(NameSeed(self.spot))? {
            let Some((name, spot)) = child.map(|child| &self.spot.children[child]) else {
                map.next_value_seed(TextSeed { sheet: self.pass.sheet(), level })?;
                continue;
            };
            let seed = SpotSeed { pass: &mut *self.pass, spot, level };
            if let Err(error) = map.next_value_seed(seed) {
                self.pass.sheet().trail.push(name.clone());
                return Err(error);
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut items: A) -> Result<(), A::Error> {
        let level = self.level + 1;
        for index in 0.. {
            let name = index.to_string();
            let more =
                match self.spot.child(name.as_bytes()).map(|child| &self.spot.children[child]) {
                    Some((_, spot)) => {
                        items.next_element_seed(SpotSeed { pass: &mut *self.pass, spot, level })
                    }
                    None => items
                        .next_element_seed(TextSeed { sheet: self.pass.sheet(), level })
                        .map(|text| text.map(drop)),
                };
            match more {
                Ok(Some(())) => {}
                Ok(None) => break,
                Err(error) => {
                    self.pass.sheet().trail.push(name);
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    passed_over!(visit_bool(bool), visit_u64(u64), visit_i64(i64), visit_f64(f64), visit_str(&str));
}

/// Recognises a name that leads somewhere.
struct NameSeed<'s>(&'s Spot);

impl<'a> DeserializeSeed<'a> for NameSeed<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_bytes(self)
    }
}

impl<'a> Visitor<'a> for NameSeed<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_bytes<E: Error>(self, name: &[u8]) -> Result<Self::Value, E> {
        Ok(self.0.child(name))
    }
}

/// Reads the list of records.
struct ListVisitor<'r, 'a, 'o> {
    pass: &'r mut Pass<'a, 'o>,
    level: usize,
}

macro_rules! not_a_list {
    ($($visit:ident($type:ty) => $found:ident),*) => {
        $(fn $visit<E: Error>(self, _: $type) -> Result<(), E> {
            self.pass.fail(BodyFault::NotAList(Found::$found))
        })*
    };
}

impl<'a> Visitor<'a> for ListVisitor<'_, 'a, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut items: A) -> Result<(), A::Error> {
        for _ in 0..self.pass.done {
            items.next_element::<IgnoredAny>()?;
        }
        loop {
            match items.next_element_seed(self.pass.begin(self.level + 1)) {
                Ok(Some(found)) => self.pass.finish(found),
                Ok(None) => return Ok(()),
                Err(error) => {
                    let index = self.pass.records.to_string();
                    self.pass.sheet().trail.push(index);
                    return Err(error);
                }
            }
        }
    }

    fn visit_map<A: MapAccess<'a>>(self, _: A) -> Result<(), A::Error> {
        self.pass.fail(BodyFault::NotAList(Found::Object))
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.pass.fail(BodyFault::NotAList(Found::Null))
    }

    not_a_list!(visit_bool(bool) => Boolean, visit_u64(u64) => Number, visit_i64(i64) => Number,
        visit_f64(f64) => Number, visit_str(&str) => String);
}
