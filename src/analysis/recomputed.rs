//! Intervals, p-values and the multiplicity rule once more, from estimates, standard errors and degrees of freedom that were kept.

use super::multiplicity::Families;
use super::{FitError, VisitFit};
use crate::numeric::distributions::{t_two_sided_p, t_two_sided_quantile};
use crate::scenario::{Estimator, Plan};
use crate::trial::Estimate;

/// Critical values of t that are kept at once.
const KEPT: usize = 64;

/// The memory of the arithmetic that follows the fits of a plan.
#[derive(Debug, Clone)]
pub struct Recomputed {
    alpha: f64,
    /// Whether intervals follow from standard errors.
    follows: bool,
    families: Families,
    /// Degrees of freedom with their critical value.
    critical: [(f64, f64); KEPT],
}

impl Recomputed {
    /// Memory for a plan.
    pub fn new(plan: &Plan) -> Self {
        let critical = [(f64::NAN, f64::NAN); KEPT];
        let follows = follows_from_std_errors(plan.estimator);
        Self { alpha: plan.alpha, follows, families: Families::new(plan), critical }
    }

    /// The estimate with its interval and p-value by the t distribution with `df` degrees of freedom, the normal one where infinite: the
    /// same bits as from the fit. `value` is on the scale of the estimates. `None` where an end of the interval is no number.
    pub fn estimate(&mut self, value: f64, std_error: f64, df: f64) -> Option<Estimate> {
        let half_width = self.critical_value(df) * std_error;
        let p_value = t_two_sided_p(value / std_error, df);
        let (lower, upper) = (value - half_width, value + half_width);
        let estimate =
            Estimate { value, std_error, df, lower, upper, p_value, adjusted_p_value: p_value, simultaneous: None };
        (lower.is_finite() && upper.is_finite()).then_some(estimate)
    }

    /// An estimate at the plan's level. Of ranks interval and p-value stay as they are, so that their level must be the plan's.
    ///
    /// # Errors
    /// [`FitError::DfUndefined`] where an end of the interval is no number.
    pub fn again(&mut self, own: Estimate) -> Result<Estimate, FitError> {
        if self.follows {
            return self.estimate(own.value, own.std_error, own.df).ok_or(FitError::DfUndefined);
        }
        Ok(Estimate { adjusted_p_value: own.p_value, simultaneous: None, ..own })
    }

    /// Sets gates, adjusted p-values and simultaneous intervals of all fits of an analysis by the plan's rule.
    pub fn adjust(&mut self, plan: &Plan, fits: &mut [VisitFit]) {
        self.families.adjust(plan, fits);
    }

    fn critical_value(&mut self, df: f64) -> f64 {
        // Neighbouring whole degrees of freedom have different places; a conversion of infinity is the largest whole number.
        let place = &mut self.critical[df as usize % KEPT];
        if place.0 != df {
            *place = (df, t_two_sided_quantile(self.alpha, df));
        }
        place.1
    }
}

/// Whether intervals and p-values of a method follow from its estimates, standard errors and degrees of freedom; ranks have their own.
pub fn follows_from_std_errors(estimator: Estimator) -> bool {
    estimator != Estimator::Wilcoxon
}

/// Whether a method knows how the estimates of its contrasts vary together.
pub fn has_covariances(plan: &Plan) -> bool {
    !matches!(plan.estimator, Estimator::TTest(_) | Estimator::Wilcoxon)
}
