//! Cards to which connected accounts are paid out.

use singer_tap::{filter::is, schema};

use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "external_account_cards",
    about: "Cards to which connected accounts are paid out.",
    schema: schema!("external_account_cards"),
    read: Read::Within("accounts", "external_accounts", &[("account", "id")]),
    bent: |stream| stream.only([is("object", "card")]),
    selected: false,
    ..Resource::LIST
};
