//! How many rows a page is asked for.

/// The page size of one reading. What was too much stays so: it shrinks and does not grow again, and
/// the next partition begins with the largest.
#[derive(Clone, Debug)]
pub(super) struct Size<'a> {
    sizes: &'a [u32],
    at: usize,
}

impl<'a> Size<'a> {
    pub(super) fn new(sizes: &'a [u32]) -> Size<'a> {
        Size { sizes, at: 0 }
    }

    /// The size now; none where the query has no pages.
    pub(super) fn now(&self) -> Option<u32> {
        self.sizes.get(self.at).copied()
    }

    /// Whether there is a smaller one.
    pub(super) fn can_shrink(&self) -> bool {
        self.at + 1 < self.sizes.len()
    }

    /// Whether it is smaller than it was.
    pub(super) fn has_shrunk(&self) -> bool {
        self.at > 0
    }

    /// Takes the next smaller one; false if there is none.
    pub(super) fn shrink(&mut self) -> bool {
        let can_shrink = self.can_shrink();
        self.at += usize::from(can_shrink);
        can_shrink
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_shrinks_step_by_step_to_the_smallest() {
        let mut size = Size::new(&[100, 50, 10]);
        let mut seen = vec![size.now()];
        while size.shrink() {
            seen.push(size.now());
        }
        assert_eq!(seen, [Some(100), Some(50), Some(10)]);
        assert_eq!(size.now(), Some(10));
        assert!(!Size::new(&[]).shrink());
    }
}
