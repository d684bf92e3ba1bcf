//! One sentence that says what another scenario does to the same participants, following from the numbers and nothing else.

use super::numbers::{amount, amount_that_matters, fixed};
use super::words::{in_sentence, join};
use crate::operating_characteristics::{Comparison, TwinScores};
use crate::trial::{Layout, Outcome};

/// What the last visit that both scenarios have says about one outcome, or `None` where nobody was seen under both. `names`
/// are those of the two scenarios, `layout` is that of the first.
///
/// An arm counts as changed only if its difference is more than twice its Monte Carlo error.
pub fn sentence(layout: &Layout, comparison: &Comparison, outcome: usize, names: [&str; 2]) -> Option<String> {
    let of_outcome = || comparison.scores.iter().filter(|row| row.outcome == outcome);
    let visit = of_outcome().map(|row| row.visit).max()?;
    let rows: Vec<&TwinScores> =
        of_outcome().filter(|row| row.visit == visit && row.means.difference.mean().is_some()).collect();
    if rows.is_empty() {
        return None;
    }
    let (same, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.means.never_differs());
    let (unsure, changed): (Vec<_>, Vec<_>) = others.into_iter().partition(|row| is_unsure(row));
    let mut clauses = Vec::new();
    let arm = |row: &TwinScores| in_sentence(&layout.arms[row.arm].label);
    let each = |rows: &[&TwinScores], say: &dyn Fn(&TwinScores) -> String| -> String {
        join(&rows.iter().map(|row| say(row)).collect::<Vec<_>>())
    };
    let [a, b] = names;
    if !changed.is_empty() {
        let say = |row: &TwinScores| format!("{} {}", arm(row), difference(layout, row));
        clauses.push(format!("{b} leaves {} than {a}", each(&changed, &say)));
    }
    if !unsure.is_empty() {
        let say = |row: &TwinScores| format!("{} ({})", arm(row), plain(&layout.outcomes[outcome], row));
        clauses.push(format!("so few replicates cannot tell {b} from {a} in {}", each(&unsure, &say)));
    }
    if !same.is_empty() {
        clauses.push(format!("no score changes in {}", each(&same, &arm)));
    }
    let label = &layout.outcomes[outcome].label;
    Some(format!("{label}: at {} {}.", layout.visits[visit].label(), clauses.join("; ")))
}

/// Whether chance may be all there is.
fn is_unsure(row: &TwinScores) -> bool {
    let difference = &row.means.difference;
    match (difference.mean(), difference.std_error()) {
        (Some(mean), Some(error)) => mean.abs() <= 2.0 * error,
        _ => true,
    }
}

/// `1.74 points (Monte Carlo error 0.01) better`.
fn difference(layout: &Layout, row: &TwinScores) -> String {
    let outcome = &layout.outcomes[row.outcome];
    let mean = row.means.difference.mean().unwrap_or(0.0);
    let error = row.means.difference.std_error().unwrap_or(0.0);
    let decimals = decimals(error);
    let small = match outcome.meaningful {
        Some(meaningful) if mean.abs() < meaningful => {
            format!(", less than the {}", amount_that_matters(meaningful, outcome))
        }
        _ => String::new(),
    };
    format!(
        "{} (Monte Carlo error {}{small}) {}",
        amount(&fixed(mean.abs(), decimals), outcome),
        fixed(error, decimals),
        if outcome.better.unwrap_or_default().favours(mean) { "better" } else { "worse" },
    )
}

/// `0.01 points, Monte Carlo error 0.02`.
fn plain(outcome: &Outcome, row: &TwinScores) -> String {
    let mean = row.means.difference.mean().unwrap_or(0.0);
    match row.means.difference.std_error() {
        Some(error) => {
            let decimals = decimals(error);
            format!("{}, Monte Carlo error {}", amount(&fixed(mean, decimals), outcome), fixed(error, decimals))
        }
        None => format!("{}, Monte Carlo error unknown", amount(&fixed(mean, 1), outcome)),
    }
}

/// Decimals that show the first digit of an error: 1 to 4.
fn decimals(error: f64) -> usize {
    (1..4).find(|&decimals| error >= 10_f64.powi(-decimals)).unwrap_or(4) as usize
}
