//! Performance measures of one contrast, each with its Monte Carlo standard error.
//!
//! # Formula
//! Over n replicates with an estimate, θ̂ being estimates, s their standard errors, θ the true value:
//!
//! | measure | value | Monte Carlo standard error |
//! | --- | --- | --- |
//! | bias | mean(θ̂) − θ | EmpSE / √n |
//! | relative bias | (mean(θ̂) − θ) / θ | EmpSE / (√n \|θ\|) |
//! | empirical SE | EmpSE = √(Σ(θ̂ − mean)² / (n − 1)) | EmpSE / √(2 (n − 1)) |
//! | model SE | ModSE = √mean(s²) | √(Var(s²) / (4 n ModSE²)) |
//! | its relative error | ModSE / EmpSE − 1 | (ModSE / EmpSE) √(Var(s²) / (4 n ModSE⁴) + 1 / (2 (n − 1))) |
//! | mean squared error | mean((θ̂ − θ)²) | √(Var((θ̂ − θ)²) / n) |
//! | coverage, bias-eliminated coverage, power | share | √(p (1 − p) / n) |
//!
//! Where the true value comes from a simulation itself, its own error enters that of the bias: √(EmpSE² / n + error²). What failed
//! replicates could do is bounded: to power by counting all of them as rejections or none, to bias by giving all of them the smallest
//! or the largest estimate that was seen.
//!
//! # References
//! Morris TP, White IR, Crowther MJ. Using simulation studies to evaluate statistical methods. Stat Med 2019;38:2074-2102.
//! doi:10.1002/sim.8086 (table 6).
//!
//! # Checked against
//! `tests/it/independent/performance.rs`: a hand-made table of replicates.

use super::ContrastPerformance;
use crate::numeric::elementary::hypot;
use crate::numeric::moments::Moments;
use crate::operating_characteristics::proportion::Proportion;

/// A measure of performance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measured {
    /// Average estimate.
    MeanEstimate,
    /// Average estimate less the true value.
    Bias,
    /// Bias as a share of the true value: below 0 where estimates are nearer to 0 than the true value.
    RelativeBias,
    /// Standard deviation of the estimates.
    EmpiricalSe,
    /// Root of the average squared standard error.
    ModelSe,
    /// By how much the model SE exceeds the empirical, as a share of it.
    ModelSeError,
    /// Average squared distance from the true value.
    MeanSquaredError,
    /// Share of intervals that hold the true value.
    Coverage,
    /// Share of intervals that hold the average estimate.
    BiasEliminatedCoverage,
    /// Average width of the intervals.
    Width,
    /// Share of p-values below alpha.
    Power,
    /// Share of adjusted p-values below alpha.
    AdjustedPower,
    /// Share of replicates with an estimate.
    Convergence,
}

impl Measured {
    /// Every measure, in the order of tables.
    pub const ALL: [Self; 13] = [
        Self::MeanEstimate,
        Self::Bias,
        Self::RelativeBias,
        Self::EmpiricalSe,
        Self::ModelSe,
        Self::ModelSeError,
        Self::MeanSquaredError,
        Self::Coverage,
        Self::BiasEliminatedCoverage,
        Self::Width,
        Self::Power,
        Self::AdjustedPower,
        Self::Convergence,
    ];

    /// The name used in files, results and options.
    pub fn name(self) -> &'static str {
        match self {
            Self::MeanEstimate => "mean_estimate",
            Self::Bias => "bias",
            Self::RelativeBias => "relative_bias",
            Self::EmpiricalSe => "empirical_se",
            Self::ModelSe => "model_se",
            Self::ModelSeError => "model_se_error",
            Self::MeanSquaredError => "mean_squared_error",
            Self::Coverage => "coverage",
            Self::BiasEliminatedCoverage => "bias_eliminated_coverage",
            Self::Width => "width",
            Self::Power => "power",
            Self::AdjustedPower => "adjusted_power",
            Self::Convergence => "convergence",
        }
    }

    /// The measure of a name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measured| measured.name() == name)
    }
}

/// A number with its Monte Carlo standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    /// The number.
    pub value: f64,
    /// Its Monte Carlo standard error; `None` where fewer than two replicates have one.
    pub mcse: Option<f64>,
    /// Replicates behind it.
    pub n: u64,
}

