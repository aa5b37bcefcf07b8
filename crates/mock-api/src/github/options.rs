//! The sizes and limits of the GitHub room.

use std::str::FromStr;

use clap::Args;

use super::apps::AppSpec;
use super::refusal::RefusedPath;
use super::small;
use crate::Error;

/// The most rows of a list: beyond it the ids of two repositories would meet.
pub(crate) const MAX_ROWS: u32 = 2_000_000;

/// Options of the GitHub room. Sizes are per repository.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "GitHub")]
pub struct GithubOptions {
    /// Seed of the data: the same seed and sizes give the same bytes
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Instant (RFC 3339) at which the data was last changed
    #[arg(long, value_name = "INSTANT", default_value = "2026-11-01T00:00:00Z",
        value_parser = crate::clock::parse_instant)]
    pub now: u32,
    /// Organization that owns the repositories
    #[arg(long, default_value = "acme")]
    pub org: String,
    /// Number of repositories: widgets, gadgets, gizmos, repo-4, …; default: 3, or 0 with --repo
    #[arg(long)]
    pub repos: Option<u32>,
    /// A repository with sizes of its own, such as acme/widgets:issues=2000,commits=50 (repeatable)
    #[arg(long = "repo", value_name = "OWNER/NAME[:SIZES]")]
    pub named: Vec<RepoSpec>,
    /// A former name of a repository, answered with 301 (repeatable)
    #[arg(long, value_name = "OLD=NEW")]
    pub renamed: Vec<String>,
    /// A repository that is archived (repeatable)
    #[arg(long, value_name = "OWNER/NAME")]
    pub archived: Vec<String>,
    /// A repository that is a fork (repeatable)
    #[arg(long = "fork", value_name = "OWNER/NAME")]
    pub forks: Vec<String>,
    /// A repository, or a path within it, that is answered with a status such as 403, 410 or 451 (repeatable)
    #[arg(long = "refuse", value_name = "OWNER/NAME[/PATH]=STATUS")]
    pub refused: Vec<RefusedPath>,
    /// Sizes of the repositories.
    #[command(flatten)]
    pub sizes: Sizes,
    /// Requests in a quota window; default: as good as none
    #[arg(long, default_value_t = 1_000_000)]
    pub quota: u64,
    /// Seconds of a quota window
    #[arg(long, value_name = "SECONDS", default_value_t = 3_600)]
    pub quota_window: u64,
    /// Searches in a minute; default: as good as none (the real limit is 30)
    #[arg(long, default_value_t = 1_000_000)]
    pub search_quota: u64,
    /// An app with its private key, installed at some owners or at all (repeatable)
    #[arg(long = "app", value_name = "ID[@OWNER,…]=KEY.pem")]
    pub apps: Vec<AppSpec>,
    /// Seconds until a token of an installation expires
    #[arg(long, value_name = "SECONDS", default_value_t = 3_600)]
    pub app_token_lifetime: u64,
    /// Points of GraphQL in a quota window; default: as good as none (the real limit is 5,000)
    #[arg(long, default_value_t = 1_000_000)]
    pub graphql_quota: u64,
    /// A GraphQL query that may give more nodes than that takes too long and ends in a 502
    #[arg(long, value_name = "NODES", default_value_t = u64::MAX)]
    pub graphql_nodes: u64,
    /// Status of an answer that a limit refuses: 403 or 429
    #[arg(long, value_name = "STATUS", default_value_t = 403,
        value_parser = clap::value_parser!(u16).range(400..500))]
    pub limit_status: u16,
}

/// How many rows a repository has of each kind.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Sizes {
    /// Rows of the issue list, pull requests included
    #[arg(long, default_value_t = 1_000)]
    pub issues: u32,
    /// Comments an issue, on average
    #[arg(long, default_value_t = 1)]
    pub comments_per_issue: u32,
    /// How many rows of the issue list are pull requests; default: a fifth
    #[arg(long)]
    pub pulls: Option<u32>,
    /// Commits; 0 is an empty repository, answered with 409
    #[arg(long, default_value_t = 200)]
    pub commits: u32,
    /// Labels
    #[arg(long, default_value_t = 12)]
    pub labels: u32,
    /// Milestones
    #[arg(long, default_value_t = 6)]
    pub milestones: u32,
    /// Releases
    #[arg(long, default_value_t = 8)]
    pub releases: u32,
    /// Stars
    #[arg(long, default_value_t = 150)]
    pub stars: u32,
    /// Discussions
    #[arg(long, default_value_t = 30)]
    pub discussions: u32,
    /// Comments a discussion, on average
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(..=400))]
    pub comments_per_discussion: u32,
    /// Reviews a pull request, on average
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(..=400))]
    pub reviews_per_pull: u32,
    /// Commits a pull request, on average
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(..=400))]
    pub commits_per_pull: u32,
    /// Rows of a smaller list under the name of its stream, such as workflow_runs=250 (repeatable)
    #[arg(long, value_name = "LIST=COUNT", value_parser = small_size)]
    pub rows: Vec<(String, u32)>,
}

/// Reads the size of a small list.
fn small_size(text: &str) -> Result<(String, u32), String> {
    let (name, count) = text.split_once('=').unwrap_or((text, ""));
    small::List::named(name).ok_or_else(|| format!("there is no list `{name}`"))?;
    let count: u32 = count.parse().map_err(|_| format!("`{count}` is no number"))?;
    if count > MAX_ROWS {
        return Err(format!("{count} rows are too many (at most {MAX_ROWS})"));
    }
    Ok((name.to_owned(), count))
}

impl Sizes {
    /// Rows of the issue list.
    pub(crate) fn all_issues(&self) -> u32 {
        self.issues.max(self.all_pulls())
    }

