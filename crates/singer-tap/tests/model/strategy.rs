//! Random cases.

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;

use crate::case::{Bad, Case, Change, Event, Fault, Key, List, Run, Shape, Tree};

/// What the cases of a test have in common.
#[derive(Clone, Copy)]
pub(crate) struct Scope {
    /// How rows are listed.
    pub(crate) lists: &'static [List],
    /// How their parents are.
    pub(crate) parents: &'static [List],
    /// Whether rows follow their parents.
    pub(crate) follow: bool,
}

/// How the parents of independent children are listed.
pub(crate) const PARENTS: &[List] =
    &[List::Full, List::Scan, List::NewestFirst, List::Ascending, List::Window, List::Reread];

/// Random cases within a scope.
pub(crate) fn cases(scope: Scope) -> impl Strategy<Value = Case> {
    (shape(scope), vec(insert(), 0..14), vec(run(), 1..4)).prop_map(|(shape, rows, runs)| {
        let mut case = Case { shape, rows, runs };
        case.settle();
        case
    })
}

impl Case {
    /// Takes out what does not go together.
    fn settle(&mut self) {
        let Shape { list, parents, tree, key, .. } = self.shape;
        let lists = if tree.parents().is_some() { vec![list, parents] } else { vec![list] };
        let tells_time = key == Key::Instant || lists.iter().all(|list| *list == List::Window);
        for run in &mut self.runs {
            run.start_date =
                run.start_date.filter(|_| tells_time && self.shape.start_date.is_some());
            run.end_date = run.end_date.filter(|_| tells_time);
            for (_, event) in &mut run.during {
                // A follower that is not there twice is taken to be gone.
                if let (Tree::Followers(_), Event::Fault(Fault::Missing, times)) = (tree, event) {
                    *times = 1;
                }
            }
        }
        self.shape.start_date = self.shape.start_date.filter(|_| tells_time);
        // Batches are for children without a key, and for lists whose pages stand still.
        if list != List::Full || tree.parents().is_none() {
            self.shape.batch = 1;
        }
    }
}

fn shape(scope: Scope) -> impl Strategy<Value = Shape> {
    let few = || 1i64..4;
    let tree = if scope.follow {
        few().prop_map(Tree::Followers).boxed()
    } else {
        let parted = prop_oneof![few().prop_map(Tree::Partitions), few().prop_map(Tree::Children)];
        prop_oneof![1 => Just(Tree::Flat), 2 => parted].boxed()
    };
    let key = prop_oneof![3 => Just(Key::Instant), 1 => Just(Key::Integer)];
    let how = (select(scope.lists), select(scope.parents), tree, key, 1usize..5);
    let times = (0i64..3, 0i64..3, weighted(0.5, 2i64..6), 1i64..4);
    let skew = prop_oneof![3 => Just(Some(0)), 1 => (-30i64..30).prop_map(Some), 1 => Just(None)];
    let rest = (skew, 1usize..4, any::<bool>());
    (how, times, rest).prop_map(|(how, times, (skew, batch, versions))| {
        let (list, parents, tree, key, page) = how;
        let (lag, lookback, start_date, window) = times;
        Shape {
            list,
            parents,
            tree,
            key,
            page,
            batch,
            window,
            versions,
            lag,
            lookback,
            start_date,
            date: skew.is_some(),
            skew: skew.unwrap_or(0),
        }
    })
}

fn insert() -> impl Strategy<Value = Change> {
    let bad = weighted(0.03, select(&[Bad::NullKey, Bad::NullCursor][..]));
    (0usize..4, 0i64..5, bad).prop_map(|(part, late, bad)| Change::Insert { part, late, bad })
}

fn change() -> impl Strategy<Value = Change> {
    let late = || prop_oneof![2 => Just(0i64), 1 => 0i64..5];
    let bad = weighted(0.03, Just(Bad::NullKey));
    prop_oneof![
        3 => (0usize..4, late(), bad)
            .prop_map(|(part, late, bad)| Change::Insert { part, late, bad }),
        3 => (0usize..30, late()).prop_map(|(row, late)| Change::Update { row, late }),
        2 => (0usize..30).prop_map(|row| Change::Delete { row }),
        1 => Just(Change::Grow),
        3 => Just(Change::Tick),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    use Fault::{BrokenBody, CutBody, Missing, Refused, Reset, Throttled, Unavailable};
    let fault = select(&[Unavailable, Missing, Refused, Throttled, CutBody, BrokenBody, Reset][..]);
    let fault = (fault, select(&[1usize, 2, 20][..]));
    prop_oneof![
        8 => change().prop_map(Event::Change),
        2 => fault.prop_map(|(fault, times)| Event::Fault(fault, times)),
        1 => Just(Event::Stop),
    ]
}

fn run() -> impl Strategy<Value = Run> {
    let what = (vec(change(), 0..5), vec((1usize..14, event()), 0..6), 1usize..5);
    let dates = (weighted(0.3, 0i64..8), weighted(0.15, 2i64..9));
    let end = (weighted(0.1, 0usize..3_000), weighted(0.6, 0usize..12));
    (what, dates, end).prop_map(|(what, (start_date, end_date), (pipe, acknowledged))| {
        let (before, during, concurrency) = what;
        Run { before, during, concurrency, start_date, end_date, pipe, acknowledged }
    })
}
