//! Planned changes of subscriptions.

use singer_tap::schema;

use crate::changes::Changes;
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "subscription_schedules",
    about: "Planned changes of subscriptions.",
    schema: schema!("subscription_schedules"),
    path: "/v1/subscription_schedules",
    read: Read::Created("created"),
    changes: Changes {
        object: "subscription_schedule",
        types: &[
            "subscription_schedule.aborted",
            "subscription_schedule.canceled",
            "subscription_schedule.completed",
            "subscription_schedule.created",
            "subscription_schedule.expiring",
            "subscription_schedule.released",
            "subscription_schedule.updated",
        ],
        ..Changes::NONE
    },
    ..Resource::LIST
};
