//! What belongs to organizations.

use super::Small;

pub(crate) const TABLE: &[Small] = &[];
