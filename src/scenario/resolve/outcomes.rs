//! The tables `[outcomes.*]` with their defaults.

use super::super::{WrittenKind, WrittenOutcome};
use super::no_correlation;
use crate::trial::Outcome;

/// Fills in the defaults of an outcome, as far as its kind has them.
pub(super) fn outcome(mut written: WrittenOutcome, outcome: &Outcome) -> WrittenOutcome {
    let kind = *written.kind.get_or_insert_default();
    written.label.get_or_insert_with(|| outcome.label.clone());
    written.unit.get_or_insert_with(|| outcome.unit.clone());
    written.at_baseline.get_or_insert(outcome.at_baseline);
    written.better.get_or_insert_default();
    written.correlation.get_or_insert_with(no_correlation);
    if kind == WrittenKind::Score {
        written.step.get_or_insert(1.0);
    }
    let baseline_sd = match kind {
        WrittenKind::Score => written.baseline.as_ref().and_then(|baseline| baseline.sd),
        // The severity behind all other kinds is in standard deviations.
        WrittenKind::Binary | WrittenKind::Count | WrittenKind::Ordinal => Some(1.0),
    };
    let follow_up = written.follow_up.get_or_insert_default();
    if follow_up.sd_by_visit.is_none() {
        follow_up.sd = follow_up.sd.or(baseline_sd);
    }
    if let Some(course) = &mut written.natural_course {
        course.sd.get_or_insert(0.0);
    }
    written
}
