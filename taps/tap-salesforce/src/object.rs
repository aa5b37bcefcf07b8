//! An object of an org, as the tap reads it.

mod fields;
mod hints;
mod schema;

use serde::Deserialize;

pub(crate) use fields::Field;
pub(crate) use schema::of as schema_of;

/// What `describe` says of an object:
/// <https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_describesobjects_describesobjectresult.htm>.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Described {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) label: String,
    #[serde(default)]
    pub(crate) queryable: bool,
    #[serde(default)]
    pub(crate) replicateable: bool,
    #[serde(default)]
    pub(crate) fields: Vec<Field>,
}

/// An object that can be read.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) id: &'static str,
    /// The replication key.
    pub(crate) key: Option<String>,
    /// In the order of `describe`.
    pub(crate) fields: Vec<Field>,
    /// Whether hard deletions can be asked for.
    pub(crate) is_replicateable: bool,
}

impl Described {
    /// The object, or why it cannot be read.
    pub(crate) fn object(self) -> Result<Object, &'static str> {
        if !self.queryable {
            return Err("it cannot be queried");
        }
        if hints::needs_more(&self.name) {
            return Err("it can be queried in part only, or through other objects");
        }
        let id = hints::id_of(&self.name);
        if !self.fields.iter().any(|field| field.name == id) {
            return Err("its records have no `Id`");
        }
        let key = replication_key(&self);
        let Described { name, label, replicateable, fields, .. } = self;
        let fields = fields::compounded(fields);
        Ok(Object { name, label, id, key, fields, is_replicateable: replicateable })
    }
}

impl Object {
    /// Whether deleted records tell that they are.
    pub(crate) fn marks_deleted(&self) -> bool {
        self.fields.iter().any(|field| field.name == IS_DELETED)
    }

    /// Why Bulk API 2.0 cannot give these fields of it.
    pub(crate) fn not_by_bulk(&self, reads: impl Fn(&str) -> bool) -> Option<String> {
        if hints::is_not_for_bulk(&self.name) {
            return Some("Bulk API 2.0 does not have it".to_owned());
        }
        let binary = self.fields.iter().find(|field| field.is_binary() && reads(&field.name));
        binary.map(|field| format!("Bulk API 2.0 does not give the binary field `{}`", field.name))
    }
}

/// Whether a name is one of an object that is worth being described.
pub(crate) fn is_worth_describing(name: &str) -> bool {
    !name.ends_with("ChangeEvent") && !hints::needs_more(name)
}

/// The field that tells of a deletion.
pub(crate) const IS_DELETED: &str = "IsDeleted";

/// The field that moves with every change of a record, as far as there is one.
fn replication_key(described: &Described) -> Option<String> {
    const KEYS: [&str; 3] = ["SystemModstamp", "LastModifiedDate", "CreatedDate"];
    if hints::is_always_full(&described.name) {
        return None;
    }
    let of_logins = (described.name == "LoginHistory").then_some("LoginTime");
    let mut keys = KEYS.into_iter().chain(of_logins);
    let is_usable = |key: &&str| {
        described.fields.iter().any(|field| field.name == **key && field.can_be_ordered_by())
    };
    keys.find(is_usable).map(str::to_owned)
}

#[cfg(test)]
mod tests;
