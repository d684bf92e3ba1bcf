//! Running mean and variance of a sequence of numbers, mergeable in a fixed order.
//!
//! # References
//! Chan TF, Golub GH, LeVeque RJ. Algorithms for computing the sample variance. Am Stat 1983;37:242-247. doi:10.1080/00031305.1983.10483115.
//!
//! # Checked against
//! `tests/it/independent/moments.rs`: two-pass formulas.

/// Count, mean and sum of squared deviations of the numbers seen so far.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Moments {
    count: u64,
    mean: f64,
    squares: f64,
}

impl Moments {
    /// The moments of numbers at hand, in two passes: exact for equal numbers, whose squares are 0 and not nearly so.
    pub fn of(values: &[f64]) -> Self {
        let Some(first) = values.first() else { return Self::default() };
        let n = values.len() as f64;
        // About the first number, not 0: deviations of equal numbers are exactly 0.
        let shift = values.iter().map(|value| value - first).sum::<f64>() / n;
        let (rest, squares) = values.iter().fold((0.0, 0.0), |(rest, squares), value| {
            let deviation = (value - first) - shift;
            (rest + deviation, squares + deviation * deviation)
        });
        let squares = squares - rest * rest / n;
        // Not the larger of both, which would make 0 of squares that are no numbers.
        let squares = if squares < 0.0 { 0.0 } else { squares };
        Self { count: values.len() as u64, mean: first + shift, squares }
    }

    /// The moments whose count, mean and sum of squared deviations are these.
    pub fn from_parts(count: u64, mean: f64, squares: f64) -> Self {
        Self { count, mean, squares }
    }

    /// Takes one more number.
    pub fn push(&mut self, value: f64) {
        self.count += 1;
        let deviation = value - self.mean;
        self.mean += deviation / self.count as f64;
        self.squares += deviation * (value - self.mean);
    }

    /// The moments of both sequences together. Merging the same parts in the same order gives the same bits.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        if self.count == 0 {
            return other;
        }
        if other.count == 0 {
            return self;
        }
        let (n, m) = (self.count as f64, other.count as f64);
        let deviation = other.mean - self.mean;
        Self {
            count: self.count + other.count,
            mean: self.mean + deviation * m / (n + m),
            squares: self.squares + other.squares + deviation * deviation * n * m / (n + m),
        }
    }

    /// How many numbers were seen.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their mean, or `None` before the first.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then_some(self.mean)
    }

    /// The sum of squared deviations from their mean.
    pub fn squares(&self) -> f64 {
        self.squares
    }

    /// Their variance with denominator n − 1, or `None` before the second.
    pub fn variance(&self) -> Option<f64> {
        (self.count > 1).then(|| self.squares / (self.count - 1) as f64)
    }

    /// Standard error of the mean, or `None` before the second number.
    pub fn std_error(&self) -> Option<f64> {
        self.variance().map(|variance| (variance / self.count as f64).sqrt())
    }
}
