//! Where a list is: in which repository, organization or user, and under which parents.

use super::list::Parent;
use super::record::Record;
use super::registry::List;
use crate::github::account::Account;
use crate::github::comment::Comment;
use crate::github::commit::{self, Commit};
use crate::github::issue::Issue;
use crate::github::pull::Pull;
use crate::github::pull_commit::PullCommit;
use crate::github::seed::mix;
use crate::github::table::Row;
use crate::github::template::Fill;
use crate::github::world::{Owner, Repo, World, text_seed};

/// What a list is in.
#[derive(Debug, Clone)]
pub(crate) enum Root<'a> {
    Repository(&'a Repo),
    Organization(&'a Owner),
    User(Account),
}

/// A row that lists belong to.
#[derive(Debug, Clone)]
pub(crate) enum Held<'a> {
    Issue(&'a Row),
    Pull(&'a Row),
    IssueComment(&'a Row),
    Commit(&'a Row),
    PullCommit(PullCommit<'a>),
    Small(&'static List, Row),
}

/// The place of a list.
#[derive(Debug, Clone)]
pub(crate) struct Here<'a> {
    pub(crate) world: &'a World,
    pub(crate) root: Root<'a>,
    /// From the outermost one.
    pub(crate) parents: Vec<Held<'a>>,
}

impl<'a> Here<'a> {
    pub(crate) fn new(world: &'a World, root: Root<'a>) -> Self {
        Self { world, root, parents: Vec::new() }
    }

    /// The repository, if the list is in one.
    pub(crate) fn repo(&self) -> Option<&'a Repo> {
        match self.root {
            Root::Repository(repo) => Some(repo),
            _ => None,
        }
    }

    /// The login and the id of the organization or user that it belongs to.
    pub(crate) fn owner(&self) -> Account {
        match &self.root {
            Root::Repository(repo) => Account::owner(&repo.owner, repo.owner_id),
            Root::Organization(owner) => Account::from(*owner),
            Root::User(account) => account.clone(),
        }
    }

    /// A number that no other root of its kind has.
    pub(crate) fn serial(&self) -> u64 {
        match &self.root {
            Root::Repository(repo) => repo.index,
            Root::Organization(owner) => owner.id - 90_000_000,
            Root::User(account) => account.number.unwrap_or(0).into(),
        }
    }

    /// A number that no other place has.
    pub(crate) fn seed(&self) -> u64 {
        let root = match &self.root {
            Root::Repository(repo) => repo.seed,
            Root::Organization(owner) => owner.id,
            Root::User(account) => account.id,
        };
        self.parents.iter().fold(root, |seed, parent| mix(&[seed, parent.seed()]))
    }

    /// The path behind which the lists of the root are found.
    pub(crate) fn path(&self) -> String {
        match &self.root {
            Root::Repository(repo) => format!("/repositories/{}", repo.id),
            Root::Organization(owner) => format!("/organizations/{}", owner.id),
            Root::User(account) => format!("/user/{}", account.id),
        }
    }

    /// The path of the root by its name.
    pub(crate) fn named(&self) -> String {
        match &self.root {
            Root::Repository(repo) => format!("/repos/{}", repo.full_name()),
            Root::Organization(owner) => format!("/orgs/{}", owner.login),
            Root::User(account) => format!("/users/{}", account.slug()),
        }
    }

    /// The same place, one row further down.
    pub(crate) fn under(&self, held: Held<'a>) -> Self {
        let mut below = self.clone();
        below.parents.push(held);
        below
    }

    /// The row of a list's parent that the path names as `text`.
    pub(crate) fn find(&self, list: &'static List, variable: &str, text: &str) -> Option<Held<'a>> {
        let number = || text.parse().ok();
        let Parent::Small(name) = list.small.parent else {
            let repo = self.repo()?;
            return Some(match list.small.parent {
                Parent::Issue => Held::Issue(repo.issues.find(number()?)?),
                Parent::Pull => Held::Pull(repo.issues.find(number()?).filter(|issue| issue.pull)?),
                Parent::IssueComment => {
                    let number =
                        repo.number_of(crate::github::world::Kind::Comment, text.parse().ok()?)?;
                    Held::IssueComment(repo.comments.find(number)?)
                }
                _ => match commit::find(repo, text) {
                    Some(row) => Held::Commit(row),
                    None => Held::PullCommit(PullCommit::find(repo, text)?),
                },
            });
        };
        let parent = List::named(name)?;
        let slot = list.slot_of(variable);
        let rows = self.world.small.rows(parent, self);
        let is_meant = |row: &&Row| {
            if slot == "number" {
                return Some(row.number) == number();
            }
            let mut value = String::new();
            Record { list: parent, here: self, row }.fill(slot, &mut value);
            value.trim_matches('"') == text
        };
        rows.rows().iter().find(is_meant).map(|row| Held::Small(parent, *row))
    }

    /// All rows that a list's parent has here.
    pub(crate) fn every(&self, list: &'static List) -> Vec<Held<'a>> {
        let repo = self.repo();
        let issues = repo.map_or(&[][..], |repo| repo.issues.rows());
        match list.small.parent {
            Parent::Root => Vec::new(),
            Parent::Issue => issues.iter().map(Held::Issue).collect(),
            Parent::Pull => issues.iter().filter(|row| row.pull).map(Held::Pull).collect(),
            Parent::IssueComment => repo
                .map_or(&[][..], |repo| repo.comments.rows())
                .iter()
                .map(Held::IssueComment)
                .collect(),
            Parent::Commit => {
                repo.map_or(&[][..], |repo| repo.commits.rows()).iter().map(Held::Commit).collect()
            }
            Parent::Small(name) => {
                let Some(parent) = List::named(name) else { return Vec::new() };
                let rows = self.world.small.rows(parent, self);
                rows.rows().iter().map(|row| Held::Small(parent, *row)).collect()
            }
        }
    }
}

impl Held<'_> {
    fn seed(&self) -> u64 {
        match self {
            Self::Issue(row) | Self::Pull(row) => mix(&[1, row.number.into()]),
            Self::IssueComment(row) => mix(&[2, row.number.into()]),
            Self::Commit(row) => mix(&[3, row.number.into()]),
            Self::PullCommit(commit) => mix(&[4, text_seed(&commit.oid())]),
            Self::Small(list, row) => mix(&[text_seed(list.small.name), row.number.into()]),
        }
    }

    /// What is kept of it: times and version.
    pub(crate) fn row(&self) -> Row {
        match self {
            Self::Issue(row) | Self::Pull(row) | Self::IssueComment(row) | Self::Commit(row) => {
                **row
            }
            Self::PullCommit(commit) => {
                Row { created: commit.committed, updated: commit.committed, ..Row::default() }
            }
            Self::Small(_, row) => *row,
        }
    }

    /// Appends a slot of its own record.
    pub(crate) fn fill(&self, above: &Here<'_>, slot: &str, out: &mut String) -> bool {
        let record = self.with(above, &mut |fill| fill.fill(slot, out));
        record.unwrap_or(false)
    }

    /// Appends its whole record.
    pub(crate) fn object(&self, above: &Here<'_>, out: &mut String) {
        let repo = above.repo();
        match (self, repo) {
            (Self::Issue(row), Some(repo)) => Issue { repo, row }.object(out),
            (Self::Pull(row), Some(repo)) => Pull(Issue { repo, row }).object(out),
            (Self::IssueComment(row), Some(repo)) => Comment { repo, row }.object(out),
            (Self::Commit(row), Some(repo)) => Commit { repo, row }.object(out),
            (Self::PullCommit(commit), _) => commit.object(out),
            (Self::Small(list, row), _) => Record { list, here: above, row }.object(out),
            _ => {}
        }
    }

    fn with<T>(&self, above: &Here<'_>, then: &mut dyn FnMut(&dyn Fill) -> T) -> Option<T> {
        Some(match (self, above.repo()) {
            (Self::Issue(row), Some(repo)) => then(&Issue { repo, row }),
            (Self::Pull(row), Some(repo)) => then(&Pull(Issue { repo, row })),
            (Self::IssueComment(row), Some(repo)) => then(&Comment { repo, row }),
            (Self::Commit(row), Some(repo)) => then(&Commit { repo, row }),
            (Self::PullCommit(commit), _) => then(commit),
            (Self::Small(list, row), _) => then(&Record { list, here: above, row }),
            _ => return None,
        })
    }
}
