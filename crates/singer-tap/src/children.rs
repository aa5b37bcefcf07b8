//! From the records of a parent to the jobs of its children.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use singer_protocol::{Cursor, Frame, Keep, PartitionKey, Seen};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use crate::error::Error;
use crate::items::ItemsPage;
use crate::job::{Job, Part, Ticket};
use crate::outlet::Outlet;
use crate::pagination::SinglePage;
use crate::partition::{Context, Partition};
use crate::plan::{Plan, Planned};
use crate::progress::{Progress, Tracker};
use crate::reading::Reading;
use crate::sink::PageSink;
use crate::sync::Run;

/// So many jobs may wait; a parent that finds more waits itself.
const MOST_WAITING: usize = 1_000;

/// The way to the scheduler.
#[derive(Clone)]
pub(crate) struct Queue {
    jobs: mpsc::UnboundedSender<Job>,
    room: Arc<Semaphore>,
    /// The right to run, of which there are as many as partitions are read side by side.
    slots: Arc<Semaphore>,
}

impl Queue {
    pub(crate) fn new(jobs: mpsc::UnboundedSender<Job>, slots: Arc<Semaphore>) -> Queue {
        Queue { jobs, room: Arc::new(Semaphore::new(MOST_WAITING)), slots }
    }
}

/// Finds the children of one partition's records.
pub(crate) struct Children {
    run: Arc<Run>,
    stream: usize,
    partition: Option<PartitionKey>,
    queue: Queue,
    slot: Option<OwnedSemaphorePermit>,
    /// What the records mean for the children that are read only where they changed.
    followers: Vec<(usize, Tracker)>,
    /// Their bookmarks do not move: something of the partition could not be had.
    is_held: bool,
    /// What takes the items of a page that are records of a child.
    sinks: Vec<(usize, PageSink)>,
    of: Partition,
    /// The children that the last two pages asked for: rows shift between pages and come twice.
    asked: [HashSet<(usize, PartitionKey, Option<Cursor>)>; 2],
}

/// What a page asks for, until it is known that it was read whole.
pub(crate) struct Found {
    followers: Vec<(usize, Tracker)>,
    wanted: Vec<Wanted>,
    /// The items that are records of a child.
    items: BTreeMap<usize, ItemsPage>,
}

struct Wanted {
    child: usize,
    context: Context,
    cursor: Option<Cursor>,
}

impl Children {
    pub(crate) fn new(run: Arc<Run>, job: &Job, queue: Queue, slot: OwnedSemaphorePermit) -> Self {
        Children { slot: Some(slot), ..Children::waiting(run, job, queue) }
    }

    /// Those of a partition that has no right of its own to run.
    fn waiting(run: Arc<Run>, job: &Job, queue: Queue) -> Self {
        Children {
            run,
            stream: job.stream,
            partition: job.partition.key(),
            queue,
            slot: None,
            followers: Vec::new(),
            is_held: false,
            sinks: Vec::new(),
            of: job.partition.clone(),
            asked: Default::default(),
        }
    }

    /// Says where the children begin that are read only for what changed.
    pub(crate) fn follow(&mut self, followers: Vec<(usize, Tracker)>) {
        self.followers = followers;
    }

    /// Says that all children that follow want every record from this value on.
    pub(crate) fn follow_every(&mut self, from: Option<&Cursor>) {
        let planned = self.run.plan.stream(self.stream);
        let followers = self.run.plan.followers(planned);
        let every = || Tracker::Every(from.cloned());
        self.followers = followers.map(|child| (child, every())).collect();
    }

    pub(crate) fn hold(&mut self) {
        self.is_held = true;
    }

    pub(crate) fn follows_any(&self) -> bool {
        !self.followers.is_empty()
    }

    /// Whether no follower wants anything from here on.
    pub(crate) fn are_done(&self) -> bool {
        self.followers.iter().all(|(_, tracker)| tracker.is_done_early())
    }

    pub(crate) fn last_cursor(&self) -> Option<&Cursor> {
        self.followers.first().and_then(|(_, tracker)| tracker.last())
    }

