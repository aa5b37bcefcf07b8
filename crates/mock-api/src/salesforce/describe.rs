//! Descriptions of objects and fields.

use serde_json::{Map, Value, json};

use super::field::{Field, Fill, Type};
use super::object::{Object, words};
use super::org::Org;

/// The answer of `/sobjects`: all objects in short.
pub(super) fn all(org: &Org, version: &str) -> Value {
    let objects = org.objects.iter().map(|object| Value::Object(summary(object, version)));
    json!({"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": objects.collect::<Value>()})
}

/// The answer of `/sobjects/{object}/describe`.
pub(super) fn one(object: &Object, version: &str) -> Value {
    let mut shown = summary(object, version);
    let more = json!({
        "actionOverrides": [],
        "childRelationships": [],
        "compactLayoutable": true,
        "fields": object.fields.iter().map(|field| describe(object, field)).collect::<Value>(),
        "listviewable": null,
        "lookupLayoutable": null,
        "namedLayoutInfos": [],
        "networkScopeFieldName": null,
        "recordTypeInfos": [],
        "searchLayoutable": true,
        "supportedScopes": [{"label": "All", "name": "everything"}],
    });
    if let Value::Object(more) = more {
        shown.extend(more);
    }
    Value::Object(shown)
}

fn summary(object: &Object, version: &str) -> Map<String, Value> {
    let traits = object.traits;
    let is_changed = object.has(Fill::Deleted);
    let base = format!("/services/data/{version}/sobjects/{}", object.name);
    let prefix = object.prefix.map(|prefix| String::from_utf8_lossy(&prefix).into_owned());
    let shown = json!({
        "activateable": false,
        "associateEntityType": null,
        "associateParentEntity": null,
        "createable": is_changed,
        "custom": object.is_custom(),
        "customSetting": false,
        "deepCloneable": false,
        "deletable": is_changed,
        "deprecatedAndHidden": false,
        "feedEnabled": false,
        "hasSubtypes": false,
        "isInterface": false,
        "isSubtype": false,
        "keyPrefix": prefix,
        "label": object.label(),
        "labelPlural": format!("{}s", object.label()),
        "layoutable": is_changed,
        "mergeable": false,
        "mruEnabled": is_changed,
        "name": object.name,
        "queryable": traits.is_queryable,
        "replicateable": traits.is_replicateable,
        "retrieveable": traits.is_retrieveable,
        "searchable": is_changed,
        "triggerable": is_changed,
        "undeletable": is_changed,
        "updateable": is_changed,
        "urls": {
            "sobject": base,
            "describe": format!("{base}/describe"),
            "rowTemplate": format!("{base}/{{ID}}"),
        },
    });
    match shown {
        Value::Object(shown) => shown,
        _ => Map::new(),
    }
}

fn describe(object: &Object, field: &Field) -> Value {
    let is_compound = field.kind.is_compound();
    let is_long = is_compound || matches!(field.kind, Type::TextArea | Type::Base64);
    let is_own = !field.is_calculated
        && !is_compound
        && !matches!(
            field.fill,
            Fill::Id | Fill::Deleted | Fill::Created | Fill::Modified | Fill::Stamp
        );
    let picks = field.picks.iter().map(|pick| {
        json!({"active": true, "defaultValue": false, "label": pick, "validFor": null, "value": pick})
    });
    let targets: Vec<&str> = match field.fill {
        Fill::Reference(target) => vec![target],
        Fill::Nothing if field.kind == Type::Reference => vec![object.name.as_str()],
        _ => Vec::new(),
    };
    let relation = field.name.strip_suffix("Id").filter(|_| !targets.is_empty());
    let mut shown = json!({
        "aggregatable": !is_long,
        "aiPredictionField": false,
        "autoNumber": false,
        "byteLength": field.length * 3,
        "calculated": field.is_calculated,
        "calculatedFormula": field.is_calculated.then_some("NumberOfEmployees * 0.001"),
        "cascadeDelete": false,
        "caseSensitive": false,
        "compoundFieldName": field.compound,
        "controllerName": null,
        "createable": is_own,
        "custom": field.is_custom(),
        "defaultValue": (field.kind == Type::Boolean).then_some(false),
        "defaultValueFormula": null,
        "defaultedOnCreate": field.kind == Type::Boolean,
        "dependentPicklist": false,
        "deprecatedAndHidden": false,
        "digits": if field.kind == Type::Int { 8 } else { 0 },
        "displayLocationInDecimal": field.kind == Type::Location,
        "encrypted": field.kind == Type::Other("encryptedstring"),
        "externalId": false,
        "extraTypeInfo": null,
        "filterable": !is_long,
        "filteredLookupInfo": null,
        "formulaTreatNullNumberAsZero": false,
        "groupable": !is_long && !matches!(field.kind, Type::Double | Type::Currency),
        "highScaleNumber": false,
        "htmlFormatted": false,
        "idLookup": field.kind == Type::Id,
        "inlineHelpText": null,
    });
    let more = json!({
        "label": if field.kind == Type::Id { format!("{} ID", object.label()) } else { words(&field.name) },
        "length": field.length,
        "mask": null,
        "maskType": null,
        "name": field.name,
        "nameField": field.name == "Name",
        "namePointing": false,
        "nillable": !field.is_required,
        "permissionable": is_own && !field.is_required,
        "picklistValues": picks.collect::<Value>(),
        "polymorphicForeignKey": false,
        "precision": field.precision,
        "queryByDistance": field.kind == Type::Location,
        "referenceTargetField": null,
        "referenceTo": targets,
        "relationshipName": relation,
        "relationshipOrder": null,
        "restrictedDelete": false,
        "restrictedPicklist": false,
        "scale": field.scale,
        "searchPrefilterable": false,
        "soapType": field.kind.soap(),
        "sortable": !is_long,
        "type": field.kind.name(),
        "unique": false,
        "updateable": is_own,
        "writeRequiresMasterRead": false,
    });
    if let (Value::Object(shown), Value::Object(more)) = (&mut shown, more) {
        shown.extend(more);
    }
    shown
}
