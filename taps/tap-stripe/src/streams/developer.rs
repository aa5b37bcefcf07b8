//! What is for those who build on Stripe.

mod events;
mod file_links;
mod files;
mod webhook_endpoints;

use crate::resource::Resource;

/// Its streams, in the order in which they are listed.
pub(super) const STREAMS: [Resource; 4] =
    [events::STREAM, files::STREAM, file_links::STREAM, webhook_endpoints::STREAM];
