//! The answers of many completed data sets, kept until they are pooled.

use super::super::{Analysis, FitError};

/// A number of an analysis with its variance and degrees of freedom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Answer {
    pub value: f64,
    pub variance: f64,
    pub df: f64,
}

/// Answers, data set by data set, each at its place: see [`each`].
#[derive(Debug, Clone, Default)]
pub(super) struct Collected {
    /// Number of places.
    pub n_places: usize,
    /// Number of data sets.
    pub n_sets: usize,
    /// Values and variances: `set * n_places + place`.
    pub answers: Vec<(f64, f64)>,
    /// Sums of degrees of freedom by place.
    pub df: Vec<f64>,
    /// Why there is no number, by place: the first reason of all data sets.
    pub errors: Vec<Option<FitError>>,
    /// Covariances of the contrasts of each fit, data set by data set.
    pub covariances: Vec<Vec<f64>>,
    /// Sums of residual standard deviations by fit.
    pub residual_sds: Vec<f64>,
    /// Participants of each fit by arm, in the first data set: those after it may lack somebody.
    pub n_by_arm: Vec<Vec<usize>>,
}

impl Collected {
    /// Begins with nothing, for analyses like this one.
    pub fn clear(&mut self, analysis: &Analysis) {
        self.n_places = 0;
        each(analysis, |_, _| self.n_places += 1);
        self.n_sets = 0;
        self.answers.clear();
        self.df.clear();
        self.df.resize(self.n_places, 0.0);
        self.errors.clear();
        self.errors.resize(self.n_places, None);
        self.covariances.resize_with(analysis.fits.len(), Vec::new);
        self.covariances.iter_mut().for_each(Vec::clear);
        self.residual_sds.clear();
        self.residual_sds.resize(analysis.fits.len(), 0.0);
        self.n_by_arm.resize_with(analysis.fits.len(), Vec::new);
    }

    /// Makes room for so many data sets.
    pub fn reserve(&mut self, n_sets: usize, analysis: &Analysis) {
        self.answers.reserve(n_sets * self.n_places);
        for (memory, fit) in self.covariances.iter_mut().zip(&analysis.fits) {
            memory.reserve(n_sets * fit.contrasts.len().pow(2));
        }
    }

    /// Takes in the answers of one data set.
    pub fn take(&mut self, analysis: &Analysis) {
        let Self { answers, df, errors, covariances, residual_sds, n_by_arm, .. } = self;
        if self.n_sets == 0 {
            n_by_arm.iter_mut().zip(&analysis.fits).for_each(|(own, fit)| own.clone_from(&fit.n_by_arm));
        }
        each(analysis, |place, answer| match answer {
            Ok(answer) => {
                answers.push((answer.value, answer.variance));
                df[place] += answer.df;
            }
            Err(error) => {
                answers.push((f64::NAN, f64::NAN));
                errors[place].get_or_insert(error);
            }
        });
        for (memory, fit) in covariances.iter_mut().zip(&analysis.fits) {
            memory.extend_from_slice(&fit.covariance);
        }
        for (sum, fit) in residual_sds.iter_mut().zip(&analysis.fits) {
            *sum += fit.residual_sd;
        }
        self.n_sets += 1;
    }

    /// Values and variances at a place, data set by data set.
    pub fn at(&self, place: usize) -> impl Iterator<Item = (f64, f64)> + Clone {
        self.answers.iter().skip(place).step_by(self.n_places.max(1)).copied()
    }
}

/// Calls `take` with every number of an analysis and its place: fit by fit the contrasts and the adjusted means, then the contrasts between
/// visits, then the combinations.
pub(super) fn each(analysis: &Analysis, mut take: impl FnMut(usize, Result<Answer, FitError>)) {
    let mut place = 0;
    let mut next = |answer: Result<Answer, FitError>| {
        take(place, answer);
        place += 1;
    };
    let of = |estimate: &crate::trial::Estimate| Answer {
        value: estimate.value,
        variance: estimate.std_error * estimate.std_error,
        df: estimate.df,
    };
    for fit in &analysis.fits {
        fit.contrasts.iter().for_each(|own| next(own.as_ref().map(of).map_err(|&error| error)));
        for mean in &fit.adjusted_means {
            let df = if fit.df > 0.0 { fit.df } else { f64::INFINITY };
            let of = |own: &crate::trial::AdjustedMean| Answer {
                value: own.value,
                variance: own.std_error * own.std_error,
                df,
            };
            next(mean.as_ref().map(of).map_err(|&error| error));
        }
    }
    for pair in &analysis.between_visits {
        pair.contrasts.iter().for_each(|own| next(own.as_ref().map(of).map_err(|&error| error)));
    }
    for own in &analysis.combinations {
        next(own.estimate.as_ref().map(of).map_err(|&error| error));
    }
}
