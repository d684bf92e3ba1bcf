//! A share that rises with a number through the normal distribution function, P = Φ(a + b x), fitted to counts; and where it crosses a level.
//!
//! # Formula
//! Maximum likelihood by Fisher's scoring; the covariance of a and b is the inverse of the information. The line crosses the level
//! p where x = (Φ⁻¹(p) − a) / b, a ratio, whose interval is Fieller's: all x at which the line is not further from Φ⁻¹(p) than
//! q standard errors of the line at x.
//!
//! # References
//! Finney DJ. Probit analysis, 3rd ed., Cambridge 1971, chapters 3 and 4 (fit; fiducial limits of a dose).
//!
//! # Checked against
//! `tests/it/independent/power.rs`: likelihoods around the fit, and how often intervals hold the truth.

use super::distributions::{normal_cdf, normal_density, normal_quantile};
use crate::numeric::elementary::ln;

/// So many hits out of so many at one place. Counts of dependent events are divided by what their variance is too large.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counted {
    /// The place.
    pub x: f64,
    /// Hits.
    pub hits: f64,
    /// Of how many.
    pub of: f64,
}

/// A fitted line in the scale of Φ⁻¹.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProbitLine {
    /// The x from which the line is measured.
    centre: f64,
    /// Height of the line at the centre.
    height: f64,
    /// Its slope.
    slope: f64,
    /// Variance of the height, covariance of both, variance of the slope.
    covariance: [f64; 3],
}

/// Scoring converges in a handful of steps, or never: where hits and misses are separated.
const MAX_STEPS: usize = 50;

impl ProbitLine {
    /// Fits a line; `None` where the counts do not determine one.
    pub fn fit(points: &[Counted]) -> Option<Self> {
        let total: f64 = points.iter().map(|point| point.of).sum();
        let centre = points.iter().map(|point| point.of * point.x).sum::<f64>() / total;
        let share = points.iter().map(|point| point.hits).sum::<f64>() / total;
        // All hits or none determine no line; no counts at all make the share no number.
        if !(share > 0.0 && share < 1.0) {
            return None;
        }
        let (mut height, mut slope) = (normal_quantile(share), 0.0);
        let mut likelihood = ln_likelihood(points, centre, height, slope);
        for _ in 0..MAX_STEPS {
            let [u0, u1, i00, i01, i11] = score_and_information(points, centre, height, slope);
            let determinant = i00 * i11 - i01 * i01;
            if determinant.is_nan() || determinant <= 1e-12 * i00 * i11 {
                return None;
            }
            let covariance = [i11 / determinant, -i01 / determinant, i00 / determinant];
            let step = [covariance[0] * u0 + covariance[1] * u1, covariance[1] * u0 + covariance[2] * u1];
            let (height_before, slope_before) = (height, slope);
            let mut part = 1.0;
            loop {
                (height, slope) = (height_before + part * step[0], slope_before + part * step[1]);
                let now = ln_likelihood(points, centre, height, slope);
                if now >= likelihood || part < 1e-6 {
                    likelihood = likelihood.max(now);
                    break;
                }
                part *= 0.5;
            }
            // The expected gain of a further step is half of this.
            if step[0] * u0 + step[1] * u1 < 1e-16 {
                return Some(Self { centre, height, slope, covariance });
            }
        }
        None
    }

    /// Height of the line at x, in the scale of Φ⁻¹.
    pub fn at(&self, x: f64) -> f64 {
        self.height + self.slope * (x - self.centre)
    }

    /// Standard error of the height at x.
    pub fn std_error_at(&self, x: f64) -> f64 {
        let d = x - self.centre;
        (self.covariance[0] + 2.0 * d * self.covariance[1] + d * d * self.covariance[2]).max(0.0).sqrt()
    }

    /// Slope of the line.
    pub fn slope(&self) -> f64 {
        self.slope
    }

    /// Slope over its standard error.
    pub fn steepness(&self) -> f64 {
        self.slope / self.covariance[2].sqrt()
    }

    /// Where the line crosses a height.
    pub fn crossing(&self, height: f64) -> f64 {
        self.centre + (height - self.height) / self.slope
    }

    /// Standard error of that place, to the first order.
    pub fn crossing_std_error(&self, height: f64) -> f64 {
        self.std_error_at(self.crossing(height)) / self.slope.abs()
    }

    /// Fieller's interval of that place with `q` standard errors to each side; `None` where the slope is not known well enough for the
    /// interval to have two ends.
    pub fn crossing_interval(&self, height: f64, q: f64) -> Option<[f64; 2]> {
        let (above, q2) = (self.height - height, q * q);
        let a = self.slope * self.slope - q2 * self.covariance[2];
        let b = above * self.slope - q2 * self.covariance[1];
        let c = above * above - q2 * self.covariance[0];
        let root = (b * b - a * c).max(0.0).sqrt();
        (a > 0.0).then(|| [self.centre + (-b - root) / a, self.centre + (-b + root) / a])
    }
}

fn ln_likelihood(points: &[Counted], centre: f64, height: f64, slope: f64) -> f64 {
    let term = |point: &Counted| {
        let z = height + slope * (point.x - centre);
        let part = |count: f64, p: f64| if count > 0.0 { count * ln(p) } else { 0.0 };
        part(point.hits, normal_cdf(z)) + part(point.of - point.hits, normal_cdf(-z))
    };
    points.iter().map(term).sum()
}

/// The derivatives of the logarithm of the likelihood, and the information.
fn score_and_information(points: &[Counted], centre: f64, height: f64, slope: f64) -> [f64; 5] {
    let mut sums = [0.0; 5];
    for point in points {
        let d = point.x - centre;
        let z = height + slope * d;
        let [p, q, density] = [normal_cdf(z), normal_cdf(-z), normal_density(z)];
        let per_hit = density / (p * q);
        let score = (point.hits - point.of * p) * per_hit;
        let information = point.of * density * per_hit;
        let terms = [score, score * d, information, information * d, information * d * d];
        sums.iter_mut().zip(terms).for_each(|(sum, term)| *sum += term);
    }
    sums
}
