"""What is otherwise than in singer-io's tap-stripe, and why: stream, JSON pointer, reason.

`*` as a stream is any of them; in a pointer it is anything. taps/tap-stripe/README.md tells the same to
users.
"""

DECIMAL = "a decimal as the API sends it, and no format that only singer-python knows"
PERCENTAGE = "a number, as it is published"
WHOLE = "items are whole, not reduced to ids"
PYTHON = "an object, not Python's notation of it as a text"
CUT = "goes on after the tenth item"
ASKED = "not null after an event, which never carries it: the object is asked for again"
PARENT = "follows its parent, of whose bookmark the other tap speaks"

# What leads into the entry of its catalog, or into a type.
OF_THE_CATALOG = [
    ("subscription_items", "/replication_key", PARENT),
    ("transfer_reversals", "/replication_key", PARENT),
    ("payout_transactions", "/replication_key", PARENT),
    ("*", "*_decimal/format", DECIMAL),
    ("*", "*/percentage/format", PERCENTAGE),
    ("*", "*/percentage/type/*", PERCENTAGE),
    ("subscriptions", "*/amount_percent/format", PERCENTAGE),
    ("subscriptions", "*/amount_percent/type/*", PERCENTAGE),
    ("*", "*/tax_rates/items/properties/tax_type/type/*", "a text, as it is published"),
    ("customers", "/type/properties/subscriptions/items/type/*", WHOLE),
    ("subscriptions", "/type/properties/items/items/type/*", WHOLE),
    ("invoices", "/type/properties/lines/items/type/*", WHOLE),
    ("invoices", "/type/properties/lines/type", WHOLE),
    ("customers", "/type/properties/sources/type", "a list always"),
    ("customers", "/type/properties/tax_ids/type", "a list always"),
    ("customers", "/type/properties/invoice_settings/properties/custom_fields/items/type/*", PYTHON),
    ("charges", "/type/properties/source/properties/owner/properties/verified_address/type/*", PYTHON),
    ("disputes", "/type/properties/evidence/type", PYTHON),
    ("events", "/type/properties/request/type/*", PYTHON),
    ("invoices", "/type/properties/subscription_details/properties/metadata/type/*", PYTHON),
    ("*", "*/plan/type", "an object always"),
    ("*", "*/tiers/items/type", PYTHON),
    ("plans", "/type/type", "a record is an object"),
    ("invoices", "/type/properties/on_behalf_of/type", "an id, as it is sent"),
    ("invoices", "/type/properties/quote/type", "an id, as it is sent"),
]
# What leads into a record.
OF_RECORDS = [
    ("*", "/updated", "when it was made, until an event that comes after the list"),
    ("*", "/updated_by_event_type", "null until an event that comes after the list"),
    ("customers", "/subscriptions/*", WHOLE),
    ("customers", "/subscriptions", f"an empty list is one, not null; {ASKED}"),
    ("subscriptions", "/items/*", WHOLE),
    ("subscriptions", "/items", f"an empty list is one, not null; {CUT}"),
    ("invoices", "/lines/*", WHOLE),
    ("invoices", "/lines", f"an empty list is one, not null; {CUT}"),
    ("charges", "/refunds", f"{CUT}; {ASKED}"),
    ("customers", "/sources", f"{CUT}; {ASKED}"),
    ("customers", "/tax_ids", f"{CUT}; {ASKED}"),
    ("plans", "/tiers", ASKED),
    ("transfers", "/reversals", CUT),
    ("transfers", "/reversals/*/created", "a date-time, as everywhere"),
    ("disputes", "/evidence", PYTHON),
    ("events", "/request", PYTHON),
    ("invoices", "/subscription_details/metadata", PYTHON),
    ("plans", "/tiers/*", PYTHON),
    ("events", "/data/object/*", "as the event tells it: lists in it are list objects"),
    ("invoice_items", "/plan/tiers", "in `plans`, of which this is a copy"),
    ("subscriptions", "/plan/tiers", "in `plans`, of which this is a copy"),
    ("products", "/shippable", "null, not false, where the API says so"),
]
