"""`singer-check-tap` without its crash on a null object whose schema has a date-time in it.

Its date-time check reads the fields of whatever value the schema calls an object, of null too. Here
such a value has no fields to check. Everything else is the tool's own.
"""

from jsonschema import validators
from singertools import check_tap

extend_with_default = check_tap.extend_with_default


def extend_for_objects(validator_class):
    extended = extend_with_default(validator_class)
    check_properties = extended.VALIDATORS["properties"]

    def properties(validator, declared, instance, schema):
        if isinstance(instance, dict):
            yield from check_properties(validator, declared, instance, schema)

    return validators.extend(extended, {"properties": properties})


if __name__ == "__main__":
    check_tap.extend_with_default = extend_for_objects
    check_tap.main()
