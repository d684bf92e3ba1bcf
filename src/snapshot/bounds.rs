//! Comparing with bounds that a case states, whatever is kept.

use super::quantity::Quantity;
use super::verdict::{Basis, Comparison, Severity, Verdict};
use crate::scenario::{Expectation, nearest};

/// Compares the quantity that an expectation names, if there is one among all that was computed.
pub fn compare(expectation: &Expectation, quantities: &[Quantity]) -> Comparison {
    let quantity = quantities.iter().find(|own| own.id == expectation.id);
    let number = quantity.and_then(|own| own.value.as_number());
    let [low, high] = expectation.between;
    let (verdict, severity) = match number {
        Some(number) if (low..=high).contains(&number) => (Verdict::WithinBounds, Severity::Fine),
        Some(_) => (Verdict::OutsideBounds, Severity::Failure),
        None => (Verdict::Missing, Severity::Failure),
    };
    let note = quantity.is_none().then(|| unknown(&expectation.id, quantities));
    Comparison {
        id: expectation.id.clone(),
        now: quantity.map(|own| own.value.clone()),
        mcse: quantity.and_then(|own| own.mcse),
        basis: Basis::Bounds(expectation.clone()),
        verdict,
        severity,
        note,
    }
}

fn unknown(id: &str, quantities: &[Quantity]) -> String {
    let near = nearest(id, quantities.iter().map(|own| own.id.as_str()));
    let meant = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    format!("there is no such quantity in this case{meant}")
}
