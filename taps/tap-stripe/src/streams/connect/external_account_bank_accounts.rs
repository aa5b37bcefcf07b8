//! Bank accounts to which connected accounts are paid out.

use singer_tap::{filter::is, schema};

use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "external_account_bank_accounts",
    about: "Bank accounts to which connected accounts are paid out.",
    schema: schema!("external_account_bank_accounts"),
    read: Read::Within("accounts", "external_accounts", &[("account", "id")]),
    bent: |stream| stream.only([is("object", "bank_account")]),
    selected: false,
    ..Resource::LIST
};
