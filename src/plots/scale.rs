//! From values to places on the canvas, and round numbers for ticks.

/// A straight-line mapping of values to places.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    values: (f64, f64),
    places: (f64, f64),
}

impl Scale {
    /// Maps the interval `values` onto `places`; equal ends are moved apart, so that the mapping always exists.
    pub(super) fn new(values: (f64, f64), places: (f64, f64)) -> Self {
        let values = if values.1 > values.0 { values } else { (values.0 - 0.5, values.0 + 0.5) };
        Self { values, places }
    }

    /// The place of a value.
    pub(super) fn place(&self, value: f64) -> f64 {
        let share = (value - self.values.0) / (self.values.1 - self.values.0);
        self.places.0 + share * (self.places.1 - self.places.0)
    }

    /// The values at both ends.
    pub(super) fn values(&self) -> (f64, f64) {
        self.values
    }

    /// The places of both ends.
    pub(super) fn places(&self) -> (f64, f64) {
        self.places
    }
}

/// Distance between round ticks (1, 2, 2.5 or 5 times a power of ten) that gives at most `most` of them over `span`.
pub(super) fn round_step(span: f64, most: usize) -> f64 {
    let rough = span / most.max(1) as f64;
    if !(rough.is_finite() && rough > 0.0) {
        return 1.0;
    }
    let power = 10f64.powf(rough.log10().floor());
    [1.0, 2.0, 2.5, 5.0].into_iter().map(|nice| nice * power).find(|&step| step >= rough).unwrap_or(10.0 * power)
}

/// Round values inside an interval, `step` apart.
pub(super) fn ticks((low, high): (f64, f64), step: f64) -> Vec<f64> {
    let first = (low / step - 1e-9).ceil();
    let last = (high / step + 1e-9).floor();
    let count = (last - first).clamp(-1.0, 100.0) as i32 + 1;
    (0..count).map(|i| (first + f64::from(i)) * step).collect()
}

/// Smallest interval that holds all values; `None` without any.
pub(super) fn extent(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values.into_iter().fold(None, |found, value| {
        let (low, high) = found.unwrap_or((value, value));
        Some((value.min(low), value.max(high)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        let step = round_step(14.2, 6);
        assert_eq!(step, 2.5);
        assert_eq!(ticks((-3.0, 8.0), step), [-2.5, 0.0, 2.5, 5.0, 7.5]);
        assert_eq!(ticks((0.0, 0.3), 0.1).len(), 4);
        assert_eq!(ticks((2.1, 2.2), 1.0), [0.0; 0]);
    }

    #[test]
    fn equal_ends_still_map() {
        let scale = Scale::new((3.0, 3.0), (0.0, 100.0));
        assert_eq!(scale.place(3.0), 50.0);
    }
}