    /// Leaves what lies before a value to other windows.
    pub(crate) fn leave(&mut self, before: &Cursor) {
        self.followers.iter_mut().for_each(|(_, tracker)| tracker.leave(before));
    }

    pub(crate) fn cap_at(&mut self, cap: &Cursor) {
        self.followers.iter_mut().for_each(|(_, tracker)| tracker.cap_at(cap.clone()));
    }

    /// Begins a page.
    pub(crate) fn page(&self) -> Found {
        let followers = self.followers.clone();
        Found { followers, wanted: Vec::new(), items: BTreeMap::new() }
    }

    /// Ends a page: its children are queued; waits while too many are.
    pub(crate) async fn send(&mut self, found: Found, outlet: &Outlet) -> Result<(), Error> {
        let run = Arc::clone(&self.run);
        self.followers = found.followers;
        let mut items = found.items;
        let mut wanted = self.without_repeated(found.wanted);
        for child in &run.plan.stream(self.stream).children {
            let (own, rest) = wanted.into_iter().partition(|wanted| wanted.child == *child);
            wanted = rest;
            if let Some(body) = items.remove(child).and_then(ItemsPage::into_body) {
                // A page of items is a page of records, which may have children of their own.
                Box::pin(self.sink(*child, outlet).take(&body, None, &Frame::list(), &SinglePage))
                    .await?;
            }
            let mut jobs = self.jobs(*child, own);
            let follower = self.followers.iter_mut().find(|(follower, _)| follower == child);
            if let Some((_, tracker)) = follower {
                let progress = tracker.end_page().filter(|_| !self.is_held);
                let page =
                    run.ledgers().of(*child, self.partition.as_ref()).page(jobs.len(), progress);
                let ticket = Ticket { parent: self.partition.clone(), page };
                jobs.iter_mut().for_each(|job| job.part = Part::Change(ticket.clone()));
                run.pass_ready(*child, self.partition.as_ref(), outlet).await?;
            }
            run.board.stream(*child).found.add(jobs.len() as u64);
            for job in jobs {
                self.queue(job).await;
            }
        }
        Ok(())
    }

    /// Lets the bookmarks of those that follow move, once all before is settled.
    pub(crate) async fn pass(&mut self, progress: &Progress, outlet: &Outlet) -> Result<(), Error> {
        let run = Arc::clone(&self.run);
        for (child, _) in &self.followers {
            let progress = Some(progress.clone()).filter(|_| !self.is_held);
            run.ledgers().of(*child, self.partition.as_ref()).page(0, progress);
            run.pass_ready(*child, self.partition.as_ref(), outlet).await?;
        }
        Ok(())
    }

    /// Ends the partition, which was read to its end.
    pub(crate) async fn finish(&mut self, outlet: &Outlet) -> Result<(), Error> {
        let run = Arc::clone(&self.run);
        for (child, tracker) in &mut self.followers {
            let progress = tracker.finish().filter(|_| !self.is_held);
            run.ledgers().of(*child, self.partition.as_ref()).page(0, progress);
            run.pass_ready(*child, self.partition.as_ref(), outlet).await?;
        }
        Ok(())
    }

    /// What takes the items that are records of a child.
    fn sink(&mut self, child: usize, outlet: &Outlet) -> &mut PageSink {
        let at = self.sinks.iter().position(|(known, _)| *known == child).unwrap_or_else(|| {
            let (run, job) = (Arc::clone(&self.run), Job::whole(child, 0, self.of.clone()));
            let children = Children::waiting(Arc::clone(&run), &job, self.queue.clone());
            let sink = PageSink::new(run, &job, &Reading::default(), outlet.clone(), children);
            self.sinks.push((child, sink));
            self.sinks.len() - 1
        });
        &mut self.sinks[at].1
    }

