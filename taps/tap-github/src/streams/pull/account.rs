//! An account of a GraphQL answer in the shape that REST gives it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The fields of an account, and where GraphQL has them in an actor; nothing where there is but one
/// value.
pub(super) const FIELDS: [(&str, &str); 18] = [
    ("login", "login"),
    ("id", "databaseId"),
    ("node_id", "id"),
    ("avatar_url", "avatarUrl"),
    ("gravatar_id", ""),
    ("url", "login"),
    ("html_url", "url"),
    ("followers_url", "login"),
    ("following_url", "login"),
    ("gists_url", "login"),
    ("starred_url", "login"),
    ("subscriptions_url", "login"),
    ("organizations_url", "login"),
    ("repos_url", "login"),
    ("events_url", "login"),
    ("received_events_url", "login"),
    ("type", "__typename"),
    ("site_admin", "isSiteAdmin"),
];

/// The names of the fields of an account that stands under this name.
pub(super) fn fields(of: &str) -> impl Iterator<Item = String> + use<'_> {
    FIELDS.iter().map(move |(field, _)| format!("{of}.{field}"))
}

/// What the queries ask of an actor or a user.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Actor<'a> {
    #[serde(rename = "__typename")]
    kind: Cow<'a, str>,
    login: Cow<'a, str>,
    avatar_url: Cow<'a, str>,
    url: Cow<'a, str>,
    id: Option<Cow<'a, str>>,
    database_id: Option<u64>,
    is_site_admin: Option<bool>,
}

/// The fields of every account that REST shows with another record.
#[derive(Serialize)]
pub(super) struct Account {
    login: String,
    id: u64,
    node_id: String,
    avatar_url: String,
    gravatar_id: &'static str,
    url: String,
    html_url: String,
    followers_url: String,
    following_url: String,
    gists_url: String,
    starred_url: String,
    subscriptions_url: String,
    organizations_url: String,
    repos_url: String,
    events_url: String,
    received_events_url: String,
    r#type: &'static str,
    site_admin: bool,
}

impl Actor<'_> {
    /// The account, with addresses under the API's; none if it is not a plain user. Apps, mannequins
    /// and accounts that are gone go by other names in GraphQL, or by none.
    pub(super) fn account(&self, api: &str) -> Option<Account> {
        let is_plain = |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b'-' | b'_');
        if self.kind != "User" || !self.login.bytes().all(is_plain) {
            return None;
        }
        let url = format!("{api}/users/{}", self.login);
        let under = |path: &str| format!("{url}/{path}");
        Some(Account {
            login: self.login.to_string(),
            id: self.database_id?,
            node_id: self.id.as_deref()?.to_owned(),
            avatar_url: without_mark(&self.avatar_url),
            gravatar_id: "",
            html_url: self.url.to_string(),
            followers_url: under("followers"),
            following_url: under("following{/other_user}"),
            gists_url: under("gists{/gist_id}"),
            starred_url: under("starred{/owner}{/repo}"),
            subscriptions_url: under("subscriptions"),
            organizations_url: under("orgs"),
            repos_url: under("repos"),
            events_url: under("events{/privacy}"),
            received_events_url: under("received_events"),
            r#type: "User",
            site_admin: self.is_site_admin?,
            url,
        })
    }
}

/// The address of an avatar without `u`, the mark of its picture, which REST leaves out.
fn without_mark(url: &str) -> String {
    let Some((address, query)) = url.split_once('?') else { return url.to_owned() };
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("u=")).collect();
    if kept.is_empty() { address.to_owned() } else { format!("{address}?{}", kept.join("&")) }
}

/// The addresses of a repository's API: the API's own, and the repository's.
pub(super) struct Addresses<'a> {
    pub(super) api: &'a str,
    pub(super) repository: &'a str,
}

impl<'a> Addresses<'a> {
    /// Those in the address of a pull request, `{api}/repos/{owner}/{repo}/pulls/{number}`.
    pub(super) fn of(pull: &'a str) -> Option<Addresses<'a>> {
        let (repository, _) = pull.rsplit_once("/pulls/")?;
        let (api, _) = repository.split_once("/repos/")?;
        Some(Addresses { api, repository })
    }
}

/// A number that GraphQL writes as a text, since it may be too large for its `Int`.
pub(super) fn number(text: &RawValue) -> Option<u64> {
    text.get().trim_matches('"').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(actor: serde_json::Value) -> Option<serde_json::Value> {
        let text = actor.to_string();
        let actor: Actor<'_> = serde_json::from_str(&text).unwrap();
        actor.account("https://api.github.com").map(|it| serde_json::to_value(it).unwrap())
    }

    fn actor() -> serde_json::Value {
        serde_json::json!({
            "__typename": "User", "login": "mona", "url": "https://github.com/mona",
            "avatarUrl": "https://avatars.githubusercontent.com/u/7?u=1f&v=4",
            "id": "U_7", "databaseId": 7, "isSiteAdmin": false,
        })
    }

    #[test]
    fn a_user_has_the_addresses_and_the_avatar_of_rest() {
        let found = account(actor()).unwrap();
        assert_eq!(found["avatar_url"], "https://avatars.githubusercontent.com/u/7?v=4");
        assert_eq!(found["gists_url"], "https://api.github.com/users/mona/gists{/gist_id}");
        assert_eq!(without_mark("https://a.example/u/7?u=1f"), "https://a.example/u/7");
        assert_eq!(without_mark("https://a.example/u/7?v=4&s=9"), "https://a.example/u/7?v=4&s=9");
    }

    #[test]
    fn what_is_no_plain_user_is_not_guessed() {
        let check = |field: &str, value: serde_json::Value| {
            let mut actor = actor();
            actor[field] = value;
            assert_eq!(account(actor), None, "{field}");
        };
        check("__typename", "Bot".into());
        check("__typename", "Mannequin".into());
        check("login", "dependabot[bot]".into());
        check("databaseId", serde_json::Value::Null);
        check("id", serde_json::Value::Null);
    }

    #[test]
    fn the_addresses_of_a_repository_are_those_in_its_pull_requests() {
        let found = Addresses::of("https://ghe.example/api/v3/repos/acme/widgets/pulls/5").unwrap();
        assert_eq!(found.api, "https://ghe.example/api/v3");
        assert_eq!(found.repository, "https://ghe.example/api/v3/repos/acme/widgets");
        assert!(Addresses::of("https://ghe.example/acme").is_none());
    }
}
