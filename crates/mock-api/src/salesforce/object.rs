//! Objects: their fields, what can be done with them, and their rows.

use std::collections::HashMap;

use super::field::{Field, Fill};
use super::id::{Id, Prefix};
use super::row::Table;

/// What the API can do with an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Traits {
    pub(super) is_queryable: bool,
    pub(super) is_replicateable: bool,
    pub(super) is_retrieveable: bool,
    /// Whether Bulk jobs can read it.
    pub(super) is_bulk: bool,
    /// The field without which it cannot be queried.
    pub(super) filter: Option<&'static str>,
}

/// An object that can be read and replicated.
pub(super) const USUAL: Traits = Traits {
    is_queryable: true,
    is_replicateable: true,
    is_retrieveable: true,
    is_bulk: true,
    filter: None,
};

/// One object of the organization.
#[derive(Debug)]
pub(super) struct Object {
    pub(super) name: String,
    pub(super) prefix: Option<Prefix>,
    pub(super) traits: Traits,
    pub(super) fields: Vec<Field>,
    /// Positions of the fields, by their names in lower case.
    names: HashMap<String, usize>,
    pub(super) table: Table,
}

impl Object {
    pub(super) fn new(name: &str, prefix: Option<Prefix>, fields: Vec<Field>) -> Self {
        let mut fields = fields;
        let names: HashMap<String, usize> =
            (0..).zip(&fields).map(|(at, field)| (field.name.to_ascii_lowercase(), at)).collect();
        for at in 0..fields.len() {
            fields[at].at = at;
            if let Some(compound) = fields[at].compound {
                let whole = names[&compound.to_ascii_lowercase()];
                let key = fields[at].key();
                fields[at].whole = Some(whole);
                fields[whole].parts.push((at, key));
            }
        }
        for field in &mut fields {
            field.parts.sort_by_key(|(_, key)| *key);
        }
        Self {
            name: name.to_owned(),
            prefix,
            traits: USUAL,
            fields,
            names,
            table: Table::default(),
        }
    }

    pub(super) fn with(mut self, traits: Traits) -> Self {
        self.traits = traits;
        self
    }

    pub(super) fn is_custom(&self) -> bool {
        self.name.ends_with("__c")
    }

    /// A field by its name, in which case does not matter.
    pub(super) fn field(&self, name: &str) -> Option<&Field> {
        self.names.get(&name.to_ascii_lowercase()).map(|at| &self.fields[*at])
    }

    /// Whether there is a field of that origin.
    pub(super) fn has(&self, fill: Fill) -> bool {
        self.fields.iter().any(|field| field.fill == fill)
    }

    /// The id of a row; `None` if the object has no ids.
    pub(super) fn id(&self, number: u32) -> Option<Id> {
        Some(Id { prefix: self.prefix?, number })
    }

    /// The number of the row that an id names.
    pub(super) fn number(&self, id: &str) -> Option<u32> {
        let id = Id::parse(id).filter(|id| Some(id.prefix) == self.prefix)?;
        (id.number < self.table.len()).then_some(id.number)
    }

    /// The name as people read it.
    pub(super) fn label(&self) -> String {
        words(&self.name)
    }
}

/// A name as words, such as `Billing Street` of `BillingStreet`.
pub(super) fn words(name: &str) -> String {
    let name = name.trim_end_matches("__c").trim_end_matches("__s");
    let mut words = String::new();
    let mut before = ' ';
    for letter in name.chars() {
        if letter.is_uppercase() && before.is_lowercase() {
            words.push(' ');
        }
        before = if letter == '_' { ' ' } else { letter };
        words.push(before);
    }
    words
}
