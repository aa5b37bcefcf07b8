//! Summaries of metered usage: how much a customer used of a meter in windows of time.

use serde_json::{Value, json};

use super::account::Account;
use super::error::Problem;
use super::kind::Kind;
use super::list::Page;
use super::query::{Allowed, Query};
use super::scene::Scene;
use super::thing::Thing;
use crate::seed::{Dice, mix};
use crate::server::Request;

const HOUR: u32 = 3_600;
const DAY: u32 = 86_400;

/// What a customer used in one window.
#[derive(Debug, Clone)]
pub(super) struct Summary {
    meter: Thing,
    customer: Thing,
    start: u32,
    end: u32,
    value: u64,
}

/// The windows that are asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Windows {
    pub(super) start: u32,
    pub(super) end: u32,
    /// Seconds of each; all in one without.
    pub(super) step: Option<u32>,
}

/// The body for the summaries of a meter; `None` for a path of something else.
pub(super) fn answer(scene: &Scene<'_>, request: &Request) -> Option<Result<String, Problem>> {
    let rest = request.path.strip_prefix("/v1/billing/meters/")?;
    let id = rest.strip_suffix("/event_summaries")?;
    Some(summaries(scene, id, request))
}

fn summaries(scene: &Scene<'_>, id: &str, request: &Request) -> Result<String, Problem> {
    let missing = || Problem::missing(404, "billing.meter", id, "id");
    let meter = scene.account.find(Kind::BillingMeters, id).ok_or_else(missing)?;
    let filters = &["customer", "start_time", "end_time", "value_grouping_window"];
    let query = Query::parse(request, Allowed { filters, ..Allowed::default() })?;
    let value = |name: &'static str| request.param(name);
    let needed = |name| value(name).ok_or_else(|| Problem::missing_parameter(name));
    let customer = needed("customer")?;
    let missing = || Problem::missing(400, "customer", customer, "customer");
    let customer = scene.account.find(Kind::Customers, customer).ok_or_else(missing)?;
    let step = match value("value_grouping_window") {
        None => None,
        Some("hour") => Some(HOUR),
        Some("day") => Some(DAY),
        Some(other) => {
            let text =
                format!("Invalid value_grouping_window: must be one of day or hour, not {other}");
            return Err(Problem::new(400, text).param("value_grouping_window"));
        }
    };
    let instant = |name| {
        let rule = step.unwrap_or(60);
        let text = format!("{name} must be a Unix time that is a multiple of {rule} seconds.");
        let number = needed(name)?.parse::<u32>().ok().filter(|number| number % rule == 0);
        number.ok_or_else(|| Problem::new(400, text).param(name))
    };
    let windows = Windows { start: instant("start_time")?, end: instant("end_time")?, step };
    let mut all = scene.account.usage(&meter, &customer, windows, scene.now);
    all.reverse();
    let place = |cursor: Option<&str>, name| match cursor {
        None => Ok(None),
        Some(cursor) => {
            let at = all.iter().position(|one| one.id(scene.account) == cursor);
            let missing = || Problem::missing(400, "billing.meter_event_summary", cursor, name);
            at.map(Some).ok_or_else(missing)
        }
    };
    let first = place(query.starting_after, "starting_after")?.map_or(0, |at| at + 1);
    let last = place(query.ending_before, "ending_before")?.unwrap_or(all.len());
    let part = all[first.min(last)..last].iter();
    let page = match query.ending_before.is_some() && query.starting_after.is_none() {
        true => Page::take(part.rev(), query.limit, true),
        false => Page::take(part, query.limit, false),
    };
    Ok(page.body(&request.path, |one, out| out.push_str(&one.show(scene.account).to_string())))
}

/// What every customer used of every meter in the windows, for tests.
pub(super) fn records(scene: &Scene<'_>, windows: Windows) -> Vec<Value> {
    let (account, now) = (scene.account, scene.now);
    let things = |kind: Kind| {
        let rows = account.table(kind).rows().iter().filter(move |row| row.is_shown(now));
        rows.map(move |row| Thing::new(kind, *row))
    };
    let pairs = things(Kind::BillingMeters)
        .flat_map(|meter| things(Kind::Customers).map(move |customer| (meter, customer)));
    let used = pairs.flat_map(|(meter, customer)| account.usage(&meter, &customer, windows, now));
    used.map(|one| one.record(account)).collect()
}

impl Account {
    /// What a customer used in each of the windows, oldest first; none where it used nothing.
    pub(super) fn usage(
        &self,
        meter: &Thing,
        customer: &Thing,
        windows: Windows,
        now: u32,
    ) -> Vec<Summary> {
        let summary = |start: u32, end: u32| {
            let value = self.used(meter, customer, start, end.min(now));
            Summary { meter: *meter, customer: *customer, start, end, value }
        };
        let all = match windows.step {
            None => vec![summary(windows.start, windows.end)],
            Some(step) => (windows.start..windows.end)
                .step_by(step as usize)
                .map(|start| summary(start, start.saturating_add(step)))
                .collect(),
        };
        all.into_iter().filter(|one| one.value > 0).collect()
    }

    /// The usage of the hours that begin in a time.
    fn used(&self, meter: &Thing, customer: &Thing, start: u32, end: u32) -> u64 {
        let pair = [self.seed, meter.key(), customer.key()];
        let begins = meter.row.created.max(customer.row.created);
        if !Dice::new(&pair).chance(1, 40) {
            return 0;
        }
        let hours = (start.max(begins).div_ceil(HOUR)..end.div_ceil(HOUR)).map(u64::from);
        let used =
            hours.map(|hour| Dice::new(&[mix(&pair), hour])).filter(|dice| dice.chance(1, 3));
        used.map(|dice| 1 + dice.pick(2, 500)).sum()
    }
}

impl Summary {
    fn id(&self, account: &Account) -> String {
        let mut id = "mtrusg_".to_owned();
        let parts = [self.meter.key(), self.customer.key(), self.start.into(), self.end.into()];
        super::id::letters(mix(&[account.seed, mix(&parts)]), 11, &mut id);
        super::id::letters(mix(&parts), 11, &mut id);
        id
    }

    /// The summary as the API has it.
    pub(super) fn show(&self, account: &Account) -> Value {
        json!({
            "id": self.id(account),
            "object": "billing.meter_event_summary",
            "aggregated_value": self.value as f64,
            "end_time": self.end,
            "livemode": false,
            "meter": account.id_of(&self.meter),
            "start_time": self.start,
        })
    }

    /// The same with the customer, for tests.
    pub(super) fn record(&self, account: &Account) -> Value {
        let mut record = self.show(account);
        record["customer"] = json!(account.id_of(&self.customer));
        record
    }
}
