//! Descriptive summaries of a trial: the baseline table by arm, and every outcome by arm and visit.
//!
//! polars groups the long table and computes the summaries. Quantiles are those of type 7 (linear interpolation between
//! the order statistics around (n − 1)·p + 1), the standard deviation has n − 1 below; Hyndman and Fan (1996), The American
//! Statistician 50:361–365, doi 10.1080/00031305.1996.10473566.

use polars::prelude::{
    ChunkAgg, ChunkQuantile, ChunkVar, Column, DataFrame, Float64Chunked, PolarsResult, QuantileMethod,
};
use serde::Serialize;

use super::guard::guarded;
use super::names::{Names, Role};
use super::table;
use crate::trial::{CovariateValues, Outcome, TrialData};

/// Why summaries could not be computed.
#[derive(Debug, thiserror::Error)]
#[error("the data do not fit in one table: {0}")]
pub struct DescribeError(String);

/// Numbers that describe a sample. Where a number is not defined (no values; one value for the deviation) it is `None`.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Summary {
    /// Number of values.
    pub n: usize,
    /// Number of missing values.
    pub missing: usize,
    /// Mean.
    pub mean: Option<f64>,
    /// Standard deviation, with n − 1 below.
    pub sd: Option<f64>,
    /// Smallest value.
    pub min: Option<f64>,
    /// Lower quartile, type 7.
    pub q25: Option<f64>,
    /// Median.
    pub median: Option<f64>,
    /// Upper quartile, type 7.
    pub q75: Option<f64>,
    /// Largest value.
    pub max: Option<f64>,
}

/// One outcome in one arm at one visit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Descriptive {
    /// Short name of the outcome.
    pub outcome: String,
    /// Short name of the arm; `None` for all arms together.
    pub arm: Option<String>,
    /// Weeks of the visit since randomisation.
    pub visit_week: f64,
    /// The recorded values.
    pub value: Summary,
    /// How many have each level, where the numbers stand for words (binary: no, yes; ordinal); empty for scores and counts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<LevelCount>,
    /// The changes from baseline; `None` at the baseline itself, and for an outcome that is not recorded there.
    pub change: Option<Summary>,
}

/// How many of one group have a level.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LevelCount {
    /// What a reader sees of the level.
    pub level: String,
    /// How many, and their share of the recorded values.
    #[serde(flatten)]
    pub count: Count,
}

/// The baseline table: one column per arm, one for all.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BaselineTable {
    /// Short names of the arms, in their order.
    pub arms: Vec<String>,
    /// Participants of each arm.
    pub n_participants: Vec<usize>,
    /// What was measured before randomisation: every outcome that is recorded at baseline, then every covariate.
    pub variables: Vec<BaselineVariable>,
}

/// One line (or, for a factor, one block of lines) of the baseline table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BaselineVariable {
    /// Short name.
    pub name: String,
    /// What a reader sees.
    pub label: String,
    /// The numbers.
    pub values: BaselineValues,
}

/// The numbers of one variable.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BaselineValues {
    /// A measured number.
    Numeric {
        /// Per arm.
        by_arm: Vec<Summary>,
        /// All arms together.
        all: Summary,
    },
    /// A factor.
    Factor {
        /// Its levels in their order.
        levels: Vec<LevelCounts>,
        /// Missing per arm.
        missing_by_arm: Vec<usize>,
        /// Missing in all arms together.
        missing: usize,
    },
}

/// One level of a factor.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LevelCounts {
    /// Name of the level.
    pub level: String,
    /// Per arm.
    pub by_arm: Vec<Count>,
    /// All arms together.
    pub all: Count,
}

/// How many participants have a level.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Count {
    /// Number of participants.
    pub n: usize,
    /// Percent of the participants whose level is known; `None` if there are none.
    pub percent: Option<f64>,
}

impl Count {
    fn of(n: usize, known: usize) -> Self {
        Self { n, percent: (known > 0).then(|| 100.0 * n as f64 / known as f64) }
    }
}

