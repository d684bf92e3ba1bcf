//! From values to places on the canvas.

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
    fn equal_ends_still_map() {
        let scale = Scale::new((3.0, 3.0), (0.0, 100.0));
        assert_eq!(scale.place(3.0), 50.0);
    }
}
