//! Round numbers inside an interval, as people put them on an axis.

use super::elementary::{exp, ln, log10, powf};

/// Distance between round ticks (1, 2, 2.5 or 5 times a power of ten) that gives at most `most` of them over `span`.
pub fn round_step(span: f64, most: usize) -> f64 {
    let rough = span / most.max(1) as f64;
    if !(rough.is_finite() && rough > 0.0) {
        return 1.0;
    }
    let power = powf(10f64, log10(rough).floor());
    [1.0, 2.0, 2.5, 5.0].into_iter().map(|nice| nice * power).find(|&step| step >= rough).unwrap_or(10.0 * power)
}

/// Round values inside an interval, `step` apart.
pub fn round_numbers(low: f64, high: f64, step: f64) -> Vec<f64> {
    let first = (low / step - 1e-9).ceil();
    let last = (high / step + 1e-9).floor();
    let count = (last - first).clamp(-1.0, 100.0) as i32 + 1;
    (0..count).map(|i| (first + f64::from(i)) * step).collect()
}

/// Decimals that numbers a step apart need, 8 at most.
pub fn decimals(step: f64) -> usize {
    let needed = |decimals: &usize| {
        let scaled = step * 10f64.powi(*decimals as i32);
        (scaled - scaled.round()).abs() < 1e-6 * scaled.abs().max(1.0)
    };
    (0..8).find(needed).unwrap_or(8)
}

/// Ratios such as 0.5, 1 and 2 between two logarithms, or where these are too near for that, round ones at equal steps.
pub fn round_ratios(low: f64, high: f64) -> Vec<f64> {
    let within = |ratio: &f64| (low..=high).contains(&ln(*ratio));
    let decades = (-6..=6).flat_map(|power| [1.0, 2.0, 5.0].map(|first| first * 10f64.powi(power)));
    let few: Vec<f64> = decades.filter(within).collect();
    if few.len() > 2 {
        return few;
    }
    let (low, high) = (exp(low), exp(high));
    round_numbers(low, high, round_step(high - low, 5)).into_iter().filter(|ratio| *ratio > 0.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        let step = round_step(14.2, 6);
        assert_eq!(step, 2.5);
        assert_eq!(round_numbers(-3.0, 8.0, step), [-2.5, 0.0, 2.5, 5.0, 7.5]);
        assert_eq!(round_numbers(0.0, 0.3, 0.1).len(), 4);
        assert_eq!(round_numbers(2.1, 2.2, 1.0), [0.0; 0]);
    }

    #[test]
    fn decimals_are_as_many_as_a_step_needs() {
        assert_eq!([100.0, 5.0, 2.5, 0.25, 0.1, 0.005].map(decimals), [0, 0, 1, 2, 1, 3]);
    }

    #[test]
    fn ratios_are_round_and_never_0() {
        assert_eq!(round_ratios(ln(0.4), ln(3.0)), [0.5, 1.0, 2.0]);
        let near_1 = round_ratios(ln(0.88), ln(1.12));
        assert_eq!(near_1.len(), 5);
        assert!(near_1.iter().zip([0.9, 0.95, 1.0, 1.05, 1.1]).all(|(own, ratio)| (own - ratio).abs() < 1e-12));
        assert!(round_ratios(-40.0, ln(0.5)).iter().all(|&ratio| ratio > 0.0));
    }
}
