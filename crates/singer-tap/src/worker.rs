//! A worker: reads one job from its start to its end.

use std::sync::Arc;

use singer_protocol::Cursor;

use crate::children::Children;
use crate::error::Error;
use crate::job::{Job, Part};
use crate::outlet::Outlet;
use crate::partition::Partition;
use crate::reading::Reading;
use crate::sink::PageSink;
use crate::source::Scan;
use crate::sync::Run;

/// What a worker that came to the end has read.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) pages: u64,
    pub(crate) records: u64,
    /// The list changed while it was read: records may be missing.
    pub(crate) is_unstable: bool,
    /// Something of it could not be had: no bookmark moved past it.
    pub(crate) is_held: bool,
    /// The value before which the rest of a window was left to others.
    pub(crate) left: Option<Cursor>,
    /// The partitions of a batch that could not be read.
    pub(crate) failed: Vec<(Partition, Error)>,
}

/// How a job ended that did not fail.
#[derive(Debug)]
pub(crate) enum End {
    /// It was read to its end.
    Read(Read),
    /// The API answered with a status that the stream tolerates: there is nothing to read.
    Tolerated(u16),
}

/// Reads one job.
pub(crate) async fn read(
    run: Arc<Run>,
    job: Job,
    reading: Arc<Reading>,
    outlet: Outlet,
    children: Children,
) -> (Job, Result<End, Error>) {
    let planned = run.plan.stream(job.stream);
    let mut pages = PageSink::new(Arc::clone(&run), &job, &reading, outlet, children);
    let batch = job.partitions();
    let (reader, from) = match &job.part {
        Part::Events(changes) => {
            (planned.stream.events_reader(), changes.events_from.map(Cursor::Instant))
        }
        _ => (Some(planned.stream.reader()), reading.from.clone()),
    };
    let Some(reader) = reader else {
        let what = "changes are read of a stream that has none".to_owned();
        return (job, Err(Error::Bug { what }));
    };
    let scan = Scan {
        client: &run.client,
        partition: &job.partition,
        batch: &batch,
        audience: planned.stream.audience_of(&job.partition),
        route: job.route,
        since: reading.since,
        from: from.as_ref(),
        window: match &job.part {
            Part::Window(_, window) => Some(window),
            _ => None,
        },
        listed: match &job.part {
            Part::Events(changes) => changes.listed.as_ref(),
            _ => None,
        },
        again: matches!(job.part, Part::Pending(_)),
        probe: run.probe,
    };
    let reading = async {
        reader.read(scan, &mut pages).await?;
        if run.probe || pages.has_failed() { Ok(()) } else { pages.finish().await }
    };
    let result = run.stop.or(reading).await;
    // What a stream tolerates is the answer to the first request of one partition; later, or of
    // several, it is a failure as any.
    let is_of_one = !pages.has_begun() && job.others.is_empty();
    let result = match result {
        Ok(()) => read_of(&job, &mut pages).map(End::Read),
        Err(error) if is_of_one => planned.stream.tolerated(error).map(End::Tolerated),
        Err(error) => Err(error),
    };
    drop(pages);
    (job, result)
}

fn read_of(job: &Job, pages: &mut PageSink) -> Result<Read, Error> {
    let mut failed = pages.take_failed();
    if job.others.is_empty()
        && let Some((_, error)) = failed.pop()
    {
        return Err(error);
    }
    let (count, records) = pages.size();
    let (is_unstable, is_held) = (pages.is_unstable(), pages.is_held());
    let left = pages.take_left();
    Ok(Read { pages: count, records, is_unstable, is_held, left, failed })
}
