//! What a request wants to have in full: paths such as `data.customer`, as a tree.

use std::collections::BTreeMap;

/// The most levels of a path.
const MAX_LEVELS: usize = 4;

/// The fields of an object that are to be whole, and what is to be whole within them.
#[derive(Debug, Default)]
pub(super) struct Expand {
    fields: BTreeMap<String, Expand>,
}

impl Expand {
    /// Adds a path.
    ///
    /// # Errors
    /// It has too many levels; the error is Stripe's text.
    pub(super) fn add(&mut self, path: &str) -> Result<(), String> {
        if path.split('.').count() > MAX_LEVELS {
            return Err(format!(
                "You cannot expand more than {MAX_LEVELS} levels of a property. \
                Property: {path}."
            ));
        }
        let mut here = self;
        for field in path.split('.') {
            here = here.fields.entry(field.to_owned()).or_default();
        }
        Ok(())
    }

    /// What is to be whole within a field; `None` if it is not to be whole itself.
    pub(super) fn within(&self, field: &str) -> Option<&Expand> {
        self.fields.get(field)
    }

    /// The fields that are named.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&str, &Expand)> {
        self.fields.iter().map(|(name, within)| (name.as_str(), within))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_a_tree_of_four_levels_at_most() {
        let mut expand = Expand::default();
        expand.add("data.customer").unwrap();
        expand.add("data.plan.tiers").unwrap();
        let data = expand.within("data").unwrap();
        assert!(data.within("customer").is_some() && data.within("tiers").is_none());
        assert!(data.within("plan").and_then(|plan| plan.within("tiers")).is_some());
        assert!(expand.add("a.b.c.d.e").is_err());
    }
}
