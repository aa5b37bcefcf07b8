//! Plays a case: its runs, each from a STATE of the one before, and healthy ones in the end.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use crate::case::{Bad, Case, Event, Run};
use crate::check::{self, Before, Checkpoint};
use crate::clock::{ModelClock, Shared};
use crate::output::Delivered;
use crate::run::{self, Ran};
use crate::world::World;

/// The play of a case.
struct Play {
    world: Shared,
    clock: Arc<ModelClock>,
    state: Option<Value>,
    delivered: Delivered,
    ran: Vec<Ran>,
}

/// Plays a case and tells the first property that does not hold, with the story.
pub(crate) fn play(case: &Case) -> Result<(), String> {
    let world = Arc::new(Mutex::new(World::new(case.shape, &case.rows)));
    let clock = Arc::new(ModelClock::new(&world));
    let mut play =
        Play { world, clock, state: None, delivered: Delivered::default(), ran: Vec::new() };
    play.whole(case).map_err(|what| format!("{what}\n{}", story(case, &play.ran)))
}

impl Play {
    fn whole(&mut self, case: &Case) -> Result<(), String> {
        for run in &case.runs {
            let checkpoints = self.run(run)?;
            // The target may have taken less than was written.
            let taken = match run.acknowledged {
                Some(state) => checkpoints.get(state.checked_rem(checkpoints.len()).unwrap_or(0)),
                None => checkpoints.last(),
            };
            if let Some(taken) = taken {
                self.state = Some(taken.state.clone());
                self.delivered = taken.delivered.clone();
            }
        }
        self.recover()
    }

    /// A healthy run over a source that stands still, and another one.
    fn recover(&mut self) -> Result<(), String> {
        self.with_world(|world| {
            for row in &mut world.rows {
                row.bad = row.bad.filter(|bad| *bad != Bad::NullKey);
            }
        });
        let healthy = Run { concurrency: 2, ..Run::default() };
        let checkpoints = self.run(&healthy)?;
        let last = checkpoints.last().ok_or("a healthy run wrote no STATE")?;
        self.with_world(|world| check::check_nothing_lost(&last.delivered, world))?;
        self.state = Some(last.state.clone());
        self.delivered = last.delivered.clone();
        self.run(&healthy)?;
        let (ran, state) = (self.ran.last().expect("it ran"), last.state.clone());
        self.with_world(|world| check::check_idempotent(&state, ran, world))
    }

    fn run(&mut self, run: &Run) -> Result<Vec<Checkpoint>, String> {
        let before = self.with_world(|world| {
            world.begin(run);
            world.clone()
        });
        let ran = run::run(&self.world, &self.clock, run, self.state.as_ref());
        self.ran.push(ran);
        let now = self.with_world(|world| {
            world.end();
            world.clone()
        });
        let was = Before { state: self.state.as_ref(), delivered: &self.delivered, world: &before };
        let is_whole = run.pipe.is_none() && !run.stops();
        let ran = self.ran.last().expect("it ran");
        check::check(&was, ran, &now, is_whole)
    }

    fn with_world<R>(&self, work: impl FnOnce(&mut World) -> R) -> R {
        work(&mut self.world.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Run {
    fn stops(&self) -> bool {
        self.during.iter().any(|(_, event)| matches!(event, Event::Stop))
    }
}

/// What a failing case prints.
fn story(case: &Case, runs: &[Ran]) -> String {
    let mut text = format!("{case:?}");
    for (at, ran) in runs.iter().enumerate() {
        text += &format!("run {} ended as {:?}; it asked\n", at + 1, ran.outcome);
        for request in &ran.log.requests {
            text += &format!("  {request}\n");
        }
        text += &format!("and wrote\n{}", ran.stdout);
        let said = ran.stderr.lines().filter(|line| !line.contains("METRIC: "));
        text += &format!("and said\n{}\n", said.collect::<Vec<_>>().join("\n"));
    }
    text
}
