//! What belongs to commits.

use super::Small;

pub(crate) const TABLE: &[Small] = &[];
