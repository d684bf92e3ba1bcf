//! Running means and covariances of several numbers seen together, mergeable in a fixed order.
//!
//! # References
//! Chan TF, Golub GH, LeVeque RJ. Algorithms for computing the sample variance. Am Stat 1983;37:242-247. doi:10.1080/00031305.1983.10483115;
//! products of deviations are updated in the same way as squares.
//!
//! # Checked against
//! `tests/it/independent/moments.rs`: two-pass formulas.

/// Count, means and sums of products of deviations of the vectors seen so far.
#[derive(Debug, Clone, PartialEq)]
pub struct JointMoments {
    count: u64,
    means: Vec<f64>,
    /// `products[i * order + j]`.
    products: Vec<f64>,
}

impl JointMoments {
    /// Moments of vectors of a length, none of which has been seen.
    pub fn new(order: usize) -> Self {
        Self { count: 0, means: vec![0.0; order], products: vec![0.0; order * order] }
    }

    /// Takes one more vector, which must have the length given to [`Self::new`].
    pub fn push(&mut self, values: &[f64]) {
        self.count += 1;
        let order = self.means.len();
        // Deviations from the old means times those from the new ones, which differ by the factor (n − 1)/n.
        let shrink = (self.count - 1) as f64 / self.count as f64;
        for i in 0..order {
            for j in 0..order {
                self.products[i * order + j] += shrink * (values[i] - self.means[i]) * (values[j] - self.means[j]);
            }
        }
        for (mean, value) in self.means.iter_mut().zip(values) {
            *mean += (value - *mean) / self.count as f64;
        }
    }

    /// The moments of both sequences together, `self` first. Merging the same parts in the same order gives the same bits.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        if self.count == 0 {
            return other;
        }
        if other.count == 0 {
            return self;
        }
        let (n, m) = (self.count as f64, other.count as f64);
        let order = self.means.len();
        let apart: Vec<f64> = self.means.iter().zip(&other.means).map(|(mean, other)| other - mean).collect();
        for i in 0..order {
            for j in 0..order {
                self.products[i * order + j] += other.products[i * order + j] + apart[i] * apart[j] * n * m / (n + m);
            }
        }
        for (mean, apart) in self.means.iter_mut().zip(&apart) {
            *mean += apart * m / (n + m);
        }
        self.count += other.count;
        self
    }

    /// The moments of some of the numbers, by their positions, in this order.
    #[must_use]
    pub fn part(&self, positions: &[usize]) -> Self {
        let order = self.means.len();
        let row = |&i: &usize| positions.iter().map(move |&j| self.products[i * order + j]);
        Self {
            count: self.count,
            means: positions.iter().map(|&i| self.means[i]).collect(),
            products: positions.iter().flat_map(row).collect(),
        }
    }

    /// How many vectors were seen.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Mean of one of the numbers, or `None` before the first vector.
    pub fn mean(&self, position: usize) -> Option<f64> {
        (self.count > 0).then(|| self.means[position])
    }

    /// Covariance of two of the numbers with denominator n − 1, or `None` before the second vector.
    pub fn covariance(&self, i: usize, j: usize) -> Option<f64> {
        (self.count > 1).then(|| self.products[i * self.means.len() + j] / (self.count - 1) as f64)
    }

    /// Covariance of the means of two of the numbers, or `None` before the second vector.
    pub fn covariance_of_means(&self, i: usize, j: usize) -> Option<f64> {
        self.covariance(i, j).map(|covariance| covariance / self.count as f64)
    }
}
