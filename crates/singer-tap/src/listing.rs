//! A list that is read for its items only: records are had for each of them.

use std::collections::HashSet;
use std::slice;
use std::sync::Arc;

use serde_json::Value;
use singer_http::{BoxFuture, Scope};

use crate::error::Error;
use crate::page::{Next, Page, Paginator};
use crate::partition::Partition;
use crate::rest::{Param, Rest, Route};
use crate::sink::PageSink;
use crate::source::{Scan, Source};

/// A list within a partition, of whose items a stream's routes read one after the other.
///
/// For children of a stream that follows its parent and so has no children of its own: the list is
/// asked for once more, and what is read is read for the same records of the parent.
#[derive(Clone)]
pub struct Listing {
    route: Route,
    /// Where the value is in an item, as a JSON pointer.
    item: &'static str,
    name: &'static str,
}

impl Listing {
    /// The list at `path`, filled from the partition's context. Of each item the value at the JSON
    /// pointer `item` is added to the context under `name`.
    pub fn new(path: &'static str, item: &'static str, name: &'static str) -> Listing {
        Listing { route: Route::get(path), item, name }
    }

    /// A query parameter of the list.
    #[must_use]
    pub fn param(mut self, name: &'static str, value: &'static str) -> Listing {
        self.route.params.push(Param { name, value: value.into(), of: None });
        self
    }

    /// A header of the list; `{name}` is filled from the partition's context.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &'static str) -> Listing {
        self.route.headers.push((name, value));
        self
    }

    /// Where the items stand in a page, as a JSON pointer; the root by default.
    #[must_use]
    pub fn items_at(mut self, pointer: &'static str) -> Listing {
        self.route.records_at = pointer;
        self
    }

    /// How the next page of the list is found; the key of its last item is the value that is taken of
    /// it.
    #[must_use]
    pub fn paginate(mut self, paginator: impl Paginator + 'static) -> Listing {
        self.route.paginator = Arc::new(paginator);
        self
    }

    /// The source that reads these routes for each item.
    pub(crate) fn source(&self, rest: Rest) -> impl Source + use<> {
        Itemised { listing: self.clone(), rest }
    }

    /// The values of all items.
    async fn items(&self, scan: &Scan<'_>) -> Result<Vec<Value>, Error> {
        let first = self.route.request(scan)?;
        let (mut request, mut asked, mut found) = (first.clone(), HashSet::new(), Vec::new());
        loop {
            if !asked.insert(request.url.clone()) {
                return Err(Error::Loop { page: asked.len() + 1 });
            }
            let response = scan.client.send(&request).await?;
            let body: Value = serde_json::from_slice(&response.body)
                .map_err(|error| Error::Body { what: format!("it is no list: {error}") })?;
            let items = body.pointer(self.route.records_at).and_then(Value::as_array);
            let items = items.ok_or_else(|| Error::Body { what: "it is no list".to_owned() })?;
            let needs = self.route.paginator.needs();
            let needed: Vec<_> = needs.iter().map(|need| body.pointer(need).cloned()).collect();
            for item in items {
                let value = item.pointer(self.item).filter(|value| !value.is_null());
                found.push(value.cloned().ok_or_else(|| Error::Page {
                    what: format!("an item of the list has no `{}`", self.item),
                })?);
            }
            let page = Page {
                response: &response,
                first: &first,
                records: items.len() as u64,
                needed: &needed,
                last_key: found.last().filter(|_| !items.is_empty()).map(slice::from_ref),
                last_cursor: None,
            };
            match self.route.paginator.next(&request, &page)? {
                Next::Request(next) if !scan.probe => request = *next,
                _ => return Ok(found),
            }
        }
    }
}

/// Reads routes for each item of a list.
struct Itemised {
    listing: Listing,
    rest: Rest,
}

