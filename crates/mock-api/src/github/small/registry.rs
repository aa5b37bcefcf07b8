//! All small lists, with their shapes and paths read.

use std::sync::LazyLock;

use super::list::{Form, Parent, Small};
use super::place::Here;
use crate::github::template::Template;

static LISTS: LazyLock<Vec<List>> =
    LazyLock::new(|| super::TABLES.iter().flat_map(|table| table.iter()).map(List::new).collect());

/// What a path begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RootKind {
    Repository,
    Organization,
    User,
}

impl RootKind {
    /// The kind of a path, how many segments name it, and those segments in a pattern.
    pub(crate) fn of(first: &str) -> Option<(Self, usize, &'static str)> {
        Some(match first {
            "repos" => (Self::Repository, 3, "/repos/{owner}/{repo}"),
            "repositories" => (Self::Repository, 2, "/repositories/{id}"),
            "orgs" => (Self::Organization, 2, "/orgs/{org}"),
            "organizations" => (Self::Organization, 2, "/organizations/{id}"),
            "users" => (Self::User, 2, "/users/{username}"),
            "user" => (Self::User, 2, "/user/{id}"),
            _ => return None,
        })
    }
}

/// A small list, ready to be shown.
#[derive(Debug)]
pub(crate) struct List {
    pub(crate) small: &'static Small,
    pub(crate) root: RootKind,
    /// The segments behind the root; a variable stands in braces.
    rest: Vec<&'static str>,
    pub(crate) record: Template,
    pub(crate) frame: Option<Template>,
    pub(crate) media: Option<Template>,
}

impl List {
    pub(super) fn new(small: &'static Small) -> Self {
        let segments: Vec<&str> = small.path.trim_matches('/').split('/').collect();
        let (root, length, _) = RootKind::of(segments[0]).expect("a test looks at every path");
        let frame = match small.form {
            Form::Within(frame) => Some(Template::new(frame)),
            _ => None,
        };
        Self {
            small,
            root,
            rest: segments[length..].to_vec(),
            record: Template::new(small.shape),
            frame,
            media: small.media.map(|(_, shape)| Template::plain(shape)),
        }
    }

    /// The list of a name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        LISTS.iter().find(|list| list.small.name == name)
    }

    /// The list that answers this path behind a root; words go before variables.
    pub(crate) fn find(root: RootKind, rest: &[&str]) -> Option<&'static Self> {
        let fits = |list: &&List| {
            list.root == root
                && list.rest.len() == rest.len()
                && list.rest.iter().zip(rest).all(|(own, asked)| is_variable(own) || own == asked)
        };
        LISTS
            .iter()
            .filter(fits)
            .max_by_key(|list| list.rest.iter().map(|own| !is_variable(own)).collect::<Vec<bool>>())
    }

    /// All lists.
    pub(crate) fn all() -> &'static [Self] {
        &LISTS
    }

    /// The path behind the root, as the documentation has it.
    pub(crate) fn pattern(&self) -> String {
        self.rest.join("/")
    }

    /// The path of the list at a place.
    pub(crate) fn address(&'static self, here: &Here<'_>) -> String {
        let mut rest: Vec<String> = self.rest.iter().map(|own| (*own).to_owned()).collect();
        for (depth, (list, (at, variable))) in
            self.descent().into_iter().zip(self.variables()).enumerate()
        {
            let above = Here { parents: here.parents[..depth].to_vec(), ..here.clone() };
            let mut value = String::new();
            let known = here.parents[depth].fill(&above, list.slot_of(variable), &mut value);
            debug_assert!(known, "{variable} names nothing");
            rest[at] = value.trim_matches('"').to_owned();
        }
        format!("{}/{}", here.named(), rest.join("/")).trim_end_matches('/').to_owned()
    }

    /// The slot of the parent that a variable of the path names.
    pub(crate) fn slot_of(&self, variable: &str) -> &'static str {
        match (self.small.parent, variable) {
            (Parent::Commit, _) => "sha",
            (_, "username") => "login:member",
            _ if variable.ends_with("number") => "number",
            _ if variable.ends_with("slug") => "slug",
            _ if variable.ends_with("id") => "id",
            _ => "name",
        }
    }

    /// What its parent is, if that is a small list too.
    fn parent(&self) -> Option<&'static Self> {
        match self.small.parent {
            Parent::Small(name) => Self::named(name),
            _ => None,
        }
    }

    /// The lists that have a parent, from the outermost one to this.
    pub(crate) fn descent(&'static self) -> Vec<&'static Self> {
        let mut line = vec![self];
        while let Some(parent) = line[0].parent() {
            line.insert(0, parent);
        }
        line.retain(|list| list.small.parent != Parent::Root);
        line
    }

    /// The names of the path's variables behind the root.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (usize, &'static str)> {
        let rest = self.rest.iter().enumerate();
        rest.filter(|(_, own)| is_variable(own)).map(|(at, own)| (at, own.trim_matches(['{', '}'])))
    }
}

fn is_variable(segment: &str) -> bool {
    segment.starts_with('{')
}
