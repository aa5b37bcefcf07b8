//! Types of objects that are written out as JSON, as one table: a field is a scalar, or names after a
//! colon what it gives: an object, with `*` a list of objects, with `+` a connection.
//!
//! Source: the npm package `@octokit/graphql-schema`.

use super::schema::{NAMED, PAGES};
use crate::graphql::{Known, Of, Type};

#[rustfmt::skip]
const TYPES: &[(&str, &str)] = &[
    ("Actor", "resourcePath"),
    ("User", "resourcePath isSiteAdmin createdAt repositoriesContributedTo:Repository+"),
    ("Bot", "resourcePath"),
    ("Mannequin", "id databaseId resourcePath"),
    ("EnterpriseUserAccount", "id resourcePath"),
    ("Organization", "resourcePath projectsV2:ProjectV2+ projectV2:ProjectV2"),
    ("Repository", "openGraphImageUrl discussionCategories:DiscussionCategory+ dependencyGraphManifests:DependencyGraphManifest+"),
    ("Reactable", "id reactions:Reaction+"),
    ("Labelable", "labels:Label+"),
    ("Discussion", "bodyText publishedAt lastEditedAt closedAt closed createdViaEmail isAnswered activeLockReason stateReason resourcePath labels:Label+ reactions:Reaction+ answer:DiscussionComment answerChosenBy:Actor"),
    ("DiscussionCategory", "description"),
    ("DiscussionComment", "bodyHTML bodyText publishedAt lastEditedAt createdViaEmail deletedAt includesCreatedEdit isMinimized minimizedReason resourcePath editor:Actor replies:DiscussionComment+ reactions:Reaction+"),
    ("Reaction", "id databaseId content createdAt user:User"),
    ("Label", "id name description color isDefault createdAt updatedAt url resourcePath"),
    ("DependencyGraphManifest", "id filename blobPath dependenciesCount exceedsMaxSize parseable dependencies:DependencyGraphDependency+"),
    ("DependencyGraphDependency", "hasDependencies packageManager packageName relationship requirements repository:Repository"),
    ("ProjectV2Owner", "id"),
    ("ProjectV2", "id fullDatabaseId number title url resourcePath createdAt updatedAt closed closedAt public readme shortDescription template viewerCanClose viewerCanReopen viewerCanUpdate owner:ProjectV2Owner creator:Actor fields:ProjectV2FieldConfiguration+ items:ProjectV2Item+"),
    ("ProjectV2FieldConfiguration", ""),
    ("ProjectV2FieldCommon", "id databaseId name dataType createdAt updatedAt"),
    ("ProjectV2Field", "id databaseId name dataType createdAt updatedAt"),
    ("ProjectV2SingleSelectField", "id databaseId name dataType createdAt updatedAt options:ProjectV2SingleSelectFieldOption*"),
    ("ProjectV2IterationField", "id databaseId name dataType createdAt updatedAt configuration:ProjectV2IterationFieldConfiguration"),
    ("ProjectV2SingleSelectFieldOption", "id name color description"),
    ("ProjectV2IterationFieldConfiguration", "duration startDay iterations:ProjectV2IterationFieldIteration* completedIterations:ProjectV2IterationFieldIteration*"),
    ("ProjectV2IterationFieldIteration", "id title startDate duration"),
    ("ProjectV2Item", "id fullDatabaseId createdAt updatedAt isArchived type creator:Actor content:ProjectV2ItemContent fieldValues:ProjectV2ItemFieldValue+ fieldValueByName:ProjectV2ItemFieldValue"),
    ("ProjectV2ItemContent", ""),
    ("DraftIssue", "id title"),
    ("ProjectV2ItemFieldValue", ""),
    ("ProjectV2ItemFieldValueCommon", "id databaseId createdAt updatedAt creator:Actor field:ProjectV2FieldConfiguration"),
    ("ProjectV2ItemFieldTextValue", "id databaseId createdAt updatedAt creator:Actor field:ProjectV2FieldConfiguration text"),
    ("ProjectV2ItemFieldDateValue", "id databaseId createdAt updatedAt creator:Actor field:ProjectV2FieldConfiguration date"),
    ("ProjectV2ItemFieldNumberValue", "id databaseId createdAt updatedAt creator:Actor field:ProjectV2FieldConfiguration number"),
    ("ProjectV2ItemFieldSingleSelectValue", "id databaseId createdAt updatedAt creator:Actor field:ProjectV2FieldConfiguration name color description optionId"),
    ("ProjectV2ItemFieldIterationValue", "id databaseId createdAt updatedAt creator:Actor field:ProjectV2FieldConfiguration title duration startDate iterationId"),
    ("ProjectV2ItemFieldLabelValue", "labels:Label+"),
];

/// Arguments beside those of pages.
const MORE: &[&str] = &[
    "first",
    "last",
    "after",
    "before",
    "orderBy",
    "withDependencies",
    "includeUserRepositories",
    "contributionTypes",
];

/// The name of a type of the table.
pub(super) fn named(name: &str) -> Option<&'static str> {
    TYPES.iter().map(|(known, _)| *known).find(|known| *known == name)
}

/// A field of a type of the table.
pub(super) fn field(of: &str, name: &str) -> Option<Known> {
    let (_, fields) = TYPES.iter().find(|(known, _)| *known == of)?;
    let found = fields.split(' ').find_map(|field| {
        let (known, gives) = field.split_once(':').unwrap_or((field, ""));
        (known == name).then_some(gives)
    })?;
    let of = |name: &str| named(name).or_else(|| NAMED.into_iter().find(|known| *known == name));
    Some(match (found, found.strip_suffix('+'), found.strip_suffix('*')) {
        ("", ..) => (Of::Leaf, &[]),
        (_, Some(item), _) => {
            let is_plain = matches!(name, "replies" | "fields" | "dependencies");
            (Of::One(Type::Connection(of(item)?)), if is_plain { PAGES } else { MORE })
        }
        (_, _, Some(item)) => (Of::Many(Type::Named(of(item)?), None), &[]),
        (one, ..) => (
            Of::One(Type::Named(of(one)?)),
            match name {
                "projectV2" => &["number"],
                "fieldValueByName" => &["name"],
                _ => &[],
            },
        ),
    })
}
