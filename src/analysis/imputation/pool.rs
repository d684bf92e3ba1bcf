//! Collected answers become one: by Rubin's rules, or by how conditional means spread without each participant or over samples.

use super::super::FitError;
use super::collected::Collected;
use super::pooling::{JointTest, ManyEstimates, Pooled};
use crate::numeric::chi_squared::chi_squared_upper_p;
use crate::numeric::{cholesky, distributions};
use crate::scenario::Imputing;
use crate::trial::{Estimate, Omnibus};

/// Memory for pooling.
#[derive(Debug, Clone, Default)]
pub(super) struct Pooling {
    joint: JointTest,
    places: Vec<usize>,
    values: Vec<f64>,
    covariances: Vec<f64>,
    /// The total covariance of contrasts, once it was asked for.
    pub covariance: Vec<f64>,
}

impl Pooling {
    /// Makes room for so many contrasts of so many sets.
    pub fn make_room(&mut self, k: usize, n_sets: usize) {
        self.joint.make_room(k);
        self.places.clear();
        self.places.reserve(k);
        let sizes =
            [(&mut self.values, n_sets * k), (&mut self.covariances, n_sets * k * k), (&mut self.covariance, k * k)];
        for (memory, size) in sizes {
            memory.clear();
            memory.reserve(size);
        }
    }
}

/// How collected answers become one.
pub(super) struct Pool<'a> {
    pub how: Imputing,
    pub alpha: f64,
    pub collected: &'a Collected,
}

/// A pooled number.
pub(super) struct PooledAnswer {
    value: f64,
    variance: f64,
    df: f64,
    pub pooled: Option<Pooled>,
}

