//! A partition: the part of a stream that is read on its own, with a bookmark of its own.

use serde_json::{Map, Value};
use singer_protocol::PartitionKey;

/// Named scalars that a partition knows: from the configuration, and from its parents' records.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Context(singer_protocol::Context);

impl Context {
    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Sets a name, which keeps its place if it is there already.
    pub fn set(&mut self, name: &str, value: Value) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// What a state holds of it.
    pub(crate) fn to_json(&self) -> Map<String, Value> {
        self.0.iter().cloned().collect()
    }

    /// What a state held of it.
    pub(crate) fn from_json(json: &Map<String, Value>) -> Context {
        Context(json.iter().map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    /// Names and values, in their order.
    pub fn as_slice(&self) -> &[(String, Value)] {
        &self.0
    }
}

/// One partition of a stream: a repository, an account, an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Partition {
    context: Context,
    fields: Vec<String>,
}

impl Partition {
    /// The unnamed partition of a stream that is read in one piece.
    pub fn whole() -> Partition {
        Partition { context: Context::default(), fields: Vec::new() }
    }

    /// The unnamed partition, which knows these values.
    pub fn knowing<N: Into<String>, V: Into<Value>>(
        values: impl IntoIterator<Item = (N, V)>,
    ) -> Partition {
        Partition { fields: Vec::new(), ..Partition::named(values) }
    }

    /// A partition named by these values, in this order.
    pub fn named<N: Into<String>, V: Into<Value>>(
        values: impl IntoIterator<Item = (N, V)>,
    ) -> Partition {
        let mut context = Context::default();
        for (name, value) in values {
            context.set(&name.into(), value.into());
        }
        let fields = context.as_slice().iter().map(|(name, _)| name.clone()).collect();
        Partition { context, fields }
    }

    /// The partition of a child stream: everything its parent hands down, named by `fields`.
    pub(crate) fn of_parent(context: Context, fields: &[String]) -> Partition {
        Partition { context, fields: fields.to_vec() }
    }

    /// The values that fill paths, parameters and fields taken from the parent.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// The names of the values that identify it, in their order.
    pub fn fields(&self) -> &[String] {
        &self.fields
    }

    /// Its key in the state; `None` for the unnamed one.
    pub fn key(&self) -> Option<PartitionKey> {
        if self.fields.is_empty() {
            return None;
        }
        let values = self.fields.iter().map(|name| self.context.get(name).unwrap_or(&Value::Null));
        PartitionKey::from_scalars(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partition_is_named_by_its_values_in_order() {
        let partition = Partition::named([("org", "acme"), ("repo", "a/b")]);
        assert_eq!(partition.key().map(|key| key.to_string()).as_deref(), Some("acme/a%2Fb"));
        assert_eq!(Partition::whole().key(), None);
    }
}
