//! A case as data: what the source is like, what happens to it, and how each run ends.
//!
//! Its `Debug` is the script that a failing test prints.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One case: a source, the rows it begins with, and runs against it.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) shape: Shape,
    pub(crate) rows: Vec<Change>,
    pub(crate) runs: Vec<Run>,
}

/// What the source is like, and what the stream says of it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Shape {
    pub(crate) list: List,
    pub(crate) parents: List,
    pub(crate) tree: Tree,
    pub(crate) key: Key,
    /// Rows a page.
    pub(crate) page: usize,
    /// Partitions a request, of a child without a replication key.
    pub(crate) batch: usize,
    /// The first window, in ticks.
    pub(crate) window: i64,
    /// Whether versions are asked for.
    pub(crate) versions: bool,
    /// What the stream declares, in ticks.
    pub(crate) lag: i64,
    pub(crate) lookback: i64,
    pub(crate) start_date: Option<i64>,
    /// Whether answers tell the server's time.
    pub(crate) date: bool,
    /// Hours by which our own clock is wrong.
    pub(crate) skew: i64,
}

/// How a list is ordered, filtered and paged, and what the stream declares it to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum List {
    /// `Param`: ascending, links that hold a position.
    Ascending,
    /// `Param` and `Keyset`: ascending, links that hold a page number.
    Keyset,
    /// `Param`: ascending, page numbers. Not safe, and here to be found out.
    Numbered,
    /// `UnorderedParam`: by id, a cursor in the body.
    Unordered,
    /// `StopAt`: newest first, links in the body that hold a position.
    NewestFirst,
    /// `StopAt`: newest first, page numbers.
    NewestNumbered,
    /// `Scan`: by id, the last id.
    Scan,
    /// `Window`: by id, a cursor in the body.
    Window,
    /// `Reread`: by id, offsets.
    Reread,
    /// Full table: by id, a cursor in the body.
    Full,
    /// Full table: by id, page numbers.
    FullNumbered,
}

/// Whose rows they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Tree {
    /// One list.
    Flat,
    /// A list for each of so many configured partitions.
    Partitions(i64),
    /// A list for each record of a parent stream, which begins with so many.
    Children(i64),
    /// The same, but read only for parents that changed.
    Followers(i64),
}

impl Tree {
    /// How many parents there are in the beginning, if there are any.
    pub(crate) fn parents(self) -> Option<i64> {
        match self {
            Tree::Children(count) | Tree::Followers(count) => Some(count),
            Tree::Flat | Tree::Partitions(_) => None,
        }
    }
}

/// The type of the replication key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Key {
    Instant,
    Integer,
}

/// A change to the source. Numbers choose among what is there.
#[derive(Clone, Copy)]
pub(crate) enum Change {
    /// A row appears; its key lies so many ticks back.
    Insert {
        part: usize,
        late: i64,
        bad: Option<Bad>,
    },
    /// A row's content changes, and its key moves to so many ticks back.
    Update {
        row: usize,
        late: i64,
    },
    Delete {
        row: usize,
    },
    /// A parent appears.
    Grow,
    /// Time passes.
    Tick,
}

/// What is wrong with a row, until it is updated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bad {
    NullKey,
    NullCursor,
}

/// One run.
#[derive(Clone, Default)]
pub(crate) struct Run {
    pub(crate) before: Vec<Change>,
    /// What happens when the request of this number arrives.
    pub(crate) during: Vec<(usize, Event)>,
    pub(crate) concurrency: usize,
    /// Where the user says that reading begins from now on; none: as before.
    pub(crate) start_date: Option<i64>,
    /// Where the user says that this run ends.
    pub(crate) end_date: Option<i64>,
    /// Stdout breaks after so many bytes.
    pub(crate) pipe: Option<usize>,
    /// Which STATE the target has taken when the run is over or has crashed: none is the last.
    pub(crate) acknowledged: Option<usize>,
}

#[derive(Clone, Copy)]
pub(crate) enum Event {
    Change(Change),
    /// This request and the next ones of the same list are answered so.
    Fault(Fault, usize),
    /// The run is told to stop.
    Stop,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Unavailable,
    Missing,
    Refused,
    Throttled,
    CutBody,
    BrokenBody,
    Reset,
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\nsource: {:?}", self.shape)?;
        writeln!(f, "rows: {:?}", self.rows)?;
        for (at, run) in self.runs.iter().enumerate() {
            writeln!(f, "run {}: {run:?}", at + 1)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at once", self.concurrency)?;
        if let Some(start) = self.start_date {
            write!(f, ", start date {start}")?;
        }
        if let Some(end) = self.end_date {
            write!(f, ", end date {end}")?;
        }
        write!(f, ", before {:?}", self.before)?;
        for (request, event) in &self.during {
            write!(f, ", at request {request} {event:?}")?;
        }
        if let Some(bytes) = self.pipe {
            write!(f, ", stdout breaks after {bytes} bytes")?;
        }
        match self.acknowledged {
            Some(state) => write!(f, ", acknowledged STATE {state}"),
            None => write!(f, ", acknowledged the last STATE"),
        }
    }
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Change::Insert { part, late, bad } => {
                write!(f, "insert into {part}")?;
                write_late(f, *late)?;
                bad.map_or(Ok(()), |bad| write!(f, " {bad:?}"))
            }
            Change::Update { row, late } => {
                write!(f, "update {row}")?;
                write_late(f, *late)
            }
            Change::Delete { row } => write!(f, "delete {row}"),
            Change::Grow => write!(f, "grow"),
            Change::Tick => write!(f, "tick"),
        }
    }
}

fn write_late(f: &mut fmt::Formatter<'_>, late: i64) -> fmt::Result {
    if late > 0 { write!(f, " {late} late") } else { Ok(()) }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Change(change) => write!(f, "{change:?}"),
            Event::Fault(fault, times) => write!(f, "{fault:?} ×{times}"),
            Event::Stop => write!(f, "stop"),
        }
    }
}
