//! From fitted coefficients and their covariance to what a plan asks for: adjusted means, contrasts, differences between visits,
//! omnibus tests.
//!
//! # Formula
//! A row l of a design stands for l'β with variance l'Vl. An arm's adjusted mean at a visit is such a row, a contrast the difference of
//! two of them, a difference between visits the difference of two contrasts. With d degrees of freedom the interval is
//! l'β ± t(1 − α/2, d) √(l'Vl), the normal distribution where d is infinite. The omnibus test is Wald's: with the q rows L that
//! compare arms with the first one, F = (Lβ)' (L V L')⁻¹ (Lβ) / q.
//!
//! # References
//! Searle SR. Linear Models, 1971, chapter 3.

use super::dependence::Dependence;
use super::design::{Averages, Design};
use super::{BetweenVisits, CombinationFit, FitError, ModelFit, VisitFit};
use crate::numeric::chi_squared::chi_squared_upper_p;
use crate::numeric::{cholesky, distributions};
use crate::scenario::{CombinationVisit, Plan};
use crate::trial::{AdjustedMean, Estimate, Omnibus};

/// A fitted mean model.
pub(super) trait Fitted {
    /// Coefficients, one per column of the design; 0 for columns left out.
    fn coefficients(&self) -> &[f64];

    /// Covariance of the coefficients, row by row; 0 for columns left out.
    fn covariance(&self) -> &[f64];

    /// Degrees of freedom of the t distribution for one row; infinite for the normal distribution.
    fn df(&mut self, row: &[f64]) -> f64;

    /// F and its denominator degrees of freedom for the joint test of several rows (one after another), whose Wald statistic
    /// divided by their number is `f`.
    fn joint(&mut self, rows: &[f64], n_rows: usize, f: f64) -> (f64, f64);
}

/// A coefficient by name with its uncertainty.
#[derive(Debug, Clone, PartialEq)]
pub struct Coefficient {
    /// Its name, e.g. `arm[relaxation]:visit[week 26]`.
    pub name: String,
    /// The estimate, or why there is none.
    pub estimate: Result<Estimate, FitError>,
}

/// Critical values that are kept: more than residual degrees of freedom differ between replicates.
const KEPT: usize = 512;

/// What a plan asks of one outcome beside its visits one by one.
#[derive(Debug, Default)]
pub(super) struct Beyond<'a> {
    /// Its contrasts compared between visits.
    pub between: &'a mut [BetweenVisits],
    /// Its combinations of adjusted means.
    pub combinations: &'a mut [CombinationFit],
    /// Its model, where one holds all visits together.
    pub model: Option<&'a mut ModelFit>,
}

/// The part of something that is kept outcome by outcome that belongs to the outcome at a position of the plan.
pub(super) fn of_outcome<'a, T>(all: &'a mut [T], plan: &Plan, position: usize) -> &'a mut [T] {
    let each = all.len() / plan.outcomes.len().max(1);
    &mut all[position * each..(position + 1) * each]
}

/// Memory for the answers of one design.
#[derive(Debug, Clone, Default)]
pub(super) struct Answers {
    averages: Averages,
    /// Rows of adjusted means: (visit, arm), one after another.
    means: Vec<f64>,
    /// Whether each of them can be estimated.
    estimable: Vec<bool>,
    /// Rows of the contrasts at the visits: (visit, contrast).
    contrasts: Vec<f64>,
    /// V times a row.
    image: Vec<f64>,
    /// Rows of a joint test, and their estimates and covariance.
    joint: Vec<f64>,
    differences: Vec<f64>,
    wald: Vec<f64>,
    row: Vec<f64>,
    /// Critical values that were needed before, with their degrees of freedom; each has one place.
    critical: Vec<(f64, f64)>,
    alpha: f64,
}

impl Answers {
    /// Memory for a plan.
    pub fn new(plan: &Plan) -> Self {
        Self { alpha: plan.alpha, critical: vec![(0.0, 0.0); KEPT], ..Self::default() }
    }