/// Describes every outcome by arm and visit, and in all arms together: outcomes, visits and arms in the order of the layout.
/// An outcome that is not recorded at baseline has no rows there.
///
/// # Errors
/// A covariate that has the name of another column of the long table.
pub fn descriptives(data: &TrialData) -> Result<Vec<Descriptive>, DescribeError> {
    guarded(|| describe(data, &table::frame(data, Names::Tidy)?)).map_err(DescribeError)
}

fn describe(data: &TrialData, frame: &DataFrame) -> PolarsResult<Vec<Descriptive>> {
    let heading = |role: Role| role.heading(Names::Tidy);
    let by_arm = Groups::of(frame, &[heading(Role::Outcome), heading(Role::VisitWeek), heading(Role::Arm)])?;
    let together = Groups::of(frame, &[heading(Role::Outcome), heading(Role::VisitWeek)])?;
    let arms: Vec<Option<String>> = data.layout.arms.iter().map(|arm| Some(arm.name.clone())).chain([None]).collect();
    let mut rows = Vec::new();
    for outcome in &data.layout.outcomes {
        for visit in data.layout.visits.iter().skip(usize::from(!outcome.at_baseline)) {
            for arm in &arms {
                let group = match arm {
                    Some(arm) => by_arm.find(&outcome.name, visit.week, Some(arm))?,
                    None => together.find(&outcome.name, visit.week, None)?,
                };
                let summary = |role: Role| {
                    group.map_or_else(|| Ok(Summary::default()), |group| summary_of(group.column(heading(role))?))
                };
                rows.push(Descriptive {
                    outcome: outcome.name.clone(),
                    arm: arm.clone(),
                    visit_week: visit.week,
                    value: summary(Role::Value)?,
                    levels: match group {
                        Some(group) => levels_of(outcome, group.column(heading(Role::Value))?.f64()?),
                        None => levels_of(outcome, &Float64Chunked::default()),
                    },
                    change: match outcome.at_baseline && visit.week > 0.0 {
                        true => Some(summary(Role::Change)?),
                        false => None,
                    },
                });
            }
        }
    }
    Ok(rows)
}

/// How many recorded values stand for each level of an outcome.
fn levels_of(outcome: &Outcome, values: &Float64Chunked) -> Vec<LevelCount> {
    let known = values.len() - values.null_count();
    let count = |(number, level): (f64, &str)| {
        let n = values.iter().filter(|value| *value == Some(number)).count();
        LevelCount { level: level.to_owned(), count: Count::of(n, known) }
    };
    outcome.kind.levels().into_iter().map(count).collect()
}

/// The groups of a long table.
struct Groups(Vec<DataFrame>);

impl Groups {
    fn of(frame: &DataFrame, by: &[&str]) -> PolarsResult<Self> {
        let by = by.iter().map(|&heading| polars::prelude::PlSmallStr::from_str(heading));
        frame.partition_by_stable(by, true).map(Self)
    }

    /// The group of an outcome, a visit and, if given, an arm; an arm without participants has none.
    fn find(&self, outcome: &str, week: f64, arm: Option<&str>) -> PolarsResult<Option<&DataFrame>> {
        for group in &self.0 {
            let is_arm = match arm {
                Some(arm) => group.column(Role::Arm.heading(Names::Tidy))?.str()?.get(0) == Some(arm),
                None => true,
            };
            let is_outcome = group.column(Role::Outcome.heading(Names::Tidy))?.str()?.get(0) == Some(outcome);
            if is_arm && is_outcome && group.column(Role::VisitWeek.heading(Names::Tidy))?.f64()?.get(0) == Some(week) {
                return Ok(Some(group));
            }
        }
        Ok(None)
    }
}

fn summary_of(column: &Column) -> PolarsResult<Summary> {
    let values: &Float64Chunked = column.f64()?;
    let quantile = |share: f64| values.quantile(share, QuantileMethod::Linear);
    let n = values.len() - values.null_count();
    Ok(Summary {
        n,
        missing: values.null_count(),
        mean: values.mean(),
        sd: if n > 1 { values.std(1) } else { None },
        min: values.min(),
        q25: quantile(0.25)?,
        median: quantile(0.5)?,
        q75: quantile(0.75)?,
        max: values.max(),
    })
}

