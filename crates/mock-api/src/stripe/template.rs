//! The shapes in `shapes/`: objects as Stripe's types have them, with slots for what differs.
//!
//! A shape is JSON. A string `{{…}}` is a slot, and may stand within a longer string. A key may have
//! conditions: `paid@<2025-03-31` is there before that version, `parent@>=2025-03-31` from it on,
//! `refunds@expand` when a request expands it; `@a|b` is there if either holds, `@a&b` if both do. An object of one key
//! `{{maybe:40}}` or `{{if:paid}}` is the value of it, or null; `{{choose}}` one of a list.

use serde_json::{Map, Value};

use super::slot::{Choice, purpose};
use super::version::ApiVersion;

/// A shape that was read.
#[derive(Debug)]
pub(super) struct Template {
    pub(super) root: Node,
}

/// A part of a shape.
#[derive(Debug)]
pub(super) enum Node {
    /// JSON that is always the same.
    Text(String),
    Slot(Choice),
    /// A string of texts, escaped, and slots.
    Join(Vec<Node>),
    Object(Vec<Field>),
    Array(Vec<Node>),
    Maybe {
        purpose: u64,
        percent: u64,
        node: Box<Node>,
    },
    If {
        phases: Vec<String>,
        node: Box<Node>,
    },
    Choose {
        purpose: u64,
        nodes: Vec<Node>,
    },
}

/// A field of an object.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: String,
    /// The name as JSON, with its colon.
    pub(super) key: String,
    /// It is there if all of one of these hold, or if there are none.
    pub(super) when: Vec<Vec<When>>,
    pub(super) node: Node,
}

/// A condition of a field.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum When {
    Before(String),
    Since(String),
    Expanded,
}

impl Field {
    /// Whether a version has the field, if it is asked for or not.
    pub(super) fn is_there(&self, version: ApiVersion, is_asked: bool) -> bool {
        let holds = |when: &When| match when {
            When::Before(day) => !version.is_since(day),
            When::Since(day) => version.is_since(day),
            When::Expanded => is_asked,
        };
        self.when.is_empty() || self.when.iter().any(|all| all.iter().all(holds))
    }
}

impl Template {
    /// Reads a shape.
    ///
    /// # Panics
    /// It is none: shapes are part of the program.
    pub(super) fn new(shape: &str) -> Self {
        let shape = serde_json::from_str(shape).unwrap_or_else(|error| panic!("{error}: {shape}"));
        Self { root: Node::new(&shape, "") }
    }

    /// The fields of the object, of the first of several shapes.
    pub(super) fn fields(&self) -> &[Field] {
        self.root.fields()
    }
}

impl Node {
    fn new(value: &Value, path: &str) -> Self {
        let within = |name: &str| format!("{path}.{name}");
        match value {
            Value::String(text) if text.contains("{{") => Self::text(text, path),
            Value::Array(items) => {
                let nodes = items.iter().enumerate();
                let nodes = nodes.map(|(at, item)| Self::new(item, &within(&at.to_string())));
                Self::constant(Self::Array(nodes.collect()), value)
            }
            Value::Object(fields) => match special(fields) {
                Some((word, about, inner)) => Self::special(word, about, inner, path),
                None => {
                    let fields = fields.iter().map(|(key, value)| {
                        let (name, when) = key.split_once('@').unwrap_or((key, ""));
                        Field {
                            name: name.to_owned(),
                            key: format!("{}:", Value::from(name)),
                            when: conditions(when),
                            node: Self::new(value, &within(name)),
                        }
                    });
                    Self::constant(Self::Object(fields.collect()), value)
                }
            },
            _ => Self::Text(value.to_string()),
        }
    }

    /// A text in place of a node within which nothing differs.
    fn constant(node: Self, value: &Value) -> Self {
        let is_text = |node: &Node| matches!(node, Node::Text(_));
        let is_constant = match &node {
            Self::Array(nodes) => nodes.iter().all(is_text),
            Self::Object(fields) => {
                fields.iter().all(|field| field.when.is_empty() && is_text(&field.node))
            }
            _ => false,
        };
        if is_constant { Self::Text(value.to_string()) } else { node }
    }

