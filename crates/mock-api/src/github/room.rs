//! The room itself: the data behind a lock, and the seam to the server.

use std::sync::RwLock;

use super::account::Account;
use super::apps::Apps;
use super::options::GithubOptions;
use super::organization::Organization;
use super::refusal;
use super::repository::Repository;
use super::resource::Asked;
use super::route::{OrgRef, Part, RepoRef, Route, pattern};
use super::small::{self, Found};
use super::user::User;
use super::world::{Owner, Repo, World};
use super::{change, gate, graphql, json, list, message, search, starred, truth};
use crate::Error;
use crate::quota::{Pool, Standing};
use crate::server::{Answer, Api, Caller, Refusal, Request};

/// GitHub's REST API over seeded data.
#[derive(Debug)]
pub struct Github {
    world: RwLock<World>,
    pools: Vec<Pool>,
    limit_status: u16,
    graphql_nodes: u64,
    apps: Apps,
}

impl Github {
    /// The data of these options.
    ///
    /// # Errors
    /// An option cannot be used.
    pub fn new(options: &GithubOptions) -> Result<Self, Error> {
        let core = Pool { name: gate::CORE, limit: options.quota, window: options.quota_window };
        let search = Pool { name: gate::SEARCH, limit: options.search_quota, window: 60 };
        let points = Pool {
            name: graphql::POOL,
            limit: options.graphql_quota,
            window: options.quota_window,
        };
        Ok(Self {
            world: RwLock::new(World::new(options)?),
            pools: vec![core, search, points],
            graphql_nodes: options.graphql_nodes,
            apps: Apps::new(&options.apps, options.app_token_lifetime)?,
            limit_status: options.limit_status,
        })
    }
}

impl Api for Github {
    fn pools(&self) -> Vec<Pool> {
        self.pools.clone()
    }

    fn pool(&self, request: &Request) -> Option<&'static str> {
        // Apps have a quota of their own, which no run comes near.
        if self.apps.is_asked(request) { None } else { gate::pool(request) }
    }

    fn pattern(&self, path: &str) -> String {
        pattern(path)
    }

    fn answer(&self, request: &Request, caller: &Caller<'_>) -> Answer {
        if request.method == "POST" && graphql::PATHS.contains(&request.path.as_str()) {
            let world = self.world.read().expect("no holder of this lock panics");
            return graphql::answer(&world, request, caller, self.graphql_nodes);
        }
        {
            let world = self.world.read().expect("no holder of this lock panics");
            if let Some(answer) = self.apps.answer(&world, request, caller.now) {
                return answer;
            }
        }
        if !matches!(request.method.as_str(), "GET" | "HEAD") {
            return message::not_found();
        }
        let route = Route::parse(&request.path);
        if route == Some(Route::RateLimit) {
            return gate::overview(caller, &self.pools);
        }
        let world = self.world.read().expect("no holder of this lock panics");
        if let Some(answer) = refusal::answer(&world, &request.path) {
            return answer;
        }
        let view = View { world: &world, request };
        route.map_or_else(|| view.small(), |route| view.answer(route))
    }

    fn knows(&self, request: &Request, now: u64) -> Option<bool> {
        self.apps.knows(request, now)
    }

    fn identity(&self, credential: &str) -> String {
        self.apps.identity(credential).unwrap_or_else(|| credential.to_owned())
    }

    fn cost(&self, request: &Request) -> u64 {
        if self.pool(request) == Some(graphql::POOL) { graphql::cost(request) } else { 1 }
    }

    fn refuse(&self, refusal: Refusal, pool: &str, caller: &Caller<'_>) -> Answer {
        if refusal == Refusal::Quota && pool == graphql::POOL {
            return graphql::spent();
        }
        gate::refuse(refusal, caller, self.limit_status)
    }

    fn sign(&self, answer: &mut Answer, standing: Option<&Standing>, serial: u64) {
        gate::sign(answer, standing, serial);
    }

    fn admin(&self, action: &str, request: &Request, _: u64) -> Option<Answer> {
        let answer = match (request.method.as_str(), action) {
            ("GET", "truth") => {
                truth::answer(&self.world.read().expect("no holder of this lock panics"), request)
            }
            ("GET", "endpoints") => {
                let world = self.world.read().expect("no holder of this lock panics");
                Answer::value(200, &small::endpoints(&world))
            }
            ("POST", _) => {
                let mut world = self.world.write().expect("no holder of this lock panics");
                change::answer(&mut world, action, request)?
            }
            _ => return None,
        };
        Some(answer)
    }

    fn advance(&self, seconds: u64, _: u64) -> String {
        let mut world = self.world.write().expect("no holder of this lock panics");
        world.clock = world.clock.saturating_add(u32::try_from(seconds).unwrap_or(u32::MAX));
        let mut now = String::new();
        json::bare_instant(world.clock, &mut now);
        now
    }
}

