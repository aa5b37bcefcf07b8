//! Jobs: what each reads, and how far it is.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::salesforce::error::Problem;
use crate::salesforce::id::Id;
use crate::salesforce::options::SalesforceOptions;
use crate::salesforce::render::instant_text;
use crate::salesforce::session::USER;

/// Where a job is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    UploadComplete,
    InProgress,
    JobComplete,
    Failed,
    Aborted,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            State::UploadComplete => "UploadComplete",
            State::InProgress => "InProgress",
            State::JobComplete => "JobComplete",
            State::Failed => "Failed",
            State::Aborted => "Aborted",
        }
    }

    fn is_over(self) -> bool {
        matches!(self, State::JobComplete | State::Failed | State::Aborted)
    }
}

/// One job: the rows that its query found when it was made, in the order of its results.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) id: Id,
    /// The version of the API that made it.
    pub(super) version: u32,
    pub(super) operation: &'static str,
    pub(super) object: usize,
    pub(super) object_name: String,
    pub(super) fields: Vec<usize>,
    pub(super) numbers: Arc<Vec<u32>>,
    pub(super) created: u32,
    pub(super) state: State,
    /// How often it was asked for.
    pub(super) polls: u32,
}

impl Job {
    /// As the API shows it.
    pub(super) fn value(&self) -> Value {
        let created = instant_text(self.created);
        let mut value = json!({
            "id": self.id.text(),
            "operation": self.operation,
            "object": self.object_name,
            "createdById": USER,
            "createdDate": created,
            "systemModstamp": created,
            "state": self.state.name(),
            "concurrencyMode": "Parallel",
            "contentType": "CSV",
            "apiVersion": f64::from(self.version),
            "jobType": "V2Query",
            "lineEnding": "LF",
            "columnDelimiter": "COMMA",
        });
        let total = self.numbers.len();
        let read = match self.state {
            State::UploadComplete | State::Failed => 0,
            State::InProgress | State::Aborted => total / 2,
            State::JobComplete => total,
        };
        value["numberRecordsProcessed"] = read.into();
        value["retries"] = 0.into();
        value["totalProcessingTime"] = (read / 50).into();
        value["isPkChunkingSupported"] = true.into();
        if self.state == State::Failed {
            value["errorMessage"] = "the query could not be run (this job was to fail)".into();
        }
        value
    }
}

/// All jobs, and what their results depend on.
#[derive(Debug)]
pub(in crate::salesforce) struct Jobs {
    all: Vec<Job>,
    made: u32,
    polls: u32,
    fail: Option<u32>,
    abort: Option<u32>,
    most_uses: u32,
    /// Locators of earlier generations are lost.
    pub(super) generation: u32,
    uses: HashMap<String, u32>,
}

impl Jobs {
    pub(in crate::salesforce) fn new(options: &SalesforceOptions) -> Self {
        Self {
            all: Vec::new(),
            made: 0,
            polls: options.job_polls,
            fail: options.fail_job,
            abort: options.abort_job,
            most_uses: options.locator_uses.unwrap_or(u32::MAX),
            generation: 0,
            uses: HashMap::new(),
        }
    }

    /// How many jobs there ever were.
    pub(in crate::salesforce) fn made(&self) -> u32 {
        self.made
    }

    /// Loses all locators that were given.
    pub(in crate::salesforce) fn lose_locators(&mut self) {
        self.generation += 1;
    }

    /// Adds a job, made by its id; it is done at once if nobody has to ask for it.
    pub(super) fn add(&mut self, make: impl FnOnce(Id) -> Job) -> Value {
        self.made += 1;
        let job = make(Id { prefix: *b"750", number: self.made });
        let told = job.value();
        self.all.push(job);
        if self.polls == 0 {
            let at = self.all.len() - 1;
            self.all[at].state = self.end(at);
        }
        told
    }

    /// All jobs, the last first.
    pub(super) fn all(&self) -> impl Iterator<Item = &Job> {
        self.all.iter().rev()
    }

    fn position(&self, id: &str) -> Result<usize, Problem> {
        let id = Id::parse(id);
        let at = self.all.iter().position(|job| Some(job.id) == id);
        at.ok_or_else(Problem::not_found)
    }

    /// A job as it is.
    ///
    /// # Errors
    /// There is none of that id, or another version of the API made it.
    pub(super) fn get(&self, id: &str, version: u32) -> Result<&Job, Problem> {
        let job = &self.all[self.position(id)?];
        if job.version == version {
            return Ok(job);
        }
        let text = format!("the job was made with version {}.0 of the API", job.version);
        Err(Problem::new(409, "INVALIDVERSION", text))
    }

    /// A job after it went on, as it does when it is asked for.
    pub(super) fn poll(&mut self, id: &str, version: u32) -> Result<&Job, Problem> {
        self.get(id, version)?;
        let at = self.position(id)?;
        let end = self.end(at);
        let job = &mut self.all[at];
        if !job.state.is_over() {
            job.polls += 1;
            job.state = match job.polls {
                polls if polls >= self.polls => end,
                1 if self.polls > 2 => State::UploadComplete,
                _ => State::InProgress,
            };
        }
        Ok(&self.all[at])
    }

    /// How a job ends.
    fn end(&self, at: usize) -> State {
        let number = Some(self.all[at].id.number);
        match number {
            _ if number == self.fail => State::Failed,
            _ if number == self.abort => State::Aborted,
            _ => State::JobComplete,
        }
    }

    /// Ends a job before it is done.
    pub(super) fn abort(&mut self, id: &str, version: u32) -> Result<&Job, Problem> {
        self.get(id, version)?;
        let at = self.position(id)?;
        if self.all[at].state.is_over() {
            let text = "a job that has ended cannot be aborted";
            return Err(Problem::new(400, "INVALIDJOBSTATE", text));
        }
        self.all[at].state = State::Aborted;
        Ok(&self.all[at])
    }

    /// Removes a job that has ended.
    pub(super) fn delete(&mut self, id: &str, version: u32) -> Result<(), Problem> {
        self.get(id, version)?;
        let at = self.position(id)?;
        if !self.all[at].state.is_over() {
            let text = "a job that has not ended cannot be deleted";
            return Err(Problem::new(400, "INVALIDJOBSTATE", text));
        }
        self.all.remove(at);
        Ok(())
    }

    /// Counts the use of a locator; false if it was used too often.
    pub(super) fn uses(&mut self, locator: &str) -> bool {
        if self.most_uses == u32::MAX {
            return true;
        }
        let uses = self.uses.entry(locator.to_owned()).or_default();
        *uses += 1;
        *uses <= self.most_uses
    }
}
