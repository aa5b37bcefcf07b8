//! What belongs to repositories.

use super::Small;

pub(crate) const TABLE: &[Small] = &[];
