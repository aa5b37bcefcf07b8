//! Objects that are special in one way or another.

use super::{custom, system};
use crate::salesforce::field::Type::{
    Any, Base64, Boolean, Currency, Date, DateTime, Double, Email, Id, Int, Other, Percent, Phone,
    Picklist, Reference, Text, TextArea, Time, Url,
};
use crate::salesforce::field::{Field, Fill, field};
use crate::salesforce::object::{Object, Traits, USUAL};

const COLOURS: [&str; 4] = ["Red", "Green", "Blue, dark", "None"];
const OUTCOMES: [&str; 3] = ["Success", "Invalid Password", "Restricted IP"];

/// A custom object with fields of every type that others do not have, one of which nobody knows, and
/// so many fields that their names alone make a long request.
pub(super) fn gizmo(wide: u32) -> Object {
    let mut own = vec![
        field("OwnerId", Reference, Fill::Reference("User")).required(),
        field("Name", Text, Fill::Words),
        field("Shape__c", Other("hologram"), Fill::Words),
        field("Anything__c", Any, Fill::Any),
        field("Opens__c", Time, Fill::Hour),
        field("Settings__c", Other("json"), Fill::Words),
        field("Secret__c", Other("encryptedstring"), Fill::Words),
        field("Title__c", Other("combobox"), Fill::Words),
        field("Complex__c", Other("complexvalue"), Fill::Words),
        field("Master__c", Other("masterrecord"), Fill::Words),
        field("Category__c", Other("datacategorygroupreference"), Fill::Words),
        field("Formula__c", Other("calculated"), Fill::Words).calculated(),
        field("Colour__c", Picklist, Fill::Pick).picks(&COLOURS),
        field("Weight__c", Double, Fill::Number(100_000, 4)),
        field("Text__c", TextArea, Fill::Hard),
        field("Account__c", Reference, Fill::Reference("Account")),
    ];
    own.extend((1..=wide).map(|at| {
        let name = format!("A_Field_With_A_Very_Long_Name_{at:04}__c");
        field(&name, Text, Fill::Words)
    }));
    Object::new("Gizmo__c", custom(0), system(own))
}

/// A custom object that tells nothing of when it changed.
pub(super) fn plain() -> Object {
    let fields = vec![
        field("Id", Id, Fill::Id),
        field("IsDeleted", Boolean, Fill::Deleted),
        field("Name", Text, Fill::Words),
        field("Text__c", TextArea, Fill::Hard),
        field("Amount__c", Currency, Fill::Number(1_000_000, 2)),
    ];
    let traits = Traits { is_replicateable: false, ..USUAL };
    Object::new("Plain__c", custom(1), fields).with(traits)
}

/// Log-ins have one time only, under a name of its own.
pub(super) fn login_history() -> Object {
    let fields = vec![
        field("Id", Id, Fill::Id),
        field("UserId", Reference, Fill::Reference("User")).required(),
        field("LoginTime", DateTime, Fill::Stamp),
        field("LoginType", Text, Fill::Words),
        field("SourceIp", Text, Fill::Words),
        field("LoginUrl", Url, Fill::Url),
        field("Status", Picklist, Fill::Pick).picks(&OUTCOMES),
    ];
    let traits = Traits { is_replicateable: false, is_retrieveable: false, ..USUAL };
    Object::new("LoginHistory", Some(*b"0Ya"), fields).with(traits)
}

/// A tiny list that Bulk jobs cannot read.
pub(super) fn task_status() -> Object {
    let mut fields = system(vec![
        field("MasterLabel", Text, Fill::Words),
        field("SortOrder", Int, Fill::Number(10, 0)),
        field("IsClosed", Boolean, Fill::Chance),
    ]);
    fields.retain(|field| field.fill != Fill::Deleted);
    let traits = Traits { is_replicateable: false, is_bulk: false, ..USUAL };
    Object::new("TaskStatus", Some(*b"01T"), fields).with(traits)
}

/// What can be described and not be queried.
pub(super) fn change_event() -> Object {
    let fields = vec![
        field("Id", Id, Fill::Id),
        field("ReplayId", Text, Fill::Words),
        field("ChangeEventHeader", Other("complexvalue"), Fill::Words),
        field("Name", Text, Fill::Company),
    ];
    let traits =
        Traits { is_queryable: false, is_replicateable: false, is_retrieveable: false, ..USUAL };
    Object::new("AccountChangeEvent", None, fields).with(traits)
}

/// What has no id.
pub(super) fn aggregate() -> Object {
    let fields = vec![field("Label", Text, Fill::Words), field("Total", Int, Fill::Number(100, 0))];
    let traits =
        Traits { is_replicateable: false, is_retrieveable: false, is_bulk: false, ..USUAL };
    Object::new("AggregateResult", None, fields).with(traits)
}

/// What can be queried with a filter only.
pub(super) fn vote() -> Object {
    let fields = system(vec![
        field("ParentId", Reference, Fill::Reference("Account")).required(),
        field("Type", Picklist, Fill::Pick).picks(&["Up", "Down"]),
    ]);
    let traits = Traits { filter: Some("ParentId"), ..USUAL };
    Object::new("Vote", Some(*b"083"), fields).with(traits)
}

/// The n-th of many custom objects. Each second one has no `SystemModstamp`, and each fourth
/// `CreatedDate` only.
pub(super) fn extra(at: u32) -> Object {
    let mut fields: Vec<Field> = system(vec![
        field("Name", Text, Fill::Words),
        field("Text__c", TextArea, Fill::Hard),
        field("Amount__c", Currency, Fill::Number(1_000_000, 2)),
        field("Share__c", Percent, Fill::Number(10_000, 2)),
        field("Day__c", Date, Fill::Day),
        field("Mail__c", Email, Fill::Email),
        field("Phone__c", Phone, Fill::Phone),
    ]);
    fields.retain(|field| match field.fill {
        Fill::Stamp => at % 2 == 1,
        Fill::Modified => !at.is_multiple_of(4),
        _ => field.kind != Base64,
    });
    Object::new(&format!("Extra{at:04}__c"), custom(at as usize + 10), fields)
}
