//! The room itself: the data behind a lock, and the seam to the server.

use std::sync::RwLock;

use super::account::Account;
use super::error::Problem;
use super::gate::{self, Gate};
use super::route::Route;
use super::scene::Scene;
use super::thing::Thing;
use super::version::ApiVersion;
use super::world::World;
use super::{StripeOptions, admin, event_list, list, meter, pretty, report, single};
use crate::Error;
use crate::quota::{Pool, Standing};
use crate::server::{Answer, Api, Caller, Refusal, Request};

/// Stripe's API over seeded data.
#[derive(Debug)]
pub struct Stripe {
    world: RwLock<World>,
    gate: Gate,
    /// The version of requests that name none.
    version: ApiVersion,
    /// Types of reports whose runs fail.
    failing_reports: Vec<String>,
}

impl Stripe {
    /// The data of these options, as it is at an instant (seconds of the epoch).
    ///
    /// # Errors
    /// An option cannot be used.
    pub fn new(options: &StripeOptions, now: u64) -> Result<Self, Error> {
        let world = World::new(options, seconds(now))?;
        Ok(Self {
            world: RwLock::new(world),
            gate: Gate::new(options)?,
            version: options.api_version,
            failing_reports: options.failing_reports.clone(),
        })
    }

    fn decide(&self, request: &Request, caller: &Caller<'_>) -> Result<Answer, Problem> {
        let started = self.run(request, caller)?;
        let world = self.world.read().expect("no holder of this lock panics");
        let account = account(&world, request, caller)?;
        let version = version(request, account)?;
        let (now, origin) = (seconds(caller.now), request.origin());
        let scene = Scene { account, version, now, is_whole: false, origin: &origin };
        let mut answer = match started {
            Some(run) => {
                let mut body = String::new();
                scene.object(&run, None, &mut body);
                Answer::json(200, pretty::print(&body))
            }
            None => {
                self.gate.admit(&scene, request, caller)?;
                answer(&scene, &world, request)?
            }
        };
        answer.set("stripe-version", version.name());
        if account.index > 0 {
            answer.set("stripe-account", account.id.as_str());
        }
        Ok(answer)
    }

    /// Starts the run of a report, or counts that one was asked for.
    fn run(&self, request: &Request, caller: &Caller<'_>) -> Result<Option<Thing>, Problem> {
        let Some(rest) = request.path.strip_prefix(REPORT_RUNS) else { return Ok(None) };
        let mut world = self.world.write().expect("no holder of this lock panics");
        let id = account(&world, request, caller)?.id.clone();
        let Some(account) = world.account_mut(&id) else { return Ok(None) };
        let (version, now, origin) = (account.version, seconds(caller.now), request.origin());
        if request.method == "POST" && rest.is_empty() {
            let scene = Scene { account, version, now, is_whole: false, origin: &origin };
            self.gate.admit(&scene, request, caller)?;
            return report::start(account, request, now).map(Some);
        }
        if let Some(id) = rest.strip_prefix('/') {
            report::poll(account, id, &self.failing_reports, now);
        }
        Ok(None)
    }
}

const REPORT_RUNS: &str = "/v1/reporting/report_runs";

/// The answer to a request that reads.
fn answer(scene: &Scene<'_>, world: &World, request: &Request) -> Result<Answer, Problem> {
    let path = request.path.as_str();
    let no_url = || Problem::no_url(&request.method, path);
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        return Err(no_url());
    }
    if let Some((content_type, body)) = report::file(scene, path) {
        let is_json = content_type == "application/json";
        let mut answer = Answer::json(200, if is_json { pretty::print(&body) } else { body });
        answer.set("content-type", content_type);
        return Ok(answer);
    }
    let special = event_list::answer(scene, request)
        .or_else(|| single::answer(scene, world, request))
        .or_else(|| meter::answer(scene, request))
        .or_else(|| report::answer(scene, request));
    let body = match special {
        Some(body) => body?,
        None => {
            let route = Route::parse(path).filter(|route| route.resource.is_in(scene.version));
            list::answer(scene, &route.ok_or_else(no_url)?, request)?
        }
    };
    Ok(Answer::json(200, pretty::print(&body)))
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
        self.decide(request, caller).unwrap_or_else(|problem| {
            let mut answer = gate::tell(&problem);
            let asked = request.header("stripe-version").and_then(|text| text.parse().ok());
            let version: ApiVersion = asked.unwrap_or(self.version);
            answer.set("stripe-version", version.name());
            answer
        })
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
