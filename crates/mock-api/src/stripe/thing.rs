//! One object: its kind, the row that it follows from, and its number within that row.

use super::kind::Kind;
use super::row::Row;

/// An object, or rather all that it follows from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Thing {
    pub(super) kind: Kind,
    /// Its row, or that of the object that it is within.
    pub(super) row: Row,
    /// Its number within the row; 0 for the row itself.
    pub(super) ordinal: u16,
}

impl Thing {
    /// The object of a row.
    pub(super) fn new(kind: Kind, row: Row) -> Self {
        Self { kind, row, ordinal: 0 }
    }

    /// One number for row and ordinal, from which its id is made.
    pub(super) fn key(&self) -> u64 {
        u64::from(self.row.number) << 16 | u64::from(self.ordinal)
    }

    /// Whether it is a subscription that was canceled.
    pub(super) fn is_canceled(&self) -> bool {
        self.kind.resource().phase_name(self.row.phase) == "canceled"
    }

    /// How often it was changed after it was made.
    pub(super) fn version(&self) -> u16 {
        match self.ordinal {
            0 => self.row.version,
            first if first == self.row.first => self.row.edits,
            _ => 0,
        }
    }
}
