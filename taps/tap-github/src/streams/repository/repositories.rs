//! <https://docs.github.com/en/rest/repos/repos>

use singer_tap::{Error, LinkHeader, Partition, Since, Stream, copy, from_parent, schema};

use crate::config::Config;
use crate::search::SearchPages;

pub(super) fn stream(config: &Config) -> Result<Stream, Error> {
    let (single, mut organizations) = named(&config.repositories)?;
    organizations.extend(config.organizations.iter().map(|org| by_org(org)));
    let searches = config.searches.iter().map(|search| {
        Partition::named([("search_name", &*search.name), ("search_query", &*search.query)])
    });
    Ok(Stream::new("repositories")
        .about("The repositories of `repositories`, `organizations` and `searches`.")
        .schema(schema!("repositories"))
        .key(["id"])
        // The lists shift while they are read, and a repository may turn up late with an old date.
        .incremental("updated_at", Since::Reread)
        .lag(crate::streams::LAG)
        .skip_unselected(config.skip_parent_streams)
        .get("/repos/{org}/{repo}")
        .single()
        .partitions(single)
        .get("/orgs/{org}/repos")
        .param("type", "all")
        // Of all orders this one moves least while the list is read.
        .param("sort", "full_name")
        .param("direction", "asc")
        .param("per_page", "100")
        .paginate(LinkHeader)
        .partitions(organizations)
        .get("/search/repositories")
        .param("q", "{search_query}")
        // The default order is by likeness, which is another on every page.
        .param("sort", "stars")
        .param("per_page", "100")
        .records_at("/items")
        .paginate(SearchPages)
        .partitions(searches.collect())
        .transform([
            copy("owner.login", "org"),
            copy("name", "repo"),
            from_parent("search_name"),
            from_parent("search_query"),
        ])
        // A credential, which nobody wants in a table.
        .omit(["temp_clone_token"])
        .child_context([("org", "org"), ("repo", "repo"), ("repo_id", "id")]))
}

/// `owner/name` one by one, `owner/*` as the organisation's list.
fn named(repositories: &[String]) -> Result<(Vec<Partition>, Vec<Partition>), Error> {
    let (mut single, mut organizations) = (Vec::new(), Vec::new());
    for (at, repository) in repositories.iter().enumerate() {
        match repository.split_once('/') {
            Some((org, "*")) if !org.is_empty() => organizations.push(by_org(org)),
            Some((org, repo)) if is_name(org) && is_name(repo) => {
                single.push(Partition::named([("org", org), ("repo", repo)]));
            }
            _ => {
                return Err(Error::Usage {
                    what: format!("config: /repositories/{at}: expected `owner/name` or `owner/*`"),
                });
            }
        }
    }
    Ok((single, organizations))
}

fn is_name(text: &str) -> bool {
    !matches!(text, "" | "." | "..") && !text.contains(['/', '*'])
}

fn by_org(org: &str) -> Partition {
    Partition::named([("org", org)])
}
