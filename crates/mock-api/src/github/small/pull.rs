//! What belongs to pull requests.

use super::Small;

pub(crate) const TABLE: &[Small] = &[];
