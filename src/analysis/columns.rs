//! The covariate columns of a model: the outcome's own baseline first, then what the plan names, factors as indicator columns.

use crate::scenario::{CovariateSource, Plan};
use crate::trial::{CovariateValues, TrialData};

/// Covariate columns of one outcome's model, column by column, and who has all of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    /// Column-major: participant `i` of column `j` at `j * n_participants + i`, less the column's centre. 0 where a covariate is missing.
    pub values: Vec<f64>,
    /// 1 where every covariate of the participant is known, else 0.
    pub complete: Vec<u8>,
    /// Number of columns.
    pub n_columns: usize,
    /// Per column whether it says only that a participant has a level of a factor.
    pub is_level: Vec<bool>,
}

/// How many columns a plan's model has in such a trial.
pub(super) fn n_columns(plan: &Plan, trial: &TrialData) -> usize {
    let width = |source: &CovariateSource| match source {
        CovariateSource::BaselineOf(_) => 1,
        CovariateSource::Column(column) => match &trial.covariates[*column].values {
            CovariateValues::Numeric(_) => 1,
            CovariateValues::Factor { levels, .. } => levels.len().saturating_sub(1),
        },
    };
    1 + plan.covariates.iter().map(width).sum::<usize>()
}

/// The covariate columns of an outcome's model by name, in their order.
pub(super) fn column_names(plan: &Plan, trial: &TrialData, outcome: usize) -> Vec<String> {
    let baseline = |outcome: usize| format!("the baseline of {}", trial.layout.outcomes[outcome].name);
    let mut names = vec![baseline(outcome)];
    for source in &plan.covariates {
        match *source {
            CovariateSource::BaselineOf(other) if other == outcome => {}
            CovariateSource::BaselineOf(other) => names.push(baseline(other)),
            CovariateSource::Column(column) => {
                let covariate = &trial.covariates[column];
                match &covariate.values {
                    CovariateValues::Numeric(_) => names.push(covariate.name.clone()),
                    CovariateValues::Factor { levels, .. } => {
                        let reference = plan.references.iter().find(|(own, _)| *own == column).map(|(_, level)| level);
                        let compared_with = reference.filter(|&level| levels.contains(level)).or(levels.first());
                        let others = levels.iter().filter(|&level| Some(level) != compared_with);
                        names.extend(others.map(|level| format!("{} ({level})", covariate.name)));
                    }
                }
            }
        }
    }
    names
}

impl Columns {
    /// Fills the columns for one outcome. A covariate that is the outcome's own baseline is not taken twice.
    pub fn fill(&mut self, plan: &Plan, trial: &TrialData, outcome: usize) {
        self.fill_with(plan, trial, outcome, true);
    }

    /// The same with the outcome's own baseline or without it.
    pub fn fill_with(&mut self, plan: &Plan, trial: &TrialData, outcome: usize, has_baseline: bool) {
        let n = trial.n_participants();
        self.values.clear();
        self.n_columns = 0;
        self.is_level.clear();
        self.complete.clear();
        self.complete.resize(n, 1);
        if has_baseline {
            self.baseline(trial, outcome);
        }
        for source in &plan.covariates {
            match *source {
                CovariateSource::BaselineOf(other) if other == outcome => {}
                CovariateSource::BaselineOf(other) => self.baseline(trial, other),
                CovariateSource::Column(column) => self.covariate(&trial.covariates[column].values),
            }
        }
    }

    /// Adds the baseline of an outcome.
    fn baseline(&mut self, trial: &TrialData, outcome: usize) {
        let n = trial.n_participants();
        let data = &trial.outcomes[outcome];
        let start = self.values.len();
        self.values.extend_from_slice(&data.values[..n]);
        for (complete, &observed) in self.complete.iter_mut().zip(&data.observed) {
            *complete &= (observed & 1) as u8;
        }
        self.centre(start, false);
    }

    /// Adds a covariate of the data.
    fn covariate(&mut self, values: &CovariateValues) {
        match values {
            CovariateValues::Numeric(values) => {
                self.column(values.iter().copied(), false);
            }
            CovariateValues::Factor { levels, values } => {
                for level in 1..levels.len() as u32 {
                    self.column(
                        values.iter().map(|value| value.map(|value| f64::from(u8::from(value == level)))),
                        true,
                    );
                }
            }
        }
    }

    /// Adds one column of values that may be missing.
    fn column(&mut self, values: impl Iterator<Item = Option<f64>>, is_level: bool) {
        let start = self.values.len();
        for (value, complete) in values.zip(&mut self.complete) {
            *complete &= u8::from(value.is_some());
            self.values.push(value.unwrap_or(0.0));
        }
        self.centre(start, is_level);
    }

    /// Counts the column that begins at `start` and subtracts its average from everybody, so that cross-products lose no
    /// digits to a distant origin.
    fn centre(&mut self, start: usize, is_level: bool) {
        self.n_columns += 1;
        self.is_level.push(is_level);
        let column = &mut self.values[start..];
        let centre = lane_sum(column) / column.len().max(1) as f64;
        column.iter_mut().for_each(|value| *value -= centre);
    }
}

/// Number of running sums kept side by side: the order of addition is fixed, and one sum need not wait for another.
pub(super) const LANES: usize = 8;

/// Sum of a slice, in a fixed order.
pub(super) fn lane_sum(values: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    let chunks = values.chunks_exact(LANES);
    let rest: f64 = chunks.remainder().iter().sum();
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane += value;
        }
    }
    lanes.iter().sum::<f64>() + rest
}

