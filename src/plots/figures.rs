//! Numbers as a reader of a picture sees them: minus sign U+2212, fitting decimals, no negative zero.

use crate::numeric::elementary::log10;

/// Largest magnitude still written in full; beyond it the exponent form keeps labels short.
const LARGEST_IN_FULL: f64 = 1e7;

/// A number with a fixed count of decimals.
pub(super) fn figure(value: f64, decimals: usize) -> String {
    let text = if value.abs() < LARGEST_IN_FULL { format!("{value:.decimals$}") } else { format!("{value:.1e}") };
    let zero = text.trim_start_matches('-').chars().all(|c| matches!(c, '0' | '.'));
    if zero { text.trim_start_matches('-').to_owned() } else { text.replace('-', "\u{2212}") }
}

/// A number with as many decimals as it needs, as weeks and thresholds are written: `10`, `6.5`, `0.074`.
pub(super) fn plain(value: f64) -> String {
    let text = figure(value, 6);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// An interval in words, `−4.1 to −1.7`.
pub(super) fn interval(lower: f64, upper: f64, decimals: usize) -> String {
    format!("{} to {}", figure(lower, decimals), figure(upper, decimals))
}

/// An estimate with its interval, `−2.9 (−4.1 to −1.7)`.
pub(super) fn with_interval(value: f64, lower: f64, upper: f64, decimals: usize) -> String {
    format!("{} ({})", figure(value, decimals), interval(lower, upper, decimals))
}

/// A p-value, `p = 0.032` or `p < 0.001`.
pub(super) fn p_value(p: f64) -> String {
    if p < 0.001 {
        "p < 0.001".to_owned()
    } else if p < 0.0995 {
        format!("p = {p:.3}")
    } else {
        format!("p = {p:.2}")
    }
}

/// A count, with a comma from ten thousand on.
pub(super) fn count(n: usize) -> String {
    if n < 10_000 { n.to_string() } else { thousands(n as u64) }
}

/// A count with commas between thousands.
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut grouped = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Decimals that suit values on an axis with this distance between ticks: one more than the ticks need, at least one
/// below steps of a hundred.
pub(super) fn decimals_for(step: f64) -> usize {
    if step >= 100.0 { 0 } else { (1.0 - log10(step.max(1e-6)).floor()).max(1.0) as usize }
}

/// A list in words: `a`, `a and b`, `a, b and c`.
pub(super) fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minus_is_typographic_and_never_before_zero() {
        assert_eq!(with_interval(-2.94, -4.06, 0.04, 1), "\u{2212}2.9 (\u{2212}4.1 to 0.0)");
        assert_eq!(figure(-0.04, 1), "0.0");
        assert_eq!(figure(-2.5e9, 1), "\u{2212}2.5e9");
        assert_eq!(plain(-6.50), "\u{2212}6.5");
        assert_eq!(plain(10.0), "10");
    }

    #[test]
    fn p_values_and_counts_are_written_as_in_journals() {
        assert_eq!(p_value(0.00004), "p < 0.001");
        assert_eq!(p_value(0.0321), "p = 0.032");
        assert_eq!(p_value(0.4567), "p = 0.46");
        assert_eq!(count(1234), "1234");
        assert_eq!(count(1_234_567), "1,234,567");
    }

    #[test]
    fn decimals_follow_the_axis() {
        assert_eq!([200.0, 20.0, 2.0, 0.2, 0.05].map(decimals_for), [0, 1, 1, 2, 3]);
    }
}
