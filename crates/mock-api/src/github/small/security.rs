//! Alerts and rules.

use super::Small;

pub(crate) const TABLE: &[Small] = &[];