    /// Fills in everything that a plan asks of one outcome. `weight` is the number of observations of each participant in the fit;
    /// `fits` are the outcome's, one per modelled visit of the design, with their participants counted ([`count`]).
    pub fn fill(
        &mut self,
        plan: &Plan,
        (design, dependence): (&Design, &Dependence),
        fitted: &mut impl Fitted,
        weight: &[f64],
        fits: &mut [VisitFit],
        beyond: &mut Beyond<'_>,
    ) {
        self.prepare(plan, design, dependence, weight);
        for (visit, fit) in fits.iter_mut().enumerate() {
            self.answer_visit(plan, design, fitted, visit, fit);
        }
        for pair in &mut *beyond.between {
            self.answer_pair(plan, design, dependence, fitted, pair);
        }
        self.combine(plan, design, dependence, fitted, fits, beyond.combinations);
        if let Some(model) = &mut beyond.model {
            self.test_over_visits(design, dependence, fitted, model);
        }
    }

    /// The plan's combinations of adjusted means, at the visits of the fits; those at other visits are left as they are.
    fn combine(
        &mut self,
        plan: &Plan,
        design: &Design,
        dependence: &Dependence,
        fitted: &mut impl Fitted,
        fits: &[VisitFit],
        combinations: &mut [CombinationFit],
    ) {
        let p = design.n_columns();
        let mut row = std::mem::take(&mut self.row);
        let over_visits = plan.estimator.is_longitudinal();
        for own in combinations {
            if own.visit.map_or(!over_visits, |visit| fits.iter().all(|fit| fit.visit != visit)) {
                continue;
            }
            row.clear();
            row.resize(p, 0.0);
            for term in &plan.combinations[own.combination].terms {
                for (position, VisitFit { visit, .. }) in fits.iter().enumerate() {
                    let weight = match term.visit {
                        CombinationVisit::Each if own.visit == Some(*visit) => term.weight,
                        CombinationVisit::At(at) if at == *visit => term.weight,
                        CombinationVisit::All => term.weight / fits.len() as f64,
                        _ => 0.0,
                    };
                    let mean = &self.means[(position * design.n_arms + term.arm) * p..][..p];
                    row.iter_mut().zip(mean).for_each(|(cell, own)| *cell += weight * own);
                }
            }
            own.estimate =
                if dependence.is_estimable(&row) { self.estimate(fitted, &row) } else { Err(FitError::NotEstimable) };
        }
        self.row = row;
    }

    /// The joint tests over all visits of one outcome: arm by visit, and arm at all visits.
    fn test_over_visits(
        &mut self,
        design: &Design,
        dependence: &Dependence,
        fitted: &mut impl Fitted,
        model: &mut ModelFit,
    ) {
        let (p, n_visits) = (design.n_columns(), design.visits.len());
        let mut rows = std::mem::take(&mut self.joint);
        for by_visit in [true, false] {
            rows.clear();
            for visit in usize::from(by_visit)..n_visits {
                for arm in 1..design.n_arms {
                    let at = |visit: usize, arm: usize| (visit * design.n_arms + arm) * p;
                    let start = rows.len();
                    rows.extend((0..p).map(|k| {
                        let difference = |visit: usize| self.means[at(visit, arm) + k] - self.means[at(visit, 0) + k];
                        difference(visit) - if by_visit { difference(0) } else { 0.0 }
                    }));
                    let row = &rows[start..];
                    // A model whose arms differ alike at all visits has the same row at each.
                    let again = rows[..start].chunks_exact(p).any(|own| own == row);
                    if again || !dependence.is_estimable(row) || row.iter().all(|cell| *cell == 0.0) {
                        rows.truncate(start);
                    }
                }
            }
            let test = if rows.is_empty() { Err(FitError::NotEstimable) } else { self.joint_test(fitted, &rows, p) };
            if by_visit {
                model.arm_by_visit = test;
            } else {
                model.arm_at_all_visits = test;
            }
        }
        self.joint = rows;
    }

    /// The joint test of combinations of coefficients, one after another.
    ///
    /// # Errors
    /// [`FitError::NotEstimable`] where one of them cannot be estimated or there is none, and what the fit says.
    pub fn test(
        &mut self,
        dependence: &Dependence,
        fitted: &mut impl Fitted,
        rows: &[f64],
        p: usize,
    ) -> Result<Omnibus, FitError> {
        let estimable = rows.chunks_exact(p).all(|row| dependence.is_estimable(row));
        if rows.is_empty() || !estimable {
            return Err(FitError::NotEstimable);
        }
        self.joint_test(fitted, rows, p)
    }

