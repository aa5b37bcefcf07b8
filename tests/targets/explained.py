"""What is otherwise than published, or than the peer's, and why: stream, JSON pointer, reason.

`*` as a stream is any of them; in a pointer it is anything.
"""

import fnmatch

# What the published examples have and no schema of ours, or with another type.
OF_EXAMPLES = [
    ("*", "*/temp_clone_token", "a credential, never read"),
    ("*", "*/body_html", "sent to another media type only"),
    ("*", "*/body_text", "sent to another media type only"),
    ("repositories", "*/network_count", "of the repository itself; the examples of others are older"),
    ("repositories", "*/subscribers_count", "of the repository itself; the examples of others are older"),
    ("repositories", "/source/security_and_analysis", "of the repository itself"),
    ("dependabot_alerts", "*/epss/percentile", "a number in the type, a text in the example"),
    ("*", "*/repo/network_count", "not in the type: the example is older"),
    ("*", "*/repo/subscribers_count", "not in the type: the example is older"),
    ("*", "*/repo/template_repository", "not in the type: the example is older"),
]
# What the peer has. A pointer leads into the entry of its catalog: `/key`, `/replication_key`, `/type/…`.
OF_THE_PEER = [
    ("review_comment_reactions", "/replication_key", "a reaction does not move its comment: all are read"),
    ("discussion_comments", "/replication_key", "read again with a discussion that changed: edits do not move created_at"),
    ("discussion_comment_replies", "/replication_key", "the same"),
    ("deployments", "/replication_key", "an old one changes with the next: all are listed, what changed is written"),
    ("traffic_pageviews", "/replication_key", "read whole, versions would delete all but two weeks"),
]
# Of its records: `/…`, besides the examples' own misfits.
OF_ITS_RECORDS = OF_EXAMPLES + [
    ("starred", "/repo/custom_properties", "not in the type of this list"),
    ("starred", "/repo/security_and_analysis", "not in the type of this list"),
    ("reviews", "/user/user_view_type", "a column of neither, which REST has and the query of ours has not"),
    ("pull_request_commits", "/*/user_view_type", "the same"),
    ("projects", "/creator/id", "a number, where the type, which is the peer's, promises a text"),
    ("project_field_configurations", "/all_field_configurations/*/id", "the same"),
    ("project_items", "/*creator/id", "the same"),
    ("project_items", "/title/field_name", "in no schema, and always that of the column"),
    ("project_items", "/status/field_name", "in no schema, and always that of the column"),
    ("dependencies", "/dependency_repo_id", "left out, not null, where GitHub does not know the repository"),
    ("events", "/payload/comment/reactions/[+-]1", "`plus_one` and `minus_one`, as elsewhere; a column of ours only"),
    ("events", "/target_org", "null where the event has no organisation, and absent in ours"),
    ("deployments", "/payload", "an object as the text that the type, which is the peer's, promises"),
    ("custom_properties", "/value", "a list as the text that the type, which is the peer's, promises"),
]
# Of its records over answers that are made up, where every list has two pages.
OF_MADE_UP = OF_ITS_RECORDS + [
    ("discussions", "/labels", "all of them: the peer reads their first page"),
    ("discussions", "/reactions", "all of them: the peer reads their first page"),
    ("discussion_comments", "/reactions", "all of them: the peer reads their first page"),
    ("discussion_comment_replies", "/reactions", "all of them: the peer reads their first page"),
    ("project_items", "/field_values", "asked for field by field by the peer: made up apart from ours"),
]
# Streams of which ours has records that the peer has not.
MORE_RECORDS = {
    "stats_contributors": "an answer that is still being prepared (202) is an empty list for the peer",
}
# Streams of the peer that are not ours.
NOT_OURS = {
    "dependents": "read from the HTML of github.com, which no API has and which changes at will",
    "extra_metrics": "read from the HTML of github.com",
}
# Streams of which the documents show no record.
WITHOUT_RECORDS = {
    "anonymous_contributors": "the example has users only",
}


def unexplained(table, stream, found):
    """Lines of what was found, pointer → what, less that which the table explains."""
    patterns = [pattern for name, pattern, _ in table if name in ("*", stream)]
    return [
        f"{stream} {pointer}: {what}"
        for pointer, what in sorted(found.items())
        if not any(fnmatch.fnmatchcase(pointer, pattern) for pattern in patterns)
    ]


def without_a_reason(table, found):
    """The same for what was found in several streams: stream, pointer → what."""
    return [
        line
        for stream, pointer in sorted(found)
        for line in unexplained(table, stream, {pointer: found[stream, pointer]})
    ]


def stale(table, stream, found):
    """Explanations of this very stream that explain nothing."""
    own = [pattern for name, pattern, _ in table if name == stream]
    return [pattern for pattern in own if not fnmatch.filter(found, pattern)]


def superfluous(table, found):
    """Explanations that explain nothing of what was found: pairs of stream and pointer."""
    return [
        (name, pattern)
        for name, pattern, _ in table
        if not any(
            name in ("*", stream) and fnmatch.fnmatchcase(pointer, pattern) for stream, pointer in found
        )
    ]