impl Source for Itemised {
    fn read<'a>(
        &'a self,
        scan: Scan<'a>,
        pages: &'a mut PageSink,
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let mut failed = None;
            for value in self.listing.items(&scan).await? {
                let mut context = scan.partition.context().clone();
                context.set(self.listing.name, value);
                let item = Partition::of_parent(context, scan.partition.fields());
                pages.within(&item);
                let of_item = Scan { partition: &item, batch: slice::from_ref(&item), ..scan };
                match self.rest.read(of_item, pages).await {
                    // The others may be had; the partition is read once more as a whole.
                    Err(error) if error.scope() == Scope::Partition => {
                        failed = failed.or(Some(error))
                    }
                    read => read?,
                }
                if scan.probe {
                    break;
                }
            }
            failed.map_or(Ok(()), Err)
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use singer_http::testing::Reply;

    use super::*;
    use crate::outcome::Outcome;
    use crate::testing::{Ran, page, stream, sync};
    use crate::{LastId, LinkHeader};

    /// Shops, and the orders of each of their clerks, of whom there is a list of two pages.
    async fn read(answers: Vec<Reply>) -> Ran {
        let listing = Listing::new("/shops/{shop}/clerks", "/name", "clerk")
            .param("n", "2")
            .paginate(LinkHeader);
        let streams = vec![
            stream("shops").get("/shops").child_context([("shop", "id")]),
            stream("orders")
                .child_of("shops", ["shop"])
                .get("/clerks/{clerk}/orders")
                .for_each_of(listing),
        ];
        let next = "<https://api.example.com/v1/shops/7/clerks?page=2>; rel=\"next\"";
        let clerks = |names: &[&str]| {
            let items: Vec<Value> = names.iter().map(|name| json!({"name": name})).collect();
            Reply::json(Value::from(items).to_string())
        };
        let lists = vec![
            Reply::json(r#"[{"id": 7}]"#),
            clerks(&["mo", "lu"]).header("link", next),
            clerks(&["io"]),
        ];
        sync(streams, json!({}), [lists, answers].concat()).await
    }

    #[tokio::test]
    async fn records_are_had_for_each_item_of_the_list() {
        let orders = |id: u64| Reply::json(page(&[(id, 1)]));
        let ran = read(vec![orders(1), orders(2), orders(3)]).await;
        assert_eq!((ran.outcome, ran.column("orders", "id").len()), (Outcome::Ok, 3));
        assert_eq!(
            ran.asked[1..],
            [
                "/v1/shops/7/clerks?n=2",
                "/v1/shops/7/clerks?page=2",
                "/v1/clerks/mo/orders",
                "/v1/clerks/lu/orders",
                "/v1/clerks/io/orders",
            ]
        );
    }

    #[tokio::test]
    async fn a_list_may_be_within_an_object_and_go_on_from_its_last_item() {
        let listing = Listing::new("/shops/{shop}/clerks", "/name", "clerk")
            .header("x-shop", "{shop}")
            .items_at("/data")
            .paginate(LastId { has_more: "/has_more", param: "after" });
        let streams = vec![
            stream("shops").get("/shops").child_context([("shop", "id")]),
            stream("orders")
                .child_of("shops", ["shop"])
                .get("/clerks/{clerk}/orders")
                .for_each_of(listing),
        ];
        let replies = vec![
            Reply::json(r#"[{"id": 7}]"#),
            Reply::json(r#"{"data": [{"name": "mo"}], "has_more": true}"#),
            Reply::json(r#"{"data": [{"name": "lu"}], "has_more": false}"#),
            Reply::json(page(&[(1, 1)])),
            Reply::json(page(&[(2, 2)])),
        ];
        let ran = sync(streams, json!({}), replies).await;
        assert_eq!(ran.asked[1..3], ["/v1/shops/7/clerks", "/v1/shops/7/clerks?after=mo"]);
        assert_eq!(ran.column("orders", "id"), [json!(1), json!(2)]);
    }

    #[tokio::test]
    async fn an_item_that_cannot_be_read_fails_the_partition_and_not_the_others() {
        let gone = || Reply::status(404).body("{}");
        let orders = |id: u64| Reply::json(page(&[(id, 1)]));
        let ran = read(vec![orders(1), gone(), gone(), orders(3)]).await;
        assert_eq!((ran.outcome, ran.column("orders", "id").len()), (Outcome::Partial, 2));
    }
}
