//! Numbers as a reader meets them: decimals that suit the outcome, no negative zero, p-values that never claim to be zero.

use crate::analysis::Analysis;
use crate::numeric::elementary::log10;
use crate::scenario::Plan;
use crate::trial::{Layout, Omnibus, Outcome, OutcomeKind};

/// Decimals for a plan's contrasts and means of an outcome: one more than its scores have, and two for ratios and shares; where no step is
/// known, as many as show two digits of the smallest standard error.
pub fn decimals(plan: &Plan, layout: &Layout, analysis: &Analysis, outcome: usize) -> usize {
    if plan.estimator.answers_in_ratios_or_shares() || plan.is_share(layout, outcome) {
        return SHARE_DECIMALS;
    }
    if let Some(step) = layout.outcomes[outcome].step {
        return 1 + (0..MOST_DECIMALS).find(|&n| is_whole(step * 10f64.powi(n as i32))).unwrap_or(MOST_DECIMALS);
    }
    let fits = analysis.fits.iter().filter(|fit| fit.outcome == outcome);
    let errors = fits.flat_map(|fit| fit.contrasts.iter().flatten()).map(|estimate| estimate.std_error);
    errors.reduce(f64::min).map_or(1, two_digits)
}

/// Degrees of freedom: whole ones as they are, others with one decimal, `inf` for the normal distribution.
pub fn degrees(df: f64) -> String {
    if is_whole(df) || df.is_infinite() { df.to_string() } else { fixed(df, 1) }
}

/// A statistic with its degrees of freedom: `F(2, 381) = 13.71`, or as chi-squared where those of the denominator are infinite.
pub fn omnibus(test: &Omnibus) -> String {
    let Omnibus { f, df_arms, df_residual, .. } = *test;
    if df_residual.is_finite() {
        format!("F({}, {}) = {}", degrees(df_arms), degrees(df_residual), fixed(f, 2))
    } else {
        format!("χ²({}) = {}", degrees(df_arms), fixed(f * df_arms, 2))
    }
}

/// Decimals that show two digits of a spread, at most eight.
pub fn two_digits(spread: f64) -> usize {
    if !(spread > 0.0 && spread.is_finite()) {
        return 1;
    }
    (1.0 - log10(spread).floor()).clamp(0.0, MOST_DECIMALS as f64) as usize
}

const MOST_DECIMALS: usize = 8;
/// A share with two decimals is a percentage without any.
const SHARE_DECIMALS: usize = 2;

fn is_whole(value: f64) -> bool {
    (value - value.round()).abs() <= 1e-9 * value.abs()
}

/// A number with fixed decimals; a rounded −0 is written as 0.
pub fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let is_zero = text.chars().all(|c| matches!(c, '-' | '0' | '.'));
    if is_zero { text.trim_start_matches('-').to_owned() } else { text }
}

/// What the numbers of an outcome count: its unit, levels where an ordinal outcome has none of its own; empty for none.
pub fn unit(outcome: &Outcome) -> &str {
    match (outcome.unit.trim(), &outcome.kind) {
        ("", OutcomeKind::Ordinal { .. }) => "levels",
        (unit, _) => unit,
    }
}

/// A number with what it counts: `2.9 points`, `1 point`, `0.4 levels`; alone where it has no unit, as a share has none.
pub fn amount(number: &str, outcome: &Outcome) -> String {
    let unit = unit(outcome);
    let unit = if number == "1" { unit.strip_suffix('s').unwrap_or(unit) } else { unit };
    format!("{number} {unit}").trim_end().to_owned()
}

/// The smallest difference that matters, as sentences name it: `2 points that matter`, `0.1 that matters`.
pub fn amount_that_matters(meaningful: f64, outcome: &Outcome) -> String {
    let amount = amount(&meaningful.to_string(), outcome);
    let matter = if amount.contains(' ') && meaningful != 1.0 { "matter" } else { "matters" };
    format!("{amount} that {matter}")
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
