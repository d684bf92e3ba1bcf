//! Analysis of covariance at one visit: the outcome on its baseline, the arm and further covariates, by ordinary least squares.
//!
//! # Model
//! For participant i in arm a(i) with covariates x(i) (the outcome's baseline first),
//! y(i) = α(a(i)) + β' x(i) + e(i), the e(i) independent with one variance σ². Participants with the outcome and all
//! covariates recorded take part; nobody is imputed.
//!
//! # How it is fitted
//! With arms swept out, what is left are the pooled within-arm cross-products W. β = Wxx⁻¹ Wxy, the residual sum of squares
//! is Wyy − β' Wxy on n − A − p degrees of freedom (A arms with data, p covariate columns), and for arms a and b with
//! d = x̄(a) − x̄(b)
//!
//! - contrast: ȳ(a) − ȳ(b) − β' d, variance σ² (1/n(a) + 1/n(b) + d' Wxx⁻¹ d);
//! - adjusted mean of a: ȳ(a) − β' (x̄(a) − x̄), variance σ² (1/n(a) + (x̄(a) − x̄)' Wxx⁻¹ (x̄(a) − x̄)), x̄ being the average
//!   over everybody in the fit (for factors this weights levels as they occur);
//! - omnibus: the Wald F of the A − 1 contrasts with the first arm, equal to the F of the two nested models.
//!
//! A level of a factor that everybody or nobody in the fit has is left out, as by R's `lm`; any other covariate that is
//! constant or depends on those before it is an error that names it.
//!
//! Cross-products are one pass over participants; everything after it costs nothing per participant.
//!
//! # References
//! - Searle SR. Linear Models, 1971, chapter 8.
//! - Vickers AJ, Altman DG. Analysing controlled trials with baseline and follow up measurements. BMJ 2001;323:1123-1124. doi:10.1136/bmj.323.7321.1123.
//!
//! # Checked against
//! `tests/it/reference/ancova.rs` (R's `lm`, `emmeans`), `tests/it/independent/ancova.rs` (least squares on the full design matrix).

use super::columns::{ArmSums, Columns, dot, lane_sum, n_columns};
use super::{FitError, VisitFit};
use crate::numeric::{cholesky, distributions};
use crate::scenario::{Estimator, LevelWeights, Plan, StdErrors};
use crate::trial::{AdjustedMean, Contrast, Estimate, Omnibus, TrialData};

/// Memory for fitting analyses of covariance.
#[derive(Debug, Clone)]
pub struct AncovaWorkspace {
    columns: Columns,
    products: CrossProducts,
    critical_values: CriticalValues,
}

impl AncovaWorkspace {
    /// Memory for a plan and trials like this one.
    pub(super) fn new(plan: &Plan, trial: &TrialData) -> Self {
        let (n_columns, n_arms) = (n_columns(plan, trial), trial.layout.arms.len());
        Self {
            columns: Columns::default(),
            products: CrossProducts::new(n_columns, n_arms),
            critical_values: CriticalValues { alpha: plan.alpha, by_df: Vec::new() },
        }
    }
}

/// Whether this is the plan's model: main effects with one variance, adjusted for a baseline that every outcome has.
pub(super) fn takes(plan: &Plan, trial: &TrialData) -> bool {
    let has_baseline = |&outcome: &usize| trial.layout.outcomes[outcome].at_baseline;
    plan.model.is_none()
        && plan.estimator == Estimator::Ancova(StdErrors::Constant)
        && plan.weights == LevelWeights::Proportional
        && plan.responders.is_empty()
        && plan.combinations.is_empty()
        && plan.outcomes.iter().all(has_baseline)
}

/// Fits every outcome and visit of `fits`, which are grouped by outcome.
pub(super) fn fit(plan: &Plan, trial: &TrialData, workspace: &mut AncovaWorkspace, fits: &mut [VisitFit]) {
    let AncovaWorkspace { columns, products, critical_values } = workspace;
    critical_values.by_df.resize(trial.n_participants() + 1, None);
    let mut filled_for = None;
    for fit in fits {
        if filled_for != Some(fit.outcome) {
            columns.fill(plan, trial, fit.outcome);
            filled_for = Some(fit.outcome);
        }
        products.accumulate(trial, columns, fit.outcome, fit.visit);
        products.answer(plan, critical_values, fit);
    }
}

/// Two-sided critical values, computed once per number of residual degrees of freedom.
#[derive(Debug, Clone)]
struct CriticalValues {
    alpha: f64,
    by_df: Vec<Option<f64>>,
}

impl CriticalValues {
    fn get(&mut self, df: usize) -> f64 {
        *self.by_df[df].get_or_insert_with(|| distributions::t_two_sided_quantile(self.alpha, df as f64))
    }
}

