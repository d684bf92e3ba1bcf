//! The design of a mean model: its columns, each the product of a participant's column and a function of the visit; and the
//! rows that adjusted means and coefficients are.
//!
//! # How columns are coded
//! A term is a product of variables. A factor in it is coded by all levels but its reference where the term without the
//! factor is in the model as well, and by all its levels otherwise (R's rule). Every column of the model is therefore
//! x(i, v) = z(i) · s(v): a column z of participants (products of indicators of arms and levels and of numbers) times a
//! function s of the visit (1, the indicator of one visit, or the week). Where the functions of one z span all visits, they are
//! replaced by the indicators of the visits: the same model, in which most columns are 0 at most visits. Numbers are taken less
//! their average, so that cross-products lose no digits, unless that would change the model.
//!
//! Coefficients are reported as R's treatment contrasts, as combinations of the columns used here.
//!
//! # Adjusted means
//! The mean of an arm at a visit has every number at its average and every factor's levels weighted, as often as they occur or each
//! alike, over the observations of the fit. This is `emmeans` with `weights = "proportional"` or `"equal"`.
//!
//! # References
//! - Wilkinson GN, Rogers CE. Symbolic description of factorial models for analysis of variance. Appl Stat 1973;22:392-399. doi:10.2307/2346786.
//! - Searle SR, Speed FM, Milliken GA. Population marginal means in the linear model. Am Stat 1980;34:216-221. doi:10.1080/00031305.1980.10483031.

mod columns;
mod rows;
mod terms;

use crate::scenario::{CovariateSource, LevelWeights, MeanModel, Plan, Response, Variable};
use crate::trial::{CovariateValues, TrialData};

pub(super) use rows::Averages;

/// A function of the visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    /// 1 at every visit.
    Every,
    /// 1 at one modelled visit (its position among [`Design::visits`]), 0 at the others.
    At(usize),
    /// The week of the visit.
    Week,
}

/// The product of two participants' columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Product {
    /// 0 for everybody: they are about different arms or levels.
    Zero,
    /// The product of these parts, each indicator once, in order.
    Of(Vec<Part>),
}

/// A factor of a participant's column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Indicator of an arm.
    Arm(usize),
    /// A number, by position among the design's numbers.
    Number(usize),
    /// Indicator of a level of a factor, the factor by position among the design's factors.
    Level { factor: usize, level: u32 },
}

/// One column of the model: a participant's column times a function of the visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ModelColumn {
    /// Position of the participant's column.
    pub z: usize,
    /// What it is multiplied with at a visit.
    pub over: Over,
}

/// Where the values of a number come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NumberSource {
    /// The outcome's own baseline.
    Baseline,
    /// The baseline of another outcome.
    BaselineOf(usize),
    /// A covariate of the data.
    Column(usize),
}

/// A factor among the covariates of the data.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Factor {
    /// Position of the covariate.
    column: usize,
    /// Number of levels.
    n_levels: usize,
    /// The level that others are compared with.
    reference: u32,
}

/// The design of one mean model for trials of one shape; filled with the values of one outcome of one trial at a time.
#[derive(Debug, Clone)]
pub(super) struct Design {
    /// Modelled visits, as positions in the layout.
    pub visits: Vec<usize>,
    /// Weeks of the modelled visits.
    pub weeks: Vec<f64>,
    /// Number of arms.
    pub n_arms: usize,
    /// What is modelled.
    pub response: Response,
    /// The model's columns: those that are not of one visit first, then visit by visit.
    pub columns: Vec<ModelColumn>,
    /// Participants' columns, column by column: participant `i` of column `k` at `k * n_participants + i`. 0 where
    /// [`Self::complete`] is 0.
    pub z: Vec<f64>,
    /// 1 where everything that the model asks of a participant is known (visits aside), else 0.
    pub complete: Vec<f64>,
    /// Number of participants filled in.
    pub n_participants: usize,
    reference_arm: usize,
    weights: LevelWeights,
    z_parts: Vec<Vec<Part>>,
    /// The columns as they are written by R, with their products, in the order of the terms.
    written: Vec<(Vec<Part>, Over)>,
    /// The term that each of them belongs to, its variables in their fixed order.
    written_terms: Vec<Vec<Variable>>,
    numbers: Vec<NumberSource>,
    factors: Vec<Factor>,
    /// Whether every product comes with all that it is a product of, so that numbers can be taken less their averages.
    hierarchical: bool,
    /// Values of the numbers, number by number, less their centres.
    number_values: Vec<f64>,
    centres: Vec<f64>,
    /// Whether a number is the same for everybody.
    constant: Vec<bool>,
    /// Levels of the factors, factor by factor.
    level_values: Vec<u32>,
}

impl Design {
    /// The design of a plan's model, or of the estimator's default, over some visits (positions in the layout) of trials like this one.
    pub fn new(plan: &Plan, trial: &TrialData, visits: &[usize]) -> Self {
        Self::of(plan, &plan.mean_model(visits.len() > 1), trial, visits)
    }

    /// The design of a model over some visits of trials like this one.
    pub fn of(plan: &Plan, model: &MeanModel, trial: &TrialData, visits: &[usize]) -> Self {
        terms::design(plan, model, trial, visits)
    }

