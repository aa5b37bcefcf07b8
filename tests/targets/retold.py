"""GraphQL answers told again by the published types: what comes out otherwise is not as they say."""

from graphql import FieldNode, FragmentSpreadNode, execute_sync, parse


def untrue(schema, body, data):
    """What is wrong with the data that answered a query, each with its path."""
    result = execute_sync(
        schema,
        parse(body["query"]),
        data,
        variable_values=body.get("variables"),
        operation_name=body.get("operationName"),
        field_resolver=lambda row, info, **_: row.get(info.path.key),
        type_resolver=_type,
    )
    errors = [f"{_place(error.path)}: {error.message}" for error in result.errors or []]
    return [*errors, *_otherwise(data, result.data)]


def _type(row, info, abstract):
    """The type of a row: by its name, or the first that has all of its fields."""
    names = {name for node in info.field_nodes for name in _names(node.selection_set, info.fragments)}
    told = [row[name] for name in names if name in row]
    possible = info.schema.get_possible_types(abstract)
    fitting = [kind.name for kind in possible if row.keys() <= kind.fields.keys()]
    return [*told, *fitting, possible[0].name][0]


def _names(selections, fragments):
    """Under which names a selection asks for the name of the type."""
    for node in selections.selections:
        if isinstance(node, FieldNode):
            if node.name.value == "__typename":
                yield (node.alias or node.name).value
        elif isinstance(node, FragmentSpreadNode):
            yield from _names(fragments[node.name.value].selection_set, fragments)
        else:
            yield from _names(node.selection_set, fragments)


def _otherwise(told, again, path=()):
    """The leaves that differ, such as a number where the types have a text."""
    if isinstance(told, dict) and isinstance(again, dict):
        for name in told.keys() & again.keys():
            yield from _otherwise(told[name], again[name], (*path, name))
    elif isinstance(told, list) and isinstance(again, list):
        for one, other in zip(told, again):
            yield from _otherwise(one, other, (*path, 0))
    elif again is not None and (type(told), told) != (type(again), again):
        yield f"{_place(path)}: {told!r} is told again as {again!r}"


def _place(path):
    return "/".join("*" if isinstance(name, int) else name for name in path or ())
