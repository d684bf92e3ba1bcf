//! The section `[interim]` with its defaults.

use super::super::{Interim, WrittenInterim};
use crate::trial::Layout;

/// Fills in what is looked at, and by which rules.
pub(super) fn interim(written: WrittenInterim, interim: &Interim, layout: &Layout) -> WrittenInterim {
    WrittenInterim {
        looks: written.looks,
        outcome: Some(layout.outcomes[interim.outcome].name.clone()),
        week: Some(layout.visits[interim.visit].week),
        spending: Some(written.spending.unwrap_or_default()),
        sharing: Some(written.sharing.unwrap_or_default()),
        futility: written.futility,
    }
}
