//! Fields: what an object's description says of each, and where its values come from.

use super::id::Prefix;

/// The type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Id,
    Reference,
    Text,
    TextArea,
    Phone,
    Url,
    Email,
    Picklist,
    MultiPicklist,
    Boolean,
    Int,
    Long,
    Double,
    Currency,
    Percent,
    Date,
    DateTime,
    Time,
    Address,
    Location,
    Base64,
    /// A text, a number or a boolean.
    Any,
    /// A type by its name, whose values are texts.
    Other(&'static str),
}

impl Type {
    /// As descriptions name it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Type::Id => "id",
            Type::Reference => "reference",
            Type::Text => "string",
            Type::TextArea => "textarea",
            Type::Phone => "phone",
            Type::Url => "url",
            Type::Email => "email",
            Type::Picklist => "picklist",
            Type::MultiPicklist => "multipicklist",
            Type::Boolean => "boolean",
            Type::Int => "int",
            Type::Long => "long",
            Type::Double => "double",
            Type::Currency => "currency",
            Type::Percent => "percent",
            Type::Date => "date",
            Type::DateTime => "datetime",
            Type::Time => "time",
            Type::Address => "address",
            Type::Location => "location",
            Type::Base64 => "base64",
            Type::Any => "anyType",
            Type::Other(name) => name,
        }
    }

    /// As the SOAP API names it.
    pub(super) fn soap(self) -> &'static str {
        match self {
            Type::Id | Type::Reference => "tns:ID",
            Type::Boolean => "xsd:boolean",
            Type::Int => "xsd:int",
            Type::Long => "xsd:long",
            Type::Double | Type::Currency | Type::Percent => "xsd:double",
            Type::Date => "xsd:date",
            Type::DateTime => "xsd:dateTime",
            Type::Time => "xsd:time",
            Type::Address => "urn:address",
            Type::Location => "urn:location",
            Type::Base64 => "xsd:base64Binary",
            Type::Any => "xsd:anyType",
            _ => "xsd:string",
        }
    }

    /// Whether its value is made of those of other fields.
    pub(super) fn is_compound(self) -> bool {
        matches!(self, Type::Address | Type::Location)
    }
}

/// What a value follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fill {
    Id,
    Deleted,
    Created,
    Modified,
    Stamp,
    /// Nothing: always null.
    Nothing,
    /// The id of a record of another object.
    Reference(&'static str),
    Company,
    First,
    Last,
    Person,
    Words,
    /// Texts that are hard to pass on.
    Hard,
    Pick,
    Picks,
    Chance,
    /// A number below the first, with so many decimal places.
    Number(u64, u32),
    Day,
    Hour,
    Phone,
    Url,
    Email,
    Street,
    City,
    State,
    Country,
    Postal,
    Latitude,
    Longitude,
    /// Where the bytes of a record can be read.
    Body,
    /// Texts, numbers and booleans.
    Any,
    /// The values of the parts.
    Parts,
}

/// One field of an object.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) kind: Type,
    pub(super) fill: Fill,
    pub(super) length: u32,
    pub(super) precision: u32,
    pub(super) scale: u32,
    pub(super) is_required: bool,
    pub(super) is_calculated: bool,
    /// In how many of a hundred rows it is null.
    pub(super) sparse: u64,
    /// The name of the compound field that it is a part of.
    pub(super) compound: Option<&'static str>,
    /// The values that can be chosen.
    pub(super) picks: &'static [&'static str],
    /// Its position, set by the object.
    pub(super) at: usize,
    /// The position of the compound field, set by the object.
    pub(super) whole: Option<usize>,
    /// Positions and JSON keys of the parts of a compound field, set by the object.
    pub(super) parts: Vec<(usize, &'static str)>,
    /// Where references lead, and how many records there are, set by the org.
    pub(super) target: Option<(Prefix, u32)>,
}

/// A field with the usual limits of its type.
pub(super) fn field(name: &str, kind: Type, fill: Fill) -> Field {
    let length = match kind {
        Type::Id | Type::Reference => 18,
        Type::Text | Type::Url | Type::Picklist | Type::Other(_) => 255,
        Type::TextArea | Type::Base64 => 32_000,
        Type::MultiPicklist => 4_099,
        Type::Phone => 40,
        Type::Email => 80,
        _ => 0,
    };
    let (precision, scale) = match (kind, fill) {
        (Type::Currency, Fill::Number(_, scale)) => (18, scale),
        (Type::Double | Type::Percent, Fill::Number(_, scale)) => (16, scale),
        (Type::Double, _) => (18, 15),
        _ => (0, 0),
    };
    let is_required = matches!(
        fill,
        Fill::Id | Fill::Deleted | Fill::Created | Fill::Modified | Fill::Stamp | Fill::Body
    ) || kind == Type::Boolean;
    Field {
        name: name.to_owned(),
        kind,
        fill,
        length,
        precision,
        scale,
        is_required,
        is_calculated: false,
        sparse: if is_required { 0 } else { 10 },
        compound: None,
        picks: &[],
        at: 0,
        whole: None,
        parts: Vec::new(),
        target: None,
    }
}

impl Field {
    /// Never null.
    pub(super) fn required(mut self) -> Self {
        self.is_required = true;
        self.sparse = 0;
        self
    }

    /// Made of other fields by a formula.
    pub(super) fn calculated(mut self) -> Self {
        self.is_calculated = true;
        self
    }

    /// One of these values.
    pub(super) fn picks(mut self, picks: &'static [&'static str]) -> Self {
        self.picks = picks;
        self
    }

    /// A part of a compound field.
    pub(super) fn part_of(mut self, compound: &'static str) -> Self {
        self.compound = Some(compound);
        self
    }

    /// Whether a customer has made it.
    pub(super) fn is_custom(&self) -> bool {
        self.name.ends_with("__c") || self.name.ends_with("__s")
    }

    /// The key that it has in its compound field, in JSON.
    pub(super) fn key(&self) -> &'static str {
        match self.fill {
            Fill::Street => "street",
            Fill::City => "city",
            Fill::State => "state",
            Fill::Country => "country",
            Fill::Postal => "postalCode",
            Fill::Latitude => "latitude",
            Fill::Longitude => "longitude",
            _ => "geocodeAccuracy",
        }
    }
}