/// Describes what was measured before randomisation: the baseline of every outcome and every covariate, by arm and together.
///
/// # Errors
/// As for [`descriptives`].
pub fn baseline_table(data: &TrialData) -> Result<BaselineTable, DescribeError> {
    let n_arms = data.layout.arms.len();
    let mut n_participants = vec![0; n_arms];
    data.arm.iter().for_each(|&arm| n_participants[usize::from(arm)] += 1);
    let recorded = data.layout.outcomes.iter().zip(&data.outcomes).filter(|(outcome, _)| outcome.at_baseline);
    let outcomes = recorded.map(|(outcome, values)| {
        let baselines: Vec<Option<f64>> =
            (0..data.n_participants()).map(|participant| values.value(participant, 0)).collect();
        let levels = outcome.kind.levels();
        let values = if levels.is_empty() { numeric(data, &baselines)? } else { in_levels(data, &levels, &baselines) };
        Ok(BaselineVariable { name: outcome.name.clone(), label: outcome.label.clone(), values })
    });
    let covariates = data.covariates.iter().map(|covariate| {
        let values = match &covariate.values {
            CovariateValues::Numeric(values) => numeric(data, values)?,
            CovariateValues::Factor { levels, values } => factor(data, levels, values),
        };
        Ok(BaselineVariable { name: covariate.name.clone(), label: covariate.name.clone(), values })
    });
    let variables = outcomes.chain(covariates).collect::<Result<Vec<_>, DescribeError>>()?;
    Ok(BaselineTable { arms: data.layout.arms.iter().map(|arm| arm.name.clone()).collect(), n_participants, variables })
}

fn numeric(data: &TrialData, values: &[Option<f64>]) -> Result<BaselineValues, DescribeError> {
    let summary = |of: Option<usize>| {
        let chosen: Vec<Option<f64>> = values
            .iter()
            .zip(&data.arm)
            .filter(|(_, arm)| of.is_none_or(|wanted| usize::from(**arm) == wanted))
            .map(|(value, _)| *value)
            .collect();
        guarded(|| summary_of(&Column::new("value".into(), chosen))).map_err(DescribeError)
    };
    let by_arm = (0..data.layout.arms.len()).map(|arm| summary(Some(arm))).collect::<Result<Vec<_>, _>>()?;
    Ok(BaselineValues::Numeric { by_arm, all: summary(None)? })
}

/// An outcome whose numbers stand for words, as a factor.
fn in_levels(data: &TrialData, levels: &[(f64, &str)], values: &[Option<f64>]) -> BaselineValues {
    let level =
        |value: f64| levels.iter().position(|&(number, _)| number == value).and_then(|at| u32::try_from(at).ok());
    let values: Vec<Option<u32>> = values.iter().map(|value| value.and_then(level)).collect();
    let names: Vec<String> = levels.iter().map(|&(_, level)| level.to_owned()).collect();
    factor(data, &names, &values)
}

fn factor(data: &TrialData, levels: &[String], values: &[Option<u32>]) -> BaselineValues {
    let n_arms = data.layout.arms.len();
    let mut counts = vec![vec![0_usize; n_arms]; levels.len()];
    let mut missing_by_arm = vec![0_usize; n_arms];
    for (level, &arm) in values.iter().zip(&data.arm) {
        match level {
            Some(level) => counts[*level as usize][usize::from(arm)] += 1,
            None => missing_by_arm[usize::from(arm)] += 1,
        }
    }
    let known = |arm: usize| counts.iter().map(|level| level[arm]).sum::<usize>();
    let all_known: usize = (0..n_arms).map(known).sum();
    let levels = levels
        .iter()
        .zip(&counts)
        .map(|(level, of_level)| LevelCounts {
            level: level.clone(),
            by_arm: of_level.iter().enumerate().map(|(arm, &n)| Count::of(n, known(arm))).collect(),
            all: Count::of(of_level.iter().sum(), all_known),
        })
        .collect();
    let missing = missing_by_arm.iter().sum();
    BaselineValues::Factor { levels, missing_by_arm, missing }
}
