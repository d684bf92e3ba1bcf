//! The `columns.toml` that goes with a written table, so that it is read back as it was.

use indexmap::IndexMap;

use crate::scenario::{
    DEFAULT_MISSING, WrittenArmInFile, WrittenColumns, WrittenCovariate, WrittenCovariateKind, WrittenKind,
    WrittenOutcomeInFile,
};
use crate::trial::{Covariate, CovariateValues, Direction, Outcome, OutcomeKind, TrialData};

/// The mapping of the table that [`super::write`] makes of these data, in either set of names: arms and outcomes in their order
/// with labels, reference and ranges, and covariates. It is not needed to read the table, but keeps what its cells cannot say.
pub fn columns_of(data: &TrialData) -> WrittenColumns {
    let layout = &data.layout;
    let reference = layout.reference_arm();
    let arms = layout.arms.iter().enumerate().map(|(position, arm)| {
        let written = WrittenArmInFile {
            in_file: None,
            label: (arm.label != arm.name).then(|| arm.label.clone()),
            reference: (position == reference).then_some(true),
        };
        (arm.name.clone(), written)
    });
    let outcomes = layout.outcomes.iter().map(|outcome| (outcome.name.clone(), written_outcome(outcome)));
    let covariates: IndexMap<String, WrittenCovariate> =
        data.covariates.iter().map(|covariate| (covariate.name.clone(), written_covariate(covariate))).collect();
    let without_baseline = data.outcomes.iter().any(|outcome| outcome.observed.iter().any(|bits| bits & 1 == 0));
    WrittenColumns {
        missing: level_looks_missing(data).then(Vec::new),
        baseline_may_be_missing: without_baseline.then_some(true),
        arms: Some(arms.collect()),
        outcomes: Some(outcomes.collect()),
        covariates: (!covariates.is_empty()).then_some(covariates),
        ..WrittenColumns::default()
    }
}

fn written_outcome(outcome: &Outcome) -> WrittenOutcomeInFile {
    let (kind, levels, unit) = match &outcome.kind {
        OutcomeKind::Score => (None, None, "points"),
        OutcomeKind::Binary => (Some(WrittenKind::Binary), None, ""),
        OutcomeKind::Count => (Some(WrittenKind::Count), None, "days"),
        OutcomeKind::Ordinal { levels } => (Some(WrittenKind::Ordinal), Some(levels.clone()), ""),
    };
    WrittenOutcomeInFile {
        label: (outcome.label != outcome.name).then(|| outcome.label.clone()),
        kind,
        levels,
        unit: (outcome.unit != unit).then(|| outcome.unit.clone()),
        range: outcome.range.map(|range| range.to_vec()),
        step: outcome.step,
        better: outcome.better.filter(|better| *better == Direction::Higher),
        meaningful: outcome.meaningful,
        meaningful_source: outcome.meaningful_source.clone(),
        ..WrittenOutcomeInFile::default()
    }
}

fn written_covariate(covariate: &Covariate) -> WrittenCovariate {
    match &covariate.values {
        CovariateValues::Numeric(_) => WrittenCovariate::default(),
        CovariateValues::Factor { levels, .. } => WrittenCovariate {
            kind: Some(WrittenCovariateKind::Factor),
            levels: Some(levels.clone()),
            ..WrittenCovariate::default()
        },
    }
}

/// Whether a level is called as missing values usually are.
fn level_looks_missing(data: &TrialData) -> bool {
    data.covariates.iter().any(|covariate| match &covariate.values {
        CovariateValues::Factor { levels, .. } => levels.iter().any(|level| DEFAULT_MISSING.contains(&level.as_str())),
        CovariateValues::Numeric(_) => false,
    })
}