/// A request, and the data as it is now.
struct View<'a> {
    world: &'a World,
    request: &'a Request,
}

impl<'a> View<'a> {
    fn answer(&self, route: Route<'_>) -> Answer {
        match route {
            Route::Organization(name) => match self.owner(name) {
                Some(owner) => {
                    Answer::json(200, Organization { world: self.world, owner }.render())
                }
                None => message::not_found(),
            },
            Route::OrganizationRepos(name) => match self.owner(name) {
                Some(owner) => self.repos_of(owner),
                None => message::not_found(),
            },
            Route::Repo(name, part) => self.repo(name, part),
            Route::User(login) => self.user(Account::find(login), || self.world.owner(login)),
            Route::UserById(id) => self
                .user(Account::by_id(id), || self.world.owners.iter().find(|owner| owner.id == id)),
            Route::Starred(login) => starred::answer(self.world, login, self.request),
            Route::StarredById(id) => {
                let login = Account::by_id(id).map(|user| user.login).unwrap_or_default();
                starred::answer(self.world, &login, self.request)
            }
            Route::SearchRepositories => search::answer(self.world, self.request),
            Route::RateLimit => message::not_found(),
        }
    }

    /// The answer of a small list.
    fn small(&self) -> Answer {
        match small::find(self.world, &self.request.path) {
            Some(Found::List(list, here, rest)) => small::answer(list, &here, &rest, self.request),
            Some(Found::Moved(repo)) => self.moved(repo),
            Some(Found::Nothing) | None => message::not_found(),
        }
    }

    fn owner(&self, name: OrgRef<'_>) -> Option<&'a Owner> {
        match name {
            OrgRef::Login(login) => self.world.owner(login),
            OrgRef::Id(id) => self.world.owners.iter().find(|owner| owner.id == id),
        }
    }

    fn user(&self, user: Option<Account>, owner: impl Fn() -> Option<&'a Owner>) -> Answer {
        match user.or_else(|| owner().map(Account::from)) {
            Some(account) => {
                Answer::json(200, User { account: &account, now: self.world.clock }.render())
            }
            None => message::not_found(),
        }
    }

    fn repo(&self, name: RepoRef<'_>, part: Part) -> Answer {
        let found = match name {
            RepoRef::Name { owner, name } => self.world.repo(owner, name),
            RepoRef::Id(id) => self.world.repos.iter().find(|repo| repo.id == id),
        };
        if let Some(repo) = found {
            return Asked { repo, request: self.request }.answer(part);
        }
        match name {
            RepoRef::Name { owner, name } => {
                let moved = self.world.moved(owner, name);
                moved.map_or_else(message::not_found, |repo| self.moved(repo))
            }
            RepoRef::Id(_) => message::not_found(),
        }
    }

    /// A repository that was renamed is found under its id.
    fn moved(&self, repo: &Repo) -> Answer {
        let rest = self.request.target.splitn(5, '/').nth(4);
        // Without a further segment the query, if any, stands behind the name.
        let rest = match rest {
            Some(rest) => format!("/{rest}"),
            None => self
                .request
                .target
                .find('?')
                .map_or(String::new(), |at| self.request.target[at..].to_owned()),
        };
        let address = format!("{}/repositories/{}{rest}", self.request.origin(), repo.id);
        let mut answer = Answer::value(
            301,
            &serde_json::json!({
                "message": "Moved Permanently",
                "url": address,
                "documentation_url": "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects",
            }),
        );
        answer.set("location", address);
        answer
    }

    fn repos_of(&self, owner: &Owner) -> Answer {
        let mut repos: Vec<&Repo> =
            self.world.repos.iter().filter(|repo| repo.owner_id == owner.id).collect();
        let sort = self.request.param("sort").unwrap_or("created");
        match sort {
            "updated" => repos.sort_by_key(|repo| (repo.updated, repo.id)),
            "pushed" => repos.sort_by_key(|repo| (repo.pushed, repo.id)),
            "full_name" => repos.sort_by_key(|repo| repo.full_name()),
            _ => repos.sort_by_key(|repo| (repo.created, repo.id)),
        }
        if list::is_descending(self.request, sort != "full_name") {
            repos.reverse();
        }
        repos.retain(|repo| match self.request.param("type") {
            Some("private" | "member") => false,
            Some("forks") => repo.fork,
            Some("sources") => !repo.fork,
            _ => true,
        });
        let path = format!("/organizations/{}/repos", owner.id);
        list::numbered(self.request, &path, &repos, |repo, out| Repository(repo).minimal(out))
    }
}
