//! Ids: a prefix, letters that tell the account and the kind, and the number in disguise.

use crate::seed::mix;

const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Letters that hold any number.
const CODE: usize = 11;
/// Letters before the number.
const TAG: usize = 13;
/// The most that are written of one number.
const MOST: usize = 16;
/// An odd factor, and what undoes it modulo 2^64.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
const INVERSE: u64 = inverse(FACTOR);

/// Newton's iteration: each step doubles the bits that are right.
const fn inverse(odd: u64) -> u64 {
    let mut inverse = odd;
    let mut step = 0;
    while step < 5 {
        inverse = inverse.wrapping_mul(2u64.wrapping_sub(odd.wrapping_mul(inverse)));
        step += 1;
    }
    inverse
}

/// Appends an id, such as `ch_` and 24 letters; without a prefix it is the letters of the number alone.
pub(super) fn push(prefix: &str, seed: u64, number: u64, out: &mut String) {
    if !prefix.is_empty() {
        out.push_str(prefix);
        out.push('_');
        out.push_str(&tag(seed));
    }
    letters((number ^ seed).wrapping_mul(FACTOR), CODE, out);
}

/// The number of an id; `None` if it is of another account or kind, or no id.
pub(super) fn read(prefix: &str, seed: u64, id: &str) -> Option<u64> {
    let mut code = id;
    if !prefix.is_empty() {
        let rest = id.strip_prefix(prefix)?.strip_prefix('_')?;
        code = rest.strip_prefix(&tag(seed))?;
    }
    if code.len() != CODE {
        return None;
    }
    let mut value = 0u64;
    for byte in code.bytes() {
        let digit = LETTERS.iter().position(|&letter| letter == byte)?;
        value = value.checked_mul(62)?.checked_add(digit as u64)?;
    }
    Some(value.wrapping_mul(INVERSE) ^ seed)
}

/// Letters that tell a seed.
fn tag(seed: u64) -> String {
    let mut tag = String::with_capacity(TAG);
    letters(mix(&[seed]), TAG - 3, &mut tag);
    letters(mix(&[seed, 1]), 3, &mut tag);
    tag
}

/// Appends the last letters of a number to the base 62.
pub(super) fn letters(value: u64, count: usize, out: &mut String) {
    let mut value = value;
    let mut digits = [b'0'; MOST];
    for digit in digits[..count].iter_mut().rev() {
        *digit = LETTERS[(value % 62) as usize];
        value /= 62;
    }
    out.extend(digits[..count].iter().map(|&byte| char::from(byte)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(prefix: &str, seed: u64, number: u64) -> String {
        let mut id = String::new();
        push(prefix, seed, number, &mut id);
        id
    }

    #[test]
    fn an_id_is_read_back_by_its_account_and_kind_alone() {
        for number in [0, 1, 65_536, u64::MAX] {
            let written = id("ch", 5, number);
            assert_eq!((written.len(), read("ch", 5, &written)), (27, Some(number)));
            assert_eq!(read("ch", 6, &written), None);
            assert_eq!(read("cus", 5, &written), None);
            let bare = id("", 5, number);
            assert_eq!((bare.len(), read("", 5, &bare)), (11, Some(number)));
        }
        for text in ["", "ch_", "ch_1", "ch_ünïcödeünïcödeünïcöde"] {
            assert_eq!(read("ch", 5, text), None, "{text}");
        }
    }
}
