//! The data: owners and repositories, and the rows of their lists.

use super::options::{GithubOptions, Plan, Sizes, refused};
use super::refusal::RefusedPath;
use super::seed::{Dice, mix};
use super::small::Store;
use super::table::{Row, Table};
use crate::Error;

/// Seconds over which the rows of a repository were made.
const HISTORY: u32 = 3 * 365 * 86_400;
/// Ids of one kind that a repository may use.
const IDS: u64 = 20_000_000;
/// The step between two numbers' ids.
const STEP: u64 = 7;

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Issue = 1,
    Comment,
    Pull,
    Commit,
    Label,
    Milestone,
    Release,
    Star,
    Asset,
    Review,
    PullCommit,
    Discussion,
    DiscussionComment,
    DiscussionReply,
}

/// An owner of repositories: an organization.
#[derive(Debug)]
pub(crate) struct Owner {
    pub(crate) login: String,
    pub(crate) id: u64,
    pub(crate) created: u32,
    pub(crate) updated: u32,
}

/// A repository.
#[derive(Debug)]
pub(crate) struct Repo {
    /// Counted from 0 in the order in which they were made.
    pub(crate) index: u64,
    pub(crate) owner: String,
    pub(crate) owner_id: u64,
    pub(crate) name: String,
    pub(crate) archived: bool,
    pub(crate) fork: bool,
    /// Full names that lead here with a 301.
    pub(crate) former: Vec<String>,
    pub(crate) seed: u64,
    pub(crate) id: u64,
    pub(crate) created: u32,
    pub(crate) updated: u32,
    pub(crate) pushed: u32,
    pub(crate) version: u16,
    pub(crate) issues: Table,
    pub(crate) open_issues: usize,
    pub(crate) comments: Table,
    pub(crate) commits: Table,
    pub(crate) labels: Table,
    pub(crate) milestones: Table,
    pub(crate) releases: Table,
    pub(crate) stars: Table,
    pub(crate) discussions: Table,
    /// Averages, for what is made when it is asked for.
    pub(crate) reviews_per_pull: u32,
    pub(crate) commits_per_pull: u32,
    /// Sizes of small lists that differ from the common ones.
    pub(crate) small: Vec<(String, u32)>,
    /// When the data was made.
    grown: u32,
}

/// Everything that the room answers from.
#[derive(Debug)]
pub(crate) struct World {
    /// The data's time, in seconds of the epoch.
    pub(crate) clock: u32,
    pub(crate) owners: Vec<Owner>,
    pub(crate) repos: Vec<Repo>,
    pub(crate) small: Store,
    pub(crate) refused: Vec<RefusedPath>,
}

impl World {
    /// The data of these options.
    pub(crate) fn new(options: &GithubOptions) -> Result<Self, Error> {
        let span = Span { first: options.now - HISTORY, last: options.now - 3_600 };
        let small = Store::new(span, &options.sizes.rows);
        let mut world = Self {
            clock: options.now,
            owners: Vec::new(),
            repos: Vec::new(),
            small,
            refused: options.refused.clone(),
        };
        world.own(&options.org, options);
        for (index, plan) in options.plan()?.into_iter().enumerate() {
            let owner_id = world.own(&plan.owner, options);
            world.repos.push(Repo::new(index as u64, owner_id, plan, options));
        }
        for (option, names) in [("--archived", &options.archived), ("--fork", &options.forks)] {
            let is_there = |name: &String| {
                let (owner, name) = name.split_once('/').unwrap_or((name, ""));
                world.repo(owner, name).is_some()
            };
            if let Some(name) = names.iter().find(|name| !is_there(name)) {
                return Err(refused(option, format!("there is no `{name}`")));
            }
        }
        for renamed in &options.renamed {
            let (old, new) = renamed
                .split_once('=')
                .ok_or_else(|| refused("--renamed", format!("`{renamed}` is not OLD=NEW")))?;
            let (owner, name) = new.split_once('/').unwrap_or((new, ""));
            let repo = world.repo_mut(owner, name);
            repo.ok_or_else(|| refused("--renamed", format!("there is no `{new}`")))?
                .former
                .push(old.to_owned());
        }
        Ok(world)
    }

    fn own(&mut self, login: &str, options: &GithubOptions) -> u64 {
        if let Some(owner) = self.owner(login) {
            return owner.id;
        }
        let dice = Dice::new(&[options.seed, text_seed(login)]);
        let id = 90_000_000 + self.owners.len() as u64 * 1_013 + dice.pick(0, 1_000);
        let created = options.now - HISTORY - 86_400 * (1 + dice.pick(1, 900) as u32);
        let updated = options.now - 3_600 * (1 + dice.pick(2, 2_000) as u32);
        self.owners.push(Owner { login: login.to_owned(), id, created, updated });
        id
    }

    pub(crate) fn owner(&self, login: &str) -> Option<&Owner> {
        self.owners.iter().find(|owner| owner.login.eq_ignore_ascii_case(login))
    }

    pub(crate) fn repo(&self, owner: &str, name: &str) -> Option<&Repo> {
        self.repos.iter().find(|repo| repo.is(owner, name))
    }

