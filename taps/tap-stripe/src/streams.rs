//! The streams of the tap; each is a value in a file of its own.

mod billing;
mod catalog;
mod connect;
mod customer;
mod developer;
mod issuing;
mod money;
mod payment;
mod report;

use chrono::{DateTime, Utc};
use singer_tap::{Error, Stream};

use crate::config::Config;

/// All streams, in the order in which they are listed.
pub(crate) fn all(config: &Config, now: DateTime<Utc>) -> Result<Vec<Stream>, Error> {
    check(config)?;
    let resources = payment::STREAMS
        .iter()
        .chain(&customer::STREAMS)
        .chain(&billing::STREAMS)
        .chain(&catalog::STREAMS)
        .chain(&money::STREAMS)
        .chain(&connect::STREAMS)
        .chain(&issuing::STREAMS)
        .chain(&developer::STREAMS)
        .chain(&report::STREAMS);
    let streams = resources.map(|resource| resource.stream(config));
    let reports = report::REPORTS.iter().map(|report| report.stream(config));
    Ok(streams.chain(billing::by_item(config, now)).chain(reports).collect())
}

/// Checks that accounts are named once.
fn check(config: &Config) -> Result<(), Error> {
    let mut accounts = config.accounts.clone();
    accounts.sort();
    accounts.dedup();
    let rule = if config.account_id.is_some() && !config.accounts.is_empty() {
        "cannot be set beside `account_id` (an account is read once); put that one into the list, or remove it"
    } else if accounts.len() < config.accounts.len() {
        "names an account twice (each has one bookmark); name it once"
    } else {
        return Ok(());
    };
    Err(Error::setting("/accounts", rule))
}
