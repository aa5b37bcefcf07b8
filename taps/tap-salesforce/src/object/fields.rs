//! Fields of an object, and which of them are parts of others.

use serde::Deserialize;

/// What `describe` says of a field.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Field {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) label: String,
    /// Its type, in Salesforce's words.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    compound_field_name: Option<String>,
    #[serde(default = "yes")]
    filterable: bool,
    #[serde(default = "yes")]
    sortable: bool,
    /// Of an address or a location: the names of its parts, and the fields that hold them.
    #[serde(skip)]
    pub(crate) parts: Vec<(&'static str, String)>,
}

fn yes() -> bool {
    true
}

/// Parts of addresses and locations by the end of their fields' names, the longer ones first.
const PARTS: [(&str, &str); 10] = [
    ("GeocodeAccuracy", "geocodeAccuracy"),
    ("CountryCode", "countryCode"),
    ("PostalCode", "postalCode"),
    ("StateCode", "stateCode"),
    ("Longitude", "longitude"),
    ("Latitude", "latitude"),
    ("Country", "country"),
    ("Street", "street"),
    ("State", "state"),
    ("City", "city"),
];

impl Field {
    /// Whether it is an address or a location, which consists of other fields.
    pub(crate) fn is_compound(&self) -> bool {
        matches!(&*self.kind, "address" | "location")
    }

    /// Whether its values are files.
    pub(crate) fn is_binary(&self) -> bool {
        matches!(&*self.kind, "base64" | "byte")
    }

    pub(super) fn can_be_ordered_by(&self) -> bool {
        self.filterable && self.sortable && self.kind == "datetime"
    }

    /// Which part it is of an address or a location.
    fn part(&self) -> Option<&'static str> {
        let name = self.name.strip_suffix("__s").unwrap_or(&self.name);
        PARTS.iter().find(|(end, _)| name.ends_with(end)).map(|(_, part)| *part)
    }
}

/// The fields, where each address and each location knows its parts; one without any is left out.
pub(super) fn compounded(mut fields: Vec<Field>) -> Vec<Field> {
    for at in 0..fields.len() {
        if fields[at].is_compound() {
            let whole = Some(fields[at].name.clone());
            let parts = fields.iter().filter(|field| field.compound_field_name == whole);
            let parts = parts.filter(|field| Some(&field.name) != whole.as_ref());
            fields[at].parts =
                parts.filter_map(|field| Some((field.part()?, field.name.clone()))).collect();
        }
    }
    fields.retain(|field| !field.is_compound() || !field.parts.is_empty());
    fields
}
