//! Page by page through a connection, of one partition or of a batch of them.

use std::borrow::Cow;
use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde_json::{Map, Value};
use singer_http::{Response, Scope};
use singer_protocol::{Frame, scan};

use crate::error::Error;
use crate::partition::Partition;
use crate::refusal::{Refusal, Refused};
use crate::shortcut::RowShape;
use crate::sink::PageSink;
use crate::source::Scan;

use super::answer::{Answer, Troubles};
use super::ask::{Asker, TooMuch};
use super::connection::{self, Connection, Gap};
use super::nested::{Completer, open_lists, undeclared};
use super::query::{Parents, Query, field_of};
use super::within::Opener;

/// How many pages in a row may be empty while the API says that there is more.
const EMPTY_PAGES: u32 = 100;
/// Completed rows are pushed when they have so many bytes.
const CHUNK: usize = 4 << 20;

/// Reads what a scan names, and tells what is left to another source: where there is one, rows are
/// given a shape by it.
pub(super) async fn read(
    query: &Query,
    scan: Scan<'_>,
    pages: &mut PageSink,
    shape: Option<RowShape>,
) -> Result<Left, Error> {
    let mut walk = Walk {
        query,
        asker: Asker::new(query, scan.client).about(scan.audience),
        completer: Completer::new(query, &scan),
        opener: Opener::new(query, &scan),
        probe: scan.probe,
        shape,
        left: Left::default(),
    };
    let variables = query.variables(&scan)?;
    match query.parents {
        None => walk.pages(variables, None, scan.partition, pages).await?,
        Some(parents) => walk.batch(parents, &scan, variables, pages).await?,
    }
    Ok(walk.left)
}

struct Walk<'a> {
    query: &'a Query,
    asker: Asker<'a>,
    completer: Completer<'a>,
    opener: Option<Opener<'a>>,
    probe: bool,
    /// Gives rows the shape of another source, which reads what is left.
    shape: Option<RowShape>,
    left: Left,
}

/// What a query was not good for, and another source has to read.
#[derive(Debug, Default)]
pub(crate) struct Left {
    pub(crate) partitions: Vec<Partition>,
    /// Why a query as a whole was not answered.
    pub(crate) refused: Option<Error>,
}

/// One parent of an answer.
struct Parent<'a> {
    at: usize,
    partition: &'a Partition,
    found: Connection<'a>,
    /// The variables that ask for it alone.
    alone: &'a Map<String, Value>,
}

/// Where a connection goes on.
struct Onwards {
    /// The JSON text of the cursor.
    cursor: String,
    steps: Steps,
}

