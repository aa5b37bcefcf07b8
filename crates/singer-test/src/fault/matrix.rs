//! The fault matrix: every fault, how it is made, and how a run must end under it.
//!
//! Rows that stand for a fault of one API or of a part that is not built yet say so, and why.

mod answers;
mod limits;
mod rows;
mod surroundings;

use serde_json::Value;
use singer_tap::Outcome;

use super::ground::Ground;
use super::site::Way;

/// One row: a fault and what must come of it.
#[derive(Clone, Copy)]
pub struct Row {
    /// The number of the fault; some faults have several forms, a row each.
    pub number: u8,
    /// The fault in words.
    pub fault: &'static str,
    /// How it is made.
    pub made: Made,
    /// How the run must end.
    pub ends: Outcome,
    /// The id of the message that must be told; empty where there is nothing to tell.
    pub id: &'static str,
    /// What the next run must bring.
    pub next: Next,
}

/// How a fault is made.
#[derive(Clone, Copy)]
pub enum Made {
    /// It happens to the answer for the last page, and to every one after it; `None` where the tap
    /// has no place for it.
    Always(fn(&Ground) -> Option<Value>),
    /// It happens to that answer once.
    Once(fn(&Ground) -> Option<Value>),
    /// It happens to every answer.
    Throughout(fn(&Ground) -> Option<Value>),
    /// The API is not where it should be.
    Led(Way),
    /// It is in what the tap is given.
    Given(Given),
    /// It needs a process of its own: see the test of this name.
    Process(&'static str),
    /// It is not met by this matrix, for this reason.
    Not(&'static str),
}

/// What a tap is given that is wrong.
#[derive(Clone, Copy)]
pub enum Given {
    /// Settings, made from the right ones.
    Config(fn(&Value) -> Value),
    /// A state, made from that of a whole run.
    State(fn(&Value) -> Value),
    /// A catalog.
    Catalog(fn() -> Value),
}

/// What the run after a fault must bring, once the source is honest again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// With what came before the last STATE, everything.
    All,
    /// Nothing: all came in spite of the fault.
    Came,
    /// Whatever it may: the source says something else under the fault.
    Other,
    /// There is none: nothing was begun.
    None,
}

/// All rows, by their numbers.
pub fn matrix() -> Vec<Row> {
    let parts = [surroundings::ROWS, answers::ROWS, limits::ROWS, rows::ROWS];
    let mut all = parts.concat();
    all.sort_by_key(|row| row.number);
    all
}

/// A row whose fault stays, so that its stream ends early.
const fn lost(number: u8, fault: &'static str, made: Made, ends: Outcome, id: &'static str) -> Row {
    Row { number, fault, made, ends, id, next: Next::All }
}

/// A row whose fault passes.
const fn healed(number: u8, fault: &'static str, made: Made, id: &'static str) -> Row {
    Row { number, fault, made, ends: Outcome::Ok, id, next: Next::Came }
}

/// A row that this matrix does not meet.
const fn not(number: u8, fault: &'static str, why: &'static str) -> Row {
    Row { number, fault, made: Made::Not(why), ends: Outcome::Ok, id: "", next: Next::None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_has_a_row() {
        let numbers: Vec<u8> = matrix().iter().map(|row| row.number).collect();
        for number in 1..=70 {
            assert!(numbers.contains(&number), "row {number} is missing");
        }
    }
}
