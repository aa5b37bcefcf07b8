//! Locators: where a page of results begins.

use crate::base64;

/// A position in the results of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Locator {
    /// The number of the job.
    pub(super) job: u32,
    /// How often all locators were lost before it was given.
    pub(super) generation: u32,
    /// Rows before it.
    pub(super) position: u32,
}

impl Locator {
    /// A text that tells nothing.
    pub(super) fn text(self) -> String {
        let mut text = String::new();
        let inner = format!("{:x}.{:x}.{:x}", self.job, self.generation, self.position);
        let bytes: Vec<u8> = inner.bytes().rev().map(|byte| byte ^ 0x35).collect();
        base64::encode(&bytes, &mut text);
        text
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let bytes = base64::decode(text)?.into_iter().rev().map(|byte| byte ^ 0x35).collect();
        let inner = String::from_utf8(bytes).ok()?;
        let mut numbers = inner.split('.').map(|part| u32::from_str_radix(part, 16));
        let mut next = || numbers.next()?.ok();
        Some(Self { job: next()?, generation: next()?, position: next()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locator_is_read_back() {
        let locator = Locator { job: 3, generation: 1, position: 50_000 };
        assert_eq!(Locator::parse(&locator.text()), Some(locator));
        assert_eq!(Locator::parse("null"), None);
        assert_eq!(Locator::parse("?"), None);
    }
}
