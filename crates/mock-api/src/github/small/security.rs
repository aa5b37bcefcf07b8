//! Alerts and rules.

use super::{Small, list};

pub(crate) const TABLE: &[Small] = &[
    list!("code_scanning_alerts", "/repos/{owner}/{repo}/code-scanning/alerts", 3)
        .newest_first()
        .sorted(),
    list!("secret_scanning_alerts", "/repos/{owner}/{repo}/secret-scanning/alerts", 3)
        .newest_first()
        .sorted(),
    list!("dependabot_alerts", "/repos/{owner}/{repo}/dependabot/alerts", 3)
        .newest_first()
        .sorted()
        .cursors(),
];
