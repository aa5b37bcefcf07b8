//! Where a field of the written record comes from.

use super::transform::Transform;

/// The names that lead to a value.
pub(super) type Path = Vec<String>;

/// The source of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// It stands at this path of the record as it came.
    Input(Path),
    /// The transform of this index makes it.
    Step(usize),
    /// A transform took it away.
    Gone,
}

pub(super) fn path(dotted: &str) -> Path {
    dotted.split('.').map(str::to_owned).collect()
}

/// Follows a path of the record, as it is after `transforms`, back to its source.
pub(super) fn origin(transforms: &[Transform], mut at: Path) -> Origin {
    for (index, transform) in transforms.iter().enumerate().rev() {
        let to = path(transform.output());
        match transform {
            Transform::Move { from, .. } => {
                let from = path(from);
                if at.starts_with(&to) {
                    at.splice(..to.len(), from);
                } else if at.starts_with(&from) {
                    return Origin::Gone;
                }
            }
            Transform::Copy { from, .. } if at.starts_with(&to) => {
                at.splice(..to.len(), path(from));
            }
            Transform::Copy { .. } => {}
            Transform::Gather { names, paths, .. }
                if at.len() > to.len() && at.starts_with(&to) =>
            {
                let Some(field) = names.iter().position(|name| *name == at[to.len()]) else {
                    return Origin::Gone;
                };
                at.splice(..=to.len(), path(&paths[field]));
            }
            _ if at == to => return Origin::Step(index),
            _ if at.starts_with(&to) => return Origin::Gone,
            _ => {}
        }
    }
    Origin::Input(at)
}

#[cfg(test)]
mod tests {
    use super::super::transform::{epoch, exists, hoist, rename};
    use super::*;

    fn check(transforms: &[Transform], field: &str, expected: Origin) {
        assert_eq!(origin(transforms, path(field)), expected, "{field}");
    }

    #[test]
    fn a_field_is_followed_back_through_moves_to_where_it_came() {
        let moved = [
            rename("type", "issue_type"),
            exists("pull_request", "type", "pull_request", "issue"),
            hoist("owner.login", "org"),
            rename("reactions.+1", "reactions.plus_one"),
            rename("user", "author"),
            rename("author", "creator"),
            epoch("created"),
        ];
        check(&moved, "title", Origin::Input(path("title")));
        check(&moved, "issue_type", Origin::Input(path("type")));
        check(&moved, "type", Origin::Step(1));
        check(&moved, "org", Origin::Input(path("owner.login")));
        check(&moved, "owner.id", Origin::Input(path("owner.id")));
        check(&moved, "owner.login", Origin::Gone);
        check(&moved, "reactions.plus_one", Origin::Input(path("reactions.+1")));
        check(&moved, "reactions.total", Origin::Input(path("reactions.total")));
        check(&moved, "creator.id", Origin::Input(path("user.id")));
        check(&moved, "author", Origin::Gone);
        check(&moved, "created", Origin::Step(6));
        check(&moved, "created.nested", Origin::Gone);
    }

    #[test]
    fn two_names_can_be_exchanged_over_a_third() {
        let moved = [rename("a", "c"), rename("b", "a"), rename("c", "b")];
        check(&moved, "a", Origin::Input(path("b")));
        check(&moved, "b", Origin::Input(path("a")));
    }
}
