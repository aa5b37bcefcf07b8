//! GitHub Apps: who they are, where they are installed, and the tokens that they get.

mod claim;

use std::collections::HashMap;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Mutex;

use serde_json::{Value, json};

use super::account::Account;
use super::json::bare_instant;
use super::seed::mix;
use super::world::{Owner, World};
use super::{list, message};
use crate::Error;
use crate::key::Key;
use crate::server::{Answer, Request};

/// An app as the command line names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppSpec {
    /// Its id.
    pub id: u64,
    /// Where it is installed; empty: everywhere.
    pub owners: Vec<String>,
    /// Its private key.
    pub key: PathBuf,
}

impl FromStr for AppSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, key) = text.split_once('=').ok_or("an app is ID[@OWNER,…]=KEY.pem")?;
        let (id, owners) = name.split_once('@').unwrap_or((name, ""));
        let id = id.parse().map_err(|_| format!("`{id}` is no id of an app"))?;
        let owners = owners.split(',').filter(|owner| !owner.is_empty()).map(str::to_owned);
        Ok(Self { id, owners: owners.collect(), key: key.into() })
    }
}

/// An app.
#[derive(Debug)]
pub(crate) struct App {
    id: u64,
    client_id: String,
    owners: Vec<String>,
    key: Key,
}

/// A token of an installation.
#[derive(Debug, Clone)]
struct Issued {
    installation: u64,
    expires: u64,
}

/// All apps, and the tokens that they were given.
#[derive(Debug)]
pub(crate) struct Apps {
    apps: Vec<App>,
    lifetime: u64,
    issued: Mutex<HashMap<String, Issued>>,
}

/// An app at an owner.
struct Installation<'a> {
    app: &'a App,
    owner: &'a Owner,
}

impl Apps {
    pub(crate) fn new(specs: &[AppSpec], lifetime: u64) -> Result<Self, Error> {
        let app = |spec: &AppSpec| {
            let key = Key::read(&spec.key, "--app")?;
            let client_id = format!("Iv23{:016x}", mix(&[spec.id]));
            Ok(App { id: spec.id, client_id, owners: spec.owners.clone(), key })
        };
        let apps = specs.iter().map(app).collect::<Result<_, Error>>()?;
        Ok(Self { apps, lifetime, issued: Mutex::default() })
    }

    /// Whether a credential is good; `None` for one that is not of an app.
    pub(crate) fn knows(&self, request: &Request, now: u64) -> Option<bool> {
        if self.apps.is_empty() {
            return None;
        }
        // What is wrong with a token of the app itself is told by the answer.
        if self.is_asked(request) {
            return Some(true);
        }
        let credential = request.credential();
        let issued = self.issued.lock().expect("no holder of this lock panics");
        match issued.get(credential.as_ref()) {
            Some(token) => Some(now < token.expires),
            None if credential.starts_with("ghs_") || credential.matches('.').count() == 2 => {
                Some(false)
            }
            None => None,
        }
    }

    /// Whether a request is one of an app.
    pub(crate) fn is_asked(&self, request: &Request) -> bool {
        !self.apps.is_empty() && is_of_apps(&request.path)
    }

    /// Whose quota a credential draws on: tokens of an installation share one.
    pub(crate) fn identity(&self, credential: &str) -> Option<String> {
        let issued = self.issued.lock().expect("no holder of this lock panics");
        issued.get(credential).map(|token| format!("installation {}", token.installation))
    }

