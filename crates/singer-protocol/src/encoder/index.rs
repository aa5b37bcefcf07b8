//! One pass over an object: every declared field into its slot, nested objects too.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::body::BodyFault;
use super::misfit::{Found, Misfit};
use super::plan::{Child, Plan};
use super::scan::deeper_than;
use super::sheet::{Key, Order, Sheet};
use super::slot::Slot;

/// How deep containers may nest, from the body's root.
const MOST_DEPTH: usize = 128;

/// Captures the text of a value.
pub(super) struct TextSeed<'s, 'a> {
    pub(super) sheet: &'s mut Sheet<'a>,
    /// How many containers the value stands in.
    pub(super) level: usize,
}

impl<'a> DeserializeSeed<'a> for TextSeed<'_, 'a> {
    type Value = &'a str;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<&'a str, D::Error> {
        let text = <&RawValue as serde::Deserialize>::deserialize(deserializer)?.get();
        let limit = MOST_DEPTH.saturating_sub(self.level);
        if text.starts_with(['{', '[']) && deeper_than(text, limit) {
            self.sheet.fault = Some(BodyFault::TooDeep);
            return Err(D::Error::custom("too deep"));
        }
        Ok(text)
    }
}

/// Fills the slots of an object's fields. Says what was there; anything may be.
pub(super) struct ObjectSeed<'s, 'a> {
    pub(super) plan: &'a Plan,
    pub(super) sheet: &'s mut Sheet<'a>,
    pub(super) node: usize,
    /// How many containers the object stands in.
    pub(super) level: usize,
}

impl<'a> ObjectSeed<'_, 'a> {
    /// Looks into a value that has been captured.
    pub(super) fn look_into(self, text: &'a str) -> Result<Found, serde_json::Error> {
        match Found::of(text) {
            Found::Object => serde_json::Deserializer::from_str(text).deserialize_map(self),
            found => Ok(found),
        }
    }

    fn field<A: MapAccess<'a>>(&mut self, child: &'a Child, map: &mut A) -> Result<(), A::Error> {
        if self.sheet.slots[child.slot] != Slot::Absent {
            self.sheet.notes.add(child.place, Misfit::Repeated);
            self.sheet.slots[child.slot..child.end].fill(Slot::Absent);
        }
        let level = self.level + 1;
        let slot = match child.node {
            Some(node) if !child.raw => match map.next_value_seed(self.inside(node, level))? {
                Found::Object => Slot::Object,
                Found::Null => Slot::NULL,
                found => Slot::Unfit(found),
            },
            node => {
                let text = map.next_value_seed(TextSeed { sheet: self.sheet, level })?;
                if let Some(node) = node {
                    self.inside(node, level).look_into(text).map_err(A::Error::custom)?;
                }
                Slot::Text(text)
            }
        };
        self.sheet.slots[child.slot] = slot;
        Ok(())
    }

    fn inside(&mut self, node: usize, level: usize) -> ObjectSeed<'_, 'a> {
        ObjectSeed { plan: self.plan, sheet: self.sheet, node, level }
    }
}

impl<'a> DeserializeSeed<'a> for ObjectSeed<'_, 'a> {
    type Value = Found;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Found, D::Error> {
        if self.sheet.careful {
            let text =
                TextSeed { sheet: self.sheet, level: self.level }.deserialize(deserializer)?;
            return self.look_into(text).map_err(D::Error::custom);
        }
        deserializer.deserialize_any(self)
    }
}

macro_rules! found {
    ($($visit:ident($type:ty) => $found:ident),*) => {
        $(fn $visit<E: Error>(self, _: $type) -> Result<Found, E> {
            Ok(Found::$found)
        })*
    };
}

impl<'a> Visitor<'a> for ObjectSeed<'_, 'a> {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'a>>(mut self, mut map: A) -> Result<Found, A::Error> {
        let node = &self.plan.nodes[self.node];
        let mut previous = None;
        loop {
            let order = &mut self.sheet.orders[self.node];
            let Some(key) = map.next_key_seed(KeySeed { order, previous })? else {
                return Ok(Found::Object);
            };
            previous = key.entry().or(previous);
            let read = match key {
                Key::Child { child, .. } => self.field(&node.children[child], &mut map),
                Key::Other { .. } | Key::Unnamed => map
                    .next_value_seed(TextSeed { sheet: self.sheet, level: self.level + 1 })
                    .map(drop),
            };
            if let Err(error) = read {
                if let Some(name) = previous.map(|entry| self.sheet.orders[self.node].name(entry)) {
                    self.sheet.trail.push(name);
                }
                return Err(error);
            }
        }
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut items: A) -> Result<Found, A::Error> {
        loop {
            let seed = TextSeed { sheet: self.sheet, level: self.level + 1 };
            if items.next_element_seed(seed)?.is_none() {
                return Ok(Found::Array);
            }
        }
    }

    fn visit_unit<E: Error>(self) -> Result<Found, E> {
        Ok(Found::Null)
    }

    found!(visit_bool(bool) => Boolean, visit_u64(u64) => Number, visit_i64(i64) => Number,
        visit_f64(f64) => Number, visit_str(&str) => String);
}

/// Recognises a field's name.
struct KeySeed<'s, 'a> {
    order: &'s mut Order<'a>,
    previous: Option<usize>,
}

impl<'a> DeserializeSeed<'a> for KeySeed<'_, 'a> {
    type Value = Key;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Key, D::Error> {
        // Bytes, since a name with a lone surrogate is no text.
        deserializer.deserialize_bytes(self)
    }
}

impl<'a> Visitor<'a> for KeySeed<'_, 'a> {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_bytes<E: Error>(self, name: &'a [u8]) -> Result<Key, E> {
        self.order
            .borrowed(self.previous, name)
            .ok_or_else(|| E::custom("a control character in a name"))
    }

    fn visit_bytes<E: Error>(self, name: &[u8]) -> Result<Key, E> {
        Ok(self.order.transient(self.previous, name))
    }
}
