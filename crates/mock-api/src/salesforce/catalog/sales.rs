//! The objects of every organization that are read most.

use super::{address, system};
use crate::salesforce::field::Type::{
    Base64, Boolean, Currency, Date, DateTime, Double, Email, Int, Location, Long, MultiPicklist,
    Percent, Phone, Picklist, Reference, Text, TextArea, Url,
};
use crate::salesforce::field::{Fill, field};
use crate::salesforce::object::{Object, Traits, USUAL};

const INDUSTRIES: [&str; 5] =
    ["Agriculture", "Banking", "Energy", "Food & Beverage", "Not For Profit"];
const TYPES: [&str; 4] = ["Prospect", "Customer - Direct", "Customer - Channel", "Other"];
const RATINGS: [&str; 3] = ["Hot", "Warm", "Cold"];
const REGIONS: [&str; 5] = ["EMEA", "APAC", "Nordics, all", "LATAM", "\"Other\""];
const SOURCES: [&str; 4] = ["Web", "Phone Inquiry", "Partner Referral", "Other"];
const STAGES: [&str; 5] =
    ["Prospecting", "Qualification", "Proposal/Price Quote", "Closed Won", "Closed Lost"];
const STATUSES: [&str; 3] = ["Not Started", "In Progress", "Completed"];

pub(super) fn account() -> Object {
    let mut own = vec![
        field("MasterRecordId", Reference, Fill::Nothing),
        field("Name", Text, Fill::Company).required(),
        field("Type", Picklist, Fill::Pick).picks(&TYPES),
        field("ParentId", Reference, Fill::Reference("Account")),
    ];
    own.extend(address("Billing", "BillingAddress"));
    own.extend(address("Shipping", "ShippingAddress"));
    own.extend([
        field("Phone", Phone, Fill::Phone),
        field("Website", Url, Fill::Url),
        field("Industry", Picklist, Fill::Pick).picks(&INDUSTRIES),
        field("AnnualRevenue", Currency, Fill::Number(50_000_000_000, 2)),
        field("NumberOfEmployees", Int, Fill::Number(100_000, 0)),
        field("Description", TextArea, Fill::Hard),
        field("Rating", Picklist, Fill::Pick).picks(&RATINGS),
        field("OwnerId", Reference, Fill::Reference("User")).required(),
        field("LastActivityDate", Date, Fill::Day),
        field("Regions__c", MultiPicklist, Fill::Picks).picks(&REGIONS),
        field("Place__Latitude__s", Double, Fill::Latitude).part_of("Place__c"),
        field("Place__Longitude__s", Double, Fill::Longitude).part_of("Place__c"),
        field("Place__c", Location, Fill::Parts),
        field("Score__c", Double, Fill::Number(1_000_000, 3)).calculated(),
        field("Discount__c", Percent, Fill::Number(10_000, 2)),
        field("Visits__c", Long, Fill::Number(u64::MAX >> 1, 0)),
        field("Is_Partner__c", Boolean, Fill::Chance),
        field("Note__c", Text, Fill::Hard),
    ]);
    Object::new("Account", Some(*b"001"), system(own))
}

pub(super) fn contact() -> Object {
    let mut own = vec![
        field("AccountId", Reference, Fill::Reference("Account")),
        field("LastName", Text, Fill::Last).required(),
        field("FirstName", Text, Fill::First),
        field("Name", Text, Fill::Person).required(),
    ];
    own.extend(address("Mailing", "MailingAddress"));
    own.extend([
        field("Phone", Phone, Fill::Phone),
        field("Email", Email, Fill::Email),
        field("Title", Text, Fill::Words),
        field("LeadSource", Picklist, Fill::Pick).picks(&SOURCES),
        field("Birthdate", Date, Fill::Day),
        field("Description", TextArea, Fill::Hard),
        field("HasOptedOutOfEmail", Boolean, Fill::Chance),
        field("OwnerId", Reference, Fill::Reference("User")).required(),
    ]);
    Object::new("Contact", Some(*b"003"), system(own))
}

pub(super) fn opportunity() -> Object {
    let own = vec![
        field("AccountId", Reference, Fill::Reference("Account")),
        field("Name", Text, Fill::Company).required(),
        field("Description", TextArea, Fill::Hard),
        field("StageName", Picklist, Fill::Pick).picks(&STAGES).required(),
        field("Amount", Currency, Fill::Number(500_000_000, 2)),
        field("Probability", Percent, Fill::Number(101, 0)),
        field("ExpectedRevenue", Currency, Fill::Number(500_000_000, 2)).calculated(),
        field("CloseDate", Date, Fill::Day).required(),
        field("IsClosed", Boolean, Fill::Chance),
        field("IsWon", Boolean, Fill::Chance),
        field("OwnerId", Reference, Fill::Reference("User")).required(),
    ];
    Object::new("Opportunity", Some(*b"006"), system(own))
}

/// Users are never deleted.
pub(super) fn user() -> Object {
    let mut own = vec![
        field("Username", Email, Fill::Email).required(),
        field("LastName", Text, Fill::Last).required(),
        field("FirstName", Text, Fill::First),
        field("Name", Text, Fill::Person).required(),
    ];
    own.extend(address("", "Address"));
    own.extend([
        field("Email", Email, Fill::Email).required(),
        field("IsActive", Boolean, Fill::Chance),
        field("LastLoginDate", DateTime, Fill::Created),
    ]);
    let mut fields = system(own);
    fields.retain(|field| field.fill != Fill::Deleted);
    Object::new("User", Some(*b"005"), fields)
}

pub(super) fn task() -> Object {
    let own = vec![
        field("WhoId", Reference, Fill::Reference("Contact")),
        field("WhatId", Reference, Fill::Reference("Account")),
        field("Subject", crate::salesforce::field::Type::Other("combobox"), Fill::Words),
        field("ActivityDate", Date, Fill::Day),
        field("Status", Picklist, Fill::Pick).picks(&STATUSES).required(),
        field("Description", TextArea, Fill::Hard),
        field("IsArchived", Boolean, Fill::Chance),
        field("CallDurationInSeconds", Int, Fill::Number(3_600, 0)),
        field("OwnerId", Reference, Fill::Reference("User")).required(),
    ];
    Object::new("Task", Some(*b"00T"), system(own))
}

pub(super) fn attachment() -> Object {
    let own = vec![
        field("ParentId", Reference, Fill::Reference("Account")).required(),
        field("Name", Text, Fill::Words).required(),
        field("ContentType", Text, Fill::Words),
        field("BodyLength", Int, Fill::Number(40_000, 0)).required(),
        field("Body", Base64, Fill::Body),
        field("OwnerId", Reference, Fill::Reference("User")).required(),
    ];
    let traits = Traits { is_bulk: true, ..USUAL };
    Object::new("Attachment", Some(*b"00P"), system(own)).with(traits)
}