impl From<Proportion> for Option<Number> {
    fn from(own: Proportion) -> Self {
        Some(Number { value: own.share()?, mcse: own.mcse(), n: own.of })
    }
}

impl Number {
    /// The average of what moments were taken of; `None` of nothing.
    pub fn of(moments: &Moments) -> Option<Self> {
        Some(Self { value: moments.mean()?, mcse: moments.std_error(), n: moments.count() })
    }
}

/// A true value with its own error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrueValue {
    /// The value, on the scale of the estimates.
    pub value: f64,
    /// Its Monte Carlo standard error, 0 where it comes by integration.
    pub mcse: f64,
}

impl ContrastPerformance {
    /// A measure; `None` where it is not defined: without replicates, or without a true value where one is needed.
    pub fn measure(&self, measured: Measured, truth: Option<TrueValue>) -> Option<Number> {
        match measured {
            Measured::MeanEstimate => Number::of(&self.estimate),
            Measured::Bias => self.bias(truth?),
            Measured::RelativeBias => self.relative_bias(truth?),
            Measured::EmpiricalSe => self.empirical_se(),
            Measured::ModelSe => self.model_se(),
            Measured::ModelSeError => self.model_se_error(),
            Measured::MeanSquaredError => Number::of(&self.squared_error),
            Measured::Coverage => self.covered.into(),
            Measured::BiasEliminatedCoverage => self.recentred.into(),
            Measured::Width => Number::of(&self.width),
            Measured::Power => self.rejected.into(),
            Measured::AdjustedPower => self.rejected_adjusted.into(),
            Measured::Convergence => self.convergence().into(),
        }
    }

    /// Replicates with an estimate out of all.
    pub fn convergence(&self) -> Proportion {
        let hits = self.estimate.count();
        Proportion { hits, of: hits + self.failed() }
    }

    fn bias(&self, truth: TrueValue) -> Option<Number> {
        let average = Number::of(&self.estimate)?;
        let mcse = average.mcse.map(|mcse| hypot(mcse, truth.mcse));
        Some(Number { value: average.value - truth.value, mcse, ..average })
    }

    fn relative_bias(&self, truth: TrueValue) -> Option<Number> {
        if super::is_no_difference(truth.value) {
            return None;
        }
        let bias = self.bias(truth)?;
        let mcse = bias.mcse.map(|mcse| mcse / truth.value.abs());
        Some(Number { value: bias.value / truth.value, mcse, ..bias })
    }

    fn empirical_se(&self) -> Option<Number> {
        let value = self.estimate.variance()?.sqrt();
        let n = self.estimate.count();
        Some(Number { value, mcse: Some(value / (2.0 * (n as f64 - 1.0)).sqrt()), n })
    }

    fn model_se(&self) -> Option<Number> {
        let value = self.variance.mean()?.sqrt();
        let n = self.variance.count();
        let mcse = self.variance.variance().map(|spread| (spread / (4.0 * n as f64)).sqrt() / value);
        Some(Number { value, mcse, n })
    }

    fn model_se_error(&self) -> Option<Number> {
        let (model, empirical) = (self.model_se()?, self.empirical_se()?);
        if empirical.value <= 0.0 {
            return None;
        }
        let n = model.n as f64;
        let ratio = model.value / empirical.value;
        let mcse = self
            .variance
            .variance()
            .map(|spread| ratio * (spread / (4.0 * n * model.value.powi(4)) + 1.0 / (2.0 * (n - 1.0))).sqrt());
        Some(Number { value: ratio - 1.0, mcse, n: model.n })
    }

    /// Between which values power lies whatever the failed replicates would have shown; `None` without replicates.
    pub fn power_bounds(&self, adjusted: bool) -> Option<[f64; 2]> {
        let own = if adjusted { self.rejected_adjusted } else { self.rejected };
        let (failed, n) = (self.failed(), own.of + self.failed());
        (n > 0).then(|| [own.hits as f64 / n as f64, (own.hits + failed) as f64 / n as f64])
    }

    /// Between which values the average estimate lies if every failed replicate's estimate lay among those that were seen; `None`
    /// without estimates.
    pub fn mean_bounds(&self) -> Option<[f64; 2]> {
        let mean = self.estimate.mean()?;
        let (n, failed) = (self.estimate.count() as f64, self.failed() as f64);
        let range = self.range?;
        Some(range.map(|extreme| (n * mean + failed * extreme) / (n + failed)))
    }
}
