//! Invoices and what belongs to them.

use super::resource;
use crate::stripe::kind::Kind;
use crate::stripe::resource::{Grave, Home, Resource};

pub(super) fn resources() -> Vec<Resource> {
    vec![
        resource!(Invoices, "invoice", "in", "invoice")
            .at("/v1/invoices")
            .dated()
            .filters("collection_method customer customer_account status subscription")
            .ranges("due_date")
            .made("invoice.created")
            .phase("draft", 1, "open open open void", "")
            .phase("open", 0, "paid paid paid void uncollectible", "invoice.finalized invoice.sent")
            .phase("paid", 0, "", "invoice.paid invoice.payment_succeeded")
            .phase("void", 0, "", "invoice.voided")
            .phase("uncollectible", 0, "paid", "invoice.marked_uncollectible")
            .changed("invoice.updated")
            .deleted("invoice.deleted", Grave::Nothing)
            .mortal("draft"),
        resource!(InvoiceLineItems, "line_item", "il", "line_item")
            .home(Home::Within(Kind::Invoices))
            .at("/v1/invoices/{}/lines")
            .stirs("invoice.updated"),
        resource!(Discounts, "discount", "di", "discount").home(Home::Seeded(Kind::Invoices, 2)),
        resource!(InvoiceItems, "invoiceitem", "ii", "invoiceitem")
            .at("/v1/invoiceitems")
            .dated()
            .filters("customer customer_account invoice")
            .made("invoiceitem.created")
            .changed("invoiceitem.updated")
            .deleted("invoiceitem.deleted", Grave::Nothing)
            .rows(120),
        resource!(InvoicePayments, "invoice_payment", "inpay", "invoice_payment")
            .home(Home::Under(Kind::Invoices))
            .at("/v1/invoice_payments")
            .of("invoice", false)
            .dated()
            .filters("status")
            .phase("open", 1, "paid", "")
            .phase("paid", 5, "", "invoice_payment.paid")
            .rows(100),
        resource!(CreditNotes, "credit_note", "cn", "credit_note")
            .at("/v1/credit_notes")
            .dated()
            .filters("customer customer_account invoice")
            .made("credit_note.created")
            .phase("issued", 1, "void", "")
            .phase("void", 0, "", "credit_note.voided")
            .changed("credit_note.updated"),
        resource!(CreditNoteLineItems, "credit_note_line_item", "cnli", "credit_note_line_item")
            .home(Home::Within(Kind::CreditNotes))
            .at("/v1/credit_notes/{}/lines"),
    ]
}
