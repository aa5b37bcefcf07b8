//! The room itself: the data behind a lock, and the seam to the server.

use std::sync::RwLock;

use super::account::Account;
use super::error::Problem;
use super::gate::{self, Gate};
use super::route::Route;
use super::scene::Scene;
use super::version::ApiVersion;
use super::world::World;
use super::{StripeOptions, admin, event_list, list, pretty, single};
use crate::Error;
use crate::quota::{Pool, Standing};
use crate::server::{Answer, Api, Caller, Refusal, Request};

/// Stripe's API over seeded data.
#[derive(Debug)]
pub struct Stripe {
    world: RwLock<World>,
    gate: Gate,
}

impl Stripe {
    /// The data of these options, as it is at an instant (seconds of the epoch).
    ///
    /// # Errors
    /// An option cannot be used.
    pub fn new(options: &StripeOptions, now: u64) -> Result<Self, Error> {
        let world = World::new(options, seconds(now))?;
        Ok(Self { world: RwLock::new(world), gate: Gate::new(options)? })
    }

    fn decide(&self, request: &Request, caller: &Caller<'_>) -> Result<Answer, Problem> {
        let world = self.world.read().expect("no holder of this lock panics");
        let account = account(&world, request, caller)?;
        let version = version(request, account)?;
        let scene = Scene { account, version, now: seconds(caller.now), is_whole: false };
        let body = self.body(&scene, &world, request, caller)?;
        let mut answer = Answer::json(200, pretty::print(&body));
        answer.set("stripe-version", version.name());
        if account.index > 0 {
            answer.set("stripe-account", account.id.as_str());
        }
        Ok(answer)
    }

    fn body(
        &self,
        scene: &Scene<'_>,
        world: &World,
        request: &Request,
        caller: &Caller<'_>,
    ) -> Result<String, Problem> {
        self.gate.admit(scene, request, caller)?;
        if !matches!(request.method.as_str(), "GET" | "HEAD") {
            return Err(Problem::no_url(&request.method, &request.path));
        }
        if let Some(body) = event_list::answer(scene, request) {
            return body;
        }
        if let Some(body) = single::answer(scene, world, request) {
            return body;
        }
        let no_url = || Problem::no_url(&request.method, &request.path);
        let route = Route::parse(&request.path).ok_or_else(no_url)?;
        list::answer(scene, &route, request)
    }
}

/// The account that a request is for: the one that it names, or the platform.
fn account<'a>(
    world: &'a World,
    request: &Request,
    caller: &Caller<'_>,
) -> Result<&'a Account, Problem> {
    let Some(id) = request.header("stripe-account") else { return Ok(world.platform()) };
    world.account(id).ok_or_else(|| gate::no_account(caller.credential, id))
}

fn version(request: &Request, account: &Account) -> Result<ApiVersion, Problem> {
    let header = request.header("stripe-version");
    header.map_or(Ok(account.version), |text| {
        text.parse().map_err(|message: String| Problem::new(400, message))
    })
}

/// Seconds of the epoch, to the end of what rows can tell.
fn seconds(now: u64) -> u32 {
    u32::try_from(now).unwrap_or(u32::MAX)
}

impl Api for Stripe {
    fn pools(&self) -> Vec<Pool> {
        self.gate.pools()
    }

    fn pool(&self, request: &Request) -> Option<&'static str> {
        Some(gate::pool(request))
    }

    fn pattern(&self, path: &str) -> String {
        let known = Route::parse(path).map(|route| route.pattern());
        known.unwrap_or_else(|| gate::pattern(path))
    }

    fn answer(&self, request: &Request, caller: &Caller<'_>) -> Answer {
        self.decide(request, caller).unwrap_or_else(|problem| problem.answer())
    }

    fn refuse(&self, refusal: Refusal, _: &str, caller: &Caller<'_>) -> Answer {
        gate::refuse(refusal, caller)
    }

    fn sign(&self, answer: &mut Answer, _: Option<&Standing>, serial: u64) {
        gate::sign(answer, serial);
    }

    fn admin(&self, action: &str, request: &Request, now: u64) -> Option<Answer> {
        let now = seconds(now);
        match request.method.as_str() {
            "GET" => {
                let world = self.world.read().expect("no holder of this lock panics");
                admin::show(&world, action, request, now)
            }
            "POST" => {
                let mut world = self.world.write().expect("no holder of this lock panics");
                admin::change(&mut world, action, request, now)
            }
            _ => None,
        }
    }

    fn live(&self, days: u32, now: u64) -> Option<Answer> {
        let mut world = self.world.write().expect("no holder of this lock panics");
        Some(admin::live(&mut world, days, seconds(now)))
    }

    fn advance(&self, _: u64, now: u64) -> String {
        now.to_string()
    }
}