impl Pool<'_> {
    /// What the sum of squared deviations over the sets beside the first is multiplied with to give a variance.
    fn scale(&self) -> f64 {
        let n = self.collected.n_sets as f64 - 1.0;
        if self.how == Imputing::Jackknife { (n - 1.0) / n } else { 1.0 / (n - 1.0) }
    }

    /// The pooled number at a place.
    ///
    /// # Errors
    /// Why there is none.
    pub fn answer(&self, place: usize, failure: Option<FitError>) -> Result<PooledAnswer, FitError> {
        if let Some(reason) = failure.or(self.collected.errors[place]) {
            return Err(reason);
        }
        if !self.how.is_deterministic() {
            let df = self.collected.df[place] / self.collected.n_sets as f64;
            let pooled = Pooled::of(self.collected.at(place), df).ok_or(FitError::NoStandardError)?;
            let (value, variance) = (pooled.value, pooled.total);
            return Ok(PooledAnswer { value, variance, df: pooled.df, pooled: Some(pooled) });
        }
        let value = self.collected.at(place).next().map_or(f64::NAN, |(value, _)| value);
        let variance = self.scale() * self.product_sum(place, place);
        Ok(PooledAnswer { value, variance, df: f64::INFINITY, pooled: None })
    }

    /// Sum of products of deviations at two places, over the sets beside the first.
    fn product_sum(&self, a: usize, b: usize) -> f64 {
        let sets = || self.collected.at(a).zip(self.collected.at(b)).skip(1).map(|((a, _), (b, _))| (a, b));
        let n = sets().count() as f64;
        let (sum_a, sum_b) = sets().fold((0.0, 0.0), |(sum_a, sum_b), (a, b)| (sum_a + a, sum_b + b));
        sets().map(|(own, other)| (own - sum_a / n) * (other - sum_b / n)).sum()
    }

    /// A pooled number with its standard error, interval and p-value.
    ///
    /// # Errors
    /// [`FitError::NoStandardError`], [`FitError::DfUndefined`].
    pub fn estimate(&self, answer: PooledAnswer) -> Result<Estimate, FitError> {
        let PooledAnswer { value, variance, df, .. } = answer;
        if !(variance > 0.0 && variance.is_finite() && df > 0.0) {
            return Err(FitError::NoStandardError);
        }
        let std_error = variance.sqrt();
        let half_width = distributions::t_two_sided_quantile(self.alpha, df) * std_error;
        let (lower, upper) = (value - half_width, value + half_width);
        if !(lower.is_finite() && upper.is_finite()) {
            return Err(FitError::DfUndefined);
        }
        let p_value = distributions::t_two_sided_p(value / std_error, df);
        Ok(Estimate { value, std_error, df, lower, upper, p_value, adjusted_p_value: p_value, simultaneous: None })
    }

    /// The joint test of the contrasts in a range of a fit, those that have an estimate.
    pub fn omnibus(
        &self,
        memory: &mut Pooling,
        (fit, n_contrasts): (usize, usize),
        start: usize,
        range: std::ops::Range<usize>,
    ) -> Result<Omnibus, FitError> {
        let Pooling { joint, places, values, covariances, covariance } = memory;
        places.clear();
        places.extend(range.filter(|&own| self.collected.errors[start + own].is_none()));
        let k = places.len();
        if k == 0 {
            return Err(FitError::EmptyArm);
        }
        values.clear();
        covariances.clear();
        if self.how.is_deterministic() {
            values
                .extend(places.iter().map(|&own| self.collected.at(start + own).next().map_or(f64::NAN, |own| own.0)));
            covariance.clear();
            for &a in &*places {
                covariance.extend(places.iter().map(|&b| self.scale() * self.product_sum(start + a, start + b)));
            }
            cholesky::factor(covariance, k).map_err(|_| FitError::NoStandardError)?;
            cholesky::solve_lower(covariance, k, values);
            let squares: f64 = values.iter().map(|part| part * part).sum();
            let p_value = chi_squared_upper_p(squares, k as f64);
            return Ok(Omnibus { f: squares / k as f64, df_arms: k as f64, df_residual: f64::INFINITY, p_value });
        }
        let per_set = n_contrasts * n_contrasts;
        let own = &self.collected.covariances[fit];
        if own.len() != per_set * self.collected.n_sets {
            return Err(FitError::NotEstimable);
        }
        for set in 0..self.collected.n_sets {
            let answers = &self.collected.answers[set * self.collected.n_places + start..];
            values.extend(places.iter().map(|&own| answers[own].0));
            for &a in &*places {
                covariances.extend(places.iter().map(|&b| own[set * per_set + a * n_contrasts + b]));
            }
        }
        let df_complete = self.collected.df[start + places[0]] / self.collected.n_sets as f64;
        joint.test(ManyEstimates { k, values, covariances, df_complete }).ok_or(FitError::NoStandardError)
    }

    /// Writes the total covariance of the first contrasts of a fit; nothing where the method has none.
    pub fn covariance(&self, memory: &mut Pooling, (fit, n_contrasts): (usize, usize), start: usize, wanted: usize) {
        let Pooling { covariance, .. } = memory;
        covariance.clear();
        let sets = self.collected.n_sets;
        if self.how.is_deterministic() {
            for a in 0..wanted {
                covariance.extend((0..wanted).map(|b| self.scale() * self.product_sum(start + a, start + b)));
            }
            return;
        }
        let (per_set, own, m) = (n_contrasts * n_contrasts, &self.collected.covariances[fit], sets as f64);
        if own.len() != per_set * sets {
            return;
        }
        for a in 0..wanted {
            for b in 0..wanted {
                let within = (0..sets).map(|set| own[set * per_set + a * n_contrasts + b]).sum::<f64>() / m;
                let mean = |place: usize| self.collected.at(place).map(|(value, _)| value).sum::<f64>() / m;
                let (mean_a, mean_b) = (mean(start + a), mean(start + b));
                let both = self.collected.at(start + a).zip(self.collected.at(start + b));
                let products: f64 = both.map(|((a, _), (b, _))| (a - mean_a) * (b - mean_b)).sum();
                covariance.push(within + (1.0 + 1.0 / m) * products / (m - 1.0));
            }
        }
    }
}
