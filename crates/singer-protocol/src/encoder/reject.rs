//! Records that cannot be lines.

use std::fmt;

use super::misfit::Found;

/// A record whose key or cursor is bad, or which is no object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// What is wrong with it.
    pub reason: RejectReason,
    /// JSON pointer of the bad value; empty for the record itself.
    pub pointer: String,
    /// The record as it would have been written, selected fields only; `null` if it is no object.
    pub record: String,
    /// 128-bit FNV-1a of the record's text in the body, in hexadecimal.
    pub hash: String,
}

/// What can be wrong with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RejectReason {
    /// The record is no object.
    NotAnObject(Found),
    /// A field of the key is not there.
    KeyMissing,
    /// A field of the key is null.
    KeyNull,
    /// A field of the key is not of its type. It is not converted, since two keys could become one.
    KeyUnfit(Found),
    /// The cursor is not there.
    CursorMissing,
    /// The cursor is null.
    CursorNull,
    /// The cursor is not of its type, or cannot be read as one.
    CursorUnfit(Found),
    /// The API sent it with an error.
    Faulty,
}

impl fmt::Display for RejectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RejectReason::NotAnObject(found) => write!(f, "the record is {found}"),
            RejectReason::KeyMissing => f.write_str("a key field is missing"),
            RejectReason::KeyNull => f.write_str("a key field is null"),
            RejectReason::KeyUnfit(found) => write!(f, "a key field is {found} that does not fit"),
            RejectReason::CursorMissing => f.write_str("the replication key is missing"),
            RejectReason::CursorNull => f.write_str("the replication key is null"),
            RejectReason::CursorUnfit(found) => {
                write!(f, "the replication key is {found} that does not fit")
            }
            RejectReason::Faulty => f.write_str("the API sent it with an error"),
        }
    }
}

/// [FNV-1a](https://www.rfc-editor.org/rfc/rfc9923) of 128 bits in hexadecimal.
pub(super) fn hash(text: &str) -> String {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let hash = text.bytes().fold(BASIS, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    format!("{hash:032x}")
}

#[cfg(test)]
mod tests {
    use super::hash;

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(hash(""), "6c62272e07bb014262b821756295c58d");
        assert_eq!(hash("a"), "d228cb696f1a8caf78912b704e4a8964");
    }
}