    fn text(text: &str, path: &str) -> Self {
        let slot = text.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
        if let Some(slot) = slot.filter(|slot| !slot.contains("}}")) {
            return Self::Slot(Choice::parse(slot, path));
        }
        let (mut nodes, mut rest) = (Vec::new(), text);
        while let Some((before, (slot, after))) = rest
            .split_once("{{")
            .and_then(|(before, inner)| Some((before, inner.split_once("}}")?)))
        {
            nodes.push(Self::Text(escaped(before)));
            nodes.push(Self::Slot(Choice::parse(slot, path)));
            rest = after;
        }
        nodes.push(Self::Text(escaped(rest)));
        Self::Join(nodes)
    }

    fn special(word: &str, about: &str, inner: &Value, path: &str) -> Self {
        let node = || Box::new(Self::new(inner, path));
        match (word, inner) {
            ("maybe", _) => {
                let percent = about.parse().unwrap_or_else(|_| panic!("`{about}` is no number"));
                Self::Maybe { purpose: purpose(&format!("{path}?")), percent, node: node() }
            }
            ("if", _) => {
                Self::If { phases: about.split('|').map(str::to_owned).collect(), node: node() }
            }
            ("choose", Value::Array(items)) => {
                let nodes = items.iter().map(|item| Self::new(item, path)).collect();
                let label = if about.is_empty() { format!("{path}?") } else { about.to_owned() };
                Self::Choose { purpose: purpose(&label), nodes }
            }
            _ => panic!("`{word}` is no special key"),
        }
    }

    /// The fields of an object, whatever stands before it.
    pub(super) fn fields(&self) -> &[Field] {
        match self {
            Self::Object(fields) => fields,
            Self::Maybe { node, .. } | Self::If { node, .. } => node.fields(),
            Self::Choose { nodes, .. } | Self::Array(nodes) => {
                nodes.first().map_or(&[], Self::fields)
            }
            _ => &[],
        }
    }
}

/// The word, what stands behind it, and the value of an object that is one special key.
fn special(fields: &Map<String, Value>) -> Option<(&str, &str, &Value)> {
    let (key, inner) = fields.iter().next().filter(|_| fields.len() == 1)?;
    let special = key.strip_prefix("{{")?.strip_suffix("}}")?;
    let (word, about) = special.split_once(':').unwrap_or((special, ""));
    Some((word, about, inner))
}

fn conditions(text: &str) -> Vec<Vec<When>> {
    let alternatives = text.split('|').filter(|one| !one.is_empty());
    alternatives.map(|all| all.split('&').map(condition).collect()).collect()
}

fn condition(text: &str) -> When {
    match (text.strip_prefix(">="), text.strip_prefix('<')) {
        (Some(day), _) => When::Since(day.to_owned()),
        (_, Some(day)) => When::Before(day.to_owned()),
        _ if text == "expand" => When::Expanded,
        _ => panic!("`{text}` is no condition"),
    }
}

/// A text as it stands within a JSON string.
fn escaped(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_never_differs_is_one_text_and_keys_have_conditions() {
        let template = Template::new(
            r#"{"a": {"b": [1, null]}, "paid@<2025-03-31|expand": "{{flag:1}}", "c@>=2025-03-31": 1}"#,
        );
        let [a, paid, c] = template.fields() else { panic!("{template:?}") };
        assert!(matches!(&a.node, Node::Text(text) if text == r#"{"b":[1,null]}"#));
        assert_eq!((paid.name.as_str(), paid.key.as_str()), ("paid", "\"paid\":"));
        let old: ApiVersion = "2022-11-15".parse().unwrap();
        let new: ApiVersion = "2025-03-31.basil".parse().unwrap();
        assert_eq!([paid, c].map(|field| field.is_there(old, false)), [true, false]);
        assert_eq!([paid, c].map(|field| field.is_there(new, false)), [false, true]);
        assert!(paid.is_there(new, true));
    }

    #[test]
    fn special_keys_stand_for_their_value() {
        let template = Template::new(r#"{"{{choose}}": [{"x": "{{id:ba}}"}, {"y": 1}]}"#);
        assert_eq!(template.fields()[0].name, "x");
        assert!(matches!(&template.root, Node::Choose { nodes, .. } if nodes.len() == 2));
    }
}
