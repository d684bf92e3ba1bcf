//! What a plan with `describe = true` reports beside its estimates, as flat rows: effect sizes, tests of means and spreads without a model,
//! correlations. All of it is about recorded values, or changes from baseline where the plan's formula models `change`.

use serde::Serialize;

use super::correlations::{CorrelationScratch, correlation};
use super::effect_sizes::effect_sizes;
use super::t_tests::welch_anova;
use super::variance_tests::{LeveneScratch, bartlett, levene};
use super::{FitError, reason};
use crate::numeric::moments::Moments;
use crate::scenario::{Plan, Response};
use crate::trial::{OutcomeKind, TrialData};

/// Everything described.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Described {
    /// Differences in standard deviations, for scores and counts.
    pub effect_sizes: Vec<EffectSizeRow>,
    /// Tests without a model, for scores and counts.
    pub checks: Vec<CheckRow>,
    /// Correlations within participants, over all arms.
    pub correlations: Vec<CorrelationRow>,
}

/// The difference of two arms' means in standard deviations. Numbers are `None` where they are not defined.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EffectSizeRow {
    /// Short name of the outcome.
    pub outcome: String,
    /// Week of the visit.
    pub visit_week: f64,
    /// The contrast.
    pub contrast: String,
    /// Participants in both arms.
    pub n: usize,
    /// Pooled standard deviation, in points.
    pub pooled_sd: Option<f64>,
    /// Difference over the pooled standard deviation.
    pub cohen_d: Option<f64>,
    /// The same corrected for small samples.
    pub hedges_g: Option<f64>,
    /// Lower end of the exact interval of Hedges' g of level 1 − alpha.
    pub lower: Option<f64>,
    /// Upper end of that interval.
    pub upper: Option<f64>,
    /// Difference over the standard deviation of the second arm.
    pub glass_delta: Option<f64>,
    /// Why there is none.
    pub reason: Option<String>,
}

/// A test of all arms at one visit. Numbers are `None` where they are not defined.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckRow {
    /// Short name of the outcome.
    pub outcome: String,
    /// Week of the visit.
    pub visit_week: f64,
    /// `welch_anova`, `bartlett` or `levene`.
    pub test: &'static str,
    /// F, or chi-squared for Bartlett's test.
    pub statistic: Option<f64>,
    /// Degrees of freedom, of the numerator for F.
    pub df: Option<f64>,
    /// Degrees of freedom of the denominator for F.
    pub df_denominator: Option<f64>,
    /// p-value.
    pub p_value: Option<f64>,
    /// Why there is none.
    pub reason: Option<String>,
}

/// The correlation of two measurements over everybody who has both. Numbers are `None` where they are not defined.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CorrelationRow {
    /// Short name of the first outcome.
    pub outcome: String,
    /// Week of its visit.
    pub visit_week: f64,
    /// Short name of the second outcome.
    pub with_outcome: String,
    /// Week of its visit.
    pub with_week: f64,
    /// Participants with both.
    pub n: usize,
    /// Pearson's correlation.
    pub pearson: Option<f64>,
    /// Spearman's correlation.
    pub spearman: Option<f64>,
}

/// Describes a trial as a plan asks; nothing where it does not ask.
pub fn described(plan: &Plan, trial: &TrialData) -> Described {
    let mut all = Described::default();
    if !plan.describe {
        return all;
    }
    for &outcome in &plan.outcomes {
        let kind = &trial.layout.outcomes[outcome].kind;
        if matches!(kind, OutcomeKind::Score | OutcomeKind::Count) {
            for visit in 1..trial.layout.visits.len() {
                let samples = samples(plan, trial, outcome, visit);
                add_effect_sizes(plan, trial, (outcome, visit), &samples, &mut all.effect_sizes);
                add_checks(plan, trial, (outcome, visit), &samples, &mut all.checks);
            }
        }
    }
    add_correlations(plan, trial, &mut all.correlations);
    all
}

/// The values of every arm.
fn samples(plan: &Plan, trial: &TrialData, outcome: usize, visit: usize) -> Vec<Vec<f64>> {
    let change = plan.model.as_ref().is_some_and(|model| model.response == Response::Change);
    let values = &trial.outcomes[outcome];
    let mut samples = vec![Vec::new(); trial.layout.arms.len()];
    for (participant, &arm) in trial.arm.iter().enumerate() {
        let before = if change { values.value(participant, 0) } else { Some(0.0) };
        if let (Some(value), Some(before)) = (values.value(participant, visit), before) {
            samples[usize::from(arm)].push(value - before);
        }
    }
    samples
}

