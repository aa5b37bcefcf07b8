//! The shop: a small API of nobody's, for the example tap and the guides.
//!
//! | request | answer |
//! |---|---|
//! | `GET /v1/orders?updated_since=…&limit=…&cursor=…` | `{"orders": […], "next_cursor": …}`, by `updated_at` and id, ascending |
//! | `GET /v1/orders/{id}/items` | `{"items": […]}`; a change of an item changes its order's `updated_at` |
//! | `GET /v1/customers?per_page=…&after=…` | a list by id, with the next page in the `Link` header |
//! | `GET /v1/products` | `{"products": […]}`, all of them; products can be deleted |
//!
//! The key goes into `authorization: Bearer`. Each answer tells the limit in `x-ratelimit-limit`,
//! `x-ratelimit-remaining` and `x-ratelimit-reset`; beyond it the status is 429.

mod change;
mod data;
mod list;
mod options;
mod record;
mod room;

pub use options::ShopOptions;
pub use room::Shop;