    /// The repository that had this name before.
    pub(crate) fn moved(&self, owner: &str, name: &str) -> Option<&Repo> {
        let full_name = format!("{owner}/{name}");
        let is_former = |old: &String| old.eq_ignore_ascii_case(&full_name);
        self.repos.iter().find(|repo| repo.former.iter().any(is_former))
    }

    pub(crate) fn repo_mut(&mut self, owner: &str, name: &str) -> Option<&mut Repo> {
        self.repos.iter_mut().find(|repo| repo.is(owner, name))
    }
}

impl Repo {
    fn new(index: u64, owner_id: u64, plan: Plan, options: &GithubOptions) -> Self {
        let Plan { owner, name, sizes } = plan;
        let full_name = format!("{owner}/{name}");
        let is_in = |list: &[String]| list.iter().any(|one| one.eq_ignore_ascii_case(&full_name));
        let seed = mix(&[options.seed, text_seed(&owner), text_seed(&name)]);
        let dice = Dice::new(&[seed]);
        let now = options.now;
        let growth = Growth { seed, first: now - HISTORY, last: now - 3_600 };
        let (issues, comments) = growth.issues(&sizes);
        let commits = growth.table(Kind::Commit, sizes.commits);
        let pushed = commits.rows().last().map_or(growth.first, |row| row.created);
        let created = growth.first - 3_600 * (1 + dice.pick(1, 400) as u32);
        let mut repo = Self {
            index,
            id: 50_000_000 + index * 1_009 + dice.pick(2, 1_000),
            created,
            updated: dice.soon_after(3, now - 86_400 * 30, now - 60),
            pushed,
            version: 0,
            issues,
            open_issues: 0,
            comments,
            commits,
            labels: growth.table(Kind::Label, sizes.labels),
            milestones: growth.table(Kind::Milestone, sizes.milestones),
            releases: growth.table(Kind::Release, sizes.releases),
            stars: growth.table(Kind::Star, sizes.stars),
            discussions: growth.discussions(&sizes),
            reviews_per_pull: sizes.reviews_per_pull,
            commits_per_pull: sizes.commits_per_pull,
            small: sizes.rows,
            grown: growth.last,
            archived: is_in(&options.archived),
            fork: is_in(&options.forks),
            former: Vec::new(),
            owner,
            owner_id,
            name,
            seed,
        };
        repo.recount();
        repo
    }

    pub(crate) fn is(&self, owner: &str, name: &str) -> bool {
        self.owner.eq_ignore_ascii_case(owner) && self.name.eq_ignore_ascii_case(name)
    }

    pub(crate) fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }

    /// Appends `owner/name`.
    pub(crate) fn push_full_name(&self, out: &mut String) {
        out.push_str(&self.owner);
        out.push('/');
        out.push_str(&self.name);
    }

    /// The id of a row; ids of a kind ascend with the numbers.
    pub(crate) fn id_of(&self, kind: Kind, number: u32) -> u64 {
        let base = 1_000_000_000 + 150_000_000 * kind as u64 + self.index * IDS;
        let number = u64::from(number);
        base + number * STEP + mix(&[self.seed, kind as u64, number]) % STEP
    }

    /// The number of the row that has this id.
    pub(crate) fn number_of(&self, kind: Kind, id: u64) -> Option<u32> {
        let first = self.id_of(kind, 0) / STEP * STEP;
        let about = u32::try_from(id.checked_sub(first)? / STEP).ok()?;
        let near = [about.saturating_sub(1), about, about + 1];
        near.into_iter().find(|number| self.id_of(kind, *number) == id)
    }

    /// The id of the part of this index of a row.
    pub(crate) fn id_within(&self, kind: Kind, number: u32, index: u32) -> u64 {
        100_000_000_000_000 * kind as u64
            + self.index * 4_000_000_000
            + u64::from(number) * 1_000
            + u64::from(index)
    }

    /// The number and the index whose [`Repo::id_within`] this is.
    pub(crate) fn place_within(&self, kind: Kind, id: u64) -> Option<(u32, u32)> {
        let rest = id.checked_sub(self.id_within(kind, 0, 0))?;
        let number = u32::try_from(rest / 1_000).ok()?;
        (rest < 4_000_000_000).then_some((number, (rest % 1_000) as u32))
    }

    /// So many seconds after an instant, but not after the data was made.
    pub(crate) fn later(&self, instant: u32, seconds: u64) -> u32 {
        let later = u64::from(instant) + seconds;
        u32::try_from(later).unwrap_or(u32::MAX).min(self.grown).max(instant)
    }

    /// The choices for a row of a kind.
    pub(crate) fn dice(&self, kind: Kind, number: u32) -> Dice {
        Dice::new(&[self.seed, kind as u64, number.into()])
    }

    /// Counts what depends on all rows, after a change.
    pub(crate) fn recount(&mut self) {
        self.open_issues = self.issues.rows().iter().filter(|row| row.closed == 0).count();
    }
}

/// Instants between which the rows of a list were made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub(crate) first: u32,
    pub(crate) last: u32,
}

