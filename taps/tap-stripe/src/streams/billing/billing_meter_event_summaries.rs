//! Usage by meter, customer and day.

use chrono::{DateTime, Days, NaiveTime, Utc};
use singer_tap::{Stream, from_parent, schema};

use crate::config::Config;
use crate::resource::{Read, Resource, listing};

const SUMMARIES: Resource = Resource {
    name: "billing_meter_event_summaries",
    about: "Usage by meter, customer and day, of the days of the setting `meter_summary_days`. One request for each meter and customer in each run.",
    schema: schema!("billing_meter_event_summaries"),
    path: "/v1/billing/meters/{meter}/event_summaries",
    params: &[("customer", "{customer}"), ("value_grouping_window", "day")],
    read: Read::OfEach("customers", Some("customer")),
    // Of the last days.
    bent: |stream| stream.transform([from_parent("meter"), from_parent("customer")]).in_part(),
    selected: false,
    ..Resource::LIST
};

pub(super) fn stream(config: &Config, now: DateTime<Utc>) -> Stream {
    let meters = listing(config, "/v1/billing/meters", "meter");
    // Whole days, as the API demands; that of today is not over.
    let today = now.with_time(NaiveTime::MIN).single().unwrap_or_default();
    let first = today.checked_sub_days(Days::new(config.meter_summary_days)).unwrap_or(today);
    SUMMARIES
        .stream(config)
        .param("start_time", first.timestamp().to_string())
        .param("end_time", today.timestamp().to_string())
        .for_each_of(meters)
}
