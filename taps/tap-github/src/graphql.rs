//! GitHub's GraphQL API: whether it is used, and where it is.

use singer_tap::{Query, Stream};

use crate::auth;
use crate::config::{Config, Graphql};

/// Whether GraphQL may be asked instead of REST: it answers nobody without a credential.
pub(crate) fn is_used(config: &Config) -> bool {
    config.graphql == Graphql::Auto && !auth::is_anonymous(config)
}

/// Streams that only GraphQL has: none where it is never to be asked. GraphQL answers nobody without
/// a credential, so without one they are not selected by default.
pub(crate) fn only<const N: usize>(
    config: &Config,
    streams: [fn(&Config) -> Stream; N],
) -> Vec<Stream> {
    if config.graphql == Graphql::Never {
        return Vec::new();
    }
    let made = streams.into_iter().map(|stream| stream(config));
    if auth::is_anonymous(config) {
        return made.map(|stream| stream.selected_by_default(false)).collect();
    }
    made.collect()
}

/// A query that is sent to where the API of the settings takes queries, and tells what it cost.
///
/// Source: <https://docs.github.com/en/enterprise-server/graphql/guides/forming-calls-with-graphql#the-graphql-endpoint>.
pub(crate) fn query(config: &Config, text: &'static str, at: &'static str) -> Query {
    let query = Query::new(text, at).quota_at("/data/rateLimit");
    let base = config.api_url_base.to_url();
    if base.path().trim_end_matches('/') == "/api/v3" {
        query.path_at_origin("/api/graphql")
    } else {
        query
    }
}
