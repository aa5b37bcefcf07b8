//! What is sold, and for how much.

use super::resource;
use crate::stripe::resource::{Grave, Resource};

pub(super) fn resources() -> Vec<Resource> {
    vec![
        resource!(Products, "product", "prod", "product")
            .at("/v1/products")
            .dated()
            .filters("active ids shippable type url")
            .made("product.created")
            .changed("product.updated")
            .deleted("product.deleted", Grave::Stub),
        resource!(Plans, "plan", "plan", "plan")
            .at("/v1/plans")
            .dated()
            .filters("active product")
            .made("plan.created")
            .changed("plan.updated")
            .deleted("plan.deleted", Grave::Stub),
        resource!(Prices, "price", "price", "price")
            .at("/v1/prices")
            .dated()
            .filters("active currency lookup_keys product type")
            .made("price.created")
            .changed("price.updated")
            .deleted("price.deleted", Grave::Nothing),
        resource!(Coupons, "coupon", "", "coupon")
            .at("/v1/coupons")
            .dated()
            .made("coupon.created")
            .changed("coupon.updated")
            .deleted("coupon.deleted", Grave::Stub),
        resource!(PromotionCodes, "promotion_code", "promo", "promotion_code")
            .at("/v1/promotion_codes")
            .dated()
            .filters("active code customer customer_account")
            .made("promotion_code.created")
            .changed("promotion_code.updated"),
        resource!(ShippingRates, "shipping_rate", "shr", "shipping_rate")
            .at("/v1/shipping_rates")
            .dated()
            .filters("active currency")
            .rows(12),
        resource!(TaxRates, "tax_rate", "txr", "tax_rate")
            .at("/v1/tax_rates")
            .dated()
            .filters("active inclusive")
            .made("tax_rate.created")
            .changed("tax_rate.updated")
            .rows(12),
    ]
}
