//! Comparing with what is kept: counts and reasons to the letter, numbers within their tolerance.

use super::kept::Snapshot;
use super::pattern::fits;
use super::quantity::Value;
use super::verdict::{Basis, Comparison, Severity, Verdict};
use crate::scenario::{TestCase, Tolerance};

/// Compares everything that was computed with what is kept, and names what is kept and was not computed. What both belong to has been
/// found to be the same but for the seed.
pub fn compare_kept(case: &TestCase, kept: &Snapshot, now: &Snapshot) -> Vec<Comparison> {
    let other_seed = match (kept.subject.seed, now.subject.seed) {
        (Some(kept), Some(now)) if kept != now => Some(format!(
            "kept with seed {kept}, computed with seed {now}: an exact comparison needs the seed of the kept numbers"
        )),
        _ => None,
    };
    let mut all: Vec<Comparison> = Vec::new();
    for (id, own) in &now.quantities {
        let before = kept.quantities.get(id);
        let tolerance = tolerance(case, id);
        let verdict = before.map_or(Verdict::New, |before| verdict(&before.value, &own.value, tolerance));
        let basis = Basis::Kept {
            value: before.map(|before| before.value.clone()),
            tolerance: tolerance.clone(),
            line: before.and_then(|before| before.line),
        };
        all.push(comparison(id, Some(own.value.clone()), basis, verdict, other_seed.clone()));
    }
    for (id, before) in kept.quantities.iter().filter(|(id, _)| !now.quantities.contains_key(*id)) {
        let basis = Basis::Kept {
            value: Some(before.value.clone()),
            tolerance: tolerance(case, id).clone(),
            line: before.line,
        };
        let note = "a name, a visit, the plan or `checks` of the case may have changed";
        all.push(comparison(id, None, basis, Verdict::Missing, Some(note.to_owned())));
    }
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all
}

/// Everything that was computed, where nothing is kept: that is said of the case as a whole, and no failure of each value.
pub fn all_new(case: &TestCase, now: &Snapshot) -> Vec<Comparison> {
    let new = |(id, own): (&String, &super::KeptQuantity)| {
        let basis = Basis::Kept { value: None, tolerance: tolerance(case, id).clone(), line: None };
        Comparison { severity: Severity::Fine, ..comparison(id, Some(own.value.clone()), basis, Verdict::New, None) }
    };
    now.quantities.iter().map(new).collect()
}

fn comparison(id: &str, now: Option<Value>, basis: Basis, verdict: Verdict, note: Option<String>) -> Comparison {
    let fine = matches!(verdict, Verdict::Same | Verdict::ChangedWithinTolerance);
    let severity = if fine { Severity::Fine } else { Severity::Failure };
    let note = note.filter(|_| !fine);
    Comparison { id: id.to_owned(), now, mcse: None, basis, verdict, severity, note }
}

/// The tolerance of a quantity: the last row that fits it, else that of the case.
fn tolerance<'a>(case: &'a TestCase, id: &str) -> &'a Tolerance {
    let own = case.tolerances.iter().rev().find(|own| fits(&own.ids, id));
    own.map_or(&case.exact, |own| &own.tolerance)
}

/// What two values say of each other.
fn verdict(kept: &Value, now: &Value, tolerance: &Tolerance) -> Verdict {
    match (kept, now) {
        (Value::Number(kept), Value::Number(now)) if kept == now => Verdict::Same,
        (Value::Number(kept), Value::Number(now)) => {
            // Of an infinite number nothing is a share.
            let allowed = tolerance.atol + tolerance.rtol * kept.abs();
            let near = kept.is_finite() && now.is_finite() && (now - kept).abs() <= allowed;
            if near { Verdict::ChangedWithinTolerance } else { Verdict::Changed }
        }
        (kept, now) if kept == now => Verdict::Same,
        // There was a number, and now there is none.
        (Value::Number(_) | Value::Count(_), Value::Nothing(_)) => Verdict::Missing,
        _ => Verdict::Changed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tolerance_of(rtol: f64, atol: f64) -> Tolerance {
        Tolerance { rtol, atol, why: String::new() }
    }

    #[test]
    fn numbers_are_compared_within_tolerance_and_all_else_to_the_letter() {
        let number = Value::Number;
        let own = tolerance_of(1e-9, 1e-12);
        let cases = [
            (number(2.0), number(2.0), Verdict::Same),
            (number(2.0), number(2.0 + 1.9e-9), Verdict::ChangedWithinTolerance),
            (number(2.0), number(2.0 + 2.1e-9), Verdict::Changed),
            (number(-2.0), number(2.0), Verdict::Changed),
            (number(0.0), number(9e-13), Verdict::ChangedWithinTolerance),
            (number(0.0), number(-0.0), Verdict::Same),
            (number(0.0), number(1.1e-12), Verdict::Changed),
            (number(f64::INFINITY), number(f64::INFINITY), Verdict::Same),
            (number(f64::INFINITY), number(1e300), Verdict::Changed),
            (number(1.0), number(f64::INFINITY), Verdict::Changed),
            (Value::Count(3), Value::Count(3), Verdict::Same),
            (Value::Count(3), Value::Count(4), Verdict::Changed),
            (Value::Count(3), number(3.0), Verdict::Changed),
            (Value::Nothing("a".into()), Value::Nothing("a".into()), Verdict::Same),
            (Value::Nothing("a".into()), Value::Nothing("b".into()), Verdict::Changed),
            (number(1.0), Value::Nothing("a".into()), Verdict::Missing),
            (Value::Nothing("a".into()), number(1.0), Verdict::Changed),
        ];
        for (kept, now, expected) in cases {
            assert_eq!(verdict(&kept, &now, &own), expected, "{kept} {now}");
        }
        // A count is no number to be nearly right about, however wide the tolerance.
        assert_eq!(verdict(&Value::Count(3), &Value::Count(4), &tolerance_of(0.9, 9.0)), Verdict::Changed);
    }
}
