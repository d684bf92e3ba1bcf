//! Intervals, p-values and the multiplicity rule once more, from estimates, standard errors and degrees of freedom that were kept.

use super::VisitFit;
use super::multiplicity::Families;
use crate::numeric::distributions::{t_two_sided_p, t_two_sided_quantile};
use crate::scenario::{Estimator, Plan};
use crate::trial::Estimate;

/// Critical values of t that are kept at once.
const KEPT: usize = 64;

/// The memory of the arithmetic that follows the fits of a plan.
#[derive(Debug, Clone)]
pub struct Recomputed {
    alpha: f64,
    families: Families,
    /// Degrees of freedom with their critical value.
    critical: [(f64, f64); KEPT],
}

impl Recomputed {
    /// Memory for a plan.
    pub fn new(plan: &Plan) -> Self {
        Self { alpha: plan.alpha, families: Families::new(plan), critical: [(f64::NAN, f64::NAN); KEPT] }
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
