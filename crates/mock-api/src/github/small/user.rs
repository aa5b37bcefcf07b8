//! What belongs to users.

use super::Small;

pub(crate) const TABLE: &[Small] = &[];