/// Sufficient statistics of one visit, and the factor they lead to.
#[derive(Debug, Clone)]
struct CrossProducts {
    n_columns: usize,
    n_arms: usize,
    /// Levels of factors that nobody or everybody in the fit has.
    n_dropped: usize,
    /// Who takes part at this visit, 1 or 0.
    mask: Vec<f64>,
    /// The outcome less its centre, 0 for those who do not take part.
    outcome: Vec<f64>,
    /// One covariate column, 0 for those who do not take part.
    masked: Vec<f64>,
    /// Scratch space for sums per arm.
    arm_sums: ArmSums,
    /// Participants per arm.
    n: Vec<f64>,
    /// Covariate sums per arm, then means: `arm * n_columns + column`.
    x: Vec<f64>,
    /// Outcome sums per arm, then means, less [`Self::centre`].
    y: Vec<f64>,
    /// Number subtracted from the outcome before summing.
    centre: f64,
    /// Within-arm cross-products of the covariates, row by row; then their Cholesky factor L.
    within: Vec<f64>,
    /// Within-arm cross-products of covariates and outcome; then L⁻¹ of them.
    slope: Vec<f64>,
    /// Within-arm sum of squares of the outcome.
    squares: f64,
    /// L⁻¹ applied to each arm's covariate means (row by row), and to their overall mean in the last row.
    whitened: Vec<f64>,
    /// Covariance of the contrasts with the first arm, and those contrasts.
    wald: Vec<f64>,
    differences: Vec<f64>,
}

/// The fitted model in the terms that contrasts need.
struct Fitted {
    variance: f64,
    critical: f64,
    df: f64,
}

impl CrossProducts {
    fn new(n_columns: usize, n_arms: usize) -> Self {
        Self {
            n_columns,
            n_arms,
            n_dropped: 0,
            mask: Vec::new(),
            outcome: Vec::new(),
            masked: Vec::new(),
            arm_sums: ArmSums::new(n_arms),
            n: vec![0.0; n_arms],
            x: vec![0.0; n_arms * n_columns],
            y: vec![0.0; n_arms],
            centre: 0.0,
            within: vec![0.0; n_columns * n_columns],
            slope: vec![0.0; n_columns],
            squares: 0.0,
            whitened: vec![0.0; (n_arms + 1) * n_columns],
            wald: vec![0.0; n_arms * n_arms],
            differences: vec![0.0; n_arms],
        }
    }

    /// One pass over participants: counts, sums per arm, and cross-products about the arms' means.
    fn accumulate(&mut self, trial: &TrialData, columns: &Columns, outcome: usize, visit: usize) {
        let n_participants = trial.n_participants();
        self.n_columns = columns.n_columns;
        self.mask_participants(trial, columns, outcome, visit);
        self.arm_sums.add_up(&trial.arm, &self.mask, &mut self.n, 1);
        self.arm_sums.add_up(&trial.arm, &self.outcome, &mut self.y, 1);
        self.squares = dot(&self.outcome, &self.outcome);
        for row in 0..self.n_columns {
            let own = &columns.values[row * n_participants..(row + 1) * n_participants];
            self.masked.clear();
            self.masked.extend(own.iter().zip(&self.mask).map(|(value, mask)| value * mask));
            self.arm_sums.add_up(&trial.arm, &self.masked, &mut self.x[row..], self.n_columns);
            self.slope[row] = dot(&self.masked, &self.outcome);
            for column in 0..=row {
                let other = &columns.values[column * n_participants..(column + 1) * n_participants];
                self.within[row * self.n_columns + column] = dot(&self.masked, other);
            }
        }
        self.drop_empty_levels(columns);
        self.sweep_arms();
    }

    /// Takes out the levels of factors that everybody or nobody in the fit has, as after all of a site have left: such a
    /// column becomes one that is uncorrelated with everything, and is not counted as a parameter.
    fn drop_empty_levels(&mut self, columns: &Columns) {
        let p = self.n_columns;
        let n: f64 = self.n.iter().sum();
        self.n_dropped = 0;
        for position in (0..p).filter(|&position| columns.is_level[position]) {
            let sum: f64 = (0..self.n_arms).map(|arm| self.x[arm * p + position]).sum();
            // The squares of a column of zeros and ones about its mean add up to at least 1 - 1/n unless all are equal.
            if self.within[position * p + position] - sum * sum / n.max(1.0) > 0.25 {
                continue;
            }
            self.n_dropped += 1;
            self.slope[position] = 0.0;
            self.within[position * p..=position * p + position].fill(0.0);
            (position..p).for_each(|row| self.within[row * p + position] = 0.0);
            self.within[position * p + position] = 1.0;
            (0..self.n_arms).for_each(|arm| self.x[arm * p + position] = 0.0);
        }
    }

