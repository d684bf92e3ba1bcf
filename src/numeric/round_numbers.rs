//! Round numbers inside an interval, as people put them on an axis.

use crate::numeric::elementary::{log10, powf};

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
}
