//! Ids: 15 characters that ascend, and three that make them safe where case is lost.

use crate::json;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// What the last three characters are taken from.
const CHECKS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
/// The server on which the records were made, as the fourth and fifth character tell.
const POD: [u8; 2] = *b"5e";
/// Added to a row's number, so that ids look as if others had come before.
const BEFORE: u64 = 20_000_000;

/// The three characters with which the ids of an object begin.
pub(super) type Prefix = [u8; 3];

/// The id of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Id {
    pub(super) prefix: Prefix,
    pub(super) number: u32,
}

impl Id {
    /// Appends its 18 characters.
    pub(super) fn write(self, out: &mut String) {
        let mut letters = [b'0'; 18];
        letters[..3].copy_from_slice(&self.prefix);
        letters[3..5].copy_from_slice(&POD);
        let mut rest = u64::from(self.number) + BEFORE;
        let mut at = 14;
        while rest > 0 {
            letters[at] = DIGITS[(rest % 62) as usize];
            rest /= 62;
            at -= 1;
        }
        for third in 0..3 {
            let five = &letters[third * 5..third * 5 + 5];
            let bits = five
                .iter()
                .rev()
                .fold(0, |bits, letter| bits << 1 | usize::from(letter.is_ascii_uppercase()));
            letters[15 + third] = CHECKS[bits];
        }
        json::ascii(&letters, out);
    }

    pub(super) fn text(self) -> String {
        let mut text = String::with_capacity(18);
        self.write(&mut text);
        text
    }

    /// Its place among all ids, in the order of their texts.
    pub(super) fn place(self) -> u128 {
        let prefix = place(self.prefix.iter().chain(&POD)).unwrap_or_default();
        prefix * 62u128.pow(10) + u128::from(u64::from(self.number) + BEFORE)
    }

    /// The id of a text of 15 or 18 characters; `None` if none of these records could have it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let place = Self::place_of(text)?;
        let bytes = text.as_bytes();
        let prefix = [bytes[0], bytes[1], bytes[2]];
        let first = Self { prefix, number: 0 }.place();
        let number = u32::try_from(place.checked_sub(first)?).ok()?;
        Some(Self { prefix, number })
    }

    /// The place of any text that looks like an id; `None` if it does not.
    pub(super) fn place_of(text: &str) -> Option<u128> {
        let bytes = text.as_bytes();
        matches!(bytes.len(), 15 | 18).then(|| place(bytes[..15].iter()))?
    }
}

fn place<'a>(letters: impl Iterator<Item = &'a u8>) -> Option<u128> {
    letters.into_iter().try_fold(0, |sum, letter| {
        let digit = match letter {
            b'0'..=b'9' => letter - b'0',
            b'A'..=b'Z' => letter - b'A' + 10,
            b'a'..=b'z' => letter - b'a' + 36,
            _ => return None,
        };
        Some(sum * 62 + u128::from(digit))
    })
}

/// The prefix of the n-th custom object.
pub(super) fn custom(at: usize) -> Prefix {
    [b'a', DIGITS[at / 62 % 62], DIGITS[at % 62]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_ascend_as_their_numbers_do_and_are_read_back() {
        let ids = (1..5_000).map(|number| Id { prefix: *b"001", number: number * 700 });
        let texts: Vec<String> = ids.clone().map(Id::text).collect();
        assert!(texts.is_sorted() && texts.iter().all(|text| text.len() == 18));
        for (id, text) in ids.zip(&texts) {
            assert_eq!((Id::parse(text), Id::parse(&text[..15])), (Some(id), Some(id)));
        }
    }

    #[test]
    fn the_last_three_characters_tell_which_are_upper_case() {
        // Each of them stands for five characters, of which the first is the lowest bit.
        let text = Id { prefix: *b"00Q", number: 0 }.text();
        assert_eq!(&text[15..16], "E");
        assert_eq!(Id::parse("000000000000000"), None);
        assert!(Id::place_of("000000000000000AAA").unwrap() < Id::place_of(&text).unwrap());
        assert_eq!(Id::place_of("x"), None);
    }
}