    /// Marks who takes part and takes their outcome about its centre.
    fn mask_participants(&mut self, trial: &TrialData, columns: &Columns, outcome: usize, visit: usize) {
        let n_participants = trial.n_participants();
        let data = &trial.outcomes[outcome];
        let values = &data.values[visit * n_participants..(visit + 1) * n_participants];
        self.mask.clear();
        let seen = data.observed.iter().zip(&columns.complete);
        self.mask.extend(seen.map(|(&observed, complete)| f64::from(observed >> visit & 1) * complete));
        self.outcome.clear();
        self.outcome.extend(values.iter().zip(&self.mask).map(|(value, mask)| value * mask));
        let n = lane_sum(&self.mask);
        self.centre = if n > 0.0 { lane_sum(&self.outcome) / n } else { 0.0 };
        for (value, mask) in self.outcome.iter_mut().zip(&self.mask) {
            *value -= self.centre * mask;
        }
    }

    /// Turns sums per arm into means and total cross-products into within-arm ones.
    fn sweep_arms(&mut self) {
        let p = self.n_columns;
        for arm in 0..self.n_arms {
            let n = self.n[arm];
            if n == 0.0 {
                continue;
            }
            let x = &mut self.x[arm * p..(arm + 1) * p];
            x.iter_mut().for_each(|sum| *sum /= n);
            self.y[arm] /= n;
            let y = self.y[arm];
            self.squares -= n * y * y;
            for row in 0..p {
                self.slope[row] -= n * x[row] * y;
                for column in 0..=row {
                    self.within[row * p + column] -= n * x[row] * x[column];
                }
            }
        }
    }

    /// Fits the model and fills in every answer.
    fn answer(&mut self, plan: &Plan, critical_values: &mut CriticalValues, fit: &mut VisitFit) {
        for (count, n) in fit.n_by_arm.iter_mut().zip(&self.n) {
            *count = *n as usize;
        }
        fit.n = fit.n_by_arm.iter().sum();
        match self.solve(fit.n, critical_values) {
            Ok(fitted) => {
                fit.df = fitted.df;
                fit.residual_sd = fitted.variance.sqrt();
                self.whiten();
                fit.omnibus = self.omnibus(&fitted);
                for (arm, mean) in fit.adjusted_means.iter_mut().enumerate() {
                    *mean = self.adjusted_mean(arm, &fitted);
                }
                for (estimate, &contrast) in fit.contrasts.iter_mut().zip(&plan.contrasts) {
                    *estimate = self.contrast(contrast, &fitted);
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
    fn solve(&mut self, n: usize, critical_values: &mut CriticalValues) -> Result<Fitted, FitError> {
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
        if residual <= 1e-13 * self.total_squares() {
            return Err(FitError::NoResidualVariance);
        }
        let df = n - parameters;
        Ok(Fitted { variance: residual / df as f64, critical: critical_values.get(df), df: df as f64 })
    }

    /// Total sum of squares of the outcome about its centre: the size of what was summed.
    fn total_squares(&self) -> f64 {
        dot(&self.outcome, &self.outcome)
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
    fn whiten(&mut self) {
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

    /// The estimate of one contrast.
    fn contrast(&self, contrast: Contrast, fitted: &Fitted) -> Result<Estimate, FitError> {
        let Contrast { arm, versus } = contrast;
        if self.n[arm] == 0.0 || self.n[versus] == 0.0 {
            return Err(FitError::EmptyArm);
        }
        let (shift, length) = self.along_slope(arm, versus);
        let value = self.y[arm] - self.y[versus] - shift;
        let std_error = (fitted.variance * (1.0 / self.n[arm] + 1.0 / self.n[versus] + length)).sqrt();
        let p_value = distributions::t_two_sided_p(value / std_error, fitted.df);
        let half_width = fitted.critical * std_error;
        Ok(Estimate {
            value,
            std_error,
            df: fitted.df,
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
    fn adjusted_mean(&self, arm: usize, fitted: &Fitted) -> Result<AdjustedMean, FitError> {
        if self.n[arm] == 0.0 {
            return Err(FitError::EmptyArm);
        }
        let (shift, length) = self.along_slope(arm, self.n_arms);
        let value = self.y[arm] + self.centre - shift;
        let std_error = (fitted.variance * (1.0 / self.n[arm] + length)).sqrt();
        let half_width = fitted.critical * std_error;
        Ok(AdjustedMean { value, std_error, lower: value - half_width, upper: value + half_width })
    }

    /// The Wald F test that all arms with data are equal.
    fn omnibus(&mut self, fitted: &Fitted) -> Result<Omnibus, FitError> {
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
        let f = squares / order as f64 / fitted.variance;
        let p_value = distributions::f_upper_p(f, order as f64, fitted.df);
        Ok(Omnibus { f, df_arms: order as f64, df_residual: fitted.df, p_value })
    }

    /// (x̄(a) − x̄(0))' Wxx⁻¹ (x̄(b) − x̄(0)) for arms a, b and the first arm 0.
    fn covariance_of_shifts(&self, arm: usize, other: usize, first: usize) -> f64 {
        let (a, b, origin) = (self.whitened_of(arm), self.whitened_of(other), self.whitened_of(first));
        a.iter().zip(b).zip(origin).map(|((a, b), origin)| (a - origin) * (b - origin)).sum()
    }
}
