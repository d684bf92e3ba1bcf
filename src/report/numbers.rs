//! Numbers as a reader meets them: fixed decimals, no negative zero, p-values that never claim to be zero.

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
