//! What there is to ask for.

/// A type that fields are asked of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    Named(&'static str),
    /// The connection to objects of a type, its edge, and its page info.
    Connection(&'static str),
    Edge(&'static str),
    PageInfo,
}

/// What a field gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    /// A scalar, or a list of scalars.
    Leaf,
    One(Type),
    /// A list of objects, as many as the argument of this name has items.
    Many(Type, Option<&'static str>),
}

/// A field that there is: what it gives and which arguments it takes.
pub(crate) type Known = (Of, &'static [&'static str]);

/// The types of an API.
pub(crate) trait Schema {
    /// A field of a named type; none if there is no such field.
    fn field(&self, of: &str, name: &str) -> Option<Known>;

    /// The type of this name, for fragments.
    fn named(&self, name: &str) -> Option<&'static str>;

    /// Fields that edges to objects of a type have beside `cursor` and `node`.
    fn edge(&self, of: &str) -> &'static [&'static str];
}

impl Type {
    /// Its name.
    pub(crate) fn name(self) -> String {
        match self {
            Type::Named(name) => name.to_owned(),
            Type::Connection(of) => format!("{of}Connection"),
            Type::Edge(of) => format!("{of}Edge"),
            Type::PageInfo => "PageInfo".to_owned(),
        }
    }

    /// A field of it.
    pub(crate) fn field(self, name: &str, schema: &dyn Schema) -> Option<Known> {
        let of = match (self, name) {
            (_, "__typename") => Of::Leaf,
            (Type::Named(of), _) => return schema.field(of, name),
            (Type::Connection(of), "nodes") => Of::Many(Type::Named(of), None),
            (Type::Connection(of), "edges") => Of::Many(Type::Edge(of), None),
            (Type::Connection(_), "pageInfo") => Of::One(Type::PageInfo),
            (Type::Connection(_), "totalCount") => Of::Leaf,
            (Type::Edge(_), "cursor") => Of::Leaf,
            (Type::Edge(of), "node") => Of::One(Type::Named(of)),
            (Type::Edge(of), name) if schema.edge(of).contains(&name) => Of::Leaf,
            (Type::PageInfo, "hasNextPage" | "hasPreviousPage" | "startCursor" | "endCursor") => {
                Of::Leaf
            }
            _ => return None,
        };
        Some((of, &[]))
    }
}
