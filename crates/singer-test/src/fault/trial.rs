//! A tap under the faults of the matrix, one run after the other.

use std::sync::Arc;

use serde_json::{Value, json};
use singer_http::testing::FixedRandom;
use singer_http::{Env, Transport};
use singer_tap::{Outcome, Tap, settings_schema};

use super::ground::{Ground, records};
use super::hasty::HastyClock;
use super::outcome::Met;
use super::site::{Site, Way};
use super::{Given, Made, Next, Row};
use crate::breaches;
use crate::eager::EagerClock;
use crate::leak::{self, Forms};
use crate::messages::Messages;
use crate::run::{Invocation, NOW};
use crate::subject::Subject;
use crate::transcript::{Rows, Transcript, differences, names};

/// Seconds that a request may take, in the tap's time.
const PATIENCE: u64 = 2;
/// Where an answer is not to come, the tap's time passes so many times as fast.
const HASTE: u32 = 8;

pub(super) struct Trial {
    call: fn(&Invocation, Env) -> Messages,
    site: Site,
    config: Value,
    stream: String,
    ground: Ground,
    all: Rows,
    state: Value,
    secrets: Vec<Forms>,
}

impl Trial {
    /// Reads the stream once with an honest source.
    #[track_caller]
    pub(super) fn begin<T: Tap>(subject: &Subject, stream: &str) -> Trial {
        let mut config = subject.config().clone();
        let typed = serde_json::from_value::<T::Config>(config.clone());
        let typed = typed.unwrap_or_else(|error| panic!("the config of {}: {error}", T::NAME));
        let spec = T::client(&typed);
        let spec = spec.unwrap_or_else(|error| panic!("the config of {}: {error}", T::NAME));
        config["request_timeout"] = json!(PATIENCE);
        let mut trial = Trial {
            call: Invocation::run::<T>,
            site: Site::open(subject, &spec.base),
            secrets: leak::of_config(&settings_schema::<T::Config>(), &config),
            config,
            stream: stream.to_owned(),
            ground: Ground { rules: spec.rules, ..Ground::nothing() },
            all: Rows::new(),
            state: Value::Null,
        };
        let (honest, _) = trial.run(&trial.invocation(), Way::Here, 1);
        let outcome = honest.outcome();
        assert_eq!(outcome, Outcome::Ok, "an honest run fails: {}", honest.complaints());
        trial.learn(&honest);
        trial
    }

    fn learn(&mut self, honest: &Messages) {
        let run = Transcript::of(honest.stdout());
        let answers = self.site.answers();
        let page = answers.last().and_then(|page| serde_json::from_slice(page).ok());
        let page: Value = page.unwrap_or_default();
        let schema = run.schemas().find(|(stream, _)| *stream == self.stream);
        let first = |list: &str| {
            let names = schema.map(|(_, schema)| names(&schema[list])).unwrap_or_default();
            names.first().map(|&name| name.to_owned())
        };
        self.ground.requests = answers.len();
        self.ground.is_linked = self.site.is_linked();
        self.ground.records = records(&page).unwrap_or_default();
        self.ground.key = first("key_properties");
        self.ground.cursor = first("bookmark_properties");
        self.ground.page = page;
        self.all = run.rows();
        self.state = run.last_state().cloned().unwrap_or_default();
    }

    /// Runs the tap under one fault.
    pub(super) fn meet(&self, row: &Row) -> Met {
        let (at, ground) = (self.ground.requests, &self.ground);
        let script = match row.made {
            Made::Not(why) => return Met::untried(row, why),
            Made::Process(_) => return Met::untried(row, "it needs a process of its own"),
            Made::Always(make) => make(ground).map(|fault| json!([{"from": at, "fault": fault}])),
            Made::Once(make) => make(ground).map(|fault| json!([{"nth": at, "fault": fault}])),
            Made::Throughout(make) => make(ground).map(|fault| json!([{"fault": fault}])),
            Made::Led(_) | Made::Given(_) => Some(json!([])),
        };
        let Some(script) = script else {
            return Met::untried(row, "this stream has no place for it");
        };
        let way = if let Made::Led(way) = row.made { way } else { Way::Here };
        let haste = if script[0]["fault"]["kind"] == "stall" { HASTE } else { 1 };
        self.site.misbehave(&script);
        let (run, strayed) = self.run(&self.given(row), way, haste);
        let mut failures = self.judge(row, &run, &strayed);
        failures.extend(self.next(row, &run));
        Met::of(row, failures)
    }

