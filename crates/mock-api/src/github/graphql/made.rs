//! Objects that are written out as JSON when they are asked for.
//!
//! Such an object has its type as `__typename`; a list behind `page` is a connection.

use serde_json::{Value, json};

use super::super::account::Account;
use super::super::project;
use super::node::{Located, Node};
use super::repository::short;
use super::schema::GITHUB;
use crate::graphql::{Arguments, Problem, Resolved, Schema as _};

/// An object.
#[derive(Debug, Clone)]
pub(super) struct Made(pub(super) Value);

impl Made {
    pub(super) fn type_name(&self) -> &'static str {
        self.0["__typename"].as_str().and_then(|name| GITHUB.named(name)).unwrap_or("Node")
    }

    /// Whether it has an interface, or is of a type.
    pub(super) fn is(&self, type_name: &str) -> bool {
        let own = self.type_name();
        match type_name {
            "Node" => self.0.get("id").is_some(),
            "Actor" => matches!(own, "User" | "Bot" | "Organization"),
            "Comment" | "Reactable" => own == "DiscussionComment",
            "ProjectV2FieldCommon" => own.starts_with("ProjectV2") && own.ends_with("Field"),
            "ProjectV2ItemFieldValue" => own.starts_with("ProjectV2ItemField"),
            "ProjectV2ItemFieldValueCommon" => {
                own.starts_with("ProjectV2ItemField") && own != "ProjectV2ItemFieldLabelValue"
            }
            name => name == own,
        }
    }

    pub(super) fn field<'w>(
        &self,
        at: &Located<'w>,
        name: &str,
        arguments: &Arguments,
    ) -> Result<Resolved<Located<'w>>, Problem> {
        if (self.type_name(), name) == ("ProjectV2", "items") {
            return resolved(at, &page(project::items(at.world, &self.0["id"])), arguments);
        }
        if name == "fieldValueByName" {
            let wanted = arguments.get("name");
            let values = self.0["fieldValues"]["page"].as_array();
            let found = values.into_iter().flatten();
            let mut found = found.filter(|value| Some(&value["field"]["name"]) == wanted);
            return resolved(at, found.next().unwrap_or(&Value::Null), arguments);
        }
        resolved(at, &self.0[name], arguments)
    }
}

/// What a value of an object gives.
pub(super) fn resolved<'w>(
    at: &Located<'w>,
    value: &Value,
    arguments: &Arguments,
) -> Result<Resolved<Located<'w>>, Problem> {
    let made = |value: &Value| Node::Made(Made(value.clone()));
    match (value, value.get("page").and_then(Value::as_array)) {
        (_, Some(rows)) => {
            let rows: Vec<&Value> = rows.iter().collect();
            short(at.clone(), &rows, arguments, made).map(Resolved::Page)
        }
        (Value::Object(_), None) => Ok(Resolved::One(at.with(made(value)))),
        (Value::Array(items), None) if items.iter().all(Value::is_object) => {
            Ok(Resolved::Many(items.iter().map(|item| Ok(at.with(made(item)))).collect()))
        }
        _ => Ok(Resolved::Value(value.clone())),
    }
}

/// A connection of these nodes.
pub(in crate::github) fn page(nodes: Vec<Value>) -> Value {
    json!({"page": nodes})
}

/// An account.
pub(in crate::github) fn actor(account: &Account) -> Value {
    let number = account.number;
    json!({
        "__typename": account.kind(),
        "login": account.login.trim_end_matches("[bot]"),
        "url": format!("https://github.com/{}", account.login),
        "resourcePath": format!("/{}", account.login),
        "avatarUrl": format!("https://avatars.githubusercontent.com/u/{0}?u={0:x}&v=4", account.id),
        "id": super::value::of(account, "id"),
        "databaseId": account.id,
        "isSiteAdmin": number.is_some_and(|number| number.is_multiple_of(97)),
    })
}
