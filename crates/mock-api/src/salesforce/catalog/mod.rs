//! Every object of the organization, as a value.

mod sales;
mod special;

use super::field::Type::{Boolean, DateTime, Id, Reference};
use super::field::{Field, Fill, field};
use super::id;
use super::object::Object;
use super::options::SalesforceOptions;

/// All objects, and how many rows each has at first.
pub(super) fn objects(options: &SalesforceOptions) -> Vec<(Object, u32)> {
    let mut objects = vec![
        (sales::account(), options.accounts),
        (special::change_event(), 0),
        (special::aggregate(), 3),
        (sales::attachment(), options.attachments),
        (sales::contact(), options.contacts),
    ];
    for at in 1..=options.objects {
        objects.push((special::extra(at), options.object_rows));
    }
    objects.extend([
        (special::gizmo(options.wide), options.gizmos),
        (special::login_history(), options.logins),
        (sales::opportunity(), options.opportunities),
        (special::plain(), options.plains),
        (sales::task(), options.tasks),
        (special::task_status(), 4),
        (sales::user(), options.users),
        (special::vote(), 10),
    ]);
    objects
}

/// The fields that nearly every object has, before and after its own.
fn system(own: Vec<Field>) -> Vec<Field> {
    let mut fields = vec![field("Id", Id, Fill::Id), field("IsDeleted", Boolean, Fill::Deleted)];
    fields.extend(own);
    fields.extend([
        field("CreatedDate", DateTime, Fill::Created),
        field("CreatedById", Reference, Fill::Reference("User")).required(),
        field("LastModifiedDate", DateTime, Fill::Modified),
        field("LastModifiedById", Reference, Fill::Reference("User")).required(),
        field("SystemModstamp", DateTime, Fill::Stamp),
    ]);
    fields
}

/// An address and its parts.
fn address(prefix: &str, compound: &'static str) -> Vec<Field> {
    use super::field::Type::{Address, Double, Picklist, Text, TextArea};
    let part =
        |name: &str, kind, fill| field(&format!("{prefix}{name}"), kind, fill).part_of(compound);
    vec![
        part("Street", TextArea, Fill::Street),
        part("City", Text, Fill::City),
        part("State", Text, Fill::State),
        part("PostalCode", Text, Fill::Postal),
        part("Country", Text, Fill::Country),
        part("Latitude", Double, Fill::Latitude),
        part("Longitude", Double, Fill::Longitude),
        part("GeocodeAccuracy", Picklist, Fill::Pick).picks(&ACCURACIES),
        field(compound, Address, Fill::Parts),
    ]
}

const ACCURACIES: [&str; 4] = ["Address", "Street", "City", "Zip"];

/// The prefix of the objects that customers make.
fn custom(at: usize) -> Option<id::Prefix> {
    Some(id::custom(at))
}
