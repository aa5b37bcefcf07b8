//! What GitHub finds in code, dependencies and commits.

mod code_scanning_alerts;
mod dependabot_alerts;
mod secret_scanning_alerts;

use singer_tap::Stream;

/// The streams of this area.
pub(super) fn streams() -> Vec<Stream> {
    vec![
        code_scanning_alerts::stream(),
        dependabot_alerts::stream(),
        secret_scanning_alerts::stream(),
    ]
}

/// How GitHub says that a feature is off, in words such as "Dependabot alerts are disabled for this
/// repository"; a missing permission has the same status and says something else.
const IS_OFF: &[&str] = &["enabled", "disabled", "not available"];

/// A list of alerts, which have numbers within their repository. It takes rights beyond reading, and
/// the repository may have the feature switched off.
fn alerts(name: &str, path: &'static str) -> Stream {
    crate::streams::of_repository(name, path)
        .key(["repo", "org", "number"])
        .selected_by_default(false)
        .tolerate([404])
        .tolerate_saying([403], IS_OFF)
}