    /// Number of participants' columns.
    pub fn n_z(&self) -> usize {
        self.z_parts.len()
    }

    /// Number of the model's columns.
    pub fn n_columns(&self) -> usize {
        self.columns.len()
    }

    /// Position of the intercept, which every design of one visit has.
    pub fn intercept(&self) -> usize {
        self.columns.iter().position(|column| self.z_parts[column.z].is_empty()).unwrap_or(0)
    }

    /// Whether a column indicates an arm and nothing else.
    pub fn is_arm(&self, column: usize) -> bool {
        matches!(self.z_parts[self.columns[column].z].as_slice(), [Part::Arm(_)])
    }

    /// What is known of the product of two participants' columns before there are data.
    pub fn product(&self, first: usize, second: usize) -> Product {
        let mut parts: Vec<Part> = Vec::new();
        for &part in self.z_parts[first].iter().chain(&self.z_parts[second]) {
            let is_number = matches!(part, Part::Number(_));
            if is_number || !parts.contains(&part) {
                parts.push(part);
            }
        }
        let excludes = |a: &Part, b: &Part| match (a, b) {
            (Part::Arm(a), Part::Arm(b)) => a != b,
            (Part::Level { factor: a, level: of_a }, Part::Level { factor: b, level: of_b }) => a == b && of_a != of_b,
            _ => false,
        };
        if parts.iter().any(|a| parts.iter().any(|b| excludes(a, b))) {
            return Product::Zero;
        }
        parts.sort_unstable();
        Product::Of(parts)
    }

    /// The value of a model's function of the visit at a modelled visit.
    pub fn over(&self, column: usize, visit: usize) -> f64 {
        over_at(self.columns[column].over, visit, &self.weeks)
    }

    /// Whether a column says only which arm, levels and visit it is about, so that it may be left out where nobody is in it.
    pub fn is_indicator(&self, column: usize) -> bool {
        let ModelColumn { z, over } = self.columns[column];
        over != Over::Week && !self.z_parts[z].iter().any(|part| matches!(part, Part::Number(_)))
    }

    /// The number that is the same for everybody in the data, if there is one: its first column.
    pub fn constant_column(&self) -> Option<usize> {
        let is_constant = |part: &Part| matches!(part, Part::Number(number) if self.constant[*number]);
        self.columns.iter().position(|column| self.z_parts[column.z].iter().any(is_constant))
    }

    /// Functions of the visit by which the model's columns without any variable of a participant are multiplied: its intercepts.
    pub fn intercepts(&self) -> impl Iterator<Item = Over> {
        let own = self.columns.iter().filter(|column| self.z_parts[column.z].is_empty() && column.over != Over::Week);
        own.map(|column| column.over)
    }

    /// Whether a column is one of the model's intercepts.
    pub fn is_intercept(&self, column: usize) -> bool {
        let ModelColumn { z, over } = self.columns[column];
        self.z_parts[z].is_empty() && over != Over::Week
    }

    /// What R's coefficient at a position is about: whether it is the intercept, and its function of the visit.
    pub fn written(&self, coefficient: usize) -> (bool, Over) {
        let (parts, over) = &self.written[coefficient];
        (parts.is_empty() && *over == Over::Every, *over)
    }

    /// The model's columns that are about the same variables of a participant as R's coefficient at a position.
    pub fn columns_of_written(&self, coefficient: usize) -> impl Iterator<Item = usize> {
        let (parts, _) = &self.written[coefficient];
        let own = self.columns.iter().enumerate().filter(move |(_, column)| self.z_parts[column.z] == *parts);
        own.map(|(position, _)| position)
    }
}

fn over_at(over: Over, visit: usize, weeks: &[f64]) -> f64 {
    match over {
        Over::Every => 1.0,
        Over::At(own) => f64::from(u8::from(own == visit)),
        Over::Week => weeks[visit],
    }
}

/// The number of levels of a covariate, or `None` where it is a number.
fn n_levels(trial: &TrialData, column: usize) -> Option<usize> {
    match &trial.covariates[column].values {
        CovariateValues::Numeric(_) => None,
        CovariateValues::Factor { levels, .. } => Some(levels.len()),
    }
}

/// The position of a reference level, by its name; the first level where none is chosen.
fn reference_level(plan: &Plan, trial: &TrialData, column: usize) -> u32 {
    let CovariateValues::Factor { levels, .. } = &trial.covariates[column].values else { return 0 };
    let chosen = plan.references.iter().find(|(own, _)| *own == column);
    chosen.and_then(|(_, name)| levels.iter().position(|level| level == name)).unwrap_or(0) as u32
}

/// Where a variable's numbers come from; `None` for factors.
fn number_source(trial: &TrialData, variable: Variable) -> Option<NumberSource> {
    match variable {
        Variable::Baseline => Some(NumberSource::Baseline),
        Variable::Covariate(CovariateSource::BaselineOf(outcome)) => Some(NumberSource::BaselineOf(outcome)),
        Variable::Covariate(CovariateSource::Column(column)) => {
            n_levels(trial, column).is_none().then_some(NumberSource::Column(column))
        }
        Variable::Arm | Variable::Visit | Variable::Week => None,
    }
}
