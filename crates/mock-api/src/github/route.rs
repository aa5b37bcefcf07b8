//! Paths of the API.

use super::small;

/// A repository as a path names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RepoRef<'a> {
    Name { owner: &'a str, name: &'a str },
    Id(u64),
}

/// An organization as a path names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OrgRef<'a> {
    Login(&'a str),
    Id(u64),
}

/// What a repository is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Itself,
    Issues,
    Comments,
    CommentsOf(u32),
    Pulls,
    ReviewsOf(u32),
    CommitsOf(u32),
    Commits,
    Labels,
    Milestones,
    Releases,
    Stargazers,
}

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route<'a> {
    Organization(OrgRef<'a>),
    OrganizationRepos(OrgRef<'a>),
    Repo(RepoRef<'a>, Part),
    User(&'a str),
    UserById(u64),
    Starred(&'a str),
    StarredById(u64),
    SearchRepositories,
    RateLimit,
}

impl<'a> Route<'a> {
    /// Reads a path; `None` if the API has no such path.
    pub(crate) fn parse(path: &'a str) -> Option<Self> {
        let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
        Some(match *segments.as_slice() {
            ["rate_limit"] => Route::RateLimit,
            ["search", "repositories"] => Route::SearchRepositories,
            ["users", login] => Route::User(login),
            ["user", id] => Route::UserById(id.parse().ok()?),
            ["users", login, "starred"] => Route::Starred(login),
            ["user", id, "starred"] => Route::StarredById(id.parse().ok()?),
            ["orgs", login] => Route::Organization(OrgRef::Login(login)),
            ["organizations", id] => Route::Organization(OrgRef::Id(id.parse().ok()?)),
            ["orgs", login, "repos"] => Route::OrganizationRepos(OrgRef::Login(login)),
            ["organizations", id, "repos"] => {
                Route::OrganizationRepos(OrgRef::Id(id.parse().ok()?))
            }
            ["repos", owner, name, ref rest @ ..] => {
                Route::Repo(RepoRef::Name { owner, name }, Part::parse(rest)?)
            }
            ["repositories", id, ref rest @ ..] => {
                Route::Repo(RepoRef::Id(id.parse().ok()?), Part::parse(rest)?)
            }
            _ => return None,
        })
    }
}

impl Part {
    fn parse(segments: &[&str]) -> Option<Self> {
        Some(match *segments {
            [] => Part::Itself,
            ["issues"] => Part::Issues,
            ["issues", "comments"] => Part::Comments,
            ["issues", number, "comments"] => Part::CommentsOf(number.parse().ok()?),
            ["pulls"] => Part::Pulls,
            ["pulls", number, "reviews"] => Part::ReviewsOf(number.parse().ok()?),
            ["pulls", number, "commits"] => Part::CommitsOf(number.parse().ok()?),
            ["commits"] => Part::Commits,
            ["labels"] => Part::Labels,
            ["milestones"] => Part::Milestones,
            ["releases"] => Part::Releases,
            ["stargazers"] => Part::Stargazers,
            _ => return None,
        })
    }
}

/// The path with names for its variable parts, as the API's documentation has them.
pub(crate) fn pattern(path: &str) -> String {
    if Route::parse(path).is_none()
        && let Some(pattern) = small::pattern(path)
    {
        return pattern;
    }
    let mut segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    match segments.as_mut_slice() {
        ["repos", owner, name, rest @ ..] => {
            (*owner, *name) = ("{owner}", "{repo}");
            name_number(rest);
        }
        ["repositories", id, rest @ ..] => {
            *id = "{id}";
            name_number(rest);
        }
        ["orgs", org, ..] => *org = "{org}",
        ["organizations", id, ..] | ["user", id, ..] => *id = "{id}",
        ["users", login, ..] => *login = "{username}",
        _ => {}
    }
    format!("/{}", segments.join("/"))
}

fn name_number(rest: &mut [&str]) {
    match rest {
        ["issues", number, "comments"] => *number = "{issue_number}",
        ["pulls", number, "reviews" | "commits"] => *number = "{pull_number}",
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_by_name_and_by_id() {
        let by_name = RepoRef::Name { owner: "acme", name: "widgets" };
        for (path, route) in [
            ("/repos/acme/widgets", Some(Route::Repo(by_name, Part::Itself))),
            ("/repositories/7/issues", Some(Route::Repo(RepoRef::Id(7), Part::Issues))),
            (
                "/repos/acme/widgets/issues/5/comments",
                Some(Route::Repo(by_name, Part::CommentsOf(5))),
            ),
            ("/orgs/acme/repos", Some(Route::OrganizationRepos(OrgRef::Login("acme")))),
            ("/user/12", Some(Route::UserById(12))),
            ("/repos/acme/widgets/wishes", None),
            ("/", None),
        ] {
            assert_eq!(Route::parse(path), route, "{path}");
        }
    }

    #[test]
    fn a_pattern_has_names_for_the_variable_parts() {
        for (path, expected) in [
            (
                "/repos/acme/widgets/issues/5/comments",
                "/repos/{owner}/{repo}/issues/{issue_number}/comments",
            ),
            ("/repositories/7/issues", "/repositories/{id}/issues"),
            (
                "/repos/acme/widgets/pulls/5/reviews",
                "/repos/{owner}/{repo}/pulls/{pull_number}/reviews",
            ),
            ("/repos/acme/widgets/issues/comments", "/repos/{owner}/{repo}/issues/comments"),
            ("/rate_limit", "/rate_limit"),
        ] {
            assert_eq!(pattern(path), expected);
        }
    }
}