impl Walk<'_> {
    /// Reads one connection to its end, from the beginning or from where it goes on.
    async fn pages(
        &mut self,
        mut variables: Map<String, Value>,
        onwards: Option<Onwards>,
        partition: &Partition,
        pages: &mut PageSink,
    ) -> Result<(), Error> {
        let (mut cursor, mut steps) = match onwards {
            Some(Onwards { cursor, steps }) => (Some(cursor), steps),
            None => (None, Steps::default()),
        };
        loop {
            if let Some(cursor) = &cursor {
                steps.take(cursor)?;
                let value = serde_json::from_str(cursor).unwrap_or_default();
                variables.insert("after".to_owned(), value);
            }
            let (mut answer, troubles) = self.asker.ask(&variables, TooMuch::Shrink).await?;
            let text = std::mem::take(&mut answer.text);
            let found = self.only(&text, &answer, &troubles)?;
            let rows = self.shaped(found, 0, &troubles, partition)?;
            let page = Connection { rows: &rows, ..found };
            let count = self.take(page, 0, &troubles, &mut answer.response, pages).await?;
            if self.probe || pages.is_done() {
                return Ok(());
            }
            match found.next {
                Some(next) => cursor = Some(next.to_owned()),
                None => return Ok(()),
            }
            steps.read(count)?;
        }
    }

    /// Reads the connections of a batch of partitions.
    async fn batch(
        &mut self,
        parents: Parents,
        scan: &Scan<'_>,
        variables: Map<String, Value>,
        pages: &mut PageSink,
    ) -> Result<(), Error> {
        let mut waiting = VecDeque::from([scan.batch]);
        while let Some(batch) = waiting.pop_front() {
            let read = self.together(parents, batch, &variables, pages).await;
            let is_heavy =
                matches!(&read, Err(Error::Graphql(refusal)) if refusal.refused == Refused::Heavy);
            if is_heavy && batch.len() > 1 {
                let (first, second) = batch.split_at(batch.len() / 2);
                waiting.push_front(second);
                waiting.push_front(first);
                continue;
            }
            match read {
                Err(error) if self.may_leave(&error) => {
                    self.left.partitions.extend_from_slice(batch);
                    self.left.refused = Some(error);
                }
                read => read?,
            }
        }
        Ok(())
    }

    /// Asks for the connections of these partitions at once, then for the rest of each alone.
    async fn together(
        &mut self,
        parents: Parents,
        batch: &[Partition],
        variables: &Map<String, Value>,
        pages: &mut PageSink,
    ) -> Result<(), Error> {
        let ids = batch.iter().map(|partition| field_of(partition.context(), parents.field));
        let ids: Vec<Value> = ids.collect::<Result<_, _>>()?;
        let mut variables = variables.clone();
        variables.insert(parents.variable.to_owned(), ids.clone().into());
        let too_much = if batch.len() > 1 { TooMuch::GiveUp } else { TooMuch::Shrink };
        let (mut answer, troubles) = self.asker.ask(&variables, too_much).await?;
        let text = std::mem::take(&mut answer.text);
        let found = connections(self.query, parents, &text, &troubles)?;
        if found.len() != batch.len() {
            let what = format!("{} parents were asked for, {} came", batch.len(), found.len());
            return Err(Error::Page { what });
        }
        for (at, (partition, found)) in batch.iter().zip(found).enumerate() {
            pages.within(partition);
            let found = match found {
                Ok(found) => found,
                Err(_) if self.shape.is_some() => {
                    self.left.partitions.push(partition.clone());
                    continue;
                }
                Err(refusal) => {
                    pages.fail(partition, refusal.into());
                    continue;
                }
            };
            variables.insert(parents.variable.to_owned(), vec![ids[at].clone()].into());
            let parent = Parent { at, partition, found, alone: &variables };
            match self.parent(parent, &troubles, &mut answer.response, pages).await {
                Err(error) if self.may_leave(&error) => {
                    self.left.partitions.push(partition.clone());
                }
                read => read?,
            }
        }
        Ok(())
    }

    /// Takes the first page of one parent's connection, and reads on alone.
    async fn parent(
        &mut self,
        parent: Parent<'_>,
        troubles: &Troubles,
        response: &mut Response,
        pages: &mut PageSink,
    ) -> Result<(), Error> {
        let Parent { at, partition, found, alone } = parent;
        let rows = self.shaped(found, at, troubles, partition)?;
        let page = Connection { rows: &rows, ..found };
        let count = self.take(page, at, troubles, response, pages).await?;
        let Some(next) = found.next.filter(|_| !self.probe) else { return Ok(()) };
        let mut steps = Steps::default();
        steps.read(count)?;
        let onwards = Onwards { cursor: next.to_owned(), steps };
        self.pages(alone.clone(), Some(onwards), partition, pages).await
    }

    /// The rows of a page in the shape of the source that reads what is left.
    fn shaped<'t>(
        &self,
        found: Connection<'t>,
        parent: usize,
        troubles: &Troubles,
        partition: &Partition,
    ) -> Result<Cow<'t, str>, Error> {
        let Some(shape) = self.shape else { return Ok(found.rows.into()) };
        let is_whole = troubles.rows.iter().all(|(row, _)| row.parent != parent)
            && open_lists(found.rows) == 0;
        let rows = scan::elements(found.rows).map(|row| shape(row, partition.context()));
        let rows: Option<Vec<String>> = is_whole.then(|| rows.collect()).flatten();
        let rows = rows.ok_or_else(|| Error::Page {
            what: "a row cannot be given the shape of the records".to_owned(),
        })?;
        Ok(format!("[{}]", rows.join(",")).into())
    }

    /// Whether another source may have what could not be had here.
    fn may_leave(&self, error: &Error) -> bool {
        let may_be_had = match error {
            Error::Graphql(refusal) => {
                !matches!(refusal.refused, Refused::Limited | Refused::Unauthorized)
            }
            Error::Page { .. } | Error::Capped { .. } => true,
            error => error.scope() == Scope::Partition,
        };
        may_be_had && self.shape.is_some()
    }

    /// The connection of an answer that has one.
    fn only<'t>(
        &self,
        text: &'t str,
        answer: &Answer,
        troubles: &Troubles,
    ) -> Result<Connection<'t>, Error> {
        let found = match self.query.parents {
            None => connection::find(text, self.query.at, self.query.shape),
            Some(parents) => match connections(self.query, parents, text, troubles)?.pop() {
                Some(found) => return Ok(found?),
                None => Err(Gap::Null(parents.at.to_owned())),
            },
        };
        found.map_err(|gap| match (gap, answer.faults.first()) {
            // A row's error that took the whole list with it.
            (Gap::Null(_), Some(fault)) => fault.refusal().into(),
            (gap, _) => gap.into(),
        })
    }

    /// Pushes the rows of a page, and tells how many there were.
    async fn take(
        &mut self,
        found: Connection<'_>,
        parent: usize,
        troubles: &Troubles,
        response: &mut Response,
        pages: &mut PageSink,
    ) -> Result<u64, Error> {
        let faulty = self.faulty(parent, troubles);
        let is_plain = self.opener.is_none() && self.query.rewrite.is_none();
        if self.query.nested.is_empty() && is_plain {
            if open_lists(found.rows) > 0 {
                return Err(undeclared());
            }
            let mut chunk = Chunk { faulty, ..Chunk::default() };
            chunk.body.extend_from_slice(found.rows.as_bytes());
            return chunk.push(response, pages).await;
        }
        let (mut chunk, mut pushed, mut rows) = (Chunk::begin(), 0, 0);
        for (index, row) in (0..).zip(scan::elements(found.rows)) {
            rows += 1;
            let known = faulty.iter().filter(|(faulty, _)| *faulty == index);
            let known: Vec<&str> = known.map(|(_, pointer)| pointer.as_str()).collect();
            match &mut self.opener {
                None => self.add(row, known.first().copied(), &mut chunk, pages).await?,
                Some(opener) => {
                    for record in opener.open(row, &known).await? {
                        let trouble = record.troubles.first().map(String::as_str);
                        self.add(&record.text, trouble, &mut chunk, pages).await?;
                    }
                }
            }
            if chunk.body.len() >= CHUNK {
                pushed +=
                    std::mem::replace(&mut chunk, Chunk::begin()).end(response, pages).await?;
            }
        }
        if chunk.count > 0 || pushed == 0 {
            pushed += chunk.end(response, pages).await?;
        }
        // Rows without a record are no empty page.
        Ok(if self.opener.is_some() { rows } else { pushed })
    }

    /// Adds a record with its lists completed.
    async fn add(
        &mut self,
        row: &str,
        known: Option<&str>,
        chunk: &mut Chunk,
        pages: &PageSink,
    ) -> Result<(), Error> {
        let is_whole = known.is_some() || open_lists(row) == 0 || !pages.wants(row);
        let completed =
            if is_whole { <_>::default() } else { self.completer.complete(row).await? };
        let trouble = known.map(str::to_owned).or_else(|| completed.faulty.clone());
        let Some(rewrite) = self.query.rewrite.filter(|_| trouble.is_none()) else {
            chunk.faulty.extend(trouble.map(|pointer| (chunk.count, pointer)));
            chunk.add(|out| completed.write(row, out));
            return Ok(());
        };
        let mut whole = Vec::with_capacity(row.len());
        completed.write(row, &mut whole);
        let row = rewrite(&String::from_utf8_lossy(&whole)).map_err(|error| Error::Page {
            // The error's own text may quote the row.
            what: format!("a row is not as the query asks for it, at its byte {}", error.column()),
        })?;
        chunk.add(|out| out.extend_from_slice(row.as_bytes()));
        Ok(())
    }

    /// The rows of a parent that came with errors.
    fn faulty(&self, parent: usize, troubles: &Troubles) -> Vec<(u64, String)> {
        let of_parent = || troubles.rows.iter().filter(|(row, _)| row.parent == parent);
        if let Some((row, cause)) = of_parent().next() {
            tracing::warn!(
                "[GQL02] `{}` answered with errors in {} rows, the first at `{}` ({}); they are rejected, and the bookmark does not pass them",
                self.asker.label(),
                of_parent().count(),
                row.pointer,
                singer_http::clean(cause),
            );
        }
        of_parent().map(|(row, _)| (row.index, row.pointer.clone())).collect()
    }
}