    /// Coefficients as R writes the model.
    pub fn coefficients(
        &mut self,
        design: &Design,
        dependence: &Dependence,
        fitted: &mut impl Fitted,
        names: Vec<String>,
    ) -> Vec<Coefficient> {
        let mut row = vec![0.0; design.n_columns()];
        let coefficient = |(position, name)| {
            design.coefficient_row(position, &mut row);
            let estimable = dependence.is_estimable(&row);
            let estimate = if estimable { self.estimate(fitted, &row) } else { Err(FitError::NotEstimable) };
            Coefficient { name, estimate }
        };
        names.into_iter().enumerate().map(coefficient).collect()
    }

    /// Covariance of the coefficients as R writes the model, row by row.
    pub fn coefficient_covariance(&mut self, design: &Design, fitted: &impl Fitted, n_coefficients: usize) -> Vec<f64> {
        let p = design.n_columns();
        let mut rows = vec![0.0; n_coefficients * p];
        for (position, row) in rows.chunks_exact_mut(p).enumerate() {
            design.coefficient_row(position, row);
        }
        let mut covariance = Vec::new();
        self.covariances(fitted, &rows, p, &mut covariance);
        covariance
    }

    /// Writes the rows of adjusted means and contrasts.
    fn prepare(&mut self, plan: &Plan, design: &Design, dependence: &Dependence, weight: &[f64]) {
        let (p, n_visits, n_arms) = (design.n_columns(), design.visits.len(), design.n_arms);
        design.average(weight, &mut self.averages);
        self.means.resize(n_visits * n_arms * p, 0.0);
        self.estimable.clear();
        for (position, row) in self.means.chunks_exact_mut(p).enumerate() {
            design.mean_row(&self.averages, position / n_arms, position % n_arms, row);
            self.estimable.push(dependence.is_estimable(row));
        }
        self.contrasts.clear();
        for visit in 0..n_visits {
            for contrast in &plan.contrasts {
                let [plus, minus] = [contrast.arm, contrast.versus].map(|arm| (visit * n_arms + arm) * p);
                let (plus, minus) = (&self.means[plus..plus + p], &self.means[minus..minus + p]);
                self.contrasts.extend(plus.iter().zip(minus).map(|(a, b)| a - b));
            }
        }
    }

    fn answer_visit(
        &mut self,
        plan: &Plan,
        design: &Design,
        fitted: &mut impl Fitted,
        visit: usize,
        fit: &mut VisitFit,
    ) {
        let (p, n_arms) = (design.n_columns(), design.n_arms);
        let at = |arm: usize| visit * n_arms + arm;
        for arm in 0..n_arms {
            fit.adjusted_means[arm] = if fit.n_by_arm[arm] == 0 {
                Err(FitError::EmptyArm)
            } else if self.estimable[at(arm)] {
                let row = self.take(at(arm) * p, p);
                let mean = self.estimate(fitted, &row).map(|estimate| AdjustedMean {
                    value: estimate.value,
                    std_error: estimate.std_error,
                    lower: estimate.lower,
                    upper: estimate.upper,
                });
                self.row = row;
                mean
            } else {
                Err(FitError::NotEstimable)
            };
        }
        fit.df = 0.0;
        let mut rows = std::mem::take(&mut self.contrasts);
        let own = &rows[visit * plan.contrasts.len() * p..][..plan.contrasts.len() * p];
        for ((contrast, row), result) in plan.contrasts.iter().zip(own.chunks_exact(p)).zip(&mut fit.contrasts) {
            *result = if fit.n_by_arm[contrast.arm] == 0 || fit.n_by_arm[contrast.versus] == 0 {
                Err(FitError::EmptyArm)
            } else if self.estimable[at(contrast.arm)] && self.estimable[at(contrast.versus)] {
                self.estimate(fitted, row)
            } else {
                Err(FitError::NotEstimable)
            };
            if let (Ok(estimate), true) = (&result, fit.df == 0.0) {
                fit.df = estimate.df;
            }
        }
        if plan.needs_covariance() {
            self.covariances(fitted, own, p, &mut fit.covariance);
        }
        self.contrasts = std::mem::take(&mut rows);
        let mut rows = std::mem::take(&mut self.joint);
        rows.clear();
        rows.reserve(n_arms * p);
        let present = |arm: &usize| fit.n_by_arm[*arm] > 0 && self.estimable[at(*arm)];
        if let Some(first) = (0..n_arms).find(present) {
            for arm in (first + 1..n_arms).filter(present) {
                let [plus, minus] = [at(arm) * p, at(first) * p];
                rows.extend((0..p).map(|k| self.means[plus + k] - self.means[minus + k]));
            }
        }
        fit.omnibus = self.joint_test(fitted, &rows, p);
        self.joint = rows;
    }

