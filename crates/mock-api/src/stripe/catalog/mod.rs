//! All kinds of objects, each a value: paths and parameters as in Stripe's reference, events by the
//! names of their types.

mod billing;
mod connect;
mod customers;
mod invoices;
mod issuing;
mod money;
mod payments;
mod products;

use super::resource::Resource;

/// The value of every kind.
pub(super) fn resources() -> Vec<Resource> {
    [
        billing::resources(),
        connect::resources(),
        customers::resources(),
        invoices::resources(),
        issuing::resources(),
        money::resources(),
        payments::resources(),
        products::resources(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A kind with the shape of its name.
macro_rules! resource {
    ($kind:ident, $object:literal, $prefix:literal, $shape:literal) => {
        $crate::stripe::resource::Resource::new(
            $crate::stripe::kind::Kind::$kind,
            $object,
            $prefix,
            include_str!(concat!("../shapes/", $shape, ".json")),
        )
    };
}
use resource;