/// The connection of each parent of an answer, or why it is not there.
fn connections<'t>(
    query: &Query,
    parents: Parents,
    text: &'t str,
    troubles: &Troubles,
) -> Result<Vec<Result<Connection<'t>, Refusal>>, Error> {
    let list = connection::follow(text, parents.at)?;
    if !list.starts_with('[') {
        return Err(Error::Page { what: format!("there is no list at `{}`", parents.at) });
    }
    let of = |(at, parent): (usize, &'t str)| {
        let found = match parent {
            "null" => Err(Gap::Null(format!("{}/{at}", parents.at))),
            parent => connection::find(parent, query.at, query.shape),
        };
        match (found, troubles.parents.iter().find(|(parent, _)| *parent == at)) {
            (_, Some((_, refusal))) => Ok(Err(refusal.clone())),
            (Ok(found), None) => Ok(Ok(found)),
            (Err(Gap::Null(at)), None) => Ok(Err(nothing_at(&at))),
            (Err(gap), None) => Err(gap.into()),
        }
    };
    scan::elements(list).enumerate().map(of).collect()
}

impl From<Gap> for Error {
    fn from(gap: Gap) -> Error {
        match gap {
            Gap::Null(at) => nothing_at(&at).into(),
            Gap::Broken(what) => Error::Page { what },
        }
    }
}

