//! What is known of objects by name that `describe` does not tell.
//!
//! The names are those that singer-io's, MeltanoLabs' and Airbyte's taps treat apart. An object that is missing
//! here fails its own stream, with Salesforce's reason.

/// Objects that answer to queries with a certain filter only, or to none.
const NEED_MORE: [&str; 57] = [
    "ActivityHistory",
    "AggregateResult",
    "Announcement",
    "ApexTypeImplementor",
    "AppTabMember",
    "AttachedContentDocument",
    "AttachedContentNote",
    "CollaborationGroupRecord",
    "ColorDefinition",
    "CombinedAttachment",
    "ContentBody",
    "ContentDocumentLink",
    "ContentFolderItem",
    "ContentFolderMember",
    "DataStatistics",
    "DataType",
    "DatacloudAddress",
    "DatacloudDandBCompany",
    "EmailStatus",
    "EntityParticle",
    "FeedLike",
    "FeedSignal",
    "FeedTrackedChange",
    "FieldDefinition",
    "FieldHistoryArchive",
    "FlexQueueItem",
    "FlowTestView",
    "FlowVariableView",
    "FlowVersionView",
    "FolderedContentDocument",
    "IconDefinition",
    "IdeaComment",
    "ListViewChartInstance",
    "LookedUpFromActivity",
    "Name",
    "NetworkUserHistoryRecent",
    "NoteAndAttachment",
    "OpenActivity",
    "OutgoingEmail",
    "OutgoingEmailRelation",
    "OwnedContentDocument",
    "OwnerChangeOptionInfo",
    "PicklistValueInfo",
    "PlatformAction",
    "ProcessInstanceHistory",
    "QuoteTemplateRichTextData",
    "RecordActionHistory",
    "RelatedListColumnDefinition",
    "RelatedListDefinition",
    "RelationshipDomain",
    "RelationshipInfo",
    "SearchLayout",
    "SiteDetail",
    "UserEntityAccess",
    "UserFieldAccess",
    "UserRecordAccess",
    "Vote",
];

/// Objects that Bulk API 2.0 does not have.
const NOT_FOR_BULK: [&str; 20] = [
    "AcceptedEventRelation",
    "AssetTokenEvent",
    "CaseStatus",
    "ContractStatus",
    "DeclinedEventRelation",
    "EventWhoRelation",
    "FieldSecurityClassification",
    "OrderStatus",
    "PartnerRole",
    "RecentlyViewed",
    "ServiceAppointmentStatus",
    "ShiftStatus",
    "SolutionStatus",
    "TaskPriority",
    "TaskStatus",
    "TaskWhoRelation",
    "UndecidedEventRelation",
    "WorkOrderLineItemStatus",
    "WorkOrderStatus",
    "WorkStepStatus",
];

/// Objects that cannot be ordered by a date, whatever `describe` says.
const ALWAYS_FULL: [&str; 17] = [
    "ActivityFieldHistory",
    "ApiEvent",
    "BackgroundOperationResult",
    "BulkApiResultEventStore",
    "ExternalEncryptionRootKey",
    "FileEventStore",
    "IdentityProviderEventStore",
    "IdentityVerificationEvent",
    "LightningUriEvent",
    "ListViewEvent",
    "LoginAsEvent",
    "LoginEvent",
    "LogoutEvent",
    "PendingOrderSummary",
    "PermissionSetEventStore",
    "ReportEvent",
    "UriEvent",
];

pub(super) fn needs_more(object: &str) -> bool {
    NEED_MORE.contains(&object)
}

pub(super) fn is_not_for_bulk(object: &str) -> bool {
    NOT_FOR_BULK.contains(&object)
}

pub(super) fn is_always_full(object: &str) -> bool {
    ALWAYS_FULL.contains(&object)
}

/// The field that identifies a record.
pub(super) fn id_of(object: &str) -> &'static str {
    match object {
        "LightningUriEvent" => "EventIdentifier",
        _ => "Id",
    }
}
