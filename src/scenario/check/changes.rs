//! Changes of severity by outcome, as characteristics, co-interventions and events bring them.

use indexmap::IndexMap;

use super::super::tree::KeyPath;
use super::{Check, Outline};

impl Check<'_> {
    /// Change per outcome of the table at a path; outcomes that are not named do not change.
    pub(super) fn changes(
        &mut self,
        written: Option<&IndexMap<String, f64>>,
        path: &KeyPath,
        outline: &Outline,
    ) -> Vec<f64> {
        self.keys_among(path, &outline.outcomes, "an outcome of this name");
        let change = |outcome: &String| written.and_then(|changes| changes.get(outcome)).copied().unwrap_or(0.0);
        outline.outcomes.iter().map(change).collect()
    }
}
