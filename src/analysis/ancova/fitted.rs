//! From cross-products within arms to the fitted model and everything that is asked of it.

use super::super::{FitError, VisitFit};
use super::critical_values::CriticalValues;
use super::cross_products::CrossProducts;
use crate::numeric::{cholesky, distributions};
use crate::scenario::Plan;
use crate::trial::{AdjustedMean, Contrast, Estimate, Omnibus};

/// The fitted model in the terms that contrasts need.
pub(super) struct Fitted {
    /// Residual variance.
    pub variance: f64,
    /// Residual degrees of freedom.
    pub df: usize,
}

impl CrossProducts {
    /// Fits the model and fills in every answer.
    pub fn answer(&mut self, plan: &Plan, critical_values: &mut CriticalValues, fit: &mut VisitFit) {
        for (count, n) in fit.n_by_arm.iter_mut().zip(&self.n) {
            *count = *n as usize;
        }
        fit.n = fit.n_by_arm.iter().sum();
        match self.solve(fit.n) {
            Ok(fitted) => {
                let critical = critical_values.get(0, fitted.df);
                fit.df = fitted.df as f64;
                fit.residual_sd = fitted.variance.sqrt();
                self.whiten();
                fit.omnibus = self.omnibus(&fitted);
                for (arm, mean) in fit.adjusted_means.iter_mut().enumerate() {
                    *mean = self.adjusted_mean(arm, &fitted, critical);
                }
                for (estimate, &contrast) in fit.contrasts.iter_mut().zip(&plan.contrasts) {
                    *estimate = self.estimate(contrast, &fitted, critical);
                }
                if plan.needs_covariance() {
                    self.covariances(plan, &fitted, &mut fit.covariance);
                }
            }
            Err(reason) => {
                fit.df = 0.0;
                fit.residual_sd = 0.0;
                fit.omnibus = Err(reason);
                fit.adjusted_means.fill(Err(reason));
                fit.contrasts.fill(Err(reason));
            }
        }
    }

    /// Factors the cross-products and finds the residual variance.
    pub fn solve(&mut self, n: usize) -> Result<Fitted, FitError> {
        let p = self.n_columns;
        let parameters = p - self.n_dropped + self.n.iter().filter(|&&n| n > 0.0).count();
        if n <= parameters {
            return Err(FitError::TooFewParticipants { n, parameters });
        }
        if !self.is_finite() {
            return Err(FitError::Overflow);
        }
        self.check_columns_vary()?;
        cholesky::factor(&mut self.within[..p * p], p).map_err(|error| FitError::Singular { position: error.row })?;
        cholesky::solve_lower(&self.within, p, &mut self.slope[..p]);
        let explained: f64 = self.slope[..p].iter().map(|part| part * part).sum();
        let residual = self.squares - explained;
        // What is left after sums of this size cancel is rounding, not variance.
        if residual <= 1e-13 * self.total_squares {
            return Err(FitError::NoResidualVariance);
        }
        let df = n - parameters;
        Ok(Fitted { variance: residual / df as f64, df })
    }

    /// Whether every sum of squares is a number. A cross-product is never larger than the squares of its columns.
    fn is_finite(&self) -> bool {
        let p = self.n_columns;
        self.squares.is_finite() && (0..p).all(|column| self.within[column * p + column].is_finite())
    }

    /// A column whose variation within arms is rounding beside its total variation is constant.
    fn check_columns_vary(&self) -> Result<(), FitError> {
        let p = self.n_columns;
        for position in 0..p {
            let within = self.within[position * p + position];
            let between: f64 = (0..self.n_arms).map(|arm| self.n[arm] * self.x[arm * p + position].powi(2)).sum();
            if within <= 1e-12 * (within + between) {
                return Err(FitError::Singular { position });
            }
        }
        Ok(())
    }

    /// Applies L⁻¹ to the covariate means of each arm, and to those of everybody.
    pub fn whiten(&mut self) {
        let p = self.n_columns;
        let total: f64 = self.n.iter().sum();
        let (arms, overall) = self.whitened[..(self.n_arms + 1) * p].split_at_mut(self.n_arms * p);
        overall.fill(0.0);
        arms.copy_from_slice(&self.x[..self.n_arms * p]);
        for (arm, whitened) in arms.chunks_exact_mut(p).enumerate() {
            cholesky::solve_lower(&self.within, p, whitened);
            for (overall, value) in overall.iter_mut().zip(whitened) {
                *overall += self.n[arm] / total * *value;
            }
        }
    }

    /// Whitened covariate means of an arm; position `n_arms` is everybody.
    fn whitened_of(&self, arm: usize) -> &[f64] {
        &self.whitened[arm * self.n_columns..(arm + 1) * self.n_columns]
    }

    /// Difference in covariate means times the slope, and its squared length: (β' d, d' Wxx⁻¹ d).
    fn along_slope(&self, arm: usize, versus: usize) -> (f64, f64) {
        let pairs = self.whitened_of(arm).iter().zip(self.whitened_of(versus)).zip(&self.slope);
        pairs.fold((0.0, 0.0), |(shift, length), ((a, b), slope)| {
            let d = a - b;
            (shift + d * slope, length + d * d)
        })
    }