fn nothing_at(at: &str) -> Refusal {
    Refused::Missing.because(format_args!("`{at}` is null"))
}

/// Rows on their way into the sink.
#[derive(Default)]
struct Chunk {
    body: Vec<u8>,
    count: u64,
    faulty: Vec<(u64, String)>,
}

impl Chunk {
    fn begin() -> Chunk {
        Chunk { body: vec![b'['], ..Chunk::default() }
    }

    fn add(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        if self.count > 0 {
            self.body.push(b',');
        }
        write(&mut self.body);
        self.count += 1;
    }

    async fn end(mut self, response: &mut Response, pages: &mut PageSink) -> Result<u64, Error> {
        self.body.push(b']');
        self.push(response, pages).await
    }

    async fn push(self, response: &mut Response, pages: &mut PageSink) -> Result<u64, Error> {
        if !self.faulty.is_empty() {
            pages.hold();
        }
        response.body = self.body;
        let frame = Frame { faulty: self.faulty, ..Frame::list() };
        Ok(pages.push(response, &frame).await?.records)
    }
}

/// The steps of a walk, so that it ends.
#[derive(Debug, Default)]
pub(super) struct Steps {
    taken: HashSet<u64>,
    empty: u32,
}

impl Steps {
    /// Goes on at a cursor.
    ///
    /// # Errors
    /// [`Error::Loop`] if it was gone on from there before.
    pub(super) fn take(&mut self, cursor: &str) -> Result<(), Error> {
        let mut hasher = DefaultHasher::new();
        cursor.hash(&mut hasher);
        if self.taken.insert(hasher.finish()) {
            Ok(())
        } else {
            Err(Error::Loop { page: self.taken.len() + 2 })
        }
    }

    /// Notes the rows of a page after which there is another one.
    ///
    /// # Errors
    /// [`Error::EmptyPages`] if there are none, page after page.
    pub(super) fn read(&mut self, rows: u64) -> Result<(), Error> {
        self.empty = if rows == 0 { self.empty + 1 } else { 0 };
        if self.empty > EMPTY_PAGES { Err(Error::EmptyPages { pages: self.empty }) } else { Ok(()) }
    }
}
