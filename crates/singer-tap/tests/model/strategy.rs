//! Random cases.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::case::{Bad, Case, Change, Event, Fault, Key, List, Run, Shape, Tree};

/// Cases whose rows are listed in one of these ways.
pub(crate) fn cases(lists: &'static [List]) -> impl Strategy<Value = Case> {
    shape(lists).prop_flat_map(|shape| {
        let rows = vec(insert(4), 0..14);
        (Just(shape), rows, vec(run(), 1..4)).prop_map(|(shape, rows, runs)| Case {
            shape,
            rows,
            runs,
        })
    })
}

fn shape(lists: &'static [List]) -> impl Strategy<Value = Shape> {
    let parents =
        select(&[List::Full, List::Scan, List::NewestFirst, List::Ascending, List::Reread][..]);
    let tree = prop_oneof![
        2 => Just(Tree::Flat),
        2 => (1i64..4).prop_map(Tree::Partitions),
        2 => (1i64..4).prop_map(Tree::Children),
    ];
    let key = prop_oneof![3 => Just(Key::Instant), 1 => Just(Key::Integer)];
    let how = (select(lists), parents, tree, key, 1usize..5);
    let times = (
        0i64..3,
        0i64..3,
        option::weighted(0.2, 2i64..6),
        prop_oneof![3 => Just(Some(0)), 1 => (-30i64..30).prop_map(Some), 1 => Just(None)],
    );
    (how, times).prop_map(
        |((list, parents, tree, key, page), (lag, lookback, start_date, skew))| Shape {
            list,
            parents,
            tree,
            key,
            page,
            lag,
            lookback,
            start_date: start_date.filter(|_| key == Key::Instant),
            date: skew.is_some(),
            skew: skew.unwrap_or(0),
        },
    )
}

fn insert(latest: i64) -> impl Strategy<Value = Change> {
    let bad = option::weighted(0.03, select(&[Bad::NullKey, Bad::NullCursor][..]));
    (0usize..4, 0..=latest, bad).prop_map(|(part, late, bad)| Change::Insert { part, late, bad })
}

fn change() -> impl Strategy<Value = Change> {
    let late = || prop_oneof![2 => Just(0i64), 1 => 0i64..5];
    prop_oneof![
        3 => (0usize..4, late(), option::weighted(0.03, Just(Bad::NullKey)))
            .prop_map(|(part, late, bad)| Change::Insert { part, late, bad }),
        3 => (0usize..30, late()).prop_map(|(row, late)| Change::Update { row, late }),
        2 => (0usize..30).prop_map(|row| Change::Delete { row }),
        1 => Just(Change::Grow),
        3 => Just(Change::Tick),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let fault = select(
        &[
            Fault::Unavailable,
            Fault::Missing,
            Fault::Refused,
            Fault::Throttled,
            Fault::CutBody,
            Fault::BrokenBody,
            Fault::Reset,
        ][..],
    );
    prop_oneof![
        8 => change().prop_map(Event::Change),
        2 => (fault, select(&[1usize, 2, 20][..])).prop_map(|(fault, times)| Event::Fault(fault, times)),
        1 => Just(Event::Stop),
    ]
}

fn run() -> impl Strategy<Value = Run> {
    (
        vec(change(), 0..5),
        vec((1usize..14, event()), 0..6),
        1usize..5,
        option::weighted(0.1, 0usize..3_000),
        option::weighted(0.6, 0usize..12),
    )
        .prop_map(|(before, during, concurrency, pipe, acknowledged)| Run {
            before,
            during,
            concurrency,
            pipe,
            acknowledged,
        })
}