impl Span {
    /// A row of so many, whose time of creation ascends with its number.
    pub(crate) fn row(self, dice: Dice, number: u32, count: u32) -> Row {
        let span = u64::from(self.last - self.first);
        let slot = (span / u64::from(count)).max(1);
        let at = span * u64::from(number - 1) / u64::from(count) + dice.pick(100, slot);
        let created = self.first + at.min(span) as u32;
        let mut updated = dice.soon_after(101, created, self.last);
        // Bulk edits give many rows the same time.
        if dice.chance(102, 12) {
            updated = (updated - updated % 3_600).max(created);
        }
        let done = dice.chance(103, 55) && updated > created;
        let closed = if done { dice.soon_after(104, created + 1, updated) } else { 0 };
        Row { number, created, updated, closed, ..Row::default() }
    }
}

/// How the lists of a repository came to be.
struct Growth {
    seed: u64,
    first: u32,
    last: u32,
}

impl Growth {
    fn table(&self, kind: Kind, count: u32) -> Table {
        Table::new((1..=count).map(|number| self.row(kind, number, count)).collect())
    }

    fn row(&self, kind: Kind, number: u32, count: u32) -> Row {
        let dice = Dice::new(&[self.seed, kind as u64, number.into()]);
        Span { first: self.first, last: self.last }.row(dice, number, count)
    }

    fn discussions(&self, sizes: &Sizes) -> Table {
        let count = sizes.discussions;
        let row = |number: u32| {
            let dice = Dice::new(&[self.seed, Kind::Discussion as u64, number.into()]);
            let most = u64::from(sizes.comments_per_discussion) * 2 + 1;
            let comments = dice.pick(105, most).min(999) as u16;
            Row { comments, ..self.row(Kind::Discussion, number, count) }
        };
        Table::new((1..=count).map(row).collect())
    }

    fn issues(&self, sizes: &Sizes) -> (Table, Table) {
        let (count, pulls) = (sizes.all_issues(), u64::from(sizes.all_pulls()));
        // Pull requests are spread evenly over the numbers.
        let pulls_to = |number: u32| u64::from(number) * pulls / u64::from(count.max(1));
        let mut comments = Vec::new();
        let mut issues = Vec::with_capacity(count as usize);
        for number in 1..=count {
            let mut row = self.row(Kind::Issue, number, count);
            row.pull = pulls_to(number) > pulls_to(number - 1);
            let dice = Dice::new(&[self.seed, Kind::Issue as u64, number.into()]);
            let most = u64::from(sizes.comments_per_issue) * 2 + 1;
            row.comments = dice.pick(105, most).min(u16::MAX.into()) as u16;
            for comment in 0..row.comments {
                let created = dice.soon_after(200 + u64::from(comment), row.created, row.updated);
                comments.push((created, number));
            }
            issues.push(row);
        }
        comments.sort_unstable();
        let comment = |(at, (created, parent)): (usize, (u32, u32))| {
            let number = at as u32 + 1;
            let dice = Dice::new(&[self.seed, Kind::Comment as u64, number.into()]);
            let edited = dice.chance(101, 15);
            let updated = if edited { dice.soon_after(102, created, self.last) } else { created };
            Row { number, parent, created, updated, ..Row::default() }
        };
        let comments = comments.into_iter().enumerate().map(comment).collect();
        (Table::new(issues), Table::new(comments))
    }
}

/// A number that stands for a name.
pub(crate) fn text_seed(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::Options;

    fn world(arguments: &str) -> World {
        let arguments = std::iter::once("mock-api").chain(arguments.split_whitespace());
        World::new(&Options::parse_from(arguments).github).unwrap()
    }

    #[test]
    fn the_same_seed_makes_the_same_rows_and_another_seed_others() {
        let rows = |arguments: &str| world(arguments).repos[0].issues.rows().to_vec();
        assert_eq!(rows("--issues 50"), rows("--issues 50 --repos 1"));
        assert_ne!(rows("--issues 50"), rows("--issues 50 --seed 2"));
    }

    #[test]
    fn rows_are_in_order_and_before_the_present() {
        let world = world("--issues 3000 --pulls 700 --comments-per-issue 2");
        for repo in &world.repos {
            let rows = repo.issues.rows();
            assert_eq!(rows.len(), 3_000);
            assert_eq!(rows.iter().filter(|row| row.pull).count(), 700);
            assert!(rows.is_sorted_by_key(|row| (row.created, row.number)));
            assert!(rows.iter().all(|row| row.created <= row.updated && row.updated < world.clock));
            assert!(
                rows.iter().all(|row| row.closed == 0
                    || (row.created < row.closed && row.closed <= row.updated))
            );
            let comments: usize = rows.iter().map(|row| usize::from(row.comments)).sum();
            assert_eq!(comments, repo.comments.len());
            assert!(repo.comments.rows().is_sorted_by_key(|row| row.created));
            let ids = rows.iter().map(|row| repo.id_of(Kind::Issue, row.number));
            assert!(ids.is_sorted_by(|a, b| a < b));
        }
    }
}