    pub(crate) fn all_pulls(&self) -> u32 {
        self.pulls.unwrap_or(self.issues / 5)
    }

    fn set(&mut self, name: &str, value: u32) -> bool {
        let field = match name {
            "issues" => &mut self.issues,
            "comments_per_issue" | "comments-per-issue" => &mut self.comments_per_issue,
            "pulls" => self.pulls.insert(0),
            "commits" => &mut self.commits,
            "labels" => &mut self.labels,
            "milestones" => &mut self.milestones,
            "releases" => &mut self.releases,
            "stars" => &mut self.stars,
            "discussions" => &mut self.discussions,
            "comments_per_discussion" | "comments-per-discussion" => {
                &mut self.comments_per_discussion
            }
            "reviews_per_pull" | "reviews-per-pull" => &mut self.reviews_per_pull,
            "commits_per_pull" | "commits-per-pull" => &mut self.commits_per_pull,
            _ => {
                let known = small::List::named(name).is_some();
                self.rows.insert(0, (name.to_owned(), value));
                return known;
            }
        };
        *field = value;
        true
    }

    fn most(&self) -> u32 {
        let comments = self.all_issues().saturating_mul(self.comments_per_issue);
        let lists = [
            self.commits,
            self.labels,
            self.milestones,
            self.releases,
            self.stars,
            self.discussions,
        ];
        lists.into_iter().chain([self.all_issues(), comments]).max().unwrap_or(0)
    }
}

/// A repository as the command line names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepoSpec {
    /// The owner.
    pub owner: String,
    /// The name.
    pub name: String,
    /// Sizes that differ from the common ones.
    pub sizes: Vec<(String, u32)>,
}

impl FromStr for RepoSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (full_name, sizes) = text.split_once(':').unwrap_or((text, ""));
        let (owner, name) = full_name
            .split_once('/')
            .filter(|(owner, name)| !owner.is_empty() && !name.is_empty())
            .ok_or_else(|| format!("`{full_name}` is no repository (owner/name)"))?;
        let pairs = sizes.split(',').filter(|pair| !pair.is_empty()).map(|pair| {
            let (key, count) = pair.split_once('=')?;
            Some((key.to_owned(), count.parse().ok()?))
        });
        let sizes = pairs
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| format!("`{sizes}` are no sizes (issues=2000,commits=50)"))?;
        Ok(Self { owner: owner.to_owned(), name: name.to_owned(), sizes })
    }
}

/// A repository that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) owner: String,
    pub(crate) name: String,
    pub(crate) sizes: Sizes,
}

impl GithubOptions {
    /// The repositories of these options, in order.
    pub(crate) fn plan(&self) -> Result<Vec<Plan>, Error> {
        let count = self.repos.unwrap_or(if self.named.is_empty() { 3 } else { 0 });
        let mut plans: Vec<Plan> = (1..=count)
            .map(|number| Plan {
                owner: self.org.clone(),
                name: default_name(number),
                sizes: self.sizes.clone(),
            })
            .collect();
        for spec in &self.named {
            let mut sizes = self.sizes.clone();
            for (name, count) in &spec.sizes {
                if !sizes.set(name, *count) {
                    return Err(refused("--repo", format!("`{name}` is no size")));
                }
            }
            let plan = Plan { owner: spec.owner.clone(), name: spec.name.clone(), sizes };
            match plans.iter_mut().find(|one| one.owner == plan.owner && one.name == plan.name) {
                Some(same) => *same = plan,
                None => plans.push(plan),
            }
        }
        if plans.iter().any(|plan| plan.sizes.most() > MAX_ROWS) {
            return Err(refused("sizes", format!("at most {MAX_ROWS} rows of a kind")));
        }
        Ok(plans)
    }
}

/// An option that cannot be used.
pub(crate) fn refused(option: &'static str, rule: String) -> Error {
    Error::Option { option, rule }
}

fn default_name(number: u32) -> String {
    match number {
        1 => "widgets".to_owned(),
        2 => "gadgets".to_owned(),
        3 => "gizmos".to_owned(),
        _ => format!("repo-{number}"),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::Options;

    fn plan(arguments: &str) -> Result<Vec<Plan>, Error> {
        let arguments = std::iter::once("mock-api").chain(arguments.split_whitespace());
        Options::parse_from(arguments).github.plan()
    }

    #[test]
    fn three_repositories_are_made_unless_others_are_named() {
        let names = |plans: Vec<Plan>| -> Vec<String> {
            plans.into_iter().map(|plan| format!("{}/{}", plan.owner, plan.name)).collect()
        };
        assert_eq!(names(plan("").unwrap()), ["acme/widgets", "acme/gadgets", "acme/gizmos"]);
        assert_eq!(names(plan("--repo a/b").unwrap()), ["a/b"]);
        let both = plan("--repos 1 --issues 5 --repo acme/widgets:issues=7 --repo a/b").unwrap();
        assert_eq!(both[0].sizes.issues, 7);
        assert_eq!(both[1].sizes.issues, 5);
    }

    #[test]
    fn a_size_that_nobody_knows_is_refused() {
        assert!(plan("--repo a/b:wishes=3").is_err());
        assert!(plan("--issues 3000000").is_err());
        assert!("a-b".parse::<RepoSpec>().is_err());
    }

    #[test]
    fn pull_requests_are_a_part_of_the_issue_list() {
        let sizes = |arguments: &str| plan(arguments).unwrap().remove(0).sizes;
        assert_eq!(sizes("--issues 100").all_pulls(), 20);
        assert_eq!(sizes("--issues 0 --pulls 30").all_issues(), 30);
    }
}
