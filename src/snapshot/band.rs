//! Comparing with targets, in Monte Carlo standard errors.
//!
//! Of 120 measures on target at least one lies beyond 3 errors with a chance of 28 %, beyond 5 with one of 0.007 %: hence usually a warning
//! from 3 on and a failure from 5 on.

use super::quantity::{Quantity, Value};
use super::verdict::{Basis, Comparison, Severity, Verdict};
use crate::scenario::MonteCarloBand;

/// Compares a measure with its target.
pub fn compare(quantity: &Quantity, band: MonteCarloBand) -> Comparison {
    let z = distance(quantity);
    let (verdict, severity) = match (z, &quantity.value) {
        (Some(z), _) if z.abs() < band.z_warn => (Verdict::InsideBand, Severity::Fine),
        (Some(z), _) if z.abs() < band.z_error => (Verdict::OutsideBand, Severity::Warning),
        (Some(_), _) => (Verdict::OutsideBand, Severity::Failure),
        (None, _) => (Verdict::Missing, Severity::Failure),
    };
    let note = match (z, &quantity.value) {
        (None, Value::Nothing(_)) | (Some(_), _) => None,
        (None, _) => Some("too few replicates for a Monte Carlo error".to_owned()),
    };
    Comparison {
        id: quantity.id.clone(),
        now: Some(quantity.value.clone()),
        mcse: quantity.mcse,
        basis: Basis::Target { target: quantity.target, z, band },
        verdict,
        severity,
        note,
    }
}

/// How many errors a measure is from its target; where it should be at most that, 0 below it.
fn distance(quantity: &Quantity) -> Option<f64> {
    let (value, target) = (quantity.value.as_number()?, quantity.target?);
    let away = value - target.value;
    let away = if target.at_most { away.max(0.0) } else { away };
    // Without any error every distance is too large, and none is none.
    let z = if away == 0.0 { 0.0 } else { away / target.std_error };
    Some(z).filter(|z| !z.is_nan())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::TestCheck;
    use crate::snapshot::quantity::Target;

    fn coverage(value: f64, at_most: bool) -> Comparison {
        let target = Target { value: 0.95, std_error: 0.005, at_most };
        let quantity = Quantity {
            target: Some(target),
            ..Quantity::new("a".to_owned(), TestCheck::Coverage, Value::Number(value))
        };
        compare(&quantity, MonteCarloBand::default())
    }

    #[test]
    fn a_measure_warns_from_three_errors_on_and_fails_from_five_on() {
        let expected = [
            (0.95, false, Verdict::InsideBand, Severity::Fine),
            (0.9352, false, Verdict::InsideBand, Severity::Fine),
            (0.9345, false, Verdict::OutsideBand, Severity::Warning),
            (0.9655, false, Verdict::OutsideBand, Severity::Warning),
            (0.9245, false, Verdict::OutsideBand, Severity::Failure),
            (0.9755, false, Verdict::OutsideBand, Severity::Failure),
            (0.1, true, Verdict::InsideBand, Severity::Fine),
            (0.9755, true, Verdict::OutsideBand, Severity::Failure),
        ];
        for (value, at_most, verdict, severity) in expected {
            let own = coverage(value, at_most);
            assert_eq!((own.verdict, own.severity), (verdict, severity), "{value}");
        }
    }

    #[test]
    fn what_has_no_number_or_no_error_fails() {
        let nothing = Quantity::new("a".to_owned(), TestCheck::Bias, Value::Nothing("no fit".to_owned()));
        assert_eq!(compare(&nothing, MonteCarloBand::default()).verdict, Verdict::Missing);
        let target = Some(Target { value: 0.0, std_error: 0.0, at_most: false });
        let certain = Quantity { target, ..Quantity::new("a".to_owned(), TestCheck::Bias, Value::Number(1e-3)) };
        assert_eq!(compare(&certain, MonteCarloBand::default()).severity, Severity::Failure);
        let on_target = Quantity { value: Value::Number(0.0), ..certain };
        assert_eq!(compare(&on_target, MonteCarloBand::default()).severity, Severity::Fine);
    }
}
