//! <https://docs.github.com/en/rest/repos/repos>

use singer_tap::{Error, LinkHeader, Partition, Since, Stream, copy, from_parent, schema};

use crate::config::Config;
use crate::search::RepositorySearch;
use crate::selectors::{FIELDS, Found, Selectors};

pub(super) fn stream(config: &Config) -> Result<Stream, Error> {
    let selectors = Selectors::read(config)?;
    let named = selectors.named.iter();
    let named = named.map(|(org, repo)| Partition::named([("org", &**org), ("repo", &**repo)]));
    let owners = selectors.owners.iter().map(|org| Partition::named([("org", &**org)]));
    let searches = config.searches.iter().map(|search| {
        Partition::named([("search_name", &*search.name), ("search_query", &*search.query)])
    });
    let (named, owners, searches) = (named.collect(), owners.collect(), searches.collect());
    let wanted = move |found| {
        let selectors = selectors.clone();
        move |fields: &[_]| selectors.wants(found, fields)
    };
    Ok(Stream::new("repositories")
        .about("The repositories of `repositories`, `organizations` and `searches`.")
        .schema(schema!("repositories"))
        .key(["id"])
        // The lists shift while they are read, and a repository may turn up late with an old date.
        .incremental("updated_at", Since::Reread)
        .lag(crate::streams::LAG)
        .once()
        .skip_unselected(config.skip_parent_streams)
        .get("/repos/{org}/{repo}")
        .single()
        .partitions(named)
        .pick(FIELDS, wanted(Found::Named))
        .get("/orgs/{org}/repos")
        .param("type", "all")
        // Of all orders this one moves least while the list is read.
        .param("sort", "full_name")
        .param("direction", "asc")
        .param("per_page", "100")
        .paginate(LinkHeader)
        .partitions(owners)
        .pick(FIELDS, wanted(Found::Listed))
        .via(RepositorySearch)
        .partitions(searches)
        .pick(FIELDS, wanted(Found::Searched))
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
