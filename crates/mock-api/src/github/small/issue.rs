//! What belongs to issues.

use super::Small;

pub(crate) const TABLE: &[Small] = &[];
