"""One form for an object as an API shows it, and for the row that a target keeps of it."""

from datetime import date, datetime, timezone


def normal(value, schema):
    """A value in the form that the schema of its column declares.

    Unix times and date-times become instants, dates days, list objects arrays, objects in place of
    their ids ids, numbers floats. Fields that are null, or not declared, are left out; what is declared as a free
    object stays as it is.
    """
    if value is None:
        return None
    kinds = schema.get("type", [])
    if schema.get("format") == "date-time":
        return instant(value)
    if schema.get("format") == "date":
        return value if isinstance(value, date) else date.fromisoformat(value)
    if "array" in kinds:
        items = value["data"] if isinstance(value, dict) else value
        return [normal(item, schema.get("items", {})) for item in items]
    if "string" in kinds and isinstance(value, dict):
        return value["id"]
    if "number" in kinds:
        return float(value)
    if "properties" in schema:
        return fields(value, schema)
    return value


def fields(record, schema):
    """The declared fields of an object that are not null."""
    columns = ((name, normal(record.get(name), kind)) for name, kind in schema["properties"].items())
    return {name: value for name, value in columns if value is not None}


def instant(value):
    if isinstance(value, datetime):
        # A column without a time zone holds the time of UTC.
        return value.replace(tzinfo=value.tzinfo or timezone.utc).astimezone(timezone.utc)
    if isinstance(value, str):
        return datetime.fromisoformat(value).astimezone(timezone.utc)
    return datetime.fromtimestamp(value, timezone.utc)


def differences(theirs, ours, path=""):
    """JSON pointers at which two values in this form differ, each with both."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for name in theirs.keys() | ours.keys():
            yield from differences(theirs.get(name), ours.get(name), f"{path}/{name}")
    elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for at, (their, our) in enumerate(zip(theirs, ours)):
            yield from differences(their, our, f"{path}/{at}")
    elif theirs != ours:
        yield path, theirs, ours