    /// The difference of one contrast and its standard error.
    pub fn contrast(&self, contrast: Contrast, fitted: &Fitted) -> Result<(f64, f64), FitError> {
        let Contrast { arm, versus } = contrast;
        if self.n[arm] == 0.0 || self.n[versus] == 0.0 {
            return Err(FitError::EmptyArm);
        }
        let (shift, length) = self.along_slope(arm, versus);
        let value = self.y[arm] - self.y[versus] - shift;
        Ok((value, (fitted.variance * (1.0 / self.n[arm] + 1.0 / self.n[versus] + length)).sqrt()))
    }

    /// The estimate of one contrast.
    fn estimate(&self, contrast: Contrast, fitted: &Fitted, critical: f64) -> Result<Estimate, FitError> {
        let (value, std_error) = self.contrast(contrast, fitted)?;
        let df = fitted.df as f64;
        let p_value = distributions::t_two_sided_p(value / std_error, df);
        let half_width = critical * std_error;
        Ok(Estimate {
            value,
            std_error,
            df,
            lower: value - half_width,
            upper: value + half_width,
            p_value,
            adjusted_p_value: p_value,
            simultaneous: None,
        })
    }

    /// Covariances of the contrasts, row by row; 0 where an arm is empty.
    fn covariances(&self, plan: &Plan, fitted: &Fitted, covariance: &mut Vec<f64>) {
        covariance.clear();
        let share = |arm: usize, contrast: Contrast| {
            f64::from(u8::from(contrast.arm == arm)) - f64::from(u8::from(contrast.versus == arm))
        };
        for &own in &plan.contrasts {
            for &other in &plan.contrasts {
                let means: f64 = (0..self.n_arms)
                    .filter(|&arm| self.n[arm] > 0.0)
                    .map(|arm| share(arm, own) * share(arm, other) / self.n[arm])
                    .sum();
                let whitened =
                    |contrast: Contrast| self.whitened_of(contrast.arm).iter().zip(self.whitened_of(contrast.versus));
                let slopes: f64 = whitened(own).zip(whitened(other)).map(|((a, b), (c, d))| (a - b) * (c - d)).sum();
                covariance.push(fitted.variance * (means + slopes));
            }
        }
    }

    /// The adjusted mean of one arm.
    fn adjusted_mean(&self, arm: usize, fitted: &Fitted, critical: f64) -> Result<AdjustedMean, FitError> {
        if self.n[arm] == 0.0 {
            return Err(FitError::EmptyArm);
        }
        let (shift, length) = self.along_slope(arm, self.n_arms);
        let value = self.y[arm] + self.centre - shift;
        let std_error = (fitted.variance * (1.0 / self.n[arm] + length)).sqrt();
        let half_width = critical * std_error;
        Ok(AdjustedMean { value, std_error, lower: value - half_width, upper: value + half_width })
    }

    /// The Wald F test that all arms with data are equal.
    fn omnibus(&mut self, fitted: &Fitted) -> Result<Omnibus, FitError> {
        let (f, order) = self.wald(fitted)?;
        let (df_arms, df_residual) = (order as f64, fitted.df as f64);
        Ok(Omnibus { f, df_arms, df_residual, p_value: distributions::f_upper_p(f, df_arms, df_residual) })
    }

    /// Its statistic and its numerator degrees of freedom.
    pub fn wald(&mut self, fitted: &Fitted) -> Result<(f64, usize), FitError> {
        let Some(first) = (0..self.n_arms).find(|&arm| self.n[arm] > 0.0) else { return Err(FitError::EmptyArm) };
        let order = (first + 1..self.n_arms).filter(|&arm| self.n[arm] > 0.0).count();
        if order == 0 {
            return Err(FitError::EmptyArm);
        }
        let mut row = 0;
        for arm in first + 1..self.n_arms {
            if self.n[arm] == 0.0 {
                continue;
            }
            let (shift, _) = self.along_slope(arm, first);
            self.differences[row] = self.y[arm] - self.y[first] - shift;
            let others = (first + 1..=arm).filter(|&other| self.n[other] > 0.0);
            for (column, other) in others.enumerate() {
                let own = if other == arm { 1.0 / self.n[arm] } else { 0.0 };
                let covariance = 1.0 / self.n[first] + own + self.covariance_of_shifts(arm, other, first);
                self.wald[row * order + column] = covariance;
            }
            row += 1;
        }
        cholesky::factor(&mut self.wald[..order * order], order).map_err(|_| FitError::EmptyArm)?;
        cholesky::solve_lower(&self.wald, order, &mut self.differences[..order]);
        let squares: f64 = self.differences[..order].iter().map(|part| part * part).sum();
        Ok((squares / order as f64 / fitted.variance, order))
    }

    /// (x̄(a) − x̄(0))' Wxx⁻¹ (x̄(b) − x̄(0)) for arms a, b and the first arm 0.
    fn covariance_of_shifts(&self, arm: usize, other: usize, first: usize) -> f64 {
        let (a, b, origin) = (self.whitened_of(arm), self.whitened_of(other), self.whitened_of(first));
        a.iter().zip(b).zip(origin).map(|((a, b), origin)| (a - origin) * (b - origin)).sum()
    }
}
