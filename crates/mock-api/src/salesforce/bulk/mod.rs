//! Jobs of Bulk API 2.0 that query.

mod create;
mod csv;
mod job;
mod locator;
mod order;
mod results;
mod route;

pub(super) use job::Jobs;
pub(super) use route::answer;
