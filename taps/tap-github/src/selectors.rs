//! Which repositories the settings select.

mod pattern;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::Value;
use singer_tap::Error;

use crate::config::Config;
use pattern::Pattern;

/// What `pick` reads of a repository, for [`Selectors::wants`].
pub(crate) const FIELDS: [&str; 3] = ["full_name", "archived", "fork"];

/// The repositories to read, and those of them to leave out.
#[derive(Clone, Debug)]
pub(crate) struct Selectors {
    /// Named one by one: owner and name.
    pub(crate) named: Vec<(String, String)>,
    /// Whose repositories are listed.
    pub(crate) owners: Vec<String>,
    /// Of those, which are wanted.
    listed: Vec<Pattern>,
    exclude: Vec<Pattern>,
    skip_archived: bool,
    skip_forks: bool,
}

/// How a repository was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// By its own name.
    Named,
    /// Among those of its owner.
    Listed,
    /// By a search.
    Searched,
}

impl Selectors {
    /// What the settings say.
    ///
    /// # Errors
    /// A setting that names nothing that there could be, or two searches by one name.
    pub(crate) fn read(config: &Config) -> Result<Selectors, Error> {
        let (mut named, mut owners, mut listed) = (Vec::new(), Vec::new(), Vec::new());
        for (at, text) in config.repositories.iter().enumerate() {
            let pattern = Pattern::read(text).filter(|it| it.owner_alone().is_some());
            let Some(pattern) = pattern else {
                return Err(refused(
                    &format!("/repositories/{at}"),
                    "expected `owner/name`, or names of an owner such as `owner/*` or `owner/api-*`",
                ));
            };
            let (owner, name) = pattern.parts();
            if pattern.names_one() {
                add(&mut named, (owner.to_owned(), name.to_owned()));
            } else {
                add(&mut owners, owner.to_owned());
                listed.push(pattern);
            }
        }
        for (at, owner) in config.organizations.iter().enumerate() {
            check_login(&format!("/organizations/{at}"), owner)?;
            add(&mut owners, owner.clone());
            listed.push(Pattern::all_of(owner));
        }
        for (at, login) in config.user_usernames.iter().enumerate() {
            check_login(&format!("/user_usernames/{at}"), login)?;
        }
        check_searches(config)?;
        let exclude = exclude(config)?;
        let is_out = |owner: &str, name: &str| exclude.iter().any(|it| it.matches(owner, name));
        named.retain(|(owner, name)| !is_out(owner, name));
        owners.retain(|owner| !exclude.iter().any(|it| it.holds_all_of(owner)));
        let Config { skip_archived, skip_forks, .. } = *config;
        Ok(Selectors { named, owners, listed, exclude, skip_archived, skip_forks })
    }

    /// Whether a repository that was found is wanted, by its [`FIELDS`].
    pub(crate) fn wants(&self, found: Found, fields: &[Value]) -> bool {
        let [Value::String(full_name), archived, fork] = fields else { return true };
        let Some((owner, name)) = full_name.split_once('/') else { return true };
        let any = |patterns: &[Pattern]| patterns.iter().any(|it| it.matches(owner, name));
        let is_skipped =
            (self.skip_archived && *archived == true) || (self.skip_forks && *fork == true);
        !any(&self.exclude)
            && (found == Found::Named || !is_skipped)
            && (found != Found::Listed || any(&self.listed))
    }
}

/// The owners that the settings name, each once.
pub(crate) fn owners(config: &Config) -> Vec<String> {
    let mut owners = Vec::new();
    let of_repositories =
        config.repositories.iter().filter_map(|text| Some(text.split_once('/')?.0.to_owned()));
    for owner in config.organizations.iter().cloned().chain(of_repositories) {
        add(&mut owners, owner);
    }
    owners
}

/// GitHub does not tell names apart by their case.
trait SameName {
    fn is_same(&self, other: &Self) -> bool;
}

impl SameName for String {
    fn is_same(&self, other: &Self) -> bool {
        self.eq_ignore_ascii_case(other)
    }
}

impl SameName for (String, String) {
    fn is_same(&self, other: &Self) -> bool {
        self.0.is_same(&other.0) && self.1.is_same(&other.1)
    }
}

fn add<N: SameName>(names: &mut Vec<N>, name: N) {
    if !names.iter().any(|known| known.is_same(&name)) {
        names.push(name);
    }
}

fn exclude(config: &Config) -> Result<Vec<Pattern>, Error> {
    let pattern = |(at, text): (usize, &String)| {
        Pattern::read(text).ok_or_else(|| {
            let rule = "expected a pattern of full names, such as `acme/legacy-*` or `*/sandbox`";
            refused(&format!("/exclude/{at}"), rule)
        })
    };
    config.exclude.iter().enumerate().map(pattern).collect()
}

/// A search is called by its name in the state and in the rows, so that it must have one of its own.
fn check_searches(config: &Config) -> Result<(), Error> {
    let mut known = BTreeMap::new();
    for (at, search) in config.searches.iter().enumerate() {
        for (field, text) in [("name", &search.name), ("query", &search.query)] {
            if text.trim().is_empty() {
                return Err(refused(&format!("/searches/{at}/{field}"), "must not be empty"));
            }
        }
        let other = known.insert(&search.name, &search.query);
        if other.is_some_and(|query| *query != search.query) {
            return Err(refused(
                &format!("/searches/{at}/name"),
                &format!(
                    "`{}` is the name of another search too (by their names, bookmarks and rows of searches are told apart); give each its own",
                    search.name
                ),
            ));
        }
    }
    Ok(())
}

fn check_login(pointer: &str, login: &str) -> Result<(), Error> {
    // That of an app ends so.
    if pattern::is_plain(login.strip_suffix("[bot]").unwrap_or(login)) {
        return Ok(());
    }
    Err(refused(pointer, "expected a login, as it stands behind `github.com/`"))
}

fn refused(pointer: &str, rule: &str) -> Error {
    Error::setting(pointer, rule)
}