    fn invocation(&self) -> Invocation {
        Invocation::of(&self.config).with(&["--select", &self.stream])
    }

    /// The call with what the row gives.
    fn given(&self, row: &Row) -> Invocation {
        match row.made {
            Made::Given(Given::Config(make)) => {
                Invocation::of(&make(&self.config)).with(&["--select", &self.stream])
            }
            Made::Given(Given::State(make)) => {
                self.invocation().resumed_from(Some(&make(&self.state)))
            }
            Made::Given(Given::Catalog(make)) => self.invocation().by(&make()),
            _ => self.invocation(),
        }
    }

    /// What a run wrote, and to whom else it sent requests.
    fn run(&self, invocation: &Invocation, way: Way, haste: u32) -> (Messages, Vec<String>) {
        let way = self.site.way(way);
        let env = Env {
            transport: Arc::clone(&way) as Arc<dyn Transport>,
            clock: Arc::new(EagerClock::new(Arc::new(HastyClock::new(NOW, haste)))),
            random: Arc::new(FixedRandom(0.5)),
            ..Env::real()
        };
        ((self.call)(invocation, env), way.strayed())
    }

    /// What must hold of the run itself.
    fn judge(&self, row: &Row, run: &Messages, strayed: &[String]) -> Vec<String> {
        let mut failures = Vec::new();
        let (outcome, why) = (run.outcome(), run.complaints());
        if outcome != row.ends {
            failures.push(format!("it ends as {outcome:?}, not as {:?}: {why}", row.ends));
        }
        if !row.id.is_empty() && !run.log().contains(&format!("[{}]", row.id)) {
            failures.push(format!("[{}] is not told: {why}", row.id));
        }
        failures.extend(strayed.iter().map(|host| format!("a request was sent to {host}")));
        for secret in &self.secrets {
            for (place, text) in [("stdout", run.stdout()), ("the log", run.log())] {
                let found = secret.found_in(text);
                failures.extend(found.map(|found| format!("{place} shows {found}")));
            }
        }
        failures.extend(breaches::breaches(run.stdout()));
        // A tap that asks for its streams may come to no stream under a fault of everything.
        let is_everywhere = matches!(row.made, Made::Led(_) | Made::Throughout(_));
        let came_to_nothing = is_everywhere && run.log().contains("nothing was read");
        let is_begun = row.next != Next::None && !came_to_nothing;
        if is_begun && !breaches::ends_with_state(run.stdout()) {
            failures.push("the last line is no STATE".to_owned());
        }
        if !is_begun && !run.stdout().is_empty() {
            failures.push("something is written although nothing could begin".to_owned());
        }
        failures
    }

    /// What the next run must bring, with an honest source.
    fn next(&self, row: &Row, run: &Messages) -> Vec<String> {
        let first = Transcript::of(run.stdout());
        let (mut rows, state) = match (row.next, first.states().next_back()) {
            (Next::Came, _) => return differences(&self.all, &first.rows()),
            (Next::All | Next::Other, Some((line, state))) => (first.rows_before(line), state),
            (Next::None, _) | (_, None) => return Vec::new(),
        };
        self.site.misbehave(&json!([]));
        let (next, _) = self.run(&self.invocation().resumed_from(Some(state)), Way::Here, 1);
        if next.outcome() != Outcome::Ok {
            let (outcome, why) = (next.outcome(), next.complaints());
            return vec![format!("the next run ends as {outcome:?}: {why}")];
        }
        rows.extend(Transcript::of(next.stdout()).rows());
        // What the first run rejected stands in a stream of its own.
        rows.retain(|(stream, _), _| *stream == self.stream);
        if row.next == Next::All { differences(&self.all, &rows) } else { Vec::new() }
    }
}