    /// The answer to an app; `None` if the path is for everybody.
    pub(crate) fn answer(&self, world: &World, request: &Request, now: u64) -> Option<Answer> {
        if !self.is_asked(request) {
            return None;
        }
        let app = match claim::app(&self.apps, &request.credential(), now) {
            Ok(app) => app,
            Err(text) => return Some(message::error(401, text)),
        };
        let installations: Vec<Installation<'_>> = world
            .owners
            .iter()
            .filter(|owner| app.is_at(&owner.login))
            .map(|owner| Installation { app, owner })
            .collect();
        let of_owner = |login: &str| {
            let found =
                installations.iter().find(|one| one.owner.login.eq_ignore_ascii_case(login));
            found.map_or_else(message::not_found, |one| Answer::value(200, &one.value(now)))
        };
        let segments: Vec<&str> = request.path.trim_matches('/').split('/').collect();
        Some(match (request.method.as_str(), segments.as_slice()) {
            ("GET", ["app"]) => Answer::value(200, &app.value()),
            ("GET", ["app", "installations"]) => {
                list::numbered(request, "/app/installations", &installations, |one, out| {
                    out.push_str(&one.value(now).to_string());
                })
            }
            ("GET", ["orgs" | "users", login, "installation"]) => of_owner(login),
            ("GET", ["repos", owner, name, "installation"]) => {
                if world.repo(owner, name).is_none() {
                    return Some(message::not_found());
                }
                of_owner(owner)
            }
            ("GET", ["app", "installations", id]) => {
                let found = installations.iter().find(|one| one.id().to_string() == *id);
                found.map_or_else(message::not_found, |one| Answer::value(200, &one.value(now)))
            }
            ("POST", ["app", "installations", id, "access_tokens"]) => {
                let found = installations.iter().find(|one| one.id().to_string() == *id);
                found.map_or_else(message::not_found, |one| self.issue(one, now))
            }
            _ => message::not_found(),
        })
    }

    fn issue(&self, installation: &Installation<'_>, now: u64) -> Answer {
        let mut issued = self.issued.lock().expect("no holder of this lock panics");
        let serial = issued.len() as u64;
        let (id, expires) = (installation.id(), now + self.lifetime);
        let secret = mix(&[id, serial, now]);
        let token = format!("ghs_{}_{secret:016x}{:016x}", installation.app.id, mix(&[secret]));
        issued.insert(token.clone(), Issued { installation: id, expires });
        Answer::value(
            201,
            &json!({
                "token": token,
                "expires_at": instant(expires),
                "permissions": permissions(),
                "repository_selection": "all",
            }),
        )
    }
}

impl App {
    fn is_at(&self, login: &str) -> bool {
        self.owners.is_empty() || self.owners.iter().any(|one| one.eq_ignore_ascii_case(login))
    }

    fn value(&self) -> Value {
        json!({
            "id": self.id,
            "slug": self.slug(),
            "client_id": self.client_id,
            "node_id": format!("A_kwDO{:08x}", self.id),
            "owner": account(&Account::user(1)),
            "name": self.slug(),
            "description": "",
            "external_url": "https://app.example",
            "html_url": format!("https://github.com/apps/{}", self.slug()),
            "created_at": "2024-01-02T03:04:05Z",
            "updated_at": "2024-01-02T03:04:05Z",
            "permissions": permissions(),
            "events": [],
        })
    }

    fn slug(&self) -> String {
        format!("reader-{}", self.id)
    }
}

impl Installation<'_> {
    fn id(&self) -> u64 {
        self.app.id * 1_000_000 + self.owner.id % 1_000_000
    }

    fn value(&self, now: u64) -> Value {
        let (id, login) = (self.id(), &self.owner.login);
        let api = "https://api.github.com";
        json!({
            "id": id,
            "account": account(&Account::from(self.owner)),
            "access_tokens_url": format!("{api}/app/installations/{id}/access_tokens"),
            "repositories_url": format!("{api}/installation/repositories"),
            "html_url": format!("https://github.com/organizations/{login}/settings/installations/{id}"),
            "app_id": self.app.id,
            "client_id": self.app.client_id,
            "target_id": self.owner.id,
            "target_type": "Organization",
            "permissions": permissions(),
            "events": [],
            "single_file_name": null,
            "has_multiple_single_files": false,
            "single_file_paths": [],
            "repository_selection": "all",
            "created_at": instant(now.min(1_704_164_645)),
            "updated_at": instant(now.min(1_704_164_645)),
            "app_slug": self.app.slug(),
            "suspended_at": null,
            "suspended_by": null,
        })
    }
}

fn is_of_apps(path: &str) -> bool {
    path == "/app" || path.starts_with("/app/") || path.ends_with("/installation")
}

fn permissions() -> Value {
    json!({"contents": "read", "issues": "read", "members": "read", "metadata": "read", "pull_requests": "read"})
}

fn account(account: &Account) -> Value {
    let mut text = String::new();
    account.object(&mut text);
    serde_json::from_str(&text).unwrap_or_default()
}

fn instant(seconds: u64) -> String {
    let mut text = String::new();
    bare_instant(u32::try_from(seconds).unwrap_or(u32::MAX), &mut text);
    text
}
