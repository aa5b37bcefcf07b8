//! The streams of the tap, one file each, in folders by area.

mod actions;
mod commit;
mod deployment;
mod discussion;
mod issue;
mod organization;
mod project;
mod pull;
mod repository;
mod security;
mod user;

use std::time::Duration;

use singer_tap::{Error, LinkHeader, Stream, Transform, from_parent};

use crate::config::Config;

/// How long after its time a change may first show in GitHub's lists.
pub(crate) const LAG: Duration = Duration::from_secs(60);

/// The streams that the settings give; all of them where no selector is set, for discovery.
pub(crate) fn all(config: &Config) -> Result<Vec<Stream>, Error> {
    let reads_repositories = !config.repositories.is_empty()
        || !config.organizations.is_empty()
        || !config.searches.is_empty();
    let reads_organizations = !config.organizations.is_empty();
    let reads_users = !config.user_usernames.is_empty() || !config.user_ids.is_empty();
    let reads_nothing = !reads_repositories && !reads_users;

    let mut streams = Vec::new();
    if reads_organizations || reads_nothing {
        streams.extend(organization::streams(config));
        streams.extend(project::streams(config));
        streams.extend(issue::streams_of_organizations());
    }
    if reads_repositories || reads_nothing {
        streams.extend(repository::streams(config)?);
        streams.extend(issue::streams(config));
        streams.extend(pull::streams(config));
        streams.extend(commit::streams());
        streams.extend(discussion::streams(config));
        streams.extend(actions::streams());
        streams.extend(deployment::streams());
        streams.extend(security::streams());
    }
    if reads_users || reads_nothing {
        streams.extend(user::streams(config));
    }
    // An App reaches the organisations that installed it, each with a token of its own.
    Ok(streams.into_iter().map(|stream| stream.audience("org")).collect())
}

/// A list under a repository, and how it is paged.
fn of_repository(name: &str, path: &'static str) -> Stream {
    under_repository(name, path).param("per_page", "100").paginate(LinkHeader)
}

/// What a repository has in one answer.
fn under_repository(name: &str, path: &'static str) -> Stream {
    below_repository(name).get(path)
}

/// What hangs on a repository: its partitions, and the fields that name the repository.
fn below_repository(name: &str) -> Stream {
    Stream::new(name).child_of("repositories", ["org", "repo"]).lag(LAG).transform([
        from_parent("org"),
        from_parent("repo"),
        from_parent("repo_id"),
    ])
}

/// GitHub's `+1` and `-1` under names that every database takes.
fn plain_reactions() -> [Transform; 2] {
    [
        singer_tap::rename("reactions.+1", "reactions.plus_one"),
        singer_tap::rename("reactions.-1", "reactions.minus_one"),
    ]
}
