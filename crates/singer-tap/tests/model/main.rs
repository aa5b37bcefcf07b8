//! A property test of the whole engine: random sources that change while they are read, random
//! faults, a crash at any line, and what must hold of every line that was written.
//!
//! `CONTRIBUTING.md` says how to run more of it and how to read what it prints.

mod account;
mod case;
mod check;
mod clock;
mod output;
mod page;
mod play;
mod promise;
mod run;
mod server;
mod strategy;
mod tap;
mod world;

use std::cell::Cell;
use std::io::Write as _;

use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};

use case::{Case, List};
use strategy::{PARENTS, Scope};

/// The same cases every time, unless `PROPTEST_RNG_SEED` says otherwise.
const SEED: u64 = 20_261_124;
/// Smaller forms of a failing case that are tried.
const SHRINKS: u32 = 2_000;
/// So many cases show any loss that is common.
const ENOUGH: u32 = 2_000;

/// Plays random cases, as many as `PROPTEST_CASES` says or else `cases`. Returns how many held, or
/// how many it took to find one that does not, and its story in its smallest form.
fn search(scope: Scope, cases: u32, shrinks: u32) -> Result<u32, (u32, String)> {
    let given = Config::default();
    let is_set = |name| std::env::var_os(name).is_some();
    let (seed, most) = (RngSeed::Fixed(SEED), given.max_shrink_iters);
    let config = Config {
        cases: if is_set("PROPTEST_CASES") { given.cases } else { cases },
        rng_seed: if is_set("PROPTEST_RNG_SEED") { given.rng_seed } else { seed },
        max_shrink_iters: if is_set("PROPTEST_MAX_SHRINK_ITERS") { most } else { shrinks },
        failure_persistence: None,
        ..given
    };
    let cases = config.cases;
    let (played, failed_at) = (Cell::new(0), Cell::new(0));
    let found = TestRunner::new(config).run(&strategy::cases(scope), |case: Case| {
        played.set(played.get() + 1);
        play::play(&case).map_err(|why| {
            if failed_at.get() == 0 {
                failed_at.set(played.get());
            }
            TestCaseError::fail(why)
        })
    });
    match found {
        Ok(()) => Ok(cases),
        Err(TestError::Fail(why, _)) => Err((failed_at.get(), why.to_string())),
        Err(TestError::Abort(why)) => panic!("{why}"),
    }
}

#[track_caller]
fn check_scope(scope: Scope, cases: u32) {
    match search(scope, cases, SHRINKS) {
        Ok(cases) => {
            let Scope { lists, follow, .. } = scope;
            let follow = if follow { " that follow their parents" } else { "" };
            // Past the test runner, which would keep it to itself.
            let _ = writeln!(std::io::stderr(), "{cases} cases of {lists:?}{follow} hold");
        }
        Err((cases, why)) => panic!("case {cases} does not hold: {why}"),
    }
}

#[track_caller]
fn check(lists: &'static [List], cases: u32) {
    check_scope(Scope { lists, parents: PARENTS, follow: false }, cases);
}

#[test]
fn ascending_lists_lose_nothing() {
    check(&[List::Ascending, List::Keyset], 400);
}

#[test]
fn newest_first_lists_lose_nothing() {
    check(&[List::NewestFirst, List::NewestNumbered], 400);
}

#[test]
fn lists_in_no_order_lose_nothing() {
    check(&[List::Unordered, List::Scan], 350);
}

#[test]
fn lists_in_windows_lose_nothing() {
    check(&[List::Window], 400);
}

#[test]
fn lists_that_are_read_whole_lose_nothing() {
    check(&[List::Reread, List::Full, List::FullNumbered], 250);
}

#[test]
fn lists_that_follow_their_parents_lose_nothing() {
    use List::{Ascending, Keyset, NewestFirst, NewestNumbered, Scan, Unordered, Window};
    let parents = &[Ascending, Keyset, NewestFirst, NewestNumbered, Scan, Unordered, Window];
    check_scope(Scope { lists: &[List::Full, List::FullNumbered], parents, follow: true }, 400);
}

/// A test that cannot fail proves nothing.
#[test]
fn the_loss_that_unsafe_paging_causes_is_found() {
    let scope = Scope { lists: &[List::Numbered], parents: PARENTS, follow: false };
    match search(scope, ENOUGH, 0) {
        Err((cases, why)) => {
            assert!(why.contains("was not delivered"), "{why}");
            let _ =
                writeln!(std::io::stderr(), "the loss by page numbers was found in case {cases}");
        }
        Ok(cases) => assert!(cases < ENOUGH, "numbers lose rows, but no case shows it"),
    }
}