    fn answer_pair(
        &mut self,
        plan: &Plan,
        design: &Design,
        dependence: &Dependence,
        fitted: &mut impl Fitted,
        pair: &mut BetweenVisits,
    ) {
        let p = design.n_columns();
        let position = |visit: usize| design.visits.iter().position(|&own| own == visit);
        let (Some(later), Some(earlier)) = (position(pair.visits.later), position(pair.visits.earlier)) else { return };
        let mut row = std::mem::take(&mut self.row);
        for (contrast, result) in pair.contrasts.iter_mut().enumerate() {
            let at = |visit: usize| (visit * plan.contrasts.len() + contrast) * p;
            row.clear();
            row.extend((0..p).map(|k| self.contrasts[at(later) + k] - self.contrasts[at(earlier) + k]));
            // A row of zeros can always be estimated, and says nothing: an arm is empty, or the model has no interaction.
            let estimable = dependence.is_estimable(&row) && row.iter().any(|cell| *cell != 0.0);
            *result = if estimable { self.estimate(fitted, &row) } else { Err(FitError::NotEstimable) };
        }
        self.row = row;
        let mut rows = std::mem::take(&mut self.joint);
        rows.clear();
        let n_arms = design.n_arms;
        let mean = |visit: usize, arm: usize| (visit * n_arms + arm) * p;
        for arm in 1..n_arms {
            let start = rows.len();
            rows.extend((0..p).map(|k| {
                let change = |arm: usize| self.means[mean(later, arm) + k] - self.means[mean(earlier, arm) + k];
                change(arm) - change(0)
            }));
            if !dependence.is_estimable(&rows[start..]) {
                rows.truncate(start);
            }
        }
        pair.omnibus = self.joint_test(fitted, &rows, p);
        self.joint = rows;
    }

    /// A row of adjusted means in memory of its own.
    fn take(&mut self, start: usize, p: usize) -> Vec<f64> {
        let mut row = std::mem::take(&mut self.row);
        row.clear();
        row.extend_from_slice(&self.means[start..start + p]);
        row
    }

    /// The estimate of one row.
    fn estimate(&mut self, fitted: &mut impl Fitted, row: &[f64]) -> Result<Estimate, FitError> {
        let value = dot(row, fitted.coefficients());
        times(fitted.covariance(), row, &mut self.image);
        let variance = dot(row, &self.image);
        if !(variance > 0.0 && variance.is_finite() && value.is_finite()) {
            return Err(if variance == 0.0 { FitError::NoResidualVariance } else { FitError::NoStandardError });
        }
        let std_error = variance.sqrt();
        let df = fitted.df(row);
        if df.is_nan() || df <= 0.0 {
            return Err(FitError::NoStandardError);
        }
        let half_width = self.critical_value(df) * std_error;
        let p_value = distributions::t_two_sided_p(value / std_error, df);
        let interval = (value - half_width, value + half_width);
        // Next to no degrees of freedom make the interval longer than any number.
        if !half_width.is_finite() || !interval.0.is_finite() || !interval.1.is_finite() {
            return Err(FitError::DfUndefined);
        }
        Ok(Estimate {
            value,
            std_error,
            df,
            lower: interval.0,
            upper: interval.1,
            p_value,
            adjusted_p_value: p_value,
            simultaneous: None,
        })
    }

