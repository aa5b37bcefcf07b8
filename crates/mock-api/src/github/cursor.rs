//! Opaque cursors of the issue list: a sort value and an id, packed as the real API packs them.

use super::base64;

/// A place between two rows of a sorted list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cursor {
    /// The value that the list is sorted by.
    pub(crate) value: u64,
    /// The id of the row, for rows of the same value.
    pub(crate) id: u64,
}

const PREFIX: &[u8] = b"cursor:v2:\x92\xcf";
const ID: u8 = 0xcf;

impl Cursor {
    /// The text of a query parameter.
    pub(crate) fn encode(self) -> String {
        let mut bytes = PREFIX.to_vec();
        bytes.extend_from_slice(&self.value.to_be_bytes());
        bytes.push(ID);
        bytes.extend_from_slice(&self.id.to_be_bytes());
        let mut text = String::new();
        base64::encode(&bytes, &mut text);
        text
    }

    /// Reads a text that [`Cursor::encode`] made.
    pub(crate) fn decode(text: &str) -> Option<Self> {
        let bytes = base64::decode(text)?;
        let (value, rest) = bytes.strip_prefix(PREFIX)?.split_first_chunk()?;
        let id = rest.strip_prefix(&[ID])?;
        Some(Self {
            value: u64::from_be_bytes(*value),
            id: u64::from_be_bytes(id.try_into().ok()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_text_and_another_text_is_none() {
        let cursor = Cursor { value: 1_793_491_200, id: 2_500_000_007 };
        assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
        for text in ["", "abc", "Y3Vyc29yOnYyOg", "!!"] {
            assert_eq!(Cursor::decode(text), None, "{text}");
        }
    }
}
