"""What is otherwise than in singer-io's tap-salesforce, and why: stream, JSON pointer, reason.

`*` as a stream is any of them; in a pointer it is anything. taps/tap-salesforce/README.md tells the same to
users.
"""

DATE = "a date, not the date-time of its first moment"
TEXT = "a text always, not whatever it looks like: a column has one type"
BINARY = "where the content is, as the API tells it; the other tap does not read the field"

# What leads into the entry of its catalog, or into a type.
OF_THE_CATALOG = [
    ("Account", "/type/properties/LastActivityDate/format", DATE),
    ("Contact", "/type/properties/Birthdate/format", DATE),
    ("Opportunity", "/type/properties/CloseDate/format", DATE),
    ("Task", "/type/properties/ActivityDate/format", DATE),
    ("Account", "/type/properties/Place__c/type", "an object always, never a number"),
    ("Attachment", "/type/properties/Body/type", BINARY),
    ("Gizmo__c", "/type/properties/Anything__c/type", TEXT),
    ("Gizmo__c", "/type/properties/Formula__c/type", TEXT),
]
# What leads into a record.
OF_RECORDS = [
    ("Account", "/LastActivityDate", DATE),
    ("Contact", "/Birthdate", DATE),
    ("Opportunity", "/CloseDate", DATE),
    ("Task", "/ActivityDate", DATE),
    ("Gizmo__c", "/Anything__c", TEXT),
    ("Attachment", "/Body", BINARY),
    ("Gizmo__c", "/Settings__c", "JSON as its text; the other tap does not read the field"),
]
# Columns that ours has besides, and why: of any stream.
MORE_COLUMNS = {
    "_sdc_deleted_at": "when a record was put into the recycle bin",
}