    fn critical_value(&mut self, df: f64) -> f64 {
        // Whole degrees of freedom in a row have different places; a conversion of infinity is the largest whole number.
        let place = &mut self.critical[df as usize % KEPT];
        if place.0 != df {
            *place = (df, distributions::t_two_sided_quantile(self.alpha, df));
        }
        place.1
    }

    /// Covariances of several rows, row by row.
    fn covariances(&mut self, fitted: &impl Fitted, rows: &[f64], p: usize, covariance: &mut Vec<f64>) {
        covariance.clear();
        for row in rows.chunks_exact(p) {
            times(fitted.covariance(), row, &mut self.image);
            covariance.extend(rows.chunks_exact(p).map(|other| dot(other, &self.image)));
        }
    }

    /// The joint Wald test of rows, one after another.
    fn joint_test(&mut self, fitted: &mut impl Fitted, rows: &[f64], p: usize) -> Result<Omnibus, FitError> {
        let order = rows.len() / p;
        if order == 0 {
            return Err(FitError::EmptyArm);
        }
        let mut wald = std::mem::take(&mut self.wald);
        self.covariances(fitted, rows, p, &mut wald);
        self.wald = wald;
        self.differences.clear();
        self.differences.extend(rows.chunks_exact(p).map(|row| dot(row, fitted.coefficients())));
        cholesky::factor(&mut self.wald, order).map_err(|_| FitError::NoStandardError)?;
        cholesky::solve_lower(&self.wald, order, &mut self.differences);
        let squares: f64 = self.differences.iter().map(|part| part * part).sum();
        let (f, df) = fitted.joint(rows, order, squares / order as f64);
        // Scaled for few degrees of freedom, F can lose its meaning.
        if !(f.is_finite() && f >= 0.0 && df > 0.0) {
            return Err(FitError::NoStandardError);
        }
        let df_arms = order as f64;
        let p_value = if df == f64::INFINITY {
            chi_squared_upper_p(f * df_arms, df_arms)
        } else {
            distributions::f_upper_p(f, df_arms, df)
        };
        Ok(Omnibus { f, df_arms, df_residual: df, p_value })
    }
}

/// Counts who is in a fit: at each modelled visit by arm. `observed` says whether a participant's value at a modelled visit is
/// in the fit.
pub(super) fn count(design: &Design, arms: &[u8], fits: &mut [VisitFit], observed: impl Fn(usize, usize) -> bool) {
    for (visit, fit) in fits.iter_mut().enumerate().take(design.visits.len()) {
        fit.n_by_arm.fill(0);
        for (participant, &arm) in arms.iter().enumerate() {
            fit.n_by_arm[usize::from(arm)] += usize::from(observed(participant, visit));
        }
        fit.n = fit.n_by_arm.iter().sum();
    }
}

/// Writes one reason into everything that a plan asked of an outcome.
pub(super) fn fail(reason: FitError, fits: &mut [VisitFit], beyond: &mut Beyond<'_>) {
    for own in &mut *beyond.combinations {
        if own.visit.is_none_or(|visit| fits.iter().any(|fit| fit.visit == visit)) {
            own.estimate = Err(reason);
        }
    }
    for fit in fits {
        (fit.df, fit.residual_sd) = (0.0, 0.0);
        fit.omnibus = Err(reason);
        fit.adjusted_means.fill(Err(reason));
        fit.contrasts.fill(Err(reason));
        fit.covariance.clear();
    }
    for pair in &mut *beyond.between {
        pair.contrasts.fill(Err(reason));
        pair.omnibus = Err(reason);
    }
    if let Some(model) = &mut beyond.model {
        (model.arm_by_visit, model.arm_at_all_visits) = (Err(reason), Err(reason));
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// A symmetric matrix times a vector.
fn times(matrix: &[f64], vector: &[f64], product: &mut Vec<f64>) {
    product.clear();
    product.resize(vector.len(), 0.0);
    // Most cells of a row are 0: columns of other visits.
    for (row, &factor) in matrix.chunks_exact(vector.len()).zip(vector) {
        if factor != 0.0 {
            product.iter_mut().zip(row).for_each(|(sum, cell)| *sum += factor * cell);
        }
    }
}