fn add_effect_sizes(
    plan: &Plan,
    trial: &TrialData,
    (outcome, visit): (usize, usize),
    samples: &[Vec<f64>],
    rows: &mut Vec<EffectSizeRow>,
) {
    for &contrast in &plan.contrasts {
        let (first, second) = (&samples[contrast.arm], &samples[contrast.versus]);
        let sizes = effect_sizes(&Moments::of(first), &Moments::of(second));
        let own = sizes.as_ref().ok();
        let interval = own.map(|sizes| {
            let (lower, upper) = sizes.exact_interval(plan.alpha);
            (sizes.correction * lower, sizes.correction * upper)
        });
        rows.push(EffectSizeRow {
            outcome: trial.layout.outcomes[outcome].name.clone(),
            visit_week: trial.layout.visits[visit].week,
            contrast: trial.layout.contrast_name(contrast),
            n: first.len() + second.len(),
            pooled_sd: own.map(|sizes| sizes.pooled_sd),
            cohen_d: own.map(|sizes| sizes.cohen_d),
            hedges_g: own.map(|sizes| sizes.hedges_g),
            lower: interval.map(|ends| ends.0),
            upper: interval.map(|ends| ends.1),
            glass_delta: own.and_then(|sizes| sizes.glass_delta),
            reason: sizes.as_ref().err().map(|&error| reason(plan, trial, outcome, error)),
        });
    }
}

fn add_checks(
    plan: &Plan,
    trial: &TrialData,
    (outcome, visit): (usize, usize),
    samples: &[Vec<f64>],
    rows: &mut Vec<CheckRow>,
) {
    let moments: Vec<Moments> = samples.iter().map(|sample| Moments::of(sample)).collect();
    let longest = samples.iter().map(Vec::len).max().unwrap_or(0);
    let mut scratch = LeveneScratch::with_capacity(samples.len(), longest);
    let f = |test: crate::trial::Omnibus| (test.f, test.df_arms, Some(test.df_residual), test.p_value);
    let chi_squared = |test: super::ChiSquaredTest| (test.statistic, test.df, None, test.p_value);
    let tests: [(&'static str, Result<_, FitError>); 3] = [
        ("welch_anova", welch_anova(&moments).map(f)),
        ("bartlett", bartlett(&moments).map(chi_squared)),
        ("levene", levene(samples, &mut scratch).map(f)),
    ];
    for (test, result) in tests {
        let own = result.as_ref().ok();
        rows.push(CheckRow {
            outcome: trial.layout.outcomes[outcome].name.clone(),
            visit_week: trial.layout.visits[visit].week,
            test,
            statistic: own.map(|own| own.0),
            df: own.map(|own| own.1),
            df_denominator: own.and_then(|own| own.2),
            p_value: own.map(|own| own.3),
            reason: result.as_ref().err().map(|&error| reason(plan, trial, outcome, error)),
        });
    }
}

/// Correlations between the visits of each outcome, then between outcomes at each visit.
fn add_correlations(plan: &Plan, trial: &TrialData, rows: &mut Vec<CorrelationRow>) {
    let visits = trial.layout.visits.len();
    let mut scratch = CorrelationScratch::with_capacity(trial.n_participants());
    let mut add = |first: (usize, usize), second: (usize, usize)| {
        let value = |(outcome, visit): (usize, usize), participant| trial.outcomes[outcome].value(participant, visit);
        let pairs = || (0..trial.n_participants()).map(|i| (value(first, i), value(second, i)));
        let found = correlation(pairs(), &mut scratch).ok();
        rows.push(CorrelationRow {
            outcome: trial.layout.outcomes[first.0].name.clone(),
            visit_week: trial.layout.visits[first.1].week,
            with_outcome: trial.layout.outcomes[second.0].name.clone(),
            with_week: trial.layout.visits[second.1].week,
            n: pairs().filter(|(one, other)| one.is_some() && other.is_some()).count(),
            pearson: found.map(|found| found.pearson),
            spearman: found.map(|found| found.spearman),
        });
    };
    let from = |outcome: usize| usize::from(!trial.layout.outcomes[outcome].at_baseline);
    for &outcome in &plan.outcomes {
        for first in from(outcome)..visits {
            (first + 1..visits).for_each(|second| add((outcome, first), (outcome, second)));
        }
    }
    for (position, &first) in plan.outcomes.iter().enumerate() {
        for &second in &plan.outcomes[position + 1..] {
            let both = from(first).max(from(second))..visits;
            both.for_each(|visit| add((first, visit), (second, visit)));
        }
    }
}
