//! Numbers as a reader meets them: decimals that suit the outcome, no negative zero, p-values that never claim to be zero.

use crate::analysis::Analysis;
use crate::trial::Outcome;

/// Decimals for differences and means of an outcome: one more than its scores have; where no step is known, as many as
/// show two digits of the smallest standard error.
pub fn decimals(outcome: &Outcome, analysis: &Analysis, position: usize) -> usize {
    if let Some(step) = outcome.step {
        return 1 + (0..MOST_DECIMALS).find(|&n| is_whole(step * 10f64.powi(n as i32))).unwrap_or(MOST_DECIMALS);
    }
    let fits = analysis.fits.iter().filter(|fit| fit.outcome == position);
    let errors = fits.flat_map(|fit| fit.contrasts.iter().flatten()).map(|estimate| estimate.std_error);
    errors.reduce(f64::min).map_or(1, two_digits)
}

/// Decimals that show two digits of a spread, at most eight.
pub fn two_digits(spread: f64) -> usize {
    if !(spread > 0.0 && spread.is_finite()) {
        return 1;
    }
    (1.0 - spread.log10().floor()).clamp(0.0, MOST_DECIMALS as f64) as usize
}

const MOST_DECIMALS: usize = 8;

fn is_whole(value: f64) -> bool {
    (value - value.round()).abs() <= 1e-9 * value.abs()
}

/// A number with fixed decimals; a rounded −0 is written as 0.
pub fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let is_zero = text.chars().all(|c| matches!(c, '-' | '0' | '.'));
    if is_zero { text.trim_start_matches('-').to_owned() } else { text }
}

/// An interval, `lower to upper`.
pub fn interval(lower: f64, upper: f64, decimals: usize) -> String {
    format!("{} to {}", fixed(lower, decimals), fixed(upper, decimals))
}

/// A p-value with three decimals, `<0.001` below that.
pub fn p_value(p: f64) -> String {
    if p < 0.001 { "<0.001".to_owned() } else { fixed(p, 3) }
}

/// The level of the intervals in per cent, e.g. `95%`, from the plan's alpha.
pub fn level(alpha: f64) -> String {
    let percent = fixed(100.0 * (1.0 - alpha), 2);
    format!("{}%", percent.trim_end_matches('0').trim_end_matches('.'))
}
