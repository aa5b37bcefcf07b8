//! A parsed query.

use serde_json::{Map, Value};

/// A line and a column, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct At {
    pub(crate) line: u32,
    pub(crate) column: u32,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Document {
    pub(crate) operations: Vec<Operation>,
    pub(crate) fragments: Vec<Fragment>,
}

/// A query.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Operation {
    pub(crate) name: Option<String>,
    pub(crate) variables: Vec<Variable>,
    pub(crate) selections: Vec<Selection>,
    pub(crate) at: At,
}

/// A variable as an operation declares it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Variable {
    pub(crate) name: String,
    /// The type's text, such as `[ID!]!`.
    pub(crate) kind: String,
    pub(crate) default: Option<Input>,
    pub(crate) at: At,
}

/// A named fragment.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fragment {
    pub(crate) name: String,
    pub(crate) on: String,
    pub(crate) selections: Vec<Selection>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Selection {
    Field(Field),
    /// `... on Type { }`, or without a type.
    Inline {
        on: Option<String>,
        selections: Vec<Selection>,
    },
    /// `...Name`.
    Spread(String, At),
}

/// A field that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field {
    pub(crate) alias: Option<String>,
    pub(crate) name: String,
    pub(crate) arguments: Vec<(String, Input)>,
    pub(crate) selections: Vec<Selection>,
    pub(crate) at: At,
}

/// A value in a query; names of enums are strings.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Input {
    Variable(String),
    Plain(Value),
    List(Vec<Input>),
    Object(Vec<(String, Input)>),
}

/// The arguments of a field, with the values of variables.
pub(crate) type Arguments = Map<String, Value>;

impl Field {
    /// Its name in the answer.
    pub(crate) fn key(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }

    pub(crate) fn arguments(&self, variables: &Map<String, Value>) -> Arguments {
        let value = |(name, input): &(String, Input)| (name.clone(), input.value(variables));
        self.arguments.iter().map(value).collect()
    }
}

impl Input {
    pub(crate) fn value(&self, variables: &Map<String, Value>) -> Value {
        match self {
            Input::Variable(name) => variables.get(name).cloned().unwrap_or_default(),
            Input::Plain(value) => value.clone(),
            Input::List(items) => items.iter().map(|item| item.value(variables)).collect(),
            Input::Object(members) => {
                members.iter().map(|(name, input)| (name.clone(), input.value(variables))).collect()
            }
        }
    }

    /// The names of the variables in it.
    pub(crate) fn used<'a>(&'a self, names: &mut Vec<&'a str>) {
        match self {
            Input::Variable(name) => names.push(name),
            Input::Plain(_) => {}
            Input::List(items) => items.iter().for_each(|item| item.used(names)),
            Input::Object(members) => members.iter().for_each(|(_, input)| input.used(names)),
        }
    }
}
