//! Numbers of the lesson as a reader meets them: with the outcome's decimals and unit, a true minus, commas between thousands.

use crate::plots;
use crate::report::numbers::{fixed, two_digits, unit};
use crate::trial::{Outcome, OutcomeKind};

/// How numbers of an outcome are written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Numbers {
    /// Decimals of points.
    pub decimals: usize,
    /// What points are called; may be empty.
    pub unit: String,
    /// What a value is multiplied with: 100 for shares.
    pub scale: f64,
}

impl Numbers {
    /// For an outcome with a standard deviation of its severity.
    pub(super) fn of(about: &Outcome, sd: f64) -> Self {
        if about.kind == OutcomeKind::Binary {
            return Self { decimals: 0, unit: "percentage points".to_owned(), scale: 100.0 };
        }
        let decimals = if about.kind == OutcomeKind::Score { two_digits(sd).max(1) } else { 2 };
        Self { decimals, unit: unit(about).to_owned(), scale: 1.0 }
    }

    /// A number of points: `2.9`.
    pub(super) fn points(&self, value: f64) -> String {
        true_minus(&fixed(value * self.scale, self.decimals))
    }

    /// The same with its unit: `2.9 points`.
    pub(super) fn amount(&self, value: f64) -> String {
        self.with_unit(&self.points(value))
    }

    /// A threshold as it was given: `2 points`.
    pub(super) fn threshold(&self, value: f64) -> String {
        self.with_unit(&true_minus(&(value * self.scale).to_string()))
    }

    /// Whether nothing of a value shows.
    pub(super) fn is_nothing(&self, value: f64) -> bool {
        self.points(value).chars().all(|sign| matches!(sign, '0' | '.'))
    }

    /// Parts of a total, rounded as they are written so that they add up to it as it is written: what rounding left over goes to
    /// the parts that it is nearest to. A part of which nothing shows is left alone.
    pub(super) fn adding_up(&self, parts: &[f64]) -> Vec<f64> {
        let unit = 10_f64.powi(-(self.decimals as i32)) / self.scale;
        let total = (parts.iter().sum::<f64>() / unit).round();
        let mut rounded: Vec<f64> = parts.iter().map(|part| (part / unit).round()).collect();
        let over = total - rounded.iter().sum::<f64>();
        let short = |part: usize| over.signum() * (parts[part] / unit - (parts[part] / unit).round());
        let mut order: Vec<usize> = (0..parts.len()).filter(|&part| rounded[part] != 0.0).collect();
        order.sort_by(|&a, &b| short(b).total_cmp(&short(a)));
        for &part in order.iter().take(over.abs() as usize) {
            rounded[part] += over.signum();
        }
        rounded.into_iter().map(|part| part * unit).collect()
    }

    fn with_unit(&self, number: &str) -> String {
        let unit = if number == "1" { self.unit.strip_suffix('s').unwrap_or(&self.unit) } else { &self.unit };
        if unit.is_empty() { number.to_owned() } else { format!("{number}\u{a0}{unit}") }
    }
}

fn true_minus(number: &str) -> String {
    number.replace('-', "\u{2212}")
}

/// A share in per cent: `62%`, `3.1%` below ten.
pub(super) fn percent(share: f64) -> String {
    let decimals = if share > 0.0 && share < 0.095 { 1 } else { 0 };
    format!("{}%", true_minus(&fixed(100.0 * share, decimals)))
}

/// A number with at most so many decimals, without needless zeros.
pub(super) fn short(value: f64, decimals: usize) -> String {
    let text = fixed(value, decimals);
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text };
    true_minus(&text)
}

/// A count with commas between thousands.
pub(super) fn count(value: u64) -> String {
    plots::thousands(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up_to_their_total_as_written() {
        let numbers = Numbers { decimals: 1, unit: "points".to_owned(), scale: 1.0 };
        let written = |parts: &[f64]| -> Vec<String> {
            numbers.adding_up(parts).into_iter().map(|part| numbers.points(part)).collect()
        };
        assert_eq!(written(&[0.33, 2.53, 0.64]), ["0.3", "2.5", "0.7"]);
        assert_eq!(written(&[0.27, 2.57, -0.34]), ["0.3", "2.6", "\u{2212}0.4"]);
        assert_eq!(written(&[1.0, 0.04, 2.0]), ["1.0", "0.0", "2.0"]);
    }

    #[test]
    fn counts_have_commas_and_shares_have_a_digit_that_shows() {
        assert_eq!((count(7), count(4496), count(1_234_567)), ("7".into(), "4,496".into(), "1,234,567".into()));
        assert_eq!(
            (percent(0.62), percent(0.031), percent(1.0), percent(0.0)),
            ("62%".into(), "3.1%".into(), "100%".into(), "0%".into())
        );
        assert_eq!((short(2.50, 2), short(-3.0, 1)), ("2.5".into(), "\u{2212}3".into()));
    }
}
