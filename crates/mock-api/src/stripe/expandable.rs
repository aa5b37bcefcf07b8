//! Which fields can be expanded, by the shapes.

use super::error::Problem;
use super::expand::Expand;
use super::kind::Kind;
use super::slot::Slot;
use super::template::{Field, Node};
use super::version::ApiVersion;

/// Checks what a request wants to have in full of an object.
///
/// # Errors
/// A field is not there in this version, or is no reference and no list.
pub(super) fn check(kind: Kind, expand: &Expand, version: ApiVersion) -> Result<(), Problem> {
    fields(kind.resource().shape.fields(), expand, version, "")
}

/// The same of the objects of a list.
///
/// # Errors
/// As above, or a path does not begin with `data`.
pub(super) fn check_list(kind: Kind, expand: &Expand, version: ApiVersion) -> Result<(), Problem> {
    for (name, within) in expand.fields() {
        if name != "data" {
            let hint = format!(" You may want to try expanding 'data.{name}' instead.");
            return Err(refusal(&format!("This property cannot be expanded ({name}).{hint}")));
        }
        fields(kind.resource().shape.fields(), within, version, "data.")?;
    }
    Ok(())
}

fn fields(
    fields: &[Field],
    expand: &Expand,
    version: ApiVersion,
    path: &str,
) -> Result<(), Problem> {
    for (name, within) in expand.fields() {
        // What has to be asked for is there as soon as it is asked for.
        let is_there = |field: &&Field| field.name == name && field.is_there(version, true);
        let Some(field) = fields.iter().find(is_there) else {
            let text = "This property cannot be expanded because it doesn't exist";
            return Err(refusal(&format!("{text}: {path}{name}.")));
        };
        let here = format!("{path}{name}");
        let is_optional = !field.is_there(version, false);
        node(&field.node, within, version, &here, is_optional)?;
    }
    Ok(())
}

fn node(
    node: &Node,
    expand: &Expand,
    version: ApiVersion,
    path: &str,
    is_optional: bool,
) -> Result<(), Problem> {
    let is_last = expand.fields().next().is_none();
    let inner = format!("{path}.");
    let of = |kind: Kind| fields(kind.resource().shape.fields(), expand, version, &inner);
    match node {
        Node::Maybe { node, .. } | Node::If { node, .. } => {
            self::node(node, expand, version, path, is_optional)
        }
        Node::Slot(choice) => match target(&choice.slot) {
            Some(Target::One(kind)) => of(kind),
            Some(Target::Children(kind)) => match expand.within("data") {
                Some(within) => {
                    let inner = format!("{path}.data.");
                    fields(kind.resource().shape.fields(), within, version, &inner)
                }
                None if is_last => Ok(()),
                None => Err(refusal(&format!("This property cannot be expanded ({path})."))),
            },
            Some(Target::Parent) if is_last => Ok(()),
            Some(Target::Whole(kind)) => of(kind),
            _ if is_optional && is_last => Ok(()),
            _ => Err(refusal(&format!("This property cannot be expanded ({path})."))),
        },
        _ if is_last && is_optional => Ok(()),
        // What is never there, or never filled, may be a reference all the same.
        Node::Text(text) if is_last && matches!(text.as_str(), "null" | "[]") => Ok(()),
        _ if is_last => Err(refusal(&format!("This property cannot be expanded ({path})."))),
        _ => fields(node.fields(), expand, version, &inner),
    }
}

/// What a slot leads to.
enum Target {
    One(Kind),
    Children(Kind),
    Parent,
    /// It is whole anyway.
    Whole(Kind),
}

fn target(slot: &Slot) -> Option<Target> {
    Some(match slot {
        Slot::Ref(kind) | Slot::Twin(kind) | Slot::Each(kind) => Target::One(*kind),
        Slot::List { kind, .. } => Target::Children(*kind),
        Slot::Parent => Target::Parent,
        Slot::Embed(kind) => Target::Whole(*kind),
        Slot::Maybe(_, choice) | Slot::If(_, choice) => return target(&choice.slot),
        _ => return None,
    })
}

fn refusal(text: &str) -> Problem {
    Problem::new(400, text).param("expand")
}
