"""Answers to GraphQL queries, made up from nothing but the published types."""

import re

from graphql import (
    GraphQLError,
    build_schema,
    get_named_type,
    graphql_sync,
    is_abstract_type,
    is_enum_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    parse,
    validate,
)

# How many rows a page has: enough for the types that may stand in one to take turns.
ROWS = 3
# So many types take turns whether the query has fragments of them or not.
FEW = 4
# Of nodes that one query may ask for, and of rows that one page may have: rules of GitHub's.
MAX_NODES = 500_000
MAX_PAGE = 100
MOMENT = "2026-01-02T03:04:05Z"
SCALARS = {
    "BigInt": "1",
    "Boolean": True,
    "Float": 1.5,
    "Date": "2026-01-02",
    "DateTime": MOMENT,
    "GitTimestamp": MOMENT,
    "PreciseDateTime": MOMENT,
    "URI": "https://github.test/somewhere",
    "GitObjectID": "6dcb09b5b57875f334f61aebed695e2e4193db5e",
}
# Which of its types an object has, whatever the query has fragments of.
ALWAYS = {"Actor": "User"}
# Texts from which a reader takes a part.
TEXTS = {
    "nameWithOwner": "{owner}/{name}",
    "avatarUrl": "https://avatars.githubusercontent.com/u/583231?v=4",
}


class Row:
    """An object of an answer.

    `place` is where it stands among the rows of its parents: the same by whichever way it is asked
    for. `nodes` is how many of its kind the query may give, `arguments` what it was asked by.
    """

    def __init__(self, name, place, nodes, arguments):
        self.name, self.place, self.nodes, self.arguments = name, place, nodes, arguments

    @property
    def number(self):
        return self.place[-1] if self.place else 0

    @property
    def is_first_page(self):
        return not (self.arguments.get("after") or self.arguments.get("before"))

    def below(self, name, nodes, arguments):
        """A single object in this one."""
        place = self.place
        if "id" in arguments:
            place = place_of(arguments["id"])
        elif "number" in arguments:
            place = (*place, arguments["number"] - 1)
        return Row(name, place, nodes, arguments or self.arguments)

    def rows(self, name, nodes, ids):
        """The list in this object: those that were asked for, or a page of two."""
        if ids:
            return [Row(name, place_of(one), nodes, {"id": one}) for one in ids]
        start = 0 if self.is_first_page else ROWS
        return [Row(name, (*self.place, start + at), nodes, {}) for at in range(ROWS)]


def place_of(name):
    """The place in an id, such as `Issue_0_2`."""
    return tuple(int(number) for number in re.findall(r"_(\d+)", name))


class MadeUp:
    def __init__(self, types):
        # What the document says of itself is GitHub's business; only queries are checked.
        self.schema = build_schema(types, assume_valid=True)
        for kind in self.schema.type_map.values():
            if is_abstract_type(kind):
                kind.resolve_type = self._type_of

    def answer(self, query, variables):
        """The body of the answer, and what is wrong with the query."""
        root = Row("query", (), 1, {})
        found = graphql_sync(
            self.schema, query, root, variable_values=variables, field_resolver=self._field
        )
        return found.formatted, [error.message for error in found.errors or []]

    def faults(self, query):
        """What is wrong with a query, whatever its variables."""
        return [error.message for error in validate(self.schema, parse(query))]

    def _field(self, parent, info, **arguments):
        named = get_named_type(info.return_type)
        nodes = parent.nodes
        if named.name.endswith("Connection"):
            nodes *= arguments.get("first") or arguments.get("last") or 0
            _within(nodes, info, arguments)
        if info.field_name in ("nodes", "edges") and nodes == 0:
            raise GraphQLError(f"the rows of `{parent.name}` need `first` or `last`")
        if is_leaf_type(named):
            value = self._leaf(parent, info, named)
            return [value] if _is_list(info.return_type) else value
        if _is_list(info.return_type):
            return parent.rows(info.field_name, nodes, arguments.get("ids"))
        return parent.below(info.field_name, nodes, arguments)

    def _leaf(self, parent, info, named):
        name = info.field_name
        if name in parent.arguments:
            return parent.arguments[name]
        if name in TEXTS:
            return TEXTS[name].format(**{"owner": "octocat", "name": "Hello-World"} | parent.arguments)
        if name in ("hasNextPage", "hasPreviousPage"):
            return parent.is_first_page
        if is_enum_type(named):
            return next(iter(named.values.values())).value
        if name.endswith("atabaseId"):
            number = sum((at + 1) * 100**level for level, at in enumerate(reversed(parent.place)))
            # GitHub writes large numbers as texts.
            return str(number) if named.name == "BigInt" else number
        if named.name == "Int":
            return parent.number + 1
        if named.name == "ID":
            return "_".join([info.parent_type.name, *map(str, parent.place)])
        return SCALARS.get(named.name, f"{name} {parent.number}")

    def _type_of(self, row, info, kind):
        """The one in the id; else one of those that the query has fragments of, in turn; else any."""
        if kind.name in ALWAYS:
            return ALWAYS[kind.name]
        possible = [one.name for one in self.schema.get_possible_types(kind)]
        named = str(row.arguments.get("id")).split("_")[0]
        asked = set(self._conditions(info))
        among = [name for name in possible if name == named]
        # All of a few types, so that two queries of the same thing get the same.
        among = among or (possible if len(possible) <= FEW else [])
        among = among or [name for name in possible if name in asked] or possible
        return among[row.number % len(among)]

    def _conditions(self, info):
        """The types of the fragments that stand in a field's selection."""
        for field in info.field_nodes:
            for selection in field.selection_set.selections:
                if selection.kind == "fragment_spread":
                    selection = info.fragments[selection.name.value]
                condition = getattr(selection, "type_condition", None)
                kind = condition and self.schema.type_map[condition.name.value]
                if is_abstract_type(kind):
                    yield from (one.name for one in self.schema.get_possible_types(kind))
                elif kind:
                    yield kind.name


def _within(nodes, info, arguments):
    size = max(arguments.get(name) or 0 for name in ("first", "last"))
    if size > MAX_PAGE or nodes > MAX_NODES:
        raise GraphQLError(f"`{info.field_name}` asks for pages of {size}, {nodes} nodes (too many)")


def _is_list(kind):
    while is_non_null_type(kind):
        kind = kind.of_type
    return is_list_type(kind)
