//! A stream's description, compiled: what to index, what to make of it, what to write.

use serde_json::Value;

use crate::stream_map::Expression;

use super::filter::Sieve;
use super::rule::Rule;

/// Everything that encoding a record needs; the same for all pages and workers.
#[derive(Debug)]
pub(super) struct Plan {
    /// The objects that are indexed; the record's own is `record.node`.
    pub(super) nodes: Vec<Node>,
    /// How many slots records and list items need together.
    pub(super) slots: usize,
    pub(super) record: Shape,
    /// The objects that lists hold.
    pub(super) shapes: Vec<Shape>,
    /// In the order in which they run.
    pub(super) steps: Vec<Step>,
    /// What holds of every record that is taken.
    pub(super) filters: Vec<Sieve>,
    pub(super) key: Vec<Named>,
    pub(super) cursor: Option<Named>,
    pub(super) context: Vec<Handed>,
    /// What the user's map does to a record.
    pub(super) mapping: Option<Mapping>,
    /// Whether the undeclared fields of the record are kept.
    pub(super) keeps_extra: bool,
    /// Pointers, by the number that notes have.
    pub(super) places: Vec<String>,
}

/// A map, on slots.
#[derive(Debug)]
pub(super) struct Mapping {
    /// The scalars that its expressions read; with the place of those that are not written, so that
    /// what does not fit is told.
    pub(super) inputs: Vec<(Named, Option<u32>)>,
    /// Which records are written.
    pub(super) filter: Option<Expression<usize>>,
    /// What it makes, and for which slot.
    pub(super) made: Vec<(usize, Expression<usize>)>,
    /// What must not be null.
    pub(super) key: Vec<Named>,
}

/// An object whose fields are looked for.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) children: Vec<Child>,
    /// Its place, with which the names of undeclared fields make a pointer.
    pub(super) place: u32,
    /// Whether its other fields count as undeclared.
    pub(super) declared: bool,
}

/// A field that is looked for.
#[derive(Debug)]
pub(super) struct Child {
    pub(super) name: String,
    pub(super) slot: usize,
    /// One after the last slot of the fields below; they begin at `slot`.
    pub(super) end: usize,
    pub(super) place: u32,
    /// The object to look into, if fields of it are looked for.
    pub(super) node: Option<usize>,
    /// The objects of the list that is expected here.
    pub(super) shape: Option<usize>,
}

/// How one kind of object is indexed and written: the record, or the items of a list.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) node: usize,
    /// The slots that belong to it.
    pub(super) slots: std::ops::Range<usize>,
    pub(super) columns: Vec<Column>,
}

/// A field as it is written.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// Comma, name and colon.
    pub(super) lead: String,
    pub(super) slot: usize,
    pub(super) place: u32,
    pub(super) form: Form,
}

impl Column {
    /// The text before the value of a field.
    pub(super) fn lead(name: &str) -> String {
        format!(",{}:", Value::from(name))
    }

    /// The field's name.
    pub(super) fn name(&self) -> String {
        let quoted = self.lead.strip_prefix(',').and_then(|lead| lead.strip_suffix(':'));
        quoted.and_then(|name| serde_json::from_str(name).ok()).unwrap_or_default()
    }
}

/// What stands in a column.
#[derive(Clone, Debug)]
pub(super) enum Form {
    Scalar(Rule),
    /// An object without declared fields, copied.
    Map,
    Object(Vec<Column>),
    List(List),
    /// The JSON text of a container.
    Text(Box<Form>),
    /// An object whose columns stand among those around it.
    Inline(Vec<Column>),
}

/// A list whose items have one type.
#[derive(Clone, Debug)]
pub(super) struct List {
    /// Place of the items.
    pub(super) place: u32,
    /// Whether items may be null; where not, an item that does not fit is left out.
    pub(super) nullable: bool,
    pub(super) item: Item,
}

/// The items of a list.
#[derive(Clone, Debug)]
pub(super) enum Item {
    Scalar(Rule),
    Map,
    List(Box<List>),
    /// Objects of the shape of this number.
    Shape(usize),
}

impl Item {
    /// Whether items are written as they stand, without slots of their own.
    pub(super) fn is_flat(&self) -> bool {
        match self {
            Item::Scalar(_) | Item::Map => true,
            Item::List(list) => list.item.is_flat(),
            Item::Shape(_) => false,
        }
    }
}

/// A scalar that is taken out of the record.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) slot: usize,
    pub(super) rule: Rule,
}

/// A value for the children of a record.
#[derive(Debug)]
pub(super) struct Handed {
    pub(super) slot: Option<usize>,
    /// None where the schema declares no scalar: the text is taken as it is.
    pub(super) rule: Option<Rule>,
}

/// One transform that makes a value.
#[derive(Debug)]
pub(super) struct Step {
    /// Where the made value goes.
    pub(super) slot: usize,
    pub(super) place: u32,
    /// Where the values that it reads are; none if there is never one.
    pub(super) inputs: Vec<usize>,
    pub(super) op: Op,
}

/// What a step does; texts are JSON.
#[derive(Debug)]
pub(super) enum Op {
    FromParent {
        name: String,
    },
    Exists {
        then: String,
        otherwise: String,
    },
    Epoch,
    EpochMillis,
    JsonText,
    Pluck {
        field: String,
    },
    UrlId,
    Joined,
    FirstOf,
    Gather,
    /// The slot of a cursor that is an instant.
    Deleted {
        cursor: Option<usize>,
    },
    Extra,
}