/// Sum of products of two slices of one length, in a fixed order.
pub(super) fn dot(left: &[f64], right: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    let (left_chunks, right_chunks) = (left.chunks_exact(LANES), right.chunks_exact(LANES));
    let rest: f64 = left_chunks.remainder().iter().zip(right_chunks.remainder()).map(|(a, b)| a * b).sum();
    for (left, right) in left_chunks.zip(right_chunks) {
        for (lane, (a, b)) in lanes.iter_mut().zip(left.iter().zip(right)) {
            *lane += a * b;
        }
    }
    lanes.iter().sum::<f64>() + rest
}

/// Sums by arm, in a fixed order.
#[derive(Debug, Clone)]
pub(super) struct ArmSums {
    /// Every sum in so many copies.
    copies: Vec<[f64; COPIES]>,
    /// Two sums in so many copies.
    pairs: Vec<[[f64; 2]; COPIES]>,
}

/// Neighbours add to different copies of a sum, so that two of one arm need not wait for each other.
const COPIES: usize = 4;

/// Up to so many arms are counted one by one, each over sixteen participants at once.
const FEW_ARMS: usize = 8;

impl ArmSums {
    pub fn new(n_arms: usize) -> Self {
        Self { copies: vec![[0.0; COPIES]; n_arms], pairs: vec![[[0.0; 2]; COPIES]; n_arms] }
    }

    /// Writes the sum of each arm's values to every `stride`-th place of `sums`.
    pub fn add_up(&mut self, arm: &[u8], values: &[f64], sums: &mut [f64], stride: usize) {
        self.copies.fill([0.0; COPIES]);
        let ((arms, arms_rest), (chunks, rest)) = (arm.as_chunks::<COPIES>(), values.as_chunks::<COPIES>());
        for (arms, values) in arms.iter().zip(chunks) {
            for (copy, (&arm, value)) in arms.iter().zip(values).enumerate() {
                self.copies[usize::from(arm)][copy] += value;
            }
        }
        for (&arm, value) in arms_rest.iter().zip(rest) {
            self.copies[usize::from(arm)][0] += value;
        }
        for (sum, copies) in sums.iter_mut().step_by(stride).zip(&self.copies) {
            *sum = copies.iter().sum();
        }
    }

    /// [`Self::add_up`] of two kinds of values at once, to the same sums to the last bit: who is in which arm is looked up once. The
    /// first sums stand side by side, the second in every so many places.
    pub fn add_up_two(
        &mut self,
        arm: &[u8],
        [first, second]: [&[f64]; 2],
        first_sums: &mut [f64],
        (second_sums, stride): (&mut [f64], usize),
    ) {
        self.pairs.fill([[0.0; 2]; COPIES]);
        let (arms, arms_rest) = arm.as_chunks::<COPIES>();
        let ((first, first_rest), (second, second_rest)) = (first.as_chunks::<COPIES>(), second.as_chunks::<COPIES>());
        for ((arms, first), second) in arms.iter().zip(first).zip(second) {
            for copy in 0..COPIES {
                let [a, b] = &mut self.pairs[usize::from(arms[copy])][copy];
                *a += first[copy];
                *b += second[copy];
            }
        }
        for ((&arm, first), second) in arms_rest.iter().zip(first_rest).zip(second_rest) {
            let [a, b] = &mut self.pairs[usize::from(arm)][0];
            *a += first;
            *b += second;
        }
        let sums = first_sums.iter_mut().zip(second_sums.iter_mut().step_by(stride));
        for ((first, second), copies) in sums.zip(&self.pairs) {
            *first = copies.iter().map(|[a, _]| a).sum();
            *second = copies.iter().map(|[_, b]| b).sum();
        }
    }

    /// Writes the number of those in each arm for whom `seen` is 1.
    pub fn count(&mut self, arm: &[u8], seen: &[u8], counts: &mut [f64]) {
        if counts.len() <= FEW_ARMS {
            for (own, count) in counts.iter_mut().enumerate() {
                *count = f64::from(count_of(own as u8, arm, seen));
            }
        } else {
            counts.fill(0.0);
            arm.iter().zip(seen).for_each(|(&arm, &seen)| counts[usize::from(arm)] += f64::from(seen));
        }
    }
}

/// How often a number stands where `seen` is 1.
fn count_of(own: u8, numbers: &[u8], seen: &[u8]) -> u32 {
    const WIDTH: usize = 16;
    /// So many at a time that no count leaves its byte.
    const MOST: usize = WIDTH * u8::MAX as usize;
    let mut count = 0;
    for (numbers, seen) in numbers.chunks(MOST).zip(seen.chunks(MOST)) {
        let mut counts = [0_u8; WIDTH];
        let ((numbers, numbers_rest), (seen, seen_rest)) = (numbers.as_chunks::<WIDTH>(), seen.as_chunks::<WIDTH>());
        for (numbers, seen) in numbers.iter().zip(seen) {
            for place in 0..WIDTH {
                counts[place] += u8::from(numbers[place] == own) & seen[place];
            }
        }
        count += counts.iter().map(|&count| u32::from(count)).sum::<u32>();
        let rest = numbers_rest.iter().zip(seen_rest);
        count += rest.map(|(&number, &seen)| u32::from(u8::from(number == own) & seen)).sum::<u32>();
    }
    count
}