    fn without_repeated(&mut self, wanted: Vec<Wanted>) -> Vec<Wanted> {
        let [older, newer] = &mut self.asked;
        std::mem::swap(older, newer);
        newer.clear();
        let run = &self.run;
        let mut is_new = |wanted: &Wanted| {
            // Children with bookmarks of their own are known to the scheduler for the whole run.
            let partition = run.plan.child_partition(wanted.child, wanted.context.clone());
            let follows = run.plan.stream(wanted.child).follows.is_some();
            let Some(key) = partition.key().filter(|_| follows) else { return true };
            let asked = (wanted.child, key, wanted.cursor.clone());
            !older.contains(&asked) && newer.insert(asked)
        };
        wanted.into_iter().filter(|wanted| is_new(wanted)).collect()
    }

    fn jobs(&self, child: usize, wanted: Vec<Wanted>) -> Vec<Job> {
        let plan = &self.run.plan;
        let stream = &plan.stream(child).stream;
        let size = stream.batch_size();
        // One credential signs for all of a batch.
        let are_alike = |one: &Partition, other: &Partition| {
            stream.audience_of(one) == stream.audience_of(other)
        };
        let mut jobs: Vec<Job> = Vec::new();
        for wanted in wanted {
            let partition = plan.child_partition(child, wanted.context);
            match jobs.last_mut() {
                Some(job)
                    if job.others.len() + 1 < size && are_alike(&job.partition, &partition) =>
                {
                    job.others.push(partition);
                }
                _ => jobs.push(Job::whole(child, 0, partition)),
            }
        }
        jobs
    }

    async fn queue(&mut self, mut job: Job) {
        let Queue { jobs, room, slots } = self.queue.clone();
        let place = match Arc::clone(&room).try_acquire_owned() {
            Ok(place) => Some(place),
            Err(_) => {
                // A parent that waits for its children must not keep them from running.
                self.slot = None;
                let place = room.acquire_owned().await.ok();
                self.slot = slots.acquire_owned().await.ok();
                place
            }
        };
        job.room = place.map(Arc::new);
        // The scheduler outlives every sink, so the queue is open.
        let _ = jobs.send(job);
    }
}

impl Found {
    /// Takes the next record of the page, and what it says of its last change.
    pub(crate) fn see(
        &mut self,
        plan: &Plan,
        planned: &Planned,
        context: &Context,
        seen: &Seen<'_>,
        changed_at: Option<&Cursor>,
    ) {
        // What is gone has no list below it any more; items come with it.
        let is_gone = planned.is_gone(seen);
        for child in &planned.children {
            let follower = self.followers.iter_mut().find(|(follower, _)| follower == child);
            let changed = match (follower, seen.cursor) {
                (Some((_, tracker)), Some(cursor)) => {
                    tracker.see_changed(cursor, changed_at) == Keep::Emit
                }
                _ => true,
            };
            if !changed || !has_any(plan.stream(*child), planned, seen) {
                continue;
            }
            if let Some(items) = plan.stream(*child).stream.items() {
                let text = |field: &str| seen.context.text(planned.handed_at(field)?);
                items.add(text, self.items.entry(*child).or_default());
            } else if !is_gone {
                self.wanted.push(Wanted {
                    child: *child,
                    context: handed_down(planned, context, seen),
                    cursor: seen.cursor.cloned(),
                });
            }
        }
    }
}

/// Whether a record says that there is anything of a child.
fn has_any(child: &Planned, parent: &Planned, seen: &Seen<'_>) -> bool {
    let Some(at) = child.stream.only_if_field().and_then(|field| parent.handed_at(field)) else {
        return true;
    };
    !matches!(seen.context.text(at), None | Some("null" | "false" | "0" | "\"\"" | "[]" | "{}"))
}

/// What the children of a record are given: the context of its partition and the fields that the
/// stream hands down.
fn handed_down(planned: &Planned, context: &Context, seen: &Seen<'_>) -> Context {
    let mut context = context.clone();
    for ((name, _), value) in planned.stream.children_get().iter().zip(seen.context.values()) {
        context.set(name, value.unwrap_or_default());
    }
    context
}
